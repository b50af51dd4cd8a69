internal import Parallelism

/// Puts joined rows together and decides on each set, several at a time on the pool.
struct ClusterBuilder {
  private let rule: ClusterRule
  private let store: ShingleStore
  private let pool: ThreadPool
  private let checkCancelled: () throws -> Void

  /// Rows and shingles of sets that are decided on together.
  private static let batchRows = 32 << 10
  private static let batchShingles = 8 << 20

  init(
    _ rule: ClusterRule, _ store: ShingleStore, _ pool: ThreadPool,
    _ checkCancelled: @escaping () throws -> Void
  ) {
    self.rule = rule
    self.store = store
    self.pool = pool
    self.checkCancelled = checkCancelled
  }

  func clusters(_ joined: consuming UnionFind) throws -> DuplicateClusters {
    let entries = Self.entries(&joined, rule.representative)
    var out = DuplicateClusters()
    var batch: [[UInt32]] = []
    var (rows, shingles) = (0, 0)
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      let members = entries[start..<end].map { UInt32(truncatingIfNeeded: $0) }
      batch.append(members)
      rows += members.count
      for member in members where rule.representative[Int(member)] == member {
        shingles += store.count(member)
      }
      if rows >= Self.batchRows || shingles >= Self.batchShingles {
        try decide(batch, &out)
        batch.removeAll(keepingCapacity: true)
        (rows, shingles) = (0, 0)
      }
      start = end
    }
    try decide(batch, &out)
    return out
  }

  /// First row << 32 | row of every row that is not alone, in order.
  private static func entries(_ joined: inout UnionFind, _ representative: [UInt32]) -> [UInt64] {
    var isShared = [Bool](repeating: false, count: representative.count)
    for row in 0..<UInt32(representative.count) {
      let root = joined.find(representative[Int(row)])
      if root != row { isShared[Int(root)] = true }
    }
    var entries: [UInt64] = []
    for row in 0..<UInt32(representative.count) {
      let root = joined.find(representative[Int(row)])
      if isShared[Int(root)] { entries.append(UInt64(root) << 32 | UInt64(row)) }
    }
    BandKeys.sort(&entries)
    return entries
  }

  private func decide(_ batch: [[UInt32]], _ out: inout DuplicateClusters) throws {
    if batch.isEmpty { return }
    try checkCancelled()
    let rule = self.rule
    var wanted = batch.flatMap { $0.map { rule.representative[Int($0)] } }
    if !store.isInMemory { wanted = Array(Set(wanted)).sorted() }
    let sets = try store.sets(of: wanted, .sets, pool)
    for part in try pool.map(batch, { rule.clusters($0, sets) }) { out.append(part) }
  }
}
