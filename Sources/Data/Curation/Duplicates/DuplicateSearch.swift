package import Parallelism

/// Finds clusters of duplicate rows: rows that say the same, and rows whose shingle sets have a
/// Jaccard similarity of at least the threshold. A cluster is a connected component of such pairs.
///
/// Equal rows are chained first, so a thousand copies cost a thousand steps. Bands are sorted one
/// after the other; a candidate pair is verified where it first appears and only while the two are
/// not joined already. The result depends on the rows alone.
package struct DuplicateSearch {
  /// What was done, for the report.
  package struct Counts: Sendable, Hashable {
    /// Pairs compared exactly.
    package var verified = 0
    /// Of these, pairs at or above the threshold.
    package var confirmed = 0
  }

  private let sketches: RowSketches
  private let minHash: MinHash
  private let pool: ThreadPool
  private var sets: UnionFind
  package private(set) var counts = Counts()

  package init(_ sketches: RowSketches, _ minHash: MinHash, pool: ThreadPool) {
    self.sketches = sketches
    self.minHash = minHash
    self.pool = pool
    sets = UnionFind(sketches.count)
  }

  /// Clusters of at least two rows, members in order, clusters in order of their first member.
  ///
  /// - Parameter checkCancelled: called before every band.
  package mutating func clusters(_ checkCancelled: () throws -> Void = {}) throws -> [[Int]] {
    let distinct = chainEqual()
    for band in 0..<minHash.bands {
      try checkCancelled()
      join(band, sorted(distinct, band))
    }
    var members: [Int: [Int]] = [:]
    for index in 0..<sketches.count { members[sets.find(index), default: []].append(index) }
    return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// The exact similarity of two rows; 1 for rows that say the same.
  package func similarity(_ a: Int, _ b: Int) -> Double {
    if sketches.contents[a] == sketches.contents[b] { return 1 }
    return withSets(a, b) { $0.isEmpty && $1.isEmpty ? 0 : Shingler.jaccard($0, $1) }
  }

  // MARK: - Steps

  /// Joins rows that say the same, and rows with equal sets of shingles; returns the first row of
  /// each different set.
  private mutating func chainEqual() -> [UInt32] {
    var byContent: [RowSketches.ContentHash: Int] = [:]
    var bySet: [UInt64: [Int]] = [:]
    var distinct: [UInt32] = []
    for index in 0..<sketches.count {
      if let first = byContent[sketches.contents[index]] {
        sets.join(first, index)
        continue
      }
      byContent[sketches.contents[index]] = index
      if sketches.starts[index] == sketches.starts[index + 1] { continue }
      let hash = setHash(index)
      let equal = bySet[hash, default: []].first { other in
        withSets(index, other) { $0.elementsEqual($1) }
      }
      if let equal {
        sets.join(equal, index)
      } else {
        bySet[hash, default: []].append(index)
        distinct.append(UInt32(index))
      }
    }
    return distinct
  }

  /// Key and row of a band, as one number each, in order.
  private func sorted(_ distinct: [UInt32], _ band: Int) -> [UInt64] {
    var entries = distinct.map { row in
      UInt64(sketches.keys[Int(row) * minHash.bands + band]) << 32 | UInt64(row)
    }
    entries.sort()
    return entries
  }

  private mutating func join(_ band: Int, _ entries: [UInt64]) {
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      if end - start > 1 { joinBucket(band, entries[start..<end]) }
      start = end
    }
  }

  private mutating func joinBucket(_ band: Int, _ bucket: ArraySlice<UInt64>) {
    for i in bucket.indices {
      let a = Int(bucket[i] & 0xFFFF_FFFF)
      for j in (i + 1)..<max(i + 1, bucket.endIndex) {
        let b = Int(bucket[j] & 0xFFFF_FFFF)
        if sets.find(a) == sets.find(b) || metBefore(a, b, band) { continue }
        counts.verified += 1
        if isDuplicate(a, b) {
          counts.confirmed += 1
          sets.join(a, b)
        }
      }
    }
  }

  /// Whether an earlier band has shown the pair already.
  private func metBefore(_ a: Int, _ b: Int, _ band: Int) -> Bool {
    let (x, y) = (a * minHash.bands, b * minHash.bands)
    for earlier in 0..<band where sketches.keys[x + earlier] == sketches.keys[y + earlier] {
      return true
    }
    return false
  }

  private func isDuplicate(_ a: Int, _ b: Int) -> Bool {
    withSets(a, b) { x, y in
      // |A ∩ B| / |A ∪ B| is at most the smaller size over the larger.
      let bound = Double(min(x.count, y.count)) / Double(max(x.count, y.count))
      return bound >= minHash.threshold && Shingler.jaccard(x, y) >= minHash.threshold
    }
  }

  private func setHash(_ index: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for value in sketches.shingles[sketches.starts[index]..<sketches.starts[index + 1]] {
      hash = (hash ^ UInt64(value)) &* 0x100_0000_01B3
    }
    return hash
  }

  private func withSets<Result>(
    _ a: Int, _ b: Int,
    _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Result
  ) -> Result {
    sketches.shingles.withUnsafeBufferPointer { all in
      body(
        UnsafeBufferPointer(rebasing: all[sketches.starts[a]..<sketches.starts[a + 1]]),
        UnsafeBufferPointer(rebasing: all[sketches.starts[b]..<sketches.starts[b + 1]]))
    }
  }
}
