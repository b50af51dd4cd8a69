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
    let mayBeStop = !NameCue.titlesInText.contains(title.hash)
    guard let last = run(from: index, afterTitle: mayBeStop) else { return nil }
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
      guard gap == .space, !NameStops.hashes.contains(word.hash),
        word.isGivenName, let last = lowerCaseRun(from: index),
        !word.isAmbiguous || words[last].isSurname
      else { return nil }
      return FoundName(first: index, last: last, score: 0.6)
    }
    guard var last = run(from: index), cue.strength == .strong || word.shape != .caseless else {
      return nil
    }
    let isKnown = (index...last).contains { words[$0].isGivenName || words[$0].isSurname }
    let isAlone = index == last
    switch cue.strength {
    case .strong:
      // A lone cue word in running text (`patient Care`) needs a mark, a listed name or an end.
      if cue.words.count == 1, gap == .space, !isKnown, isAlone, word.shape != .caseless,
        !endsLine(last)
      {
        return nil
      }
      // `Caller: Moore, Simon`
      if isAlone, last + 1 < words.count, self.gap(last + 1) == .comma,
        words[last + 1].isGivenName, words[last + 1].shape == word.shape
      {
        last += 1
      }
      return FoundName(first: index, last: last, score: 0.8)
    case .address:
      guard isKnown, !isFamous(index), !(isAlone && word.isAmbiguous) || endsClause(last) else {
        return nil
      }
      return FoundName(first: index, last: last, score: 0.6)
    case .weak:
      if isFamous(index) { return nil }
      if isKnown {
        // A family name alone behind `and` is more often a company's.
        let isEvidence = !isAlone || word.isGivenName && !word.isAmbiguous
        return isEvidence ? FoundName(first: index, last: last, score: 0.6) : nil
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
      words[index + 1].isSurname, let last = run(from: index)
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
      let last = run(from: index), !isFamous(index)
    else { return nil }
    if last > index {
      if words[last].isSurname { return FoundName(first: index, last: last, score: 0.7) }
      return FoundName(first: index, last: last, score: word.isAmbiguous ? 0.35 : 0.5)
    }
    let isOwner = text[word.end] == UInt8(ascii: "'")
    guard !word.isAmbiguous, word.shape == .capitalised, !isOwner, !isBesidePlace(index) else {
      return nil
    }
    return FoundName(first: index, last: index, score: 0.4)
  }

  /// Whether a number follows or a word of places stands before: `Julia 1.9`, `San Jose`.
  private func isBesidePlace(_ index: Int) -> Bool {
    let next = words[index].end + 1
    if text[next - 1] == UInt8(ascii: " "), ByteText.isDigit(text[next]) { return true }
    return index > 0 && gap(index) == .space
      && NameCue.placeWords.contains(words[index - 1].hash)
  }

  private func isFamous(_ index: Int) -> Bool {
    guard index + 1 < words.count else { return false }
    let pair =
      Array(text.bytes[words[index].start..<words[index].end]) + [0x20]
      + Array(text.bytes[words[index + 1].start..<words[index + 1].end])
    return NameCue.famous.contains(WordHash.of(pair))
  }

  /// Whether the line or the text ends behind the word, perhaps with a mark.
  private func endsLine(_ last: Int) -> Bool {
    let end = words[last].end
    let mark = text[end]
    let isEnd = { (index: Int) in index >= text.count || text[index] == UInt8(ascii: "\n") }
    return isEnd(end) || mark == UInt8(ascii: "!")
      || (mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",")) && isEnd(end + 1)
  }

  /// Whether a mark or the end of the text stands behind the word.
  private func endsClause(_ last: Int) -> Bool {
    let rest = text.bytes[min(words[last].end, text.count)...].first { $0 != 0x20 }
    guard let rest else { return true }
    return Array(".,!?;:)(\n\"".utf8).contains(rest)
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
