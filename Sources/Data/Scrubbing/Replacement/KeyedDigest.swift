internal import Reproducibility

/// HMAC-SHA-256 (RFC 2104). A plain hash of a phone number is undone by hashing all numbers; with a
/// key it is not.
struct KeyedDigest: Sendable {
  private let inner: [UInt8]
  private let outer: [UInt8]

  init(key: String) {
    var block = Array(key.utf8)
    if block.count > 64 { block = Self.bytes(of: Digest(of: block)) }
    block += [UInt8](repeating: 0, count: 64 - block.count)
    inner = block.map { $0 ^ 0x36 }
    outer = block.map { $0 ^ 0x5C }
  }

  /// 32 bytes that depend on the key, the purpose and the value.
  func bytes(_ purpose: String, _ value: String) -> [UInt8] {
    let message = Array(purpose.utf8) + [0] + Array(value.utf8)
    return Self.bytes(of: Digest(of: outer + Self.bytes(of: Digest(of: inner + message))))
  }

  /// The 32 bytes of a digest.
  static func bytes(of digest: Digest) -> [UInt8] {
    let digits = Array(digest.hex.utf8)
    let value = { (digit: UInt8) in digit < 0x3A ? digit - 0x30 : digit - 0x57 }
    return stride(from: 0, to: digits.count, by: 2).map {
      value(digits[$0]) << 4 | value(digits[$0 + 1])
    }
  }
}
