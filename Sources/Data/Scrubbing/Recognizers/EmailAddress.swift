extension EmailAddress {
  /// `local@domain.tld`, found from the `@` outwards.
  static func plain(_ text: ByteText, at: Int) -> Detection? {
    guard let local = localStart(text, endingAt: at), let end = domainEnd(text, from: at + 1)
    else { return nil }
    return Detection(.emailAddress, local..<end, score: 1)
  }

  /// Addresses written for people: `name (at) firm.de`, `name[at]firm[dot]de`,
  /// `name at firm dot com`; found from the bracket or the bare word.
  static func spelled(_ text: ByteText, at index: Int) -> Detection? {
    guard let sign = SpelledSign(text, "at", at: index),
      let local = localStart(text, endingAt: sign.before),
      let domain = spelledDomainEnd(text, from: sign.after),
      sign.isBracketed || domain.hasSpelledDot
    else { return nil }
    return Detection(.emailAddress, local..<domain.end, score: 0.8)
  }
}

/// A word such as `at` standing for a sign: in brackets, with or without spaces around, or bare
/// between two spaces.
private struct SpelledSign {
  /// Offsets of the text left and right of the sign and its spaces.
  var before: Int
  var after: Int
  var isBracketed: Bool

  /// - Parameter index: where the bracket, or the bare word, stands.
  init?(_ text: ByteText, _ word: StaticString, at index: Int) {
    let size = word.utf8CodeUnitCount
    let close: UInt8 =
      switch text[index] {
      case UInt8(ascii: "("): UInt8(ascii: ")")
      case UInt8(ascii: "["): UInt8(ascii: "]")
      case UInt8(ascii: "{"): UInt8(ascii: "}")
      default: 0
      }
    if close != 0 {
      guard text.has(word, at: index + 1), text[index + 1 + size] == close else { return nil }
      isBracketed = true
      before = text[index - 1] == UInt8(ascii: " ") ? index - 1 : index
      after = index + size + 2
    } else {
      guard text[index - 1] == UInt8(ascii: " "), text.has(word, at: index),
        text[index + size] == UInt8(ascii: " ")
      else { return nil }
      isBracketed = false
      before = index - 1
      after = index + size
    }
    if text[after] == UInt8(ascii: " ") { after += 1 }
  }
}

enum EmailAddress {
  /// File names such as `logo@2x.png` are no addresses.
  private static let extensions = WordHash.set(
    "png jpg jpeg gif svg webp bmp ico pdf css js ts json xml html htm txt zip csv yaml yml mp4")

  /// Signs that RFC 5322 allows in a local part and people use; `=` and `/` are left out, since in
  /// text they stand before addresses (`user=a@b.org`) far more often than inside.
  private static func isLocal(_ byte: UInt8) -> Bool {
    ByteText.isAlphanumeric(byte) || byte >= 0x80
      || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "%")
      || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "'")
      || byte == UInt8(ascii: "&")
  }

  /// Where the local part that ends before `end` begins; nil when there is none. Up to 64 bytes.
  static func localStart(_ text: ByteText, endingAt end: Int) -> Int? {
    var start = end
    while start > 0, end - start < 64 {
      let before = text.previous(start)
      let isPart =
        text[before] < 0x80
        ? isLocal(text[before]) : ByteText.isWord(text.scalar(at: before).value)
      guard isPart else { break }
      start = before
    }
    while start < end, !ByteText.isAlphanumeric(text[start]), text[start] < 0x80,
      text[start] != UInt8(ascii: "_")
    {
      start += 1
    }
    return start < end && text[end - 1] != UInt8(ascii: ".") ? start : nil
  }

  /// Where the domain that begins at `start` ends; nil when it has no dot or no top-level domain of
  /// at least two letters.
  static func domainEnd(_ text: ByteText, from start: Int) -> Int? {
    var index = start
    var lastDot = -1
    var end = -1
    while index - start < 255 {
      let labelStart = index
      while isLabel(text, index) { index += 1 }
      guard index > labelStart, text[labelStart] != UInt8(ascii: "-") else { break }
      if lastDot >= 0, isTop(text, labelStart..<index) { end = index }
      guard text[index] == UInt8(ascii: ".") else { break }
      lastDot = index
      index += 1
    }
    return end < 0 || text.isWord(at: end) ? nil : end
  }

  /// The same with `dot`, `[dot]`, `(dot)` for `.`.
  static func spelledDomainEnd(_ text: ByteText, from start: Int)
    -> (end: Int, hasSpelledDot: Bool)?
  {
    var index = start
    var hasDot = false
    var hasSpelledDot = false
    var end = -1
    while index - start < 255 {
      let labelStart = index
      while isLabel(text, index) { index += 1 }
      guard index > labelStart else { break }
      if hasDot, isTop(text, labelStart..<index) { end = index }
      if text[index] == UInt8(ascii: ".") {
        index += 1
      } else {
        let sign = text[index] == UInt8(ascii: " ") ? index + 1 : index
        guard let spelled = SpelledSign(text, "dot", at: sign) else { break }
        hasSpelledDot = true
        index = spelled.after
      }
      hasDot = true
    }
    return end < 0 || text.isWord(at: end) ? nil : (end, hasSpelledDot)
  }

  private static func isLabel(_ text: ByteText, _ index: Int) -> Bool {
    let byte = text[index]
    if byte < 0x80 { return ByteText.isAlphanumeric(byte) || byte == UInt8(ascii: "-") }
    return byte & 0xC0 == 0x80 || ByteText.isWord(text.scalar(at: index).value)
  }

  private static func isTop(_ text: ByteText, _ label: Range<Int>) -> Bool {
    guard (2...24).contains(label.count), !extensions.contains(text.hash(label)) else {
      return false
    }
    return label.allSatisfy { ByteText.isLetter(text[$0]) || text[$0] >= 0x80 }
      || text.has("xn--", at: label.lowerBound)
  }
}
