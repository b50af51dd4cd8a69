/// Secrets that are known by their form.
enum Secrets {
  /// JSON Web Tokens (RFC 7519): three parts in base64url, of which two begin an object (`eyJ`).
  static func jsonWebTokenEnd(_ text: ByteText, at start: Int) -> Int? {
    guard text.hasExactly("eyJ", at: start) else { return nil }
    var index = start
    var dots = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        if dots == 2 { break }
        dots += 1
      } else if !ByteText.isAlphanumeric(byte), byte != 0x2D, byte != 0x5F {
        break
      }
      index += 1
    }
    if text[index - 1] == UInt8(ascii: ".") {
      index -= 1
      dots -= 1
    }
    return dots == 2 && index - start >= 36 ? index : nil
  }

  /// A private key in PEM (RFC 7468) or OpenPGP armour, from its first hyphen; to the end of its
  /// base64 where the last line is missing.
  static func privateKey(_ text: ByteText, at start: Int) -> Range<Int>? {
    guard text.hasExactly("-----BEGIN ", at: start) else { return nil }
    var labelEnd = start + 11
    while labelEnd - start < 60, text[labelEnd] != UInt8(ascii: "-"), text[labelEnd] != 0x0A,
      labelEnd < text.count
    {
      labelEnd += 1
    }
    let label = text.bytes[start + 11..<min(labelEnd, text.count)]
    guard contains(label, "PRIVATE KEY"), text.hasExactly("-----", at: labelEnd) else { return nil }
    var index = labelEnd + 5
    while index < text.count {
      if text[index] == UInt8(ascii: "-") {
        guard text.hasExactly("-----END ", at: index) else { break }
        var end = index + 9
        while end < text.count, text[end] != UInt8(ascii: "-"), text[end] != 0x0A { end += 1 }
        while text[end] == UInt8(ascii: "-") { end += 1 }
        return start..<end
      }
      guard isArmour(text[index]) else { break }
      index += 1
    }
    return start..<index
  }

  /// Base64, white space, the escapes of line ends, and headers such as `Proc-Type: 4,ENCRYPTED`.
  private static func isArmour(_ byte: UInt8) -> Bool {
    ByteText.isAlphanumeric(byte) || "+/=\r\n \t\\:,".utf8.contains(byte)
  }

  private static func contains(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ word: StaticString)
    -> Bool
  {
    word.withUTF8Buffer { wanted in
      guard bytes.count >= wanted.count else { return false }
      for start in bytes.startIndex...bytes.endIndex - wanted.count
      where (0..<wanted.count).allSatisfy({ bytes[start + $0] == wanted[$0] }) {
        return true
      }
      return false
    }
  }

  /// A URL with a password (`scheme://user:password@host/…`), found from the colon of its scheme.
  static func credentials(_ text: ByteText, colon: Int) -> Range<Int>? {
    var start = colon
    while start > 0, colon - start < 24,
      ByteText.isAlphanumeric(text[start - 1]) || "+.-".utf8.contains(text[start - 1])
    {
      start -= 1
    }
    guard colon - start >= 2, ByteText.isLetter(text[start]) else { return nil }
    var index = colon + 3
    var passwordStart = -1
    while index - colon < 300, index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "@") {
        guard passwordStart > 0, index > passwordStart,
          text[passwordStart] != UInt8(ascii: "$"), text[passwordStart] != UInt8(ascii: "<")
        else { return nil }
        return start..<URLAddress.end(text, from: index)
      }
      if byte == UInt8(ascii: ":"), passwordStart < 0 { passwordStart = index + 1 }
      if byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"")
        || byte == UInt8(ascii: "?")
      {
        return nil
      }
      index += 1
    }
    return nil
  }
}
