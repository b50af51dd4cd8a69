/// A text whose every byte is a `Character` of its own: ASCII without carriage returns, of which one
/// and a line feed are one. What is asked of its characters is asked of its bytes.
struct PlainText {
  let bytes: UnsafeBufferPointer<UInt8>

  /// Nil for any other text.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var high: UInt8 = 0
    var returns: UInt8 = 0
    for byte in bytes {
      high |= byte
      returns |= byte == 0x0D ? 1 : 0
    }
    guard high < 0x80, returns == 0 else { return nil }
    self.bytes = bytes
  }

  /// U+0009 to U+000D and U+0020 are the white space of ASCII.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

  /// What ``InstructionRules/isTruncated(_:)`` says of it.
  var isTruncated: Bool {
    guard let last = bytes.lastIndex(where: { !Self.isSpace($0) }) else { return false }
    let end = bytes[last]
    let lineStart = bytes[..<last].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let lineEnd = bytes[last...].firstIndex(of: 0x0A) ?? bytes.count
    let line = bytes[lineStart..<lineEnd]
    let head = line.drop { $0 == 0x20 }
    if head.starts(with: "```".utf8) { return false }
    guard let first = head.first else { return false }
    if first == UInt8(ascii: "|") || first == UInt8(ascii: "#") { return false }
    let isOpen = end == UInt8(ascii: ",") || end == UInt8(ascii: "(")
    if first == UInt8(ascii: "-") || first == UInt8(ascii: "*") || first &- 48 < 10 {
      return isOpen
    }
    if isOpen || end == UInt8(ascii: ";") { return true }
    return Self.isLetter(end) && line.count >= 40 && line.contains(0x20)
      && bytes.contains { $0 == 0x2E || $0 == 0x21 || $0 == 0x3F }
  }
}
