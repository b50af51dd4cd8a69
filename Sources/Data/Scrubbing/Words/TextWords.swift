/// The words and numbers of a text in order, cut once for the rules for names and for addresses.
///
/// A word is a run of letters, digits and marks. Hyphens and apostrophes between letters belong to
/// it, but for the elided words of French and Italian (`d'Artagnan` is two words); full stops and
/// underscores do not. Words of everyday text count as ``WordClass/common`` only in the languages
/// that the text is written in (``TextLanguages``).
package struct TextWords {
  let text: ByteText
  let languages: TextLanguages
  /// The kinds of all gaps together.
  let gaps: WordGap
  private let words: [TextWord]

  var count: Int { words.count }
  subscript(index: Int) -> TextWord { words[index] }

  init(_ text: ByteText) {
    self.text = text
    var (words, gaps) = Self.cut(text)
    self.gaps = gaps
    languages = words.withUnsafeMutableBufferPointer { Self.classify($0, text) }
    self.words = words
  }

  /// What stands behind word `index`: the gap before the next one, or the end of the text.
  func gap(behind index: Int) -> WordGap {
    if index + 1 < words.count { return words[index + 1].gap }
    return text.count > words[index].end ? [.stop, .newline] : [.blankLine]
  }

  // MARK: - Cutting

  private static func cut(_ text: ByteText) -> (words: [TextWord], gaps: WordGap) {
    var words: [TextWord] = []
    words.reserveCapacity(text.count / 5 + 4)
    let kinds = WordGap.ofASCII
    var all: WordGap = []
    var gap: WordGap = [.blankLine]
    var index = 0
    while index < text.count {
      let byte = text.bytes[index]
      if byte < 0x80 {
        if ByteText.isAlphanumeric(byte) {
          index = addWord(text, from: index, after: gap, to: &words)
          all.formUnion(gap)
          gap = []
          continue
        }
        let kind = kinds[Int(byte)]
        if kind == .space, gap.contains(.space), text[index - 1] == byte { gap.insert(.wide) }
        if kind == .newline, gap.contains(.newline) { gap.insert(.blankLine) }
        gap.formUnion(kind)
        index += 1
        continue
      }
      let (scalar, length) = text.scalar(at: index)
      if ByteText.isWord(scalar) {
        index = addWord(text, from: index, after: gap, to: &words)
        all.formUnion(gap)
        gap = []
      } else {
        gap.formUnion(WordGap.of(scalar))
        index += length
      }
    }
    return (words, all)
  }

  /// Reads the word at `start`; returns where the text goes on.
  private static func addWord(
    _ text: ByteText, from start: Int, after gap: WordGap, to words: inout [TextWord]
  ) -> Int {
    var scan = WordScan(text, start)
    while scan.step() {}
    var word = TextWord(
      start: start, end: scan.index, hash: scan.hash.value, tail: scan.hash.tail, gap: gap,
      shape: scan.shape, letters: scan.letters, hasHyphen: scan.hasHyphen)
    // A possessive is no part of the name.
    if scan.apostrophe >= 0, scan.index - scan.apostrophe == scan.apostropheLength + 1,
      text[scan.index - 1] | 0x20 == UInt8(ascii: "s")
    {
      let owner = FoldedHash(text, start..<scan.apostrophe)
      word.end = scan.apostrophe
      word.hash = owner.value
      word.tail = owner.tail
      word.letters &-= 1
    }
    words.append(word)
    return scan.index
  }

  // MARK: - Classes

  /// Looks every word up, then settles what is common. A pass of its own, so that the reads of the
  /// table overlap: most of them miss the first cache.
  private static func classify(
    _ words: UnsafeMutableBufferPointer<TextWord>, _ text: ByteText
  ) -> TextLanguages {
    let table = WordTable.shared
    for index in words.indices { words[index].classes = table[words[index].hash] }
    var languages = TextLanguages()
    for index in words.indices {
      if words[index].hasHyphen { addParts(text, table, to: &words[index]) }
      languages.count(words[index])
    }
    languages.settle()
    let active = languages.active
    var distance: UInt8 = .max
    for index in words.indices.reversed() {
      words[index].digitsAhead = distance
      let startsWithDigit = words[index].shape == .digits || words[index].shape == .mixed
      distance = startsWithDigit ? 1 : distance == .max ? .max : distance + 1
      if !words[index].classes.isDisjoint(with: active) { words[index].classes.insert(.common) }
    }
    return languages
  }

  /// What the parts of a word with a hyphen say: `Hans-Peter`, `Müller-Lüdenscheidt`, `Rhein-Weg`.
  private static func addParts(_ text: ByteText, _ table: WordTable, to word: inout TextWord) {
    var last = word.end
    while last > word.start, !isHyphen(text, last - 1) { last -= 1 }
    var first = word.start
    while first < word.end, !isHyphen(text, first) { first += 1 }
    word.lastClasses = table[FoldedHash(text, last..<word.end).value]
    guard word.classes.isDisjoint(with: [.given, .surname]) else { return }
    if text[first] != UInt8(ascii: "-") { first -= 2 }
    let before = table[FoldedHash(text, word.start..<max(word.start, first)).value]
    word.classes.formUnion(before.intersection(WordClass.ofParts))
    // `Anne-Marie`, but `Sutton-Griffin`
    if word.classes.contains(.given), !word.lastClasses.contains(.given) {
      word.classes.remove(.given)
      word.classes.insert(.surname)
    }
  }

  /// Whether a hyphen ends at the byte: `-`, or the last byte of U+2010 or U+2011.
  private static func isHyphen(_ text: ByteText, _ index: Int) -> Bool {
    let byte = text[index]
    return byte == UInt8(ascii: "-")
      || (byte == 0x90 || byte == 0x91) && text[index - 1] == 0x80 && text[index - 2] == 0xE2
  }
}

