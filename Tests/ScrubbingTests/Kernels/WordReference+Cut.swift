import CKernels

extension WordReference {
  /// A word with what the kernel says of it.
  struct Word: Equatable {
    var start = 0
    var end = 0
    var hash: UInt64 = 0
    var tail: UInt64 = 0
    var classes: UInt64 = 0
    var lastClasses: UInt64 = 0
    var gap = 0
    var shape = 0
    var letters = 0
    var hasHyphen = false
    var digitsAhead = 255
  }

  /// - Parameter classes: what lists say of a word, by its hash.
  static func cut(_ text: String, active: UInt64, classes: (UInt64) -> UInt64) -> [Word] {
    let letters = letters(text)
    var words: [Word] = []
    var gap = ORC_PII_GAP_BLANK_LINE
    var index = 0
    while index < letters.count {
      let value = letters[index].value
      guard isLetter(value) || isDigit(value) else {
        let kind = self.gap(value)
        if kind == ORC_PII_GAP_SPACE, value < 0x80, gap & kind != 0,
          letters[index - 1].value == value
        {
          gap |= ORC_PII_GAP_WIDE
        }
        if kind == ORC_PII_GAP_NEWLINE, gap & kind != 0 { gap |= ORC_PII_GAP_BLANK_LINE }
        gap |= kind
        index += 1
        continue
      }
      var word = Word(gap: gap)
      index = read(letters, index, &word, classes)
      words.append(word)
      gap = 0
    }
    settle(&words, active)
    return words
  }

  private static func settle(_ words: inout [Word], _ active: UInt64) {
    for index in words.indices {
      let next = words[(index + 1)...].firstIndex {
        $0.shape == ORC_PII_DIGITS || $0.shape == ORC_PII_MIXED
      }
      if let next, next - index < 255 { words[index].digitsAhead = next - index }
      if words[index].classes & active != 0 { words[index].classes |= UInt64(ORC_PII_COMMON) }
    }
  }

  private static let apostrophes: [UInt32] = [0x27, 0x2019]
  private static let hyphens: [UInt32] = [0x2D, 0x2010, 0x2011]

  /// Reads the word at letter `first`; returns the letter behind it.
  private static func read(
    _ letters: [Letter], _ first: Int, _ word: inout Word, _ classes: (UInt64) -> UInt64
  ) -> Int {
    var index = first
    var folded: [UInt8] = []
    var apostrophe = -1
    while index < letters.count {
      let value = letters[index].value
      if isLetter(value) || isDigit(value) {
        folded += self.folded(letters[index])
      } else if joins(letters, first, index) {
        word.hasHyphen = word.hasHyphen || hyphens.contains(value)
        if apostrophes.contains(value) { apostrophe = index }
        folded.append(UInt8(ascii: hyphens.contains(value) ? "-" : "'"))
      } else {
        break
      }
      index += 1
    }
    let part = letters[first..<index]
    let counts = part.map(\.value).filter { isLetter($0) }.map { kind($0) }
    let cased = counts.count { $0 != .mark }
    word.shape = shape(part, word.hasHyphen)
    word.letters = min(255, cased)
    word.start = letters[first].start
    word.end = letters[index - 1].end
    if apostrophe >= 0, apostrophe == index - 2, letters[index - 1].value | 0x20 == 0x73 {
      folded = self.folded(letters[first..<apostrophe])
      word.end = letters[apostrophe].start
      word.letters = (word.letters + 255) % 256
    }
    word.hash = hash(folded)
    word.tail = number(folded.suffix(8))
    word.classes = classes(word.hash)
    if word.hasHyphen { addParts(part.filter { $0.end <= word.end }, &word, classes) }
    return index
  }

  private static func joins(_ letters: [Letter], _ first: Int, _ index: Int) -> Bool {
    let value = letters[index].value
    guard hyphens.contains(value) || apostrophes.contains(value), index + 1 < letters.count,
      isLetter(letters[index + 1].value),
      !letters[first..<index].contains(where: { isDigit($0.value) })
    else { return false }
    if hyphens.contains(value) { return true }
    let kinds = letters[first..<index].map(\.value).filter { isLetter($0) }.map { kind($0) }
    let (uppers, lowers) = (kinds.count { $0 == .upper }, kinds.count { $0 == .lower })
    if uppers == 0, lowers <= 2, letters[first].start + 3 > letters[index].start { return false }
    let next = letters[index + 1].value
    return !(uppers == 1 && lowers == 0 && (0x61...0x7A).contains(next))
  }

  private static func shape(_ part: ArraySlice<Letter>, _ hasHyphen: Bool) -> Int {
    let kinds = part.map(\.value).filter { isLetter($0) }.map { kind($0) }
    let uppers = kinds.count { $0 == .upper }
    if part.contains(where: { isDigit($0.value) }) {
      return kinds.contains { $0 != .mark } ? ORC_PII_MIXED : ORC_PII_DIGITS
    }
    if kinds.contains(.caseless) { return ORC_PII_CASELESS }
    if !kinds.contains(.lower) { return ORC_PII_UPPER }
    if let first = part.first, kind(first.value) == .upper {
      return uppers <= (hasHyphen ? 9 : 3) ? ORC_PII_CAPITALISED : ORC_PII_OTHER
    }
    return uppers == 0 ? ORC_PII_LOWER : ORC_PII_OTHER
  }

  private static func addParts(
    _ part: [Letter], _ word: inout Word, _ classes: (UInt64) -> UInt64
  ) {
    let isHyphen = { (letter: Letter) in hyphens.contains(letter.value) }
    let last = part.lastIndex(where: isHyphen).map { Array(part[($0 + 1)...]) } ?? part
    word.lastClasses = classes(hash(folded(last)))
    let (given, surname) = (UInt64(ORC_PII_GIVEN), UInt64(ORC_PII_SURNAME))
    guard word.classes & (given | surname) == 0,
      let first = part.firstIndex(where: isHyphen)
    else { return }
    let kept = given | surname | UInt64(ORC_PII_ORGANISATION) | 0x3FF << UInt64(ORC_PII_LANGUAGES)
    word.classes |= classes(hash(folded(part[..<first]))) & kept
    if word.classes & given != 0, word.lastClasses & given == 0 {
      word.classes = word.classes & ~given | surname
    }
  }
}
