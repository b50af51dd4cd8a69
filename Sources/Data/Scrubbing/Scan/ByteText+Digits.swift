extension ByteText {
  /// The decimal digit at `index` and its length in bytes: ASCII, full width, Arabic-Indic, or of
  /// one of the Indian scripts.
  @inline(__always)
  func digit(at index: Int) -> (value: UInt8, length: Int)? {
    let byte = self[index]
    if Self.isDigit(byte) { return (byte - 0x30, 1) }
    return byte < 0x80 ? nil : foreignDigit(at: index)
  }

  private func foreignDigit(at index: Int) -> (value: UInt8, length: Int)? {
    let (second, third) = (self[index + 1], self[index + 2])
    switch self[index] {
    case 0xD9 where second &- 0xA0 < 10: return (second - 0xA0, 2)
    case 0xDB where second &- 0xB0 < 10: return (second - 0xB0, 2)
    case 0xEF where second == 0xBC && third &- 0x90 < 10: return (third - 0x90, 3)
    case 0xE0 where second & 1 == 1 && second >= 0xA5 && second <= 0xB5 && third &- 0xA6 < 10:
      return (third - 0xA6, 3)
    default: return nil
    }
  }

  /// Whether a digit of any script ends at `index`.
  func isDigit(before index: Int) -> Bool {
    let start = previous(index)
    return start >= 0 && digit(at: start) != nil
  }
}