/// The state of reading one word.
private struct WordScan {
  let text: ByteText
  let start: Int
  var index: Int
  var hash = FoldedHash()
  var hasHyphen = false
  /// Where the last apostrophe stands; -1 without.
  var apostrophe = -1
  var apostropheLength = 1
  /// Counts of letters in lower case, in upper case, and of digits; 20 bits each.
  private var counts: UInt64 = 0
  private var caseless = 0
  private var startsUpper = false

  private static let lower: UInt64 = 1
  private static let upper: UInt64 = 1 << 20
  private static let digit: UInt64 = 1 << 40

  init(_ text: ByteText, _ start: Int) {
    self.text = text
    self.start = start
    index = start
  }

  private var lowers: Int { Int(counts & 0xF_FFFF) }
  private var uppers: Int { Int(counts >> 20 & 0xF_FFFF) }
  private var digits: Int { Int(counts >> 40) }

  var letters: UInt8 { UInt8(clamping: uppers + lowers + caseless) }

  var shape: TextWord.Shape {
    if digits > 0 { return uppers + lowers + caseless == 0 ? .digits : .mixed }
    if caseless > 0 { return .caseless }
    if lowers == 0 { return .upper }
    if startsUpper { return uppers <= (hasHyphen ? 9 : 3) ? .capitalised : .other }
    return uppers == 0 ? .lower : .other
  }

  /// Reads a run of letters and digits of ASCII, or one other character of the word; false at the
  /// end of the word, which is at most a million bytes long.
  mutating func step() -> Bool {
    guard index < text.count, index - start < 1_000_000 else { return false }
    let byte = text.bytes[index]
    if byte < 0x80 {
      if ByteText.isAlphanumeric(byte) {
        readASCII()
        return true
      }
      switch byte {
      case UInt8(ascii: "-"): return join(length: 1, isHyphen: true)
      case UInt8(ascii: "'"): return join(length: 1, isHyphen: false)
      default: return false
      }
    }
    let (scalar, length) = text.scalar(at: index)
    if scalar == 0x2019 { return join(length: length, isHyphen: false) }
    if scalar == 0x2010 || scalar == 0x2011 { return join(length: length, isHyphen: true) }
    guard ByteText.isWord(scalar) else { return false }
    if LetterCase.isUpper(scalar) {
      counts += Self.upper
      if index == start { startsUpper = true }
    } else if LetterCase.isLower(scalar) {
      counts += Self.lower
    } else if !(0x300..<0x370).contains(scalar) {
      caseless += 1
    }
    hash.add(scalar: scalar, at: index, length: length, of: text)
    index += min(length, text.count - index)
    return true
  }

  private mutating func readASCII() {
    let bytes = text.bytes
    let end = min(bytes.count, start + 1_000_000)
    var place = index
    var counts = counts
    var hash = hash
    if place == start, ByteText.isUpper(bytes[place]) { startsUpper = true }
    while place < end {
      let byte = bytes[place]
      if byte &- 0x61 < 26 {
        counts &+= Self.lower
        hash.add(byte)
      } else if byte &- 0x41 < 26 {
        counts &+= Self.upper
        hash.add(byte | 0x20)
      } else if byte &- 0x30 < 10 {
        counts &+= Self.digit
        hash.add(byte)
      } else {
        break
      }
      place += 1
    }
    self.counts = counts
    self.hash = hash
    index = place
  }

  /// Goes over a hyphen or an apostrophe if a letter follows and the word so far is of letters.
  private mutating func join(length: Int, isHyphen: Bool) -> Bool {
    let next = text.scalar(at: index + length).value
    let nextIsLetter = next < 0x80 ? ByteText.isLetter(UInt8(next)) : ByteText.isWord(next)
    guard nextIsLetter, digits == 0 else { return false }
    if isHyphen {
      hasHyphen = true
      hash.add(UInt8(ascii: "-"))
    } else {
      // `d'`, `l'`, `qu'`: a word of its own.
      if uppers == 0, lowers <= 2, start + 3 > index { return false }
      if uppers == 1, lowers == 0, next < 0x80, !ByteText.isUpper(UInt8(next)) { return false }
      apostrophe = index
      apostropheLength = length
      hash.add(UInt8(ascii: "'"))
    }
    index += length
    return true
  }
}
