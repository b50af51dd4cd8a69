extension PersonFinder {
  /// What the lists say of a run.
  struct Run {
    let first: Int
    let last: Int
    /// The first and the last word that is no initial and no particle.
    var firstSolid = -1
    var lastSolid = -1
    var solids = 0
    var initials = 0
    /// Words that no list knows.
    var unknown = 0
    /// Words that are given or family names.
    var listed = 0
    var isUpper = true
  }

  func summary(_ first: Int, _ last: Int) -> Run {
    var run = Run(first: first, last: last)
    for index in first...last {
      let word = words[index]
      if word.isInitial {
        run.initials += 1
        continue
      }
      if word.is([.particle, .nameSuffix]), !word.is([.given, .surname]) { continue }
      if word.shape != .upper { run.isUpper = false }
      if run.firstSolid < 0 { run.firstSolid = index }
      run.lastSolid = index
      run.solids += 1
      if word.is([.given, .surname]) {
        run.listed += 1
      } else if word.classes.isDisjoint(with: [.common, .place]) {
        run.unknown += 1
      }
    }
    return run
  }

  /// The run as a name, or nil; may leave words at either end out.
  func judged(_ first: Int, _ last: Int, _ lead: Lead) -> FoundName? {
    var run = summary(first, last)
    guard run.solids > 0 else { return nil }
    if lead == .title {
      let isCompany = words[run.firstSolid].is(.organisation) && run.listed == 0
      return isCompany ? nil : FoundName(first: first, last: last, score: 0.85)
    }
    if lead == .announced, let name = announced(run) { return name }
    if isOrganisation(run) { return nil }
    // `Alvir D. Pušaver`
    if run.solids == 2, run.initials > 0, words[first].letters > 1, words[last].letters > 1,
      !words[run.firstSolid].isCommon || words[run.firstSolid].is(.given), !run.isUpper
    {
      return FoundName(first: first, last: last, score: 0.6)
    }
    // `Producer Anna Smith`: a role in front of a given name.
    if run.solids >= 3, run.first == run.firstSolid, !words[first].is([.given, .surname]),
      words[first + 1].isSureGiven
    {
      run = summary(first + 1, last)
    }
    // `Will Anna come`, `May Smith`: a common word at the start of a sentence is none of the name.
    if run.solids > 1, words[first].isCommon, !words[first + 1].isInitial,
      words[first + 1].isSureGiven, lead == .none
    {
      run = summary(first + 1, last)
    }
    if isFamous(run) { return nil }
    // `said that Amy Mccall left`: a small word that is more than an article.
    let isSurePair = run.solids >= 2 && words[run.firstSolid].isSureGiven && lead == .near
    if lead != .announced, lead != .called, !isSurePair, isBehindArticle(run.first) { return nil }
    if lead != .announced, words[run.first].is(.placePrefix), run.solids >= 2 { return nil }
    if isStreet(run.last), lead == .none || lead == .near { return nil }
    if run.isUpper, lead != .called, !isUpperName(run) { return nil }
    if let last = turnedLast(run) { return FoundName(first: run.first, last: last, score: 0.6) }
    let score =
      run.solids == 1 && run.initials == 0 ? singleScore(run, lead) : severalScore(run, lead)
    return score.map { FoundName(first: run.first, last: run.last, score: $0) }
  }

  private func announced(_ run: Run) -> FoundName? {
    let isAlone = run.solids == 1 && run.initials == 0
    let word = words[run.firstSolid]
    if isAlone, word.isCommon, !endsPhrase(run.last) { return nil }
    if isOrganisation(run) { return nil }
    if isAlone, !word.is([.given, .surname]), word.is([.place, .product]) { return nil }
    var last = run.last
    // `Caller: Moore, Simon`
    if isAlone, last + 1 < words.count, words[last + 1].gap == [.comma, .space],
      words[last + 1].is(.given), words[last + 1].shape == word.shape
    {
      last += 1
      if last + 1 < words.count, words[last + 1].isInitial, words[last + 1].gap == .space {
        last += 1
      }
    }
    return FoundName(first: run.first, last: last, score: 0.8)
  }

  /// The given name of `Sandoval, Chelsea: …`, a family name first.
  private func turnedLast(_ run: Run) -> Int? {
    let word = words[run.first]
    let next = run.last + 1
    guard run.solids == 1, run.initials == 0, word.is(.surname), !word.is([.place, .given]),
      !word.isCommon, next < words.count, words[next].gap == [.comma, .space],
      words[next].isSureGiven, words[next].shape == word.shape, endsClause(next)
    else { return nil }
    return next
  }

  // MARK: - One word

  private func singleScore(_ run: Run, _ lead: Lead) -> Double? {
    let word = words[run.first]
    if context.mails(word), !word.isCommon { return 0.6 }
    if isBesideNumber(run.first) { return nil }
    let next = run.last + 1
    let isDoer = next < words.count && words[next].gap == .space && words[next].is(.deed)
    if isUnknownAddressee(run, lead) { return 0.45 }
    if next < words.count, words[next].is(.honorific), words[next].gap == .space {
      if word.is([.given, .surname]) { return 0.6 }
      if !word.is([.common, .product, .organisation]), words[next].shape == .lower { return 0.5 }
    }
    if lead == .called {
      if word.is(.given), !word.is(.place) {
        return word.isSureGiven || endsClause(run.last) ? 0.6 : nil
      }
      if word.is(.surname), !word.is(.place) { return word.isCommon ? nil : 0.5 }
      return !word.is([.place, .common]) && endsCall(run.last) && word.letters > 1 ? 0.5 : nil
    }
    guard word.is(.given) else {
      return isDoer && word.is(.surname) && !word.isCommon && !startsSentence(run.first)
        ? 0.45 : nil
    }
    if isDoer, !word.isCommon || words[next].is(.speech) { return 0.5 }
    if word.is(.place) { return nil }
    guard word.isSureGiven, word.letters > 2, word.shape == .capitalised else {
      // `ask Will about it`
      return lead == .near && word.is(.given) && !context.isGerman && !startsSentence(run.first)
        && !word.is([.place, .calendar, .product]) && isPersonal(run.first - 1) ? 0.4 : nil
    }
    if isOwnerOfBrand(run.last) { return nil }
    if run.first > 0, words[run.first].gap == .space, words[run.first - 1].is(.placePrefix) {
      return nil
    }
    return 0.45
  }

  // MARK: - Several words

  private func severalScore(_ run: Run, _ lead: Lead) -> Double? {
    let first = words[run.firstSolid]
    let last = words[run.lastSolid]
    let isSurname = last.is(.surname) || last.hasSurnameEnding
    let isUnknownLast = !last.is([.given, .surname, .common, .place, .product])
    if run.solids > 1, hasMail(run) { return 0.6 }
    if run.solids == 1 {
      // `J. Smith`, `J. Unknown`
      guard words[run.first].isInitial else { return first.is(.given) ? 0.45 : nil }
      return isSurname && !last.isCommon ? 0.55 : isUnknownLast && !context.isGerman ? 0.45 : nil
    }
    if first.is(.place), run.first > 0, words[run.first].gap == .space,
      words[run.first - 1].is(.placeLead)
    {
      return nil
    }
    if last.is(.place), !last.is(.surname), run.solids == 2, first.is(.place) { return nil }
    if first.is(.given) {
      if isSurname {
        let isSure = first.isSureGiven || !last.isCommon
        return isSure ? 0.7 : startsSentence(run.first) && lead == .none ? nil : 0.5
      }
      if last.is(.place), !last.is(.given) { return nil }
      if context.isGerman, last.hasNounEnding, lead == .none { return nil }
      if first.isSureGiven {
        return last.isCommon ? 0.5 : first.is(.place) && lead == .none ? 0.4 : 0.55
      }
      if last.isSureGiven { return 0.5 }
      if standsAlone(run) || lead == .called { return 0.5 }
      return startsSentence(run.first) || context.isGerman ? nil : 0.45
    }
    if first.is(.place), !first.is(.surname) { return nil }
    if first.isCommon, !first.is(.surname) || startsSentence(run.first) { return nil }
    if last.isSureGiven { return 0.5 }
    if isSurname, !last.isCommon {
      if first.is(.surname) { return first.isCommon || last.is(.place) ? nil : 0.5 }
      return context.isGerman && first.hasNounEnding ? nil : 0.5
    }
    return unknownScore(run, lead)
  }

  /// Two or three words that no list knows, by what stands around them.
  private func unknownScore(_ run: Run, _ lead: Lead) -> Double? {
    if context.isGerman, words[run.lastSolid].hasNounEnding, lead == .none { return nil }
    guard run.solids <= 3, run.unknown + run.listed == run.solids, run.solids >= 2,
      !run.isUpper
    else { return nil }
    let next = run.last + 1
    if next < words.count, words[next].gap == .space, words[next].is(.deed) { return 0.5 }
    if lead == .called || hasFamilyParticle(run) { return 0.5 }
    if standsAlone(run) { return 0.5 }
    if context.isGerman { return nil }
    if lead == .near, isPersonal(run.first - 1) { return 0.5 }
    return isInRunningText(run) ? 0.42 : nil
  }
}
