package import Documents
internal import Reproducibility

/// Gives rows their identity: the hash of what they hold, and the ordinal among equals seen so far.
///
/// Memory: 20 bytes a slot, of which at most 5 in 8 are used: 32 to 64 bytes for each different row.
package struct RowIdentity {
  private struct Slot {
    var high: UInt64 = 0
    var low: UInt64 = 0
  }

  /// Open addressing, neighbour after neighbour: hashes are well mixed as they are.
  private var slots: [Slot]
  /// Rows seen of each slot; 0 for a free one.
  private var counts: [UInt32]
  private var used = 0

  package init() {
    slots = Array(repeating: Slot(), count: 1024)
    counts = Array(repeating: 0, count: 1024)
  }

  /// The identity of the next row whose ``hash(_:_:)`` is `hash`.
  package mutating func next(_ hash: String) -> RowID {
    RowID(hash: hash, ordinal: Int(next(RowKey(hash: hash)).ordinal))
  }

  /// The same for a row known by its key, whatever the ordinal there.
  package mutating func next(_ row: RowKey) -> RowKey {
    if used >= slots.count / 8 * 5 { grow() }
    let key = Slot(high: row.high, low: row.low)
    let index = Self.place(key, slots, counts)
    if counts[index] == 0 {
      slots[index] = key
      used += 1
    }
    let ordinal = counts[index]
    counts[index] = ordinal &+ 1
    return RowKey(high: row.high, low: row.low, ordinal: ordinal)
  }

  /// Where `key` is, or where it goes.
  private static func place(_ key: Slot, _ slots: [Slot], _ counts: [UInt32]) -> Int {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: key.low) & mask
    while counts[index] != 0, slots[index].low != key.low || slots[index].high != key.high {
      index = (index + 1) & mask
    }
    return index
  }

  private mutating func grow() {
    var larger = Array(repeating: Slot(), count: 2 * slots.count)
    var largerCounts = Array(repeating: UInt32(0), count: 2 * slots.count)
    for index in slots.indices where counts[index] != 0 {
      let place = Self.place(slots[index], larger, largerCounts)
      larger[place] = slots[index]
      largerCounts[place] = counts[index]
    }
    (slots, counts) = (larger, largerCounts)
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
}

extension RowID {
  /// Reads what ``description`` writes: 32 lower-case hexadecimal digits, then perhaps `-ordinal`.
  package init?(_ text: String) {
    if text.utf8.count == 32 {
      guard text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
        return nil
      }
      self.init(hash: text, ordinal: 0)
      return
    }
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
  package var bits: UInt64 { RowKey(self).bits }
}
