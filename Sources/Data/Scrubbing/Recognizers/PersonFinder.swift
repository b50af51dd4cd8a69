/// Finds the names of people among the words of one text.
///
/// Looks at each run of words that could be one name (``PersonFinder/run(from:afterTitle:)``), at
/// what stands before it (``Lead``) and behind it, and at what the lists say of its words.
struct PersonFinder {
  let words: TextWords
  let context: TextContext
  var found: [FoundName] = []

  static func names(in words: TextWords) -> [FoundName] {
    var finder = PersonFinder(words: words, context: TextContext(words))
    finder.scan()
    finder.addSpeakers()
    finder.addRows()
    finder.addRepeats()
    return finder.found
  }

  /// The strongest thing that stands before a run.
  enum Lead {
    case title
    /// `my name is`, `Patient:`
    case announced
    /// `Dear`, `Thanks`
    case called
    /// `by`, `with`, `asked`
    case near
    case none
  }

  private mutating func scan() {
    var index = 0
    while index < words.count {
      let word = words[index]
      switch word.shape {
      case .capitalised, .upper:
        if let name = capitalName(at: index) {
          found.append(name)
          index = name.last
        }
      case .caseless:
        if let name = caselessName(at: index) {
          found.append(name)
          index = name.last
        }
      case .lower:
        if word.is(.particle), let name = particleName(at: index) {
          found.append(name)
          index = name.last
        } else if word.is(.given) || index > 0 && words[index - 1].is(.cue) && word.letters > 2,
          let name = lowerName(at: index)
        {
          found.append(name)
          index = name.last
        }
      case .digits, .mixed, .other: break
      }
      index += 1
    }
  }

  private func capitalName(at index: Int) -> FoundName? {
    let lead = lead(before: index)
    let mayBeCommon = lead == .title || lead == .announced && isBeforeName(index)
    guard var last = run(from: index, afterTitle: mayBeCommon) else { return nil }
    if lead == .announced, last == index, isCommonEnd(last + 1) { last += 1 }
    return judged(index, last, lead)
  }

  /// Whether a common word with a capital ends the field that holds a name: `"name": "Zed Unknown"`.
  private func isCommonEnd(_ index: Int) -> Bool {
    index < words.count && words[index].gap == .space && words[index].shape == .capitalised
      && !words[index].is([.organisation, .title, .cue, .calendar]) && endsClause(index)
  }

  /// `Frau von der Heide`, `Name: de Groot`: a family name that begins with a small word.
  private func particleName(at index: Int) -> FoundName? {
    let lead = lead(before: index)
    guard lead == .title || lead == .announced || lead == .called,
      let last = run(from: index, afterTitle: false)
    else { return nil }
    let run = summary(index, last)
    if run.solids == 0 || lead == .called && run.listed == 0 { return nil }
    return FoundName(first: index, last: last, score: 0.8)
  }

  private func isBeforeName(_ index: Int) -> Bool {
    index + 1 < words.count && words[index + 1].gap == .space && words[index + 1].isCapital
      && isNameLike(words[index + 1]) && words[index].shape == words[index + 1].shape
  }
}

/// What holds for the whole text.
struct TextContext {
  /// Hashes of the parts of e-mail addresses before the `@`, with and without a first initial.
  var mailParts: [UInt64] = []
  /// Whether nouns are written with capitals.
  let isGerman: Bool

  init(_ words: TextWords) {
    isGerman = words.languages.isGerman
    guard words.gaps.contains(.at) else { return }
    mailParts.reserveCapacity(16)
    for index in 1..<max(1, words.count) where words[index].gap == .at {
      addMailParts(words, before: index)
    }
  }

  private mutating func addMailParts(_ words: TextWords, before index: Int) {
    guard mailParts.count < 64 else { return }
    var part = index - 1
    while part >= 0, index - part <= 4 {
      let word = words[part]
      mailParts.append(Self.letters(words.text, word.start..<word.end))
      let first = word.start + 1
      if word.end - first >= 4 { mailParts.append(Self.letters(words.text, first..<word.end)) }
      let joins: WordGap = [.stop, .underscore, .dash]
      guard !word.gap.isEmpty, word.gap.isSubset(of: joins) else { break }
      part -= 1
    }
  }

  /// The folded hash of the letters in `range`.
  private static func letters(_ text: ByteText, _ range: Range<Int>) -> UInt64 {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: range.count) { letters in
      var count = 0
      for byte in text.bytes[range] where ByteText.isLetter(byte) {
        letters[count] = byte
        count += 1
      }
      return FoldedHash.of(UnsafeBufferPointer(rebasing: letters[..<count]))
    }
  }

  /// Whether an e-mail address in the text names the word.
  func mails(_ word: TextWord) -> Bool {
    !mailParts.isEmpty && word.letters >= 4 && mailParts.contains(word.hash)
  }
}
