internal import CKernels
internal import Reproducibility

/// 128 bits that stand for bytes.
package struct Digest128: Sendable, Hashable {
  package private(set) var high: UInt64 = 0
  package private(set) var low: UInt64 = 0

  package init() {}

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The first half of the SHA-256 of bytes.
  package init(sha256 bytes: [UInt8]) { self.init(hexadecimal: Digest(of: bytes).hex) }

  /// The first 32 digits of a digest.
  package init(hexadecimal digits: String) {
    for (index, byte) in digits.utf8.prefix(32).enumerated() {
      let digit = UInt64(byte < 58 ? byte &- 48 : byte &- 87) & 15
      if index < 16 { high = high << 4 | digit } else { low = low << 4 | digit }
    }
  }

  /// Adds a piece, its length included. Fast, not cryptographic: what it finds equal is confirmed.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var state = (high, low)
    withUnsafeMutableBytes(of: &state) { state in
      guard let words = state.bindMemory(to: UInt64.self).baseAddress else { return }
      orc_digest128(words, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }
    (high, low) = state
  }
}
