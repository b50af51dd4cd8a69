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

  /// What the rows of a band are sorted in; one thread at a time.
  final class Room: @unchecked Sendable {
    // Handed from task to task, never to two at once.
    fileprivate let out: LargeBuffer<UInt64>
    fileprivate let scratch: LargeBuffer<UInt64>

    fileprivate init(rows: Int) {
      out = LargeBuffer(count: rows)
      scratch = LargeBuffer(count: rows)
    }
  }

  /// Room for that many bands at the same time; none where a band is sorted in runs.
  func rooms(_ count: Int, _ rows: [UInt32]) -> [Room] {
    rows.count <= sortedMax ? (0..<min(count, bands)).map { _ in Room(rows: rows.count) } : []
  }

  /// key << 32 | row of those of `rows` (in ascending order) that share their key with another, in
  /// order; valid until the room is used again.
  func candidates(_ band: Int, _ rows: [UInt32], _ room: Room) throws -> UnsafeBufferPointer<UInt64>
  {
    let found = try withTable(band, rows[...]) { table in
      orc_band_candidates(
        room.out.elements.baseAddress, room.scratch.elements.baseAddress, table, rows, rows.count)
    }
    return UnsafeBufferPointer(rebasing: room.out.elements[..<found])
  }

  /// Calls `body` with key << 32 | row of each of `rows` (in ascending order), in order, in pieces
  /// that never cut a key: for bands that no room can hold.
  func forEachSorted(
    _ band: Int, _ rows: [UInt32], _ body: (UnsafeBufferPointer<UInt64>) throws -> Void
  ) throws {
    var runs: [SortedRun] = []
    for start in stride(from: 0, to: rows.count, by: sortedMax) {
      let entries = try sorted(band, rows[start..<min(start + sortedMax, rows.count)])
      runs.append(try SortedRun(entries, folder: folder, buffer: sortedMax / 4))
    }
    try SortedRun.merge(&runs, piece: sortedMax / 2) { try $0.withUnsafeBufferPointer(body) }
  }

  func sorted(_ band: Int, _ rows: ArraySlice<UInt32>) throws -> [UInt64] {
    var entries = try withTable(band, rows) { table in
      rows.map { UInt64(table[Int($0)]) << 32 | UInt64($0) }
    }
    Self.sort(&entries)
    return entries
  }

  /// Calls `body` with a table of keys that holds those of `rows`, by the number of the row.
  private func withTable<Result>(
    _ band: Int, _ rows: ArraySlice<UInt32>, _ body: (UnsafePointer<UInt32>) throws -> Result
  ) throws -> Result {
    if files.isEmpty {
      return try lists[band].withUnsafeBufferPointer { keys in
        guard let base = keys.baseAddress else { return try body([0]) }
        return try body(base)
      }
    }
    guard let first = rows.first, let last = rows.last else { return try body([0]) }
    let count = Int(last - first) + 1
    let keys = LargeBuffer<UInt32>(count: count)
    try files[band].read(UnsafeMutableRawBufferPointer(keys.elements), at: 4 * Int(first))
    guard let base = keys.elements.baseAddress else { return try body([0]) }
    return try withExtendedLifetime(keys) { try body(UnsafePointer(base) - Int(first)) }
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
