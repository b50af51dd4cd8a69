internal import Parallelism

/// Finds sets of duplicate rows among those that say different things: pairs of candidates come
/// from equal band keys, are verified exactly, and joined.
///
/// A pair is compared only while its rows are not joined already. The sets depend on the rows
/// alone; so does the order of comparisons, whatever the number of threads.
struct DuplicateSearch {
  /// What was done, for the report.
  struct Counts: Sendable, Hashable {
    /// Pairs compared exactly.
    var verified = 0
    /// Of these, pairs at or above the threshold.
    var confirmed = 0
    /// Buckets of more than ``bucketMax`` rows, which were split by a second band.
    var splitBuckets = 0
    /// Rows that even then shared a bucket with more than that many, and were compared with the
    /// next ``neighbours`` alone.
    var limitedRows = 0
  }

  /// Rows of a bucket that are all compared with each other.
  static let bucketMax = 512
  static let neighbours = 32
  /// Rows in buckets that are worked on together, and pairs that are verified together.
  private static let blockRows = 256 << 10
  private static let batch = 16 << 10
  /// Shingles of the pairs of a batch: 32 MB where they are read from a file.
  private static let batchShingles = 8 << 20
  /// Bands that are sorted at the same time, at most.
  private static let bandsAtOnce = 4

  private var sets: UnionFind
  private(set) var counts = Counts()

  private let table: RowTable
  private let keys: BandKeys
  private let verifier: PairVerifier
  private let rules: DedupRules
  private let pool: ThreadPool
  private let checkCancelled: () throws -> Void
  private let failed: FailedPairs
  private var pairs: [UInt64] = []
  private var pairShingles = 0

  init(
    _ table: RowTable, _ keys: BandKeys, _ verifier: PairVerifier, _ rules: DedupRules,
    _ pool: ThreadPool, _ checkCancelled: @escaping () throws -> Void
  ) {
    self.table = table
    self.keys = keys
    self.verifier = verifier
    self.rules = rules
    self.pool = pool
    self.checkCancelled = checkCancelled
    sets = UnionFind(table.rowCount)
    failed = FailedPairs(rows: table.rowCount)
  }

  /// - Parameter progress: called with the number of bands done.
  mutating func run(_ equal: EqualRows, _ progress: (Int) -> Void) throws {
    for pair in equal.links {
      let (a, b) = PairVerifier.rows(pair)
      if table.counts[Int(a)] == 0 { join(pair) } else { try consider(a, b) }
    }
    try verify()
    let (rows, keys) = (equal.distinct, self.keys)
    let rooms = keys.rooms(keys.isInMemory ? min(pool.threads, Self.bandsAtOnce) : 1, rows)
    for start in stride(from: 0, to: keys.bands, by: max(1, rooms.count)) {
      try checkCancelled()
      if rooms.isEmpty {
        try keys.forEachSorted(start, rows) { try join($0, start) }
      } else {
        let tasks = Array(zip(start..<keys.bands, rooms))
        let found = try pool.map(tasks) { band, room in
          Found(entries: try keys.candidates(band, rows, room))
        }
        for (task, found) in zip(tasks, found) { try join(found.entries, task.0) }
      }
      progress(min(start + max(1, rooms.count), keys.bands))
    }
  }

  /// Entries in a room, which nobody changes while they are looked at.
  private struct Found: @unchecked Sendable {
    let entries: UnsafeBufferPointer<UInt64>
  }

  /// The sets found.
  consuming func takeSets() -> UnionFind { sets }

  // MARK: - Buckets

  /// Rows of buckets, one bucket after the other.
  private struct Buckets {
    private(set) var rows: [UInt32] = []
    private(set) var ranges: [Range<Int>] = []

    mutating func append(_ entries: some RandomAccessCollection<UInt64>) {
      let start = rows.count
      for entry in entries { rows.append(UInt32(truncatingIfNeeded: entry)) }
      ranges.append(start..<rows.count)
    }

    mutating func removeAll() {
      rows.removeAll(keepingCapacity: true)
      ranges.removeAll(keepingCapacity: true)
    }
  }

