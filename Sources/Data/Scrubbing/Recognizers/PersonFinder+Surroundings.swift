extension PersonFinder {
  /// Whether the word begins a sentence or a line.
  func startsSentence(_ index: Int) -> Bool { words[index].gap.isBreak }

  /// Whether the phrase ends behind the word: a mark, the end of the line, or a word in lower case.
  func endsPhrase(_ index: Int) -> Bool {
    let gap = words.gap(behind: index)
    return gap != .space || index + 1 < words.count && words[index + 1].shape == .lower
  }

  func endsClause(_ index: Int) -> Bool { words.gap(behind: index) != .space }

  /// Whether a call ends behind the word: `Hi Rubija,`.
  func endsCall(_ index: Int) -> Bool {
    let gap = words.gap(behind: index)
    return !gap.isDisjoint(with: [.comma, .newline, .blankLine, .sentenceEnd, .colon, .stop])
  }

  /// Whether the cue at `index` is one that people follow far more often than things.
  func isPersonal(_ index: Int) -> Bool { index >= 0 && words[index].is(.personal) }

  /// Whether the run belongs to the name of a company or an institution.
  func isOrganisation(_ run: Run) -> Bool {
    let next = run.last + 1
    if next < words.count, words[next].gap == .space || words[next].gap == [.comma, .space],
      words[next].is(.organisation), words[next].isCapital || words[next].gap == .space
    {
      return words[next].isCapital || words[next].shape == .other
    }
    if next < words.count, isCompanyForm(next) { return true }
    // `Marks & Spencer`
    if isAmpersand(run.last + 1) || isAmpersand(run.first) { return true }
    if run.first > 0, words[run.first].gap == .space, words[run.first - 1].isCapital,
      words[run.first - 1].is(.organisation)
    {
      return !words[run.first - 1].is(.cue)
    }
    return false
  }

  /// Whether `&` stands before word `index`.
  private func isAmpersand(_ index: Int) -> Bool {
    guard index > 0, index < words.count, words[index].gap == [.space, .other] else { return false }
    return words.text[words[index].start - 2] == UInt8(ascii: "&")
  }

  func isFamous(_ run: Run) -> Bool {
    guard run.solids >= 2 else { return false }
    let pair = words[run.firstSolid].hash &* 31 &+ words[run.firstSolid + 1].hash
    return FamousPairs.hashes.contains(pair)
  }

  private static let letterA = FoldedHash.of("a")

  func isBehindArticle(_ index: Int) -> Bool {
    guard index > 0, words[index].gap == .space, words[index - 1].is(.article) else { return false }
    // `à Guillaume`, `autorizo a Chucho`: a preposition.
    let word = words[index - 1]
    let languages = words.languages.active
    guard word.hash == Self.letterA else { return true }
    return word.end - word.start == 1
      && (languages.contains(.english) || languages.isDisjoint(with: [.spanish, .italian]))
  }

  /// Whether the type of a street stands behind the word: `Marina Fort Street`.
  func isStreet(_ last: Int) -> Bool {
    let next = last + 1
    return next < words.count && words[next].gap == .space && words[next].isCapital
      && words[next].is(.coreStreet) && !words[next].is(.nameSuffix)
  }

  /// Names in capitals need the lists more than others: a listed given name with a word that is
  /// nothing else, two listed words, or a field of their own.
  func isUpperName(_ run: Run) -> Bool {
    guard run.solids >= 2 else { return false }
    if run.listed >= 2 { return true }
    let isPlain = (run.first...run.last).allSatisfy {
      words[$0].letters >= 3 || words[$0].isInitial || words[$0].is(.particle)
    }
    guard isPlain else { return false }
    if run.listed == 1, words[run.firstSolid].isSureGiven { return true }
    return run.unknown + run.listed == run.solids && standsAlone(run)
  }

  /// `Juul van Bragt`: two words with only one small word of families between them.
  func hasFamilyParticle(_ run: Run) -> Bool {
    run.solids == 2 && run.last == run.first + 2 && words[run.first + 1].is(.familyParticle)
      && !context.isGerman
  }

  /// `ask Tippins to look at it`: one unknown word with a capital, to whom somebody speaks.
  func isUnknownAddressee(_ run: Run, _ lead: Lead) -> Bool {
    let word = words[run.first]
    guard !context.isGerman, run.first > 0, words[run.first].gap == .space,
      words[run.first - 1].is(.speech), words[run.first - 1].shape == .lower || lead == .called,
      word.shape == .capitalised, word.letters >= 3
    else { return false }
    return word.classes.isDisjoint(with: [
      .common, .place, .product, .organisation, .calendar, .country, .state,
    ])
  }

  /// Two unknown words with capitals inside a sentence whose other words have none.
  func isInRunningText(_ run: Run) -> Bool {
    guard run.first > 0, words[run.first].gap == .space, words[run.first - 1].shape == .lower,
      !words[run.first - 1].is([.placePrefix, .placeLead, .article, .particle]),
      run.solids == 2,
      words[run.firstSolid].letters >= 3, words[run.lastSolid].letters >= 3
    else { return false }
    return endsPhrase(run.last)
  }

  /// Whether a number follows or a word of places stands before: `Julia 1.9`, `San Jose`.
  func isBesideNumber(_ index: Int) -> Bool {
    let next = index + 1
    guard next < words.count, words[next].gap == .space else { return false }
    return words[next].shape == .digits || words[next].shape == .mixed
  }

  /// `Wendy's` without the thing that a person owns behind it.
  func isOwnerOfBrand(_ index: Int) -> Bool {
    guard words.text[words[index].end] == UInt8(ascii: "'") else { return false }
    let next = index + 1
    guard next < words.count, words[next].gap == .space, words[next].shape == .lower else {
      return true
    }
    return words[next].letters <= 3
  }

  /// Whether nothing else stands in the line, the field, the cell or between the quotes.
  func standsAlone(_ run: Run) -> Bool {
    let before = words[run.first].gap
    let behind = words.gap(behind: run.last)
    let borders: WordGap = [.bar, .wide]
    if before.contains(.bracket) && behind.contains(.bracket) {
      return words.text[words[run.first].start - 1] == words.text[words[run.last].end]
    }
    if before.contains(.comma), behind == .comma { return before == .comma }
    if !before.isDisjoint(with: borders), !behind.isDisjoint(with: borders.union(.newline)) {
      return true
    }
    return before.isDisjoint(with: [.stop, .sentenceEnd])
      && !before.isDisjoint(with: [.newline, .blankLine])
      && !behind.isDisjoint(with: [.newline]) && run.solids == 2 && run.last + 1 < words.count
  }

  /// Whether an e-mail address in the text is made of words of the run.
  func hasMail(_ run: Run) -> Bool {
    guard !context.mailParts.isEmpty else { return false }
    for index in run.first...run.last
    where context.mails(words[index]) && !words[index].isCommon && !words[index].is(.product) {
      return true
    }
    return false
  }
}
