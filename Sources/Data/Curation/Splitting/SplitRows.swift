/// What a split remembers of every row: 20 bytes, and 8 more for each column of groups and for
/// clusters.
package struct SplitRows: Sendable {
  /// ``RowID/bits``: order and chance depend on it, never on the place of a row.
  package var bits: [UInt64] = []
  /// Numbers of strata, in the order of ``strataNames``.
  package var strata: [UInt32] = []
  /// Sorted by their bytes when the plan is made.
  package var strataNames = ByteNames()
  /// For each kind of key a hash a row; rows with equal ones stay on one side. 0 is none.
  ///
  /// Two different keys with one hash, 3 in 100 million for a million rows, keep two rows together
  /// that need not be; nothing is ever torn apart.
  package var keys: [[UInt64]]
  /// When each row happened, in one unit, or empty.
  package var times: [Double] = []
  /// Rows at the front that are in test whatever the plan.
  package var goldCount = 0

  package init(keyKinds: Int) { keys = Array(repeating: [], count: keyKinds) }

  package var count: Int { bits.count }

  /// Appends rows of another part; their strata are renumbered.
  package mutating func append(_ other: SplitRows) {
    bits += other.bits
    let numbers = strataNames.merge(other.strataNames)
    strata += other.strata.map { numbers[Int($0)] }
    for kind in keys.indices { keys[kind] += other.keys[kind] }
    times += other.times
  }
}

/// Rows that stay together: the connected components of rows with a key in common.
struct SplitUnits {
  struct Unit {
    /// What the unit is dealt by.
    var order: UInt64
    /// Of its rows' bits.
    var smallest: UInt64
    /// Its first row.
    var root: UInt32
    var rows: UInt32
    /// That of most of its rows; of equally frequent ones the first by name. A rank by name.
    var stratum: UInt32
    /// It holds a gold row.
    var isGold = false
    /// The latest of its rows, 0 without times.
    var time = 0.0
  }

  /// The first row of the unit of each row.
  let roots: [UInt32]
  var list: [Unit]

  /// - Parameter ranks: place of each stratum in the order of names.
  init(_ rows: SplitRows, ranks: [UInt32]) {
    var sets = UnionFind(rows.count)
    var table = FirstRows(rows.count)
    for keys in rows.keys {
      table.clear()
      for (index, key) in keys.enumerated() where key != 0 {
        if let other = table.first(key, index, keys) { sets.join(UInt32(other), UInt32(index)) }
      }
    }
    var roots = [UInt32](repeating: 0, count: rows.count)
    var place = [UInt32](repeating: 0, count: rows.count)
    var list: [Unit] = []
    for index in 0..<rows.count {
      let root = Int(sets.find(UInt32(index)))
      roots[index] = UInt32(root)
      let bits = rows.bits[index]
      let time = rows.times.isEmpty ? 0 : rows.times[index]
      // The root is the smallest index, so its unit is there when another row of it comes.
      if root == index {
        place[index] = UInt32(list.count)
        list.append(
          Unit(
            order: 0, smallest: bits, root: UInt32(root), rows: 1,
            stratum: ranks[Int(rows.strata[index])], isGold: index < rows.goldCount, time: time))
      } else {
        let unit = Int(place[root])
        list[unit].rows += 1
        list[unit].smallest = min(list[unit].smallest, bits)
        list[unit].time = max(list[unit].time, time)
        if index < rows.goldCount { list[unit].isGold = true }
      }
    }
    self.roots = roots
    self.list = list
    settleStrata(rows, place, ranks)
  }

  private mutating func settleStrata(_ rows: SplitRows, _ place: [UInt32], _ ranks: [UInt32]) {
    if rows.strataNames.count < 2 { return }
    // Unit and rank of every row of a unit of several, as one number, in order.
    var entries: [UInt64] = []
    for index in 0..<rows.count {
      let unit = place[Int(roots[index])]
      if list[Int(unit)].rows > 1 {
        entries.append(UInt64(unit) << 32 | UInt64(ranks[Int(rows.strata[index])]))
      }
    }
    entries.sort()
    var start = 0
    var (unit, most) = (-1, 0)
    while start < entries.count {
      var end = start
      while end < entries.count, entries[end] == entries[start] { end += 1 }
      let here = Int(entries[start] >> 32)
      if here != unit { (unit, most) = (here, 0) }
      if end - start > most {
        most = end - start
        list[unit].stratum = UInt32(truncatingIfNeeded: entries[start])
      }
      start = end
    }
  }
}

/// The first row of each key, in a table of open addressing; 8 bytes a row.
private struct FirstRows {
  private var slots: [UInt32]
  private let shift: UInt64

  init(_ count: Int) {
    var bits = 4
    while (1 << bits) < 2 * count { bits += 1 }
    slots = Array(repeating: .max, count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  mutating func clear() {
    for index in slots.indices { slots[index] = .max }
  }

  /// The first row with this key, or nil after noting that `index` is the first.
  mutating func first(_ key: UInt64, _ index: Int, _ keys: [UInt64]) -> Int? {
    // Keys are hashes; the product spreads those of callers that are not.
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while slots[slot] != .max {
      if keys[Int(slots[slot])] == key { return Int(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = UInt32(index)
    return nil
  }
}
