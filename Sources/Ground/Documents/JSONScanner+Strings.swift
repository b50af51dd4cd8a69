extension JSONScanner {
  /// Reads a string from its opening quote on.
  mutating func string() throws(Problem) -> String {
    let open = at
    at += 1
    var start = at
    var decoded: [UInt8]?
    while true {
      skipPlain()
      guard at < bytes.count else {
        throw problem("unclosed-string", "a string is not closed", at: open)
      }
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        var buffer = decoded ?? []
        decoded = nil
        buffer.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<at]))
        try escape(into: &buffer)
        decoded = buffer
        start = at
      } else if byte < 0x20 {
        throw problem(
          "control-character",
          "a raw control character (byte 0x\(String(byte, radix: 16))) in a string",
          fix: "write it as an escape such as \\n or \\u0009")
      } else {
        guard let length = TextScan.sequenceLength(bytes, at: at) else {
          throw problem(
            "not-utf8", "byte 0x\(String(bytes[at], radix: 16)) is not valid UTF-8",
            fix: "convert the file to UTF-8, for example with iconv")
        }
        at += length
      }
    }
    let tail = UnsafeBufferPointer(rebasing: bytes[start..<at])
    at += 1
    guard var decoded else { return String(decoding: tail, as: UTF8.self) }
    decoded.append(contentsOf: tail)
    return String(decoding: decoded, as: UTF8.self)
  }

  /// Steps over ASCII that needs no attention, eight bytes at a time.
  @inline(__always)
  private mutating func skipPlain() {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    let base = UnsafeRawPointer(bytes.baseAddress)
    while at + 8 <= bytes.count, let base {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      // A high bit marks bytes below 0x20, a quote, a backslash, or beyond ASCII. Borrows only run
      // upwards, so the lowest mark is always true.
      let marks =
        ((word &- ones &* 0x20) | ((word ^ (ones &* 0x22)) &- ones)
          | ((word ^ (ones &* 0x5C)) &- ones) | word) & high
      if marks == 0 {
        at += 8
      } else {
        at += marks.trailingZeroBitCount >> 3
        return
      }
    }
    while at < bytes.count {
      let byte = bytes[at]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { return }
      at += 1
    }
  }

  private mutating func escape(into out: inout [UInt8]) throws(Problem) {
    let start = at
    guard at + 1 < bytes.count else {
      throw problem("unclosed-string", "a string is not closed")
    }
    at += 2
    switch bytes[at - 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(bytes[at - 1])
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "r"): out.append(0x0D)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "u"): try unicodeEscape(start, into: &out)
    default: throw problem("bad-escape", "an unknown escape in a string", at: start)
    }
  }

  private mutating func unicodeEscape(_ start: Int, into out: inout [UInt8]) throws(Problem) {
    var value = try hex4(start)
    if value >= 0xD800, value < 0xDC00 {
      guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
        bytes[at + 1] == UInt8(ascii: "u")
      else { throw loneSurrogate(start) }
      at += 2
      let low = try hex4(start)
      guard low >= 0xDC00, low < 0xE000 else { throw loneSurrogate(start) }
      value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw loneSurrogate(start) }
    out.append(contentsOf: UTF8.encode(scalar)!)  // every scalar has a UTF-8 form
  }

  private func loneSurrogate(_ start: Int) -> Problem {
    problem(
      "lone-surrogate", "an escaped lone surrogate: it cannot be written as UTF-8", at: start,
      fix: "write surrogates in pairs, high then low")
  }

  private mutating func hex4(_ start: Int) throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard at < bytes.count, let digit = Self.hexDigit(bytes[at]) else {
        throw problem("bad-escape", "\\u needs four hexadecimal digits", at: start)
      }
      value = value << 4 | digit
      at += 1
    }
    return value
  }

  private static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
