/// Walks over UTF-8 bytes: what is valid, and which line and column a byte is in.
package enum TextScan {
  /// The length of the UTF-8 sequence that starts at `at`, or nil when it is overlong, a surrogate,
  /// out of range or cut (RFC 3629, §4).
  package static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at: Int) -> Int? {
    let lead = bytes[at]
    if lead < 0x80 { return 1 }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, at + length <= bytes.count else { return nil }
    for index in 1..<length where bytes[at + index] & 0xC0 != 0x80 { return nil }
    let second = bytes[at + 1]
    switch lead {
    case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
      0xF4 where second > 0x8F:
      return nil
    default: return length
    }
  }

  /// The scalar of a valid sequence.
  package static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, length: Int) -> UInt32 {
    switch length {
    case 1: return UInt32(bytes[at])
    case 2: return UInt32(bytes[at] & 0x1F) << 6 | UInt32(bytes[at + 1] & 0x3F)
    case 3:
      return UInt32(bytes[at] & 0x0F) << 12 | UInt32(bytes[at + 1] & 0x3F) << 6
        | UInt32(bytes[at + 2] & 0x3F)
    default:
      return UInt32(bytes[at] & 0x07) << 18 | UInt32(bytes[at + 1] & 0x3F) << 12
        | UInt32(bytes[at + 2] & 0x3F) << 6 | UInt32(bytes[at + 3] & 0x3F)
    }
  }

  /// Line and column, from 1, of the byte at `offset`; LF, CR LF and a bare CR end a line
  /// (YAML 1.2, §5.4). Columns count scalars.
  package static func place(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>)
    -> (line: Int, column: Int)
  {
    let end = min(offset, bytes.count)
    var line = 1
    var start = 0
    for index in 0..<end {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == 0x0A || (byte == 0x0D && next != 0x0A) {
        line += 1
        start = index + 1
      }
    }
    return (line, 1 + bytes[start..<end].count { $0 & 0xC0 != 0x80 })
  }

  /// Offsets at which lines start, by the same rule.
  package static func lineStarts(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var starts = [0]
    for index in 0..<bytes.count {
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if bytes[index] == 0x0A || (bytes[index] == 0x0D && next != 0x0A) { starts.append(index + 1) }
    }
    return starts
  }
}
