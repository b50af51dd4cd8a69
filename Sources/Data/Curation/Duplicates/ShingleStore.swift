internal import CKernels
internal import Parallelism

/// The shingles of all rows: of the first rows in memory, up to `memory` bytes, of the others in a
/// file, read back in batches in order of the row.
///
/// Shingles come in order of the text, repeats included; they become sets, in ascending order
/// without repeats, where rows are compared: most rows never are.
final class ShingleStore: @unchecked Sendable {
  // Written by one thread while chunks are appended and before a batch is handed out; what
  // ``Sets`` shows to many threads is not written meanwhile.
  private var blocks: [LargeBuffer<UInt32>] = []
  /// Shingles in the last of them.
  private var filled = 0
  /// Where each block beyond ``blocks`` begins in the file, in shingles.
  private var fileStarts: [Int] = []
  private var file: SpillFile?
  /// Bytes of a block.
  private static let blockBytes = 16 << 20
  /// Blocks before those in large pages: with few shingles the pages that a process has had before
  /// serve better.
  private static let smallBlocks = 32
  private var places: [Place] = []
  private var counts: [UInt32] = []
  /// Whether the shingles of a row in memory are a set already.
  private var isSet: [Bool] = []
  private var total = 0
  private var spilled = 0

  private let memory: Int
  private let folder: String

  private struct Place {
    var block: UInt32
    var offset: UInt32
  }

  init(rows: Int, memory: Int, folder: String) {
    self.memory = memory
    self.folder = folder
    places.reserveCapacity(rows)
    counts.reserveCapacity(rows)
    isSet.reserveCapacity(rows)
  }

  var isInMemory: Bool { file == nil }
  /// Whether the shingles of a row are in memory.
  private func isHeld(_ row: UInt32) -> Bool { Int(places[Int(row)].block) < blocks.count }
  var byteCount: Int { 4 * total }

  /// Adds the shingles of the next rows.
  func append(_ shingles: [UInt32], counts: [UInt32]) throws {
    if file == nil, 4 * (total + shingles.count) > memory { file = try SpillFile(folder: folder) }
    var offset: UInt32 = 0
    if let file {
      try shingles.withUnsafeBytes { try file.write($0, at: 4 * spilled) }
      fileStarts.append(spilled)
      spilled += shingles.count
    } else {
      offset = UInt32(hold(shingles))
    }
    let block = UInt32(blocks.count + fileStarts.count - 1)
    for count in counts {
      places.append(Place(block: block, offset: offset))
      offset += count
    }
    self.counts += counts
    isSet += repeatElement(false, count: counts.count)
    total += shingles.count
  }

  /// Puts shingles into the last block, or into a new one; returns where they begin in it.
  private func hold(_ shingles: [UInt32]) -> Int {
    if blocks.isEmpty || filled + shingles.count > blocks[blocks.count - 1].count {
      let left = min(Self.blockBytes, memory - 4 * total) / 4
      blocks.append(
        LargeBuffer(
          count: max(shingles.count, left), inLargePages: blocks.count >= Self.smallBlocks))
      filled = 0
    }
    let start = filled
    if let base = blocks[blocks.count - 1].elements.baseAddress {
      shingles.withUnsafeBufferPointer {
        if let from = $0.baseAddress { (base + start).update(from: from, count: $0.count) }
      }
    }
    filled += shingles.count
    return start
  }

  /// Shingles of a row, or what is left of them once they are a set.
  func count(_ row: UInt32) -> Int { Int(counts[Int(row)]) }

  enum Form { case asAppended, sets }

