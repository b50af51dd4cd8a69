/// A row's id in 24 bytes.
package struct RowKey: Sendable, Hashable, CustomStringConvertible {
  /// The two halves of ``RowID/hash``.
  package private(set) var high: UInt64 = 0
  package private(set) var low: UInt64 = 0
  package internal(set) var ordinal: UInt32 = 0

  package init(high: UInt64, low: UInt64, ordinal: UInt32) {
    self.high = high
    self.low = low
    self.ordinal = ordinal
  }

  package init(_ id: RowID) { self.init(hash: id.hash, ordinal: UInt32(clamping: id.ordinal)) }

  /// - Parameter hash: 32 hexadecimal digits.
  package init(hash: String, ordinal: UInt32 = 0) {
    var count = 0
    for byte in hash.utf8 {
      let digit = UInt64(byte < 58 ? byte &- 48 : byte &- 87) & 15
      if count < 16 { high = high << 4 | digit } else { low = low << 4 | digit }
      count += 1
    }
    self.ordinal = ordinal
  }

  /// The key of the first row with this hash.
  package var first: RowKey { RowKey(high: high, low: low, ordinal: 0) }

  package var id: RowID { RowID(hash: hash, ordinal: Int(ordinal)) }

  package var description: String { ordinal == 0 ? hash : "\(hash)-\(ordinal)" }

  /// ``RowID/hash``.
  package var hash: String {
    String(unsafeUninitializedCapacity: 32) { digits in
      guard let base = digits.baseAddress else { return 0 }
      writeHash(to: base)
      return 32
    }
  }

  /// ``RowID/bits``.
  package var bits: UInt64 {
    // SplitMix64's finalizer (Steele, Lea, Flood 2014) spreads the ordinal.
    var value = high &+ UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// Writes ``hash``, 32 digits.
  package func writeHash(to digits: UnsafeMutablePointer<UInt8>) {
    for place in 0..<16 {
      let shift = UInt64(60 - 4 * place)
      digits[place] = Self.digit(high >> shift)
      digits[16 + place] = Self.digit(low >> shift)
    }
  }

  private static func digit(_ bits: UInt64) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: bits & 15)
    return digit < 10 ? 48 + digit : 87 + digit
  }

  /// Appends what ``RowID/description`` says.
  package func append(to bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digits in
      guard let base = digits.baseAddress else { return }
      writeHash(to: base)
      bytes.append(contentsOf: digits)
    }
    if ordinal > 0 { bytes.append(contentsOf: "-\(ordinal)".utf8) }
  }
}