  /// Cuts sorted entries into buckets and compares the rows of each.
  private mutating func join(_ entries: UnsafeBufferPointer<UInt64>, _ band: Int) throws {
    var buckets = Buckets()
    var rows = 0
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      if end - start > 1 {
        if end - start > Self.bucketMax {
          try split(entries[start..<end].map { UInt32(truncatingIfNeeded: $0) }, band, &buckets)
        } else {
          buckets.append(entries[start..<end])
        }
        rows += end - start
        if rows >= Self.blockRows {
          try compare(buckets)
          buckets.removeAll()
          rows = 0
        }
      }
      start = end
    }
    try compare(buckets)
  }

  /// The rows of a large bucket that share one more band, so that pairs stay few where thousands of
  /// rows have some lines in common. A pair at the threshold shares one band alone with a chance of
  /// bands * p * (1 - p)^(bands - 1), p = threshold^rows: 0.3 % for 26 bands of 6.
  private mutating func split(
    _ bucket: [UInt32], _ band: Int, _ buckets: inout Buckets
  ) throws {
    counts.splitBuckets += 1
    for other in (band + 1)..<max(band + 1, keys.bands) {
      let entries = try keys.sorted(other, bucket[...])
      var start = 0
      while start < entries.count {
        var end = start + 1
        while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
        if end - start > Self.bucketMax { counts.limitedRows += end - start }
        if end - start > 1 { buckets.append(entries[start..<end]) }
        start = end
      }
    }
  }

  /// Compares the rows of buckets: the first of each with the others, then the second, and so on,
  /// so that rows that were joined to the first are not compared with each other.
  private mutating func compare(_ buckets: Buckets) throws {
    let rows = buckets.rows
    var open = buckets.ranges
    var step = 0
    while !open.isEmpty {
      try checkCancelled()
      for bucket in open {
        let first = bucket.lowerBound + step
        let end =
          bucket.count > Self.bucketMax
          ? min(bucket.upperBound, first + 1 + Self.neighbours) : bucket.upperBound
        for other in (first + 1)..<end { try consider(rows[first], rows[other]) }
      }
      try verify()
      step += 1
      open.removeAll { $0.count <= step + 1 || isOne(rows[$0.dropFirst(step)]) }
    }
  }

  /// Whether all rows are joined already.
  private mutating func isOne(_ rows: ArraySlice<UInt32>) -> Bool {
    guard let first = rows.first else { return true }
    let root = sets.find(first)
    for row in rows.dropFirst() where sets.find(row) != root { return false }
    return true
  }

  // MARK: - Pairs

  private mutating func consider(_ a: UInt32, _ b: UInt32) throws {
    guard table.mayCompare(a, b, rules.scope), sets.find(a) != sets.find(b) else { return }
    let pair = a < b ? PairVerifier.pair(a, b) : PairVerifier.pair(b, a)
    if rules.verification == .none {
      join(pair)
      return
    }
    if failed.contains(pair) { return }
    pairs.append(pair)
    pairShingles += Int(table.counts[Int(a)]) + Int(table.counts[Int(b)])
    if pairs.count == Self.batch || pairShingles > Self.batchShingles { try verify() }
  }

  private mutating func verify() throws {
    let answers = try verifier.answers(pairs, .similar(rules.threshold))
    counts.verified += pairs.count
    for (pair, isSimilar) in zip(pairs, answers) {
      if isSimilar {
        counts.confirmed += 1
        join(pair)
      } else {
        failed.insert(pair)
      }
    }
    pairs.removeAll(keepingCapacity: true)
    pairShingles = 0
  }

  private mutating func join(_ pair: UInt64) {
    let (a, b) = PairVerifier.rows(pair)
    sets.join(a, b)
  }
}

/// Pairs that were compared and are no duplicates, so that the next band does not compare them
/// again: a table in which a new pair takes the place of an old one.
private struct FailedPairs {
  private let slots: LargeBuffer<UInt64>

  /// 8 bytes a row, at least 4 and at most 128 MB.
  init(rows: Int) {
    var count = 512 << 10
    while count < min(rows, 16 << 20) { count *= 2 }
    slots = LargeBuffer(count: count)
  }

  private func slot(_ pair: UInt64) -> Int {
    Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 20) & (slots.count - 1)
  }

  /// No pair is 0: its rows would be the same.
  func contains(_ pair: UInt64) -> Bool { slots.elements[slot(pair)] == pair }
  func insert(_ pair: UInt64) { slots.elements[slot(pair)] = pair }
}
