/// Words of a text with their places, and whether a place is quoted.
enum InjectionWords {
  /// The words as ``NormalWords`` reads them, zero-width characters passed over.
  static func words(_ text: UnsafeBufferPointer<UInt8>) -> [PhraseMatcher.Word] {
    var words: [PhraseMatcher.Word] = []
    NormalWords.forEachWord(text) { hash, start, end in
      var (start, end) = (start, end)
      while start < end, let mark = mark(text, start, end) { start += mark }
      while end > start, let mark = markBefore(text, start, end) { end -= mark }
      words.append(PhraseMatcher.Word(hash: hash, start: start, end: end))
    }
    return words
  }

  /// Bytes of the punctuation mark at `at`; nil for anything else.
  private static func mark(_ text: UnsafeBufferPointer<UInt8>, _ at: Int, _ end: Int) -> Int? {
    let byte = text[at]
    if byte < 0x80 { return isLetter(byte) || (0x30...0x39).contains(byte) ? nil : 1 }
    // « and », general punctuation, brackets of Han text.
    if byte == 0xC2, at + 2 <= end { return text[at + 1] == 0xAB || text[at + 1] == 0xBB ? 2 : nil }
    guard byte == 0xE2 || byte == 0xE3, at + 3 <= end, text[at + 1] == 0x80 else { return nil }
    return byte == 0xE2 || (0x88...0x91).contains(text[at + 2]) ? 3 : nil
  }

  private static func markBefore(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int? {
    for count in 1...3 where end - count >= start {
      if mark(text, end - count, end) == count { return count }
    }
    return nil
  }

  /// Bytes between a quotation mark and what it must enclose, at most.
  private static let reach = 60

  private static let marks: [(open: [UInt8], close: [UInt8])] = [
    ("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’"), ("„", "“"), ("«", "»"),
    ("「", "」"),
    ("‹", "›"),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  /// Whether an opening mark before `range` and its closing mark after it stand on the same line.
  static func isQuoted(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    var low = range.lowerBound
    while low > 0, range.lowerBound - low < reach, text[low - 1] != 0x0A { low -= 1 }
    var high = range.upperBound
    while high < text.count, high - range.upperBound < reach, text[high] != 0x0A { high += 1 }
    return marks.contains { mark in
      let before = count(mark.open, text, low..<range.lowerBound)
      let after = count(mark.close, text, range.upperBound..<high)
      if before == 0 || after == 0 { return false }
      // Equal marks: an even number before the place has closed already.
      return mark.open != mark.close || before % 2 == 1
    }
  }

  private static func count(
    _ mark: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Int {
    guard range.count >= mark.count else { return 0 }
    var count = 0
    for at in range.lowerBound...(range.upperBound - mark.count)
    where text[at] == mark[0] && zip(mark, text[at...]).allSatisfy({ $0 == $1 }) {
      // An apostrophe inside a word quotes nothing.
      if mark == [0x27], at > 0, at + 1 < text.count, isLetter(text[at - 1]), isLetter(text[at + 1])
      {
        continue
      }
      count += 1
    }
    return count
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 32) >= 0x61 && (byte | 32) <= 0x7A || byte >= 0x80
  }
}
