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
      for (index, half) in [(0, high), (16, low)] {
        for place in 0..<16 {
          let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * place) & 15)
          digits[index + place] = digit < 10 ? 48 + digit : 87 + digit
        }
      }
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

  /// Appends what ``RowID/description`` says.
  package func append(to bytes: inout [UInt8]) {
    for half in [high, low] {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: half >> UInt64(shift) & 15)
        bytes.append(digit < 10 ? 48 + digit : 87 + digit)
      }
    }
    if ordinal > 0 { bytes.append(contentsOf: "-\(ordinal)".utf8) }
  }
}
