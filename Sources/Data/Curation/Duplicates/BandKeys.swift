internal import CKernels

/// The band keys of all rows, band by band: 4 bytes for each row and band, in memory or in one file
/// for each band.
final class BandKeys: @unchecked Sendable {
  // Written by one thread while chunks are appended; read by many only after ``finish()``.
  private var lists: [[UInt32]]
  private let files: [SpillFile]
  private var rowCount = 0
  private var flushed = 0
  /// Entries that may be sorted in memory at a time.
  private let sortedMax: Int
  private let folder: String

  /// Keys of a band that are gathered before they are written.
  private static let writeRows = 16 << 10

  /// - Parameter sortMemory: bytes for sorting one band; beyond, it is sorted in runs and merged.
  init(bands: Int, rows: Int, inMemory: Bool, sortMemory: Int, folder: String) throws {
    files = inMemory ? [] : try (0..<bands).map { _ in try SpillFile(folder: folder) }
    sortedMax = max(1024, sortMemory / 16)
    self.folder = folder
    lists = [[UInt32]](repeating: [], count: bands)
    for band in lists.indices { lists[band].reserveCapacity(inMemory ? rows : 2 * Self.writeRows) }
  }

  var bands: Int { lists.count }
  var isInMemory: Bool { files.isEmpty }

  /// Adds the keys of the next `rows` rows, band after band.
  func append(_ keys: [UInt32], rows: Int) throws {
    for band in lists.indices { lists[band] += keys[(band * rows)..<((band + 1) * rows)] }
    rowCount += rows
    if !files.isEmpty, rowCount - flushed >= Self.writeRows { try flush() }
  }

  /// Call after the last row.
  func finish() throws { if !files.isEmpty { try flush() } }

  private func flush() throws {
    for band in lists.indices {
      try lists[band].withUnsafeBytes { try files[band].write($0, at: 4 * flushed) }
      lists[band].removeAll(keepingCapacity: true)
    }
    flushed = rowCount
  }

  /// Calls `body` with key << 32 | row of each of `rows` (in ascending order), in order: sorted at
  /// once, or in several pieces that never cut a key.
  func forEachSorted(_ band: Int, _ rows: [UInt32], _ body: ([UInt64]) throws -> Void) throws {
    if rows.count <= sortedMax {
      try body(try sorted(band, rows[...]))
      return
    }
    var runs: [SortedRun] = []
    for start in stride(from: 0, to: rows.count, by: sortedMax) {
      let entries = try sorted(band, rows[start..<min(start + sortedMax, rows.count)])
      runs.append(try SortedRun(entries, folder: folder, buffer: sortedMax / 4))
    }
    try SortedRun.merge(&runs, piece: sortedMax / 2, body)
  }

  /// Whether ``forEachSorted(_:_:_:)`` gives all entries at once.
  func sortsAtOnce(_ rows: Int) -> Bool { rows <= sortedMax }

  func sorted(_ band: Int, _ rows: ArraySlice<UInt32>) throws -> [UInt64] {
    var entries = try withKeys(band, rows) { key in rows.map { UInt64(key($0)) << 32 | UInt64($0) }
    }
    Self.sort(&entries)
    return entries
  }

  /// Calls `body` with a function from any of `rows` to its key.
  func withKeys<Result>(
    _ band: Int, _ rows: ArraySlice<UInt32>, _ body: ((UInt32) -> UInt32) throws -> Result
  ) throws -> Result {
    if files.isEmpty {
      return try lists[band].withUnsafeBufferPointer { keys in try body { keys[Int($0)] } }
    }
    guard let first = rows.first, let last = rows.last else { return try body { _ in 0 } }
    let count = Int(last - first) + 1
    return try withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { keys in
      try files[band].read(UnsafeMutableRawBufferPointer(keys), at: 4 * Int(first))
      return try body { keys[Int($0 - first)] }
    }
  }

  /// By the upper halves; equal ones stay in order.
  static func sort(_ entries: inout [UInt64]) {
    let count = entries.count
    let sorted = entries.withUnsafeMutableBufferPointer { values in
      [UInt64](unsafeUninitializedCapacity: count) { scratch, filled in
        guard let from = values.baseAddress, let to = scratch.baseAddress else { return }
        guard let place = orc_sort_upper_u64(from, to, count) else { return }
        if place != to { to.update(from: place, count: count) }
        filled = count
      }
    }
    entries = sorted
  }
}
