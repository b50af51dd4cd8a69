internal import Parallelism

/// Chains rows that say the same, so that a thousand copies cost a thousand steps and stand as one
/// row, their representative, in the search that follows.
struct EqualRows {
  /// Of each row the first one that says the same: itself for most.
  private(set) var representative: [UInt32]
  /// Representatives that have shingles, in order.
  private(set) var distinct: [UInt32] = []
  /// Pairs of representatives that say the same and may be compared: rows of different sources.
  private(set) var links: [UInt64] = []

  private let table: RowTable
  private let rules: DedupRules
  private let verifier: PairVerifier
  private var pairs: [UInt64] = []

  private static let batch = 16 << 10

  init(
    _ table: RowTable, _ verifier: PairVerifier, _ rules: DedupRules,
    _ checkCancelled: () throws -> Void
  ) throws {
    self.table = table
    self.rules = rules
    self.verifier = verifier
    representative = (0..<UInt32(table.rowCount)).map { $0 }
    var entries: [UInt64] = []
    entries.reserveCapacity(table.rowCount)
    for (row, sequence) in table.sequences.enumerated() where sequence != 0 {
      entries.append((sequence & 0xFFFF_FFFF_0000_0000) | UInt64(row))
    }
    BandKeys.sort(&entries)
    try checkCancelled()
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      if end - start > 1 { try chain(entries[start..<end]) }
      start = end
    }
    try confirm()
    for row in 0..<table.rowCount where table.counts[row] > 0 && representative[row] == row {
      distinct.append(UInt32(row))
    }
  }

  /// Rows of equal upper halves of their sequences: mostly all say the same.
  private mutating func chain(_ bucket: ArraySlice<UInt64>) throws {
    var leaders: [UInt32] = []
    for entry in bucket {
      let row = UInt32(truncatingIfNeeded: entry)
      let equal = leaders.filter { saysSame($0, row) }
      let leader =
        rules.scope == .all
        ? equal.first : equal.first { table.sourceOf[Int($0)] == table.sourceOf[Int(row)] }
      if let leader {
        if table.counts[Int(row)] == 0 {
          representative[Int(row)] = leader
        } else {
          pairs.append(PairVerifier.pair(leader, row))
          if pairs.count == Self.batch { try confirm() }
        }
        continue
      }
      leaders.append(row)
      if rules.scope == .across, let other = equal.first {
        links.append(PairVerifier.pair(other, row))
      }
    }
  }

  /// By digests: exact for rows without shingles, to be confirmed for others.
  private func saysSame(_ a: UInt32, _ b: UInt32) -> Bool {
    let (a, b) = (Int(a), Int(b))
    guard table.sequences[a] == table.sequences[b], table.counts[a] == table.counts[b] else {
      return false
    }
    return table.counts[a] > 0 || table.digests[a] == table.digests[b]
  }

  private mutating func confirm() throws {
    for (pair, isEqual) in zip(pairs, try verifier.answers(pairs, .equal)) where isEqual {
      let (leader, row) = PairVerifier.rows(pair)
      representative[Int(row)] = leader
    }
    pairs.removeAll(keepingCapacity: true)
  }
}
