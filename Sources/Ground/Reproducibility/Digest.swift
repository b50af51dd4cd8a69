internal import Crypto
package import Documents

/// A SHA-256, written as 64 lower-case hexadecimal digits, so that `sha256sum` verifies it.
package struct Digest: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// 64 hexadecimal digits.
  package let hex: String

  /// Nil unless `hex` has 64 lower-case hexadecimal digits.
  package init?(hex: String) {
    guard hex.utf8.count == 64,
      hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.hex = hex
  }

  /// The digest of bytes in memory.
  package init(of bytes: some Sequence<UInt8>) {
    var hasher = Hasher()
    if bytes.withContiguousStorageIfAvailable({ hasher.update(UnsafeRawBufferPointer($0)) }) == nil
    {
      Array(bytes).withUnsafeBytes { hasher.update($0) }
    }
    self = hasher.finish()
  }

  /// The digest of the canonical JSON form of `value`.
  package init(canonical value: JSONValue) { self.init(of: JSONWriter.canonical(value)) }

  init(trusted hex: String) { self.hex = hex }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let digest = Digest(hex: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a SHA-256 in hexadecimal"))
    }
    self = digest
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }

  package var description: String { hex }
  /// The first 12 digits, for people.
  package var short: String { String(hex.prefix(12)) }
  package static func < (a: Digest, b: Digest) -> Bool { a.hex < b.hex }

  /// Feeds bytes piece by piece.
  package struct Hasher {
    private var state = SHA256()

    package init() {}
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
      state.update(bufferPointer: bytes)
    }
    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }
    /// What `body` makes of the 32 bytes of the digest.
    func withFinished<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
      state.finalize().withUnsafeBytes(body)
    }

    package func finish() -> Digest {
      Digest(trusted: state.finalize().withUnsafeBytes { Digest.digits($0) })
    }
  }

  /// Two hexadecimal digits for each byte.
  static func digits(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { out in
      for index in 0..<(2 * bytes.count) {
        let byte = bytes[index >> 1]
        let digit = index & 1 == 0 ? byte >> 4 : byte & 15
        out[index] = digit < 10 ? 48 + digit : 87 + digit
      }
      return 2 * bytes.count
    }
  }
}
