internal import Records

/// What deduplication found: rows, clusters, and how it was done.
package struct DedupResult: Sendable {
  package let table: RowTable
  package let rules: DedupRules
  package let clusters: DuplicateClusters
  let search: DuplicateSearch.Counts
  package let keysInMemory: Bool
  package let shinglesInMemory: Bool
  let shingleBytes: Int
  let keyBytes: Int

  /// Removed rows whose texts are those of the row kept, byte for byte.
  package private(set) var removedExact = 0
  package private(set) var removedNear = 0
  /// Removed rows below the threshold of the row kept, joined to it through others.
  package private(set) var removedThroughOthers = 0
  /// Removed rows in order, as places in ``DuplicateClusters/members``.
  let removed: [UInt32]

  package var rowCount: Int { table.rowCount }
  package var removedCount: Int { removedExact + removedNear }

  init(
    table: RowTable, rules: DedupRules, clusters: DuplicateClusters,
    search: DuplicateSearch.Counts, keysInMemory: Bool, shinglesInMemory: Bool,
    shingleBytes: Int, keyBytes: Int
  ) {
    self.table = table
    self.rules = rules
    self.clusters = clusters
    self.search = search
    self.keysInMemory = keysInMemory
    self.shinglesInMemory = shinglesInMemory
    self.shingleBytes = shingleBytes
    self.keyBytes = keyBytes
    var order: [UInt64] = []
    for (place, member) in clusters.members.enumerated() where !member.isKept {
      order.append(UInt64(member.row) << 32 | UInt64(place))
      if Self.isExact(member, table, rules) {
        removedExact += 1
      } else {
        removedNear += 1
      }
      if member.similarity < rules.threshold { removedThroughOthers += 1 }
    }
    order.sort()
    removed = order.map { UInt32(truncatingIfNeeded: $0) }
  }

  /// Whether a removed row says the same as the row kept.
  func isExact(_ member: DuplicateClusters.Member) -> Bool { Self.isExact(member, table, rules) }

  private static func isExact(
    _ member: DuplicateClusters.Member, _ table: RowTable, _ rules: DedupRules
  ) -> Bool {
    table.digests[Int(member.row)] == table.digests[Int(member.kept)]
  }

  package var pairsVerified: Int { search.verified }
  package var pairsConfirmed: Int { search.confirmed }
  package var splitBuckets: Int { search.splitBuckets }
  package var limitedRows: Int { search.limitedRows }

  /// Bytes of memory and files that the search took for each row.
  package var bytesPerRow: Int {
    rowCount == 0
      ? 0 : RowTable.bytesPerRow(rules) + (shingleBytes + keyBytes + rowCount / 2) / rowCount
  }

  /// Whether each row is removed.
  package var isRemoved: [Bool] {
    var isRemoved = [Bool](repeating: false, count: rowCount)
    for member in clusters.members where !member.isKept { isRemoved[Int(member.row)] = true }
    return isRemoved
  }

  /// What was compared, in a line.
  package var summary: String {
    "\(search.verified) pairs compared, \(search.confirmed) joined, "
      + "\(clusters.clusters.count) clusters"
  }

  /// Removals by source, in order of name.
  package struct SourceCount: Sendable, Hashable {
    package var name: String
    package var rows = 0
    package var removed = 0
  }

  package var sources: [SourceCount] {
    var counts = table.sources.map { SourceCount(name: $0) }
    for source in table.sourceOf { counts[Int(source)].rows += 1 }
    for member in clusters.members where !member.isKept {
      counts[Int(table.sourceOf[Int(member.row)])].removed += 1
    }
    return counts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
