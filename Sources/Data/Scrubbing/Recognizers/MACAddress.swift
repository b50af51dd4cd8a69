/// Hardware addresses: six pairs of hexadecimal digits with colons or hyphens, or three groups of four
/// with dots.
enum MACAddress {
  /// - Parameter mark: the first sign of the address.
  static func detection(_ text: ByteText, mark: Int) -> Detection? {
    let sign = text[mark]
    let size = sign == UInt8(ascii: ".") ? 4 : 2
    let groups = sign == UInt8(ascii: ".") ? 3 : 6
    let start = mark - size
    guard start >= 0, !text.isWord(before: start), text[start - 1] != sign else { return nil }
    var index = start
    var hasSignificant = false
    for group in 0..<groups {
      if group > 0 {
        guard text[index] == sign else { return nil }
        index += 1
      }
      for _ in 0..<size {
        guard ByteText.isHex(text[index]) else { return nil }
        if text[index] != UInt8(ascii: "0"), text[index] | 0x20 != UInt8(ascii: "f") {
          hasSignificant = true
        }
        index += 1
      }
    }
    // All zeros and the broadcast address name no device.
    guard hasSignificant, !text.isWord(at: index), text[index] != sign || sign == 0x2E else {
      return nil
    }
    return Detection(.macAddress, start..<index, score: 0.8)
  }
}
