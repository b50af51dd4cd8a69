extension PersonFinder {
  /// The last word of the run from `start` that can be one name; nil when the first cannot begin
  /// one. At most four words that are no particles.
  ///
  /// - Parameter afterTitle: whether the first word may be a common word (`Mrs. Day`).
  func run(from start: Int, afterTitle: Bool) -> Int? {
    guard canBegin(start, mayBeCommon: afterTitle) else { return nil }
    var last = start
    var solid = words[start].is(.particle) && !words[start].is([.given, .surname]) ? 0 : 1
    var index = start + 1
    while index < words.count, solid < 4 {
      let word = words[index]
      guard joins(index) else { break }
      if word.is(.nameSuffix), word.shape != .lower, solid > 0 { return index }
      // `Jonathan Le,`
      if word.is(.particle), word.isCapital, !word.isInitial, words[last].isSureGiven,
        index == last + 1,
        words.gap(behind: index) != .space
      {
        return index
      }
      if word.is(.particle), !word.isInitial,
        word.shape == .lower || index + 1 < words.count && joins(index + 1)
      {
        let next = index + 1
        // `Völker der Welt`
        if context.isGerman, index == last + 1, word.is(.german),
          !word.is(.familyParticle)
        {
          break
        }
        guard next < words.count, joins(next), index - last <= 3,
          words[next].isCapital || words[next].is(.particle)
        else { break }
        if word.shape != .lower, words[next].isCommon, !words[next].is(.surname),
          !words[start].is(.given) || !words.languages.active.contains(.english)
        {
          break
        }
        index += 1
        continue
      }
      guard isPart(index, after: last) else { break }
      last = index
      solid += 1
      index += 1
    }
    // `Will I`, `Carolyn I was`: a letter without a stop behind the last word is none of it.
    while last > start, words[last].isInitial,
      !words.gap(behind: last).contains(.stop)
        || words[last].gap.isDisjoint(with: [.space, .stop])
    {
      last -= 1
    }
    return solid == 0 ? nil : last
  }

  /// Whether only one space stands before the word, or the stop of an initial.
  private func joins(_ index: Int) -> Bool {
    let gap = words[index].gap
    if hasOwner(index - 1) { return false }
    if gap == .space { return true }
    if gap == [.apostrophe] { return words[index - 1].letters <= 2 }
    if gap == [.stop, .space] || gap == [.stop] {
      return words[index - 1].isInitial || words[index].is(.nameSuffix)
    }
    return gap == [.comma, .space] && words[index].is(.nameSuffix) && words[index].shape != .lower
      && words[index].letters > 1
  }

  private func canBegin(_ index: Int, mayBeCommon: Bool) -> Bool {
    let word = words[index]
    if word.is(.title), !word.is([.given, .surname]) { return false }
    if isGlued(index), !isMention(index) { return false }
    if word.isInitial { return words.gap(behind: index).contains(.stop) || mayBeCommon }
    if word.is(.particle), !word.is([.given, .surname]) {
      guard index + 1 < words.count, words[index + 1].gap == .space else { return false }
      return words[index + 1].isCapital && isNameLike(words[index + 1])
        || words[index + 1].is(.particle)
    }
    return isNameLike(word) || mayBeCommon && word.isCapital
  }

  private func isPart(_ index: Int, after last: Int) -> Bool {
    let word = words[index]
    if word.isInitial, !isCompanyForm(index) { return true }
    // `CN=Antonio Robadey:mailto:`
    let isField = words[last].isSureGiven && words.text[word.end] == UInt8(ascii: ":")
    guard word.isCapital, isField || !isGlued(index) else { return false }
    // `Anna Schmidt GMBH`, `Jean DUPONT`
    if word.shape == .upper, words[last].shape == .capitalised, !words[last].isInitial,
      !word.is([.given, .surname])
    {
      return false
    }
    // `Willemine ten Pas`
    if words[index - 1].is(.particle), words[index - 1].shape == .lower, !context.isGerman,
      word.shape == .capitalised, !word.is(.article)
    {
      return true
    }
    // `Raynaud S.A.`
    if word.isInitial, isCompanyForm(index) { return false }
    // `Nome: Achille Salvini Gentile signora Neri`
    if word.is(.cue), index + 1 < words.count, words[index + 1].gap == .space,
      words[index + 1].is(.title)
    {
      return false
    }
    return isNameLike(word) || isCommonSurname(index, after: last)
  }

  /// Whether a word of everyday text with a capital is the family name behind a sure given name:
  /// `Anthony Sen`, `Jonathan Le`. Not in German, where all nouns have capitals.
  private func isCommonSurname(_ index: Int, after last: Int) -> Bool {
    let word = words[index]
    guard !context.isGerman, words[last].isSureGiven, word.isCommon, !startsSentence(last),
      word.letters >= 2,
      !word.is([.organisation, .calendar, .product, .title, .streetSuffix, .country, .cue])
    else { return false }
    return words.gap(behind: index) != .space
      || words.languages.active.contains(.english) && endsPhrase(index)
  }

  /// Whether `S.A.`, `S.L.`, `S.p.A.`, `S.r.l.` begins at the word.
  func isCompanyForm(_ index: Int) -> Bool {
    guard index + 1 < words.count, words[index].isInitial,
      words.text[words[index].start] == UInt8(ascii: "S"), words[index + 1].gap == .stop
    else { return false }
    return words[index + 1].letters == 1
  }

  /// Whether the word is an owner: `Goldberg's`.
  func hasOwner(_ index: Int) -> Bool {
    let mark = words.text[words[index].end]
    return index + 1 < words.count && words[index + 1].start - words[index].end >= 3
      && (mark == UInt8(ascii: "'") || mark == 0xE2)
      && !words[index + 1].gap.contains(.apostrophe)
  }

  /// Whether the lists allow that the word is a name or part of one.
  func isNameLike(_ word: TextWord) -> Bool {
    if word.is([.given, .surname]) { return true }
    if word.is([
      .common, .organisation, .calendar, .product, .streetSuffix, .country, .article, .cue, .title,
    ]) {
      return false
    }
    return !(word.hasHyphen && !word.lastClasses.isDisjoint(with: [.streetSuffix, .common]))
  }

  /// Whether the word is a given name that is called by `@Gerald`.
  private func isMention(_ index: Int) -> Bool {
    let word = words[index]
    return word.shape == .capitalised && word.isSureGiven && !word.is(.product)
      && words.text[word.start - 1] == UInt8(ascii: "@")
      && !ByteText.isAlphanumeric(words.text[word.start - 2]) && endsPhrase(index)
      && !ByteText.isAlphanumeric(words.text[word.end])
      && !Self.identifierSigns.contains(words.text[word.end])
  }

  private static let identifierSigns = Set("._/(-@=".utf8)

  /// Whether the word is part of an address, a path, an identifier or a domain.
  func isGlued(_ index: Int) -> Bool {
    let word = words[index]
    let before = words.text[word.start - 1]
    switch before {
    case UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "_"),
      UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "+"):
      return true
    case UInt8(ascii: "."):
      if index > 0, !words[index - 1].isInitial, !words[index - 1].is(.title) { return true }
    case UInt8(ascii: "-"):
      if index > 0, word.gap == .dash { return true }
    default: break
    }
    let end = word.end
    switch words.text[end] {
    case UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "_"),
      UInt8(ascii: "("), UInt8(ascii: "="):
      return true
    case UInt8(ascii: "."), UInt8(ascii: ":"):
      let next = words.text[end + 1]
      if ByteText.isAlphanumeric(next) || next == UInt8(ascii: ":") {
        return !(word.isInitial && ByteText.isUpper(next))
      }
    case UInt8(ascii: "-"): return ByteText.isAlphanumeric(words.text[end + 1])
    default: break
    }
    return false
  }
}
