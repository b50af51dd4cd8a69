/// Borrowed UTF-8 text with the questions that recognizers ask of it.
///
/// Offsets outside the text read as the byte 0, which is neither a letter, a digit nor a separator.
package struct ByteText {
  package let bytes: UnsafeBufferPointer<UInt8>

  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  package var count: Int { bytes.count }

  package subscript(index: Int) -> UInt8 {
    index >= 0 && index < bytes.count ? bytes[index] : 0
  }

  /// The scalar that starts at `index` and its length in bytes; (0, 1) outside the text.
  func scalar(at index: Int) -> (value: UInt32, length: Int) {
    let first = self[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let tail = { (k: Int) in UInt32(self[index + k] & 0x3F) }
    switch first {
    case 0xC2...0xDF: return (UInt32(first & 0x1F) << 6 | tail(1), 2)
    case 0xE0...0xEF: return (UInt32(first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
    default: return (UInt32(first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
    }
  }

  /// Where the scalar before `index` starts; -1 at the start of the text.
  func previous(_ index: Int) -> Int {
    var start = index - 1
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// Whether a letter, digit or underscore stands directly before `index`.
  func isWord(before index: Int) -> Bool {
    let start = previous(index)
    return start >= 0 && Self.isWord(scalar(at: start).value)
  }

  /// Whether a letter, digit or underscore stands at `index`.
  func isWord(at index: Int) -> Bool { index < count && Self.isWord(scalar(at: index).value) }

  /// Whether the ASCII text `word` (lower case) stands at `index`, in any case.
  func has(_ word: StaticString, at index: Int) -> Bool {
    word.withUTF8Buffer { wanted in
      guard index >= 0, index + wanted.count <= count else { return false }
      for k in 0..<wanted.count where Self.lower(bytes[index + k]) != wanted[k] { return false }
      return true
    }
  }
}

// MARK: - Classes of bytes and scalars

extension ByteText {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
  static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
  static func lower(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }

  /// Letters, marks and digits of any script, and the underscore. Outside ASCII everything counts
  /// but the blocks of spaces, punctuation, symbols and pictures.
  static func isWord(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x80: isAlphanumeric(UInt8(scalar)) || scalar == 0x5F
    case 0xAA, 0xB5, 0xBA: true
    case 0x80...0xBF, 0xD7, 0xF7: false
    case 0x0964, 0x0965, 0x200C, 0x200D: scalar == 0x200C || scalar == 0x200D
    case 0x2000...0x206F, 0x20A0...0x20CF, 0x2100...0x2BFF, 0x3000...0x303F: false
    case 0xFE00...0xFE0F, 0xFEFF, 0xFF00...0xFF0F, 0x1F000...0x1FAFF: false
    default: true
    }
  }
}
