extension Recognizer {
  /// Names of people: behind a title (`Dr. Ford`), behind words that announce one (`my name is …`,
  /// `Best regards, …`, `"name": "…"`), and by lists of given and family names.
  ///
  /// The range holds the name without its title. Scores: title 0.85, strong cue 0.8, weak cue 0.6,
  /// both lists 0.7, a listed given name with an unknown family name 0.5, a listed given name
  /// alone 0.4.
  static let person = Recognizer(
    entity: .person,
    search: .whole { text, found in
      let words = NameWord.words(of: text)
      var index = 0
      while index < words.count {
        if let name = NameFinder(text: text, words: words).name(at: index) {
          found.append(
            Detection(
              .person, words[name.first].start..<words[name.last].end, score: name.score))
          index = name.last + 1
        } else {
          index += 1
        }
      }
    })
}

/// A run of words taken for a name.
struct FoundName {
  var first: Int
  /// Inclusive.
  var last: Int
  var score: Double
}

/// Applies the rules for names at a word; the title or cue, if any, lies before the word.
struct NameFinder {
  let text: ByteText
  let words: [NameWord]

  /// The name that begins at word `index`, by the strongest rule.
  func name(at index: Int) -> FoundName? {
    if let name = afterTitle(index) { return name }
    if let name = afterCue(index) { return name }
    return byLists(index)
  }

  private func afterTitle(_ index: Int) -> FoundName? {
    guard index > 0 else { return nil }
    let title = words[index - 1]
    guard NameCue.titles.contains(title.hash), isGap(index, [.stopSpace, .space]) else {
      return nil
    }
    if gap(index) == .space {
      if NameCue.titlesNeedingStop.contains(title.hash) || title.shape == .lower { return nil }
    }
    guard let last = run(from: index, mayBeUnknown: true) else { return nil }
    return FoundName(first: index, last: last, score: 0.85)
  }

  private func afterCue(_ index: Int) -> FoundName? {
    guard index > 0, let cues = NameCue.byLastWord[words[index - 1].hash] else { return nil }
    for cue in cues where matches(cue, endingAt: index - 1) {
      if let name = name(at: index, after: cue) { return name }
    }
    return nil
  }

  private func matches(_ cue: NameCue, endingAt end: Int) -> Bool {
    let start = end - cue.words.count + 1
    guard start >= 0 else { return false }
    return cue.words.indices.allSatisfy { words[start + $0].hash == cue.words[$0] }
  }

  private func name(at index: Int, after cue: NameCue) -> FoundName? {
    let gap = gap(index)
    guard gap != .far else { return nil }
    let word = words[index]
    if word.shape == .lower {
      guard gap == .space, index + 1 < words.count, words[index + 1].shape == .lower,
        word.isGivenName, !NameStops.hashes.contains(word.hash),
        let last = lowerCaseRun(from: index)
      else { return nil }
      return FoundName(first: index, last: last, score: 0.6)
    }
    guard let last = run(from: index, mayBeUnknown: true) else { return nil }
    let isListed = (index...last).contains { words[$0].isGivenName || words[$0].isSurname }
    let isFirst = cue.words.count == 1 && cue.strength == .strong
    switch cue.strength {
    case .strong:
      // A lone cue word in running text (`patient Care`) needs a mark or a listed name.
      if isFirst, gap == .space, !isListed, index == last { return nil }
      return FoundName(first: index, last: last, score: 0.8)
    case .weak:
      if isListed {
        let isAmbiguous = index == last && word.isAmbiguous && gap == .space
        return isAmbiguous ? nil : FoundName(first: index, last: last, score: 0.6)
      }
      guard last == index + 1, cue.words.count > 1, endsPhrase(last) else { return nil }
      return FoundName(first: index, last: last, score: 0.5)
    }
  }

  private func byLists(_ index: Int) -> FoundName? {
    let word = words[index]
    guard word.shape == .capitalised || word.shape == .upper else { return nil }
    // `J. Smith`, and `Smith, John`.
    if word.isInitial, index + 1 < words.count, gap(index + 1) == .stopSpace,
      words[index + 1].isSurname, let last = run(from: index, mayBeUnknown: true)
    {
      return FoundName(first: index, last: last, score: 0.5)
    }
    if word.isSurname, index + 1 < words.count, gap(index + 1) == .comma,
      words[index + 1].isGivenName, words[index + 1].shape == word.shape,
      !words[index + 1].isAmbiguous, !NameStops.hashes.contains(word.hash)
    {
      return FoundName(first: index, last: index + 1, score: 0.6)
    }
    guard word.isGivenName, !NameStops.hashes.contains(word.hash),
      let last = run(from: index, mayBeUnknown: true), !isFamous(index)
    else { return nil }
    if last > index {
      if words[last].isSurname { return FoundName(first: index, last: last, score: 0.7) }
      if word.shape == .upper, !words[last].isGivenName { return nil }
      return FoundName(first: index, last: last, score: word.isAmbiguous ? 0.35 : 0.5)
    }
    let isOwner = text[word.end] == UInt8(ascii: "'")
    guard !word.isAmbiguous, word.shape == .capitalised, !isOwner, !isBeforePlace(index) else {
      return nil
    }
    return FoundName(first: index, last: index, score: 0.4)
  }

  /// Whether a capitalised word or a number follows in the same phrase: `Julia 1.9`.
  private func isBeforePlace(_ index: Int) -> Bool {
    let next = words[index].end + 1
    return text[next - 1] == UInt8(ascii: " ") && ByteText.isDigit(text[next])
  }

  private func isFamous(_ index: Int) -> Bool {
    guard index + 1 < words.count else { return false }
    let pair =
      Array(text.bytes[words[index].start..<words[index].end]) + [0x20]
      + Array(text.bytes[words[index + 1].start..<words[index + 1].end])
    return NameCue.famous.contains(WordHash.of(pair))
  }

  private func endsPhrase(_ last: Int) -> Bool {
    let end = words[last].end
    if end >= text.count { return true }
    switch text[end] {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "!"),
      UInt8(ascii: ";"), UInt8(ascii: ")"), UInt8(ascii: "\""):
      return true
    default:
      return last + 1 < words.count && words[last + 1].shape == .lower
    }
  }
}
