/// Web addresses.
enum URLAddress {
  /// With a scheme; found from the `://`.
  static func schemed(_ text: ByteText, colon: Int) -> Detection? {
    for scheme in schemes {
      let start = colon - scheme.utf8CodeUnitCount
      guard text.has(scheme, at: start), !text.isWord(before: start) else { continue }
      let end = end(text, from: colon + 3)
      return end > colon + 3 ? Detection(.url, start..<end, score: 0.9) : nil
    }
    return nil
  }

  private static let schemes: [StaticString] = [
    "https", "http", "ftp", "ftps", "sftp", "ws", "wss",
  ]

  /// Top-level domains taken without a scheme, file endings and words left out (`.py`, `.rs`, `.md`,
  /// `.sh`, `.is`).
  private static let tops = WordHash.set(
    """
    com org net edu gov mil int info biz io dev app ai co uk de fr nl be at ch it es pt pl cz dk se
    no fi eu us ca au nz in jp cn kr br mx ar za ru ua ie gr hu ro tv me xyz online shop store site
    cloud tech blog
    """)

  /// Where an address ends: at white space, quotes and brackets, without closing punctuation.
  static func end(_ text: ByteText, from start: Int) -> Int {
    var index = start
    var parentheses = 0
    scan: while index < text.count {
      switch text[index] {
      case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"),
        UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "\\"),
        UInt8(ascii: "^"), UInt8(ascii: "'"):
        break scan
      case UInt8(ascii: "("): parentheses += 1
      case UInt8(ascii: ")"):
        if parentheses == 0 { break scan }
        parentheses -= 1
      case 0x80...:
        let scalar = text.scalar(at: index)
        if !ByteText.isWord(scalar.value) { break scan }
        index += scalar.length - 1
      default: break
      }
      index += 1
    }
    index = min(index, text.count)
    while index > start, [0x2E, 0x2C, 0x3B, 0x3A, 0x21, 0x3F].contains(text[index - 1]) {
      index -= 1
    }
    return index
  }

  /// Without a scheme: `www.firm.de/x`, `firm.com/x`, `firm.com`.
  ///
  /// - Parameter firstDot: the first dot of the domain.
  static func bare(_ text: ByteText, firstDot: Int) -> Detection? {
    var start = firstDot
    while start > 0, isLabel(text[start - 1]) { start -= 1 }
    let before = text[start - 1]
    guard start < firstDot, !text.isWord(before: start), before != UInt8(ascii: "."),
      before != UInt8(ascii: "@"), before != UInt8(ascii: "/"), text[start] != UInt8(ascii: "-")
    else { return nil }
    var index = firstDot
    var top = firstDot..<firstDot
    while text[index] == UInt8(ascii: "."), isLabel(text[index + 1]) {
      let labelStart = index + 1
      index = labelStart
      while isLabel(text[index]) { index += 1 }
      top = labelStart..<index
    }
    let isWWW = text.has("www.", at: start)
    guard !top.isEmpty, text[index] != UInt8(ascii: "@"), tops.contains(text.hash(top)),
      isWWW || !ByteText.isUpper(text[top.lowerBound]), !text.isWord(at: index),
      text[start..<firstDot].contains(where: ByteText.isLetter)
    else { return nil }
    let hasPath = text[index] == UInt8(ascii: "/")
    let end = hasPath || text[index] == UInt8(ascii: "?") ? end(text, from: index) : index
    return Detection(.url, start..<max(end, index), score: isWWW || hasPath ? 0.7 : 0.5)
  }

  private static func isLabel(_ byte: UInt8) -> Bool {
    ByteText.isAlphanumeric(byte) || byte == UInt8(ascii: "-")
  }
}

extension ByteText {
  /// The bytes of a range inside the text.
  fileprivate subscript(range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[range] }
}
