internal import Crypto

/// HMAC-SHA256 (RFC 2104), for what comes from outside under a shared secret.
package enum KeyedDigest {
  package static func hmac(_ message: [UInt8], key: [UInt8]) -> Digest {
    let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))
    return Digest(trusted: code.withUnsafeBytes { Digest.digits($0) })
  }

  /// Whether `hex` (64 hexadecimal digits of either case) is the code of the message; takes the
  /// same time wherever they differ.
  package static func isValid(_ hex: Substring, of message: [UInt8], key: [UInt8]) -> Bool {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return false }
    var code: [UInt8] = []
    for place in stride(from: 0, to: 64, by: 2) {
      guard let high = value(digits[place]), let low = value(digits[place + 1]) else {
        return false
      }
      code.append(high << 4 | low)
    }
    return HMAC<SHA256>.isValidAuthenticationCode(
      code, authenticating: message, using: SymmetricKey(data: key))
  }

  /// Whether two secrets are the same; takes the same time wherever they differ, and does not tell
  /// their lengths.
  package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let key = SymmetricKey(size: .bits256)
    let code = HMAC<SHA256>.authenticationCode(for: a, using: key)
    return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: b, using: key)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }
}
