/// Finds rows that are near-duplicates of rows on a side they must not be known on.
///
/// Rows are compared by the Jaccard similarity of their sets of 5-word shingles. The search is
/// exact: two sets A and B of similarity t or more share at least t·|A| shingles, so one of any
/// |A| - ⌈t·|A|⌉ + 1 shingles of A is in B (prefix filtering: Chaudhuri, Ganti, Kaushik 2006). Of
/// every row held out the rarest so many are indexed, and every other row is looked up by all of
/// its own; what shares one is compared.
package struct SideLeaks: Sendable {
  /// A row held out that another row says again.
  package struct Match: Sendable, Hashable {
    /// As given to ``add(_:side:_:)``.
    package var row: Int
    package var side: SplitPlan.Side
    package var similarity: Double
  }

  package let threshold: Double
  package static let shingler = Shingler(.words, size: 5)

  private var rows: [UInt32] = []
  private var sides: [SplitPlan.Side] = []
  private var starts: [Int] = [0]
  private var shingles: [UInt32] = []
  /// How many rows hold a shingle, by the lower bits of its hash, up to 255.
  private var seen = [UInt8](repeating: 0, count: 1 << 22)
  /// Shingle and entry, in order; made by ``finish()``.
  private var index: [UInt64] = []
  /// Where the shingles with these upper bits begin in ``index``; about one shingle each.
  private var buckets: [UInt32] = [0, 0]
  private var bucketShift: UInt64 = 32
  /// A bit for the lower bits of every indexed shingle, one in 16 set: most lookups end here.
  private var filter: [UInt64] = []

  package init(threshold: Double) {
    precondition(threshold > 0 && threshold <= 1, "a similarity")
    self.threshold = threshold
  }

  /// Bytes held.
  package var byteCount: Int {
    4 * shingles.count + 8 * index.count + 4 * buckets.count + 13 * rows.count + seen.count + 8
      * filter.count
  }

  package var count: Int { rows.count }

  /// Notes a row held out. Rows without shingles are left aside.
  ///
  /// - Parameter set: its shingles in ascending order, without repeats.
  package mutating func add(_ row: Int, side: SplitPlan.Side, _ set: some Collection<UInt32>) {
    if set.isEmpty { return }
    rows.append(UInt32(row))
    sides.append(side)
    shingles.append(contentsOf: set)
    starts.append(shingles.count)
    for shingle in set {
      let at = Int(shingle & 0x3F_FFFF)
      if seen[at] < 255 { seen[at] += 1 }
    }
  }

  /// Makes the index; call once, after the last row.
  package mutating func finish() {
    index = []
    var order: [UInt64] = []
    for entry in rows.indices {
      let set = shingles[starts[entry]..<starts[entry + 1]]
      order.removeAll(keepingCapacity: true)
      for shingle in set {
        order.append(UInt64(seen[Int(shingle & 0x3F_FFFF)]) << 32 | UInt64(shingle))
      }
      order.sort()
      // A little less than t·|A|, so that no rounding can make the prefix too short.
      let needed = Int((threshold * Double(set.count) - 1e-9).rounded(.up))
      for item in order.prefix(set.count - min(set.count, needed) + 1) {
        index.append((item & 0xFFFF_FFFF) << 32 | UInt64(entry))
      }
    }
    index.sort()
    var words = 1
    while words < 1 << 26, 64 * words < 16 * index.count { words *= 2 }
    filter = [UInt64](repeating: 0, count: words)
    for item in index {
      let shingle = item >> 32
      filter[Int(shingle >> 6) & (words - 1)] |= 1 << (shingle & 63)
    }
    var bits: UInt64 = 0
    while bits < 28, 1 << bits < index.count { bits += 1 }
    bucketShift = 32 - bits
    buckets = [UInt32](repeating: 0, count: (1 << Int(bits)) + 1)
    for item in index { buckets[Int(item >> (32 + bucketShift)) + 1] += 1 }
    for bucket in 1..<buckets.count { buckets[bucket] += buckets[bucket - 1] }
  }

  /// The row held out that is most like the row of these shingles, on a side that `side` must not
  /// know: test for validation, both for train. Of equally similar ones the first.
  ///
  /// - Parameter set: in ascending order, without repeats.
  package func match(_ set: UnsafeBufferPointer<UInt32>, on side: SplitPlan.Side) -> Match? {
    if set.isEmpty || side == .test { return nil }
    var best: Match?
    var compared: Set<UInt32> = []
    for shingle in set {
      guard isInFilter(shingle) else { continue }
      for place in entries(of: shingle) {
        let entry = Int(index[place] & 0xFFFF_FFFF)
        guard side == .train || sides[entry] == .test,
          compared.insert(UInt32(entry)).inserted
        else { continue }
        let similarity = similarity(set, entry, atLeast: max(threshold, best?.similarity ?? 0))
        guard similarity >= threshold else { continue }
        let row = Int(rows[entry])
        if let best, (best.similarity, -best.row) >= (similarity, -row) { continue }
        best = Match(row: row, side: sides[entry], similarity: similarity)
        if similarity == 1 { return best }
      }
    }
    return best
  }

  /// Whether a row with these shingles, in any order, shares one that is indexed: only then can it
  /// have a match.
  package func mayMatch(_ shingles: UnsafeBufferPointer<UInt32>) -> Bool {
    for shingle in shingles where isInFilter(shingle) && !entries(of: shingle).isEmpty {
      return true
    }
    return false
  }

  private func isInFilter(_ shingle: UInt32) -> Bool {
    if filter.isEmpty { return false }
    return filter[Int(shingle >> 6) & (filter.count - 1)] >> UInt64(shingle & 63) & 1 == 1
  }

  private func entries(of shingle: UInt32) -> Range<Int> {
    let bucket = Int(UInt64(shingle) >> bucketShift)
    let end = Int(buckets[bucket + 1])
    var first = Int(buckets[bucket])
    while first < end, index[first] >> 32 < UInt64(shingle) { first += 1 }
    var last = first
    while last < end, index[last] >> 32 == UInt64(shingle) { last += 1 }
    return first..<last
  }

  private func similarity(
    _ set: UnsafeBufferPointer<UInt32>, _ entry: Int, atLeast bound: Double
  ) -> Double {
    let range = starts[entry]..<starts[entry + 1]
    // |A ∩ B| / |A ∪ B| is at most the smaller size over the larger.
    let (small, large) = (min(set.count, range.count), max(set.count, range.count))
    if Double(small) < bound * Double(large) - 1e-9 { return 0 }
    return shingles.withUnsafeBufferPointer {
      Shingler.jaccard(set, UnsafeBufferPointer(rebasing: $0[range]))
    }
  }
}
