/// Base64 and hexadecimal runs that decode to text.
enum EncodedScan {
  /// Shorter runs hold no sentence.
  static let runMin = 24
  static let runMax = 64 << 10

  static func blobs(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (_ range: Range<Int>, _ decoded: [UInt8]) -> Void
  ) {
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count, value(text[end]) >= 0 { end += 1 }
      if end - start >= runMin, end - start <= runMax {
        let run = UnsafeBufferPointer(rebasing: text[start..<end])
        if let decoded = hexadecimal(run) ?? base64(run) { body(start..<end, decoded) }
      }
      start = max(end, start) + 1
    }
  }

  private static func value(_ byte: UInt8) -> Int {
    switch byte {
    case 0x41...0x5A: Int(byte) - 0x41
    case 0x61...0x7A: Int(byte) - 0x61 + 26
    case 0x30...0x39: Int(byte) - 0x30 + 52
    case 0x2B, 0x2D: 62
    case 0x2F, 0x5F: 63
    default: -1
    }
  }

  private static func base64(_ run: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(run.count * 3 / 4)
    var bits: UInt32 = 0
    for (index, byte) in run.enumerated() {
      bits = bits << 6 | UInt32(max(0, value(byte)))
      let held = index % 4
      if held > 0 { out.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * held))) }
    }
    return text(out)
  }

  private static func hexadecimal(_ run: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard run.count % 2 == 0 else { return nil }
    var out: [UInt8] = []
    for index in stride(from: 0, to: run.count, by: 2) {
      guard let high = digit(run[index]), let low = digit(run[index + 1]) else { return nil }
      out.append(high << 4 | low)
    }
    return text(out)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x61 + 10
    case 0x41...0x46: byte - 0x41 + 10
    default: nil
    }
  }

  /// The bytes, when they are text: valid UTF-8, without control characters.
  private static func text(_ bytes: [UInt8]) -> [UInt8]? {
    let bad = bytes.contains { $0 < 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 || $0 == 0x7F }
    return !bad && String(validating: bytes, as: UTF8.self) != nil ? bytes : nil
  }
}
