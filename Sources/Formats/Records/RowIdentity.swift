package import Documents
internal import Reproducibility

/// Gives rows their identity: the hash of what they hold, and the ordinal among equals seen so far.
///
/// Memory: about 40 bytes for each different row.
package struct RowIdentity {
  private var seen: [Key: UInt32] = [:]

  private struct Key: Hashable {
    var high: UInt64
    var low: UInt64
  }

  package init() {}

  /// The identity of the next row whose ``hash(_:_:)`` is `hash`.
  package mutating func next(_ hash: String) -> RowID {
    let key = Self.key(hash)
    let ordinal = seen[key, default: 0]
    seen[key] = ordinal + 1
    return RowID(hash: hash, ordinal: Int(ordinal))
  }

  /// The identity of the next row with this content and these columns.
  package mutating func next(_ content: RowContent, _ fields: [JSONMember]) -> RowID {
    next(Self.hash(content, fields))
  }

  /// 32 hexadecimal digits: the first half of the SHA-256 of the canonical JSON of content and
  /// columns (members sorted by key, so that the order of columns does not matter).
  package static func hash(_ content: RowContent, _ fields: [JSONMember]) -> String {
    let members = RowCodec.members(content, fields)
    return String(Digest(canonical: .object(members)).hex.prefix(32))
  }

  private static func key(_ hash: String) -> Key {
    var (high, low, count) = (UInt64(0), UInt64(0), 0)
    for byte in hash.utf8 {
      let digit = UInt64(byte < 58 ? byte &- 48 : byte &- 87) & 15
      if count < 16 { high = high << 4 | digit } else { low = low << 4 | digit }
      count += 1
    }
    return Key(high: high, low: low)
  }
}

extension RowID {
  /// Reads what ``description`` writes: 32 lower-case hexadecimal digits, then perhaps `-ordinal`.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].utf8.count == 32,
      parts[0].utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    if parts.count == 1 {
      self.init(hash: text, ordinal: 0)
    } else {
      guard let ordinal = Int(parts[1]), ordinal > 0, ordinal <= UInt32.max,
        String(ordinal) == parts[1]
      else { return nil }
      self.init(hash: String(parts[0]), ordinal: ordinal)
    }
  }

  /// 64 well-mixed bits that depend on hash and ordinal alone; for sampling and cutting by row.
  package var bits: UInt64 {
    var value: UInt64 = 0
    for byte in hash.utf8.prefix(16) {
      value = value << 4 | UInt64(byte < 58 ? byte &- 48 : byte &- 87) & 15
    }
    // SplitMix64's finalizer (Steele, Lea, Flood 2014) spreads the ordinal.
    value = value &+ UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
