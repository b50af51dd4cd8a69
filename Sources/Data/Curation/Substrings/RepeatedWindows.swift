internal import CKernels
internal import Parallelism

/// Finds which windows of N words occurred before.
struct RepeatedWindows {
  private let size: Int
  private let store: ShingleStore
  private let memory: Int
  private let pool: ThreadPool
  private let checkCancelled: () throws -> Void

  /// Words of rows that are looked at together.
  private static let batchWords = 4 << 20
  /// Bytes for each window while it is sorted.
  private static let windowBytes = 40

  init(
    _ size: Int, _ store: ShingleStore, memory: Int, _ pool: ThreadPool,
    _ checkCancelled: @escaping () throws -> Void
  ) {
    self.size = size
    self.store = store
    self.memory = memory
    self.pool = pool
    self.checkCancelled = checkCancelled
  }

  private struct Window {
    var hash: UInt64
    /// Row << 32 | place.
    var place: UInt64
  }

  /// A window that occurred before.
  private struct Found {
    var place: UInt64
    var first: UInt64
  }

  /// - Parameter rows: in ascending order.
  mutating func repeats(of rows: [UInt32]) throws -> [SubstringResult.Repeat] {
    let windows = rows.reduce(0) { $0 + max(0, store.count($1) - size + 1) }
    let parts = max(1, (windows * Self.windowBytes + memory - 1) / memory)
    var found: [Found] = []
    for part in 0..<parts {
      var list: [Window] = []
      try forEachBatch(rows) { row, words in
        collect(row, words, part, of: parts, &list)
      }
      try confirm(Self.candidates(list), &found)
    }
    found.sort { $0.place < $1.place }
    return merged(found)
  }

  private func forEachBatch(
    _ rows: [UInt32], _ body: (UInt32, UnsafeBufferPointer<UInt32>) throws -> Void
  ) throws {
    var start = 0
    while start < rows.count {
      try checkCancelled()
      var (end, words) = (start, 0)
      while end < rows.count, words < Self.batchWords {
        words += store.count(rows[end])
        end += 1
      }
      let sets = try store.sets(of: Array(rows[start..<end]), .asAppended, pool)
      for row in rows[start..<end] { try body(row, sets.set(of: row)) }
      start = end
    }
  }

  private func collect(
    _ row: UInt32, _ words: UnsafeBufferPointer<UInt32>, _ part: Int, of parts: Int,
    _ list: inout [Window]
  ) {
    guard words.count >= size, let base = words.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: words.count) { hashes in
      guard let out = hashes.baseAddress else { return }
      for place in 0..<orc_long_windows(out, base, words.count, size)
      where parts == 1 || Int(out[place] % UInt64(parts)) == part {
        list.append(Window(hash: out[place], place: UInt64(row) << 32 | UInt64(place)))
      }
    }
  }

  /// Windows whose hash an earlier one has, with the first of these. `list` is in order of place.
  private static func candidates(_ list: [Window]) -> [Found] {
    var entries = list.indices.map {
      (list[$0].hash & 0xFFFF_FFFF_0000_0000) | UInt64(UInt32(truncatingIfNeeded: $0))
    }
    BandKeys.sort(&entries)
    var found: [Found] = []
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end] >> 32 == entries[start] >> 32 { end += 1 }
      if end - start > 1 {
        var firsts: [Window] = []
        for entry in entries[start..<end] {
          let window = list[Int(entry & 0xFFFF_FFFF)]
          if let first = firsts.first(where: { $0.hash == window.hash }) {
            found.append(Found(place: window.place, first: first.place))
          } else {
            firsts.append(window)
          }
        }
      }
      start = end
    }
    return found
  }

  /// Keeps the candidates whose words are the same.
  private func confirm(_ candidates: [Found], _ found: inout [Found]) throws {
    for start in stride(from: 0, to: candidates.count, by: 32 << 10) {
      try checkCancelled()
      let batch = candidates[start..<min(start + (32 << 10), candidates.count)]
      let pairs = batch.map { ($0.first & ~0xFFFF_FFFF) | $0.place >> 32 }
      let sets = try store.sets(
        of: store.isInMemory ? [] : PairVerifier.rows(in: pairs), .asAppended, pool)
      for candidate in batch {
        let a = window(candidate.place, sets)
        let b = window(candidate.first, sets)
        if a.elementsEqual(b) { found.append(candidate) }
      }
    }
  }

  private func window(_ place: UInt64, _ sets: ShingleStore.Sets) -> Slice<
    UnsafeBufferPointer<UInt32>
  > {
    let at = Int(place & 0xFFFF_FFFF)
    return sets.set(of: UInt32(truncatingIfNeeded: place >> 32))[at..<(at + size)]
  }

  /// Windows next to each other become one passage. What a row repeats of itself begins where the
  /// first copy ends.
  private func merged(_ found: [Found]) -> [SubstringResult.Repeat] {
    var out: [SubstringResult.Repeat] = []
    for window in found {
      let row = UInt32(truncatingIfNeeded: window.place >> 32)
      let first = UInt32(truncatingIfNeeded: window.first >> 32)
      let end = Int(window.place & 0xFFFF_FFFF) + size
      var start = end - size
      if first == row { start = max(start, Int(window.first & 0xFFFF_FFFF) + size) }
      if let last = out.last, last.row == row, start <= last.words.upperBound {
        out[out.count - 1].words = last.words.lowerBound..<max(end, last.words.upperBound)
      } else {
        out.append(SubstringResult.Repeat(row: row, words: start..<end, first: first))
      }
    }
    return out
  }
}