  /// The shingles of `rows`, which are in ascending order without repeats unless all are in memory.
  func sets(of rows: [UInt32], _ form: Form, _ pool: ThreadPool) throws -> Sets {
    if form == .sets { makeSets(rows, pool) }
    guard let file else { return Sets(store: self) }
    let rows = Array(rows.drop { isHeld($0) })
    var places: [Int] = []
    places.reserveCapacity(rows.count)
    var runs: [(start: Int, end: Int, place: Int)] = []
    var size = 0
    for row in rows {
      let place = self.places[Int(row)]
      let start = fileStarts[Int(place.block) - blocks.count] + Int(place.offset)
      let end = start + count(row)
      // Reading 8 KiB too much costs less than another call.
      if let last = runs.last, start - last.end <= 2048 {
        size += end - last.end
        runs[runs.count - 1].end = end
      } else {
        runs.append((start, end, size))
        size += end - start
      }
      let run = runs[runs.count - 1]
      places.append(run.place + start - run.start)
    }
    let buffer = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: max(1, size))
    let sets = Sets(store: self, rows: rows, places: places, buffer: buffer)
    for run in runs {
      let part = buffer[run.place..<(run.place + run.end - run.start)]
      try file.read(
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: part)),
        at: 4 * run.start)
    }
    if form == .sets { sets.sort(pool) }
    return sets
  }

  /// Shingles that can be looked at from many threads.
  final class Sets: @unchecked Sendable {
    // Filled before it is handed out, never written afterwards.
    private let store: ShingleStore
    private let rows: [UInt32]
    private let places: [Int]
    private var counts: [Int]
    private let buffer: UnsafeMutableBufferPointer<UInt32>?

    fileprivate init(store: ShingleStore) {
      self.store = store
      (rows, places, counts, buffer) = ([], [], [], nil)
    }

    fileprivate init(
      store: ShingleStore, rows: [UInt32], places: [Int],
      buffer: UnsafeMutableBufferPointer<UInt32>
    ) {
      self.store = store
      self.rows = rows
      self.places = places
      self.buffer = buffer
      counts = rows.map { store.count($0) }
    }

    deinit { buffer?.deallocate() }

    /// The shingles of a row that was asked for; valid as long as this object.
    func set(of row: UInt32) -> UnsafeBufferPointer<UInt32> {
      if store.isHeld(row) { return UnsafeBufferPointer(store.held(row)) }
      guard let buffer else { return UnsafeBufferPointer(start: nil, count: 0) }
      let index = rows.partition { $0 < row }
      precondition(index < rows.count && rows[index] == row, "the set was not asked for")
      let place = places[index]
      return UnsafeBufferPointer(rebasing: buffer[place..<(place + counts[index])])
    }

    fileprivate func sort(_ pool: ThreadPool) {
      guard let buffer else { return }
      counts = ShingleStore.sorted(
        zip(places, counts).map { UnsafeMutableBufferPointer(rebasing: buffer[$0..<($0 + $1)]) },
        pool)
    }
  }

  private func held(_ row: UInt32) -> UnsafeMutableBufferPointer<UInt32> {
    let place = places[Int(row)]
    let start = Int(place.offset)
    return UnsafeMutableBufferPointer(
      rebasing: blocks[Int(place.block)].elements[start..<(start + count(row))])
  }

  private func makeSets(_ rows: [UInt32], _ pool: ThreadPool) {
    var open: [UInt32] = []
    for row in rows where !isSet[Int(row)] && isHeld(row) {
      isSet[Int(row)] = true
      open.append(row)
    }
    for (row, count) in zip(open, Self.sorted(open.map(held), pool)) {
      counts[Int(row)] = UInt32(count)
    }
  }

  /// Sorts lists that do not overlap, in place; returns how many values are left of each.
  private static func sorted(_ lists: [UnsafeMutableBufferPointer<UInt32>], _ pool: ThreadPool)
    -> [Int]
  {
    [Int](unsafeUninitializedCapacity: lists.count) { counts, filled in
      nonisolated(unsafe) let (lists, counts) = (lists, counts)
      // Each task sorts its own lists and writes its own counts.
      pool.forEachBlock(of: lists.count, by: 256) { range in
        let longest = lists[range].reduce(0) { max($0, $1.count) }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: longest) { scratch in
          for index in range {
            let list = lists[index]
            let kept = orc_sort_unique_u32(list.baseAddress, scratch.baseAddress, list.count)
            counts.initializeElement(at: index, to: list.isEmpty ? 0 : kept)
          }
        }
      }
      filled = lists.count
    }
  }

}

extension Array {
  /// The first index whose element does not satisfy `isBefore`; elements that do come first.
  func partition(_ isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
