internal import CKernels
internal import Documents
package import Parallelism
package import Records

/// Finds passages of at least N words that occur in an earlier row, or earlier in the same row
/// (Lee et al. 2022: Deduplicating Training Data Makes Language Models Better), without a suffix
/// array over all text.
///
/// 1. Fingerprints of half the length, picked by ``Winnowing``: a row none of whose fingerprints
///    occurs twice repeats nothing. 8 bytes each, about 4 / N for each word.
/// 2. Of the other rows the words are kept (4 bytes each, in memory or in a file), and all windows
///    of N words compared: by a 64-bit hash, then word by word with the first row that has it.
///    Windows are worked on in as many parts as `memory` asks for.
package struct SubstringSearch {
  private let rules: SubstringRules
  private let pool: ThreadPool
  private let temporary: String
  private let hooks: Deduplication.Hooks

  private static let chunksAtOnce = 16

  package init(
    _ rules: SubstringRules, _ pool: ThreadPool, temporary: String,
    _ hooks: Deduplication.Hooks = Deduplication.Hooks()
  ) {
    self.rules = rules
    self.pool = pool
    self.temporary = temporary
    self.hooks = hooks
  }

  /// Among the rows that `result` keeps.
  package func run(_ reader: RecordsReader, _ result: DedupResult) throws -> SubstringResult {
    let isRemoved = result.isRemoved
    let shingler = Shingler(.words, size: rules.fingerprintWords, result.rules.shingler)
    let (suspects, words, bytes) = try suspects(reader, isRemoved, shingler)
    let store = ShingleStore(
      rows: reader.rowCount, memory: result.rules.memory / 2, folder: temporary)
    var rows: [UInt32] = []
    try forEachBatch(reader, shingler, { suspects[$0] }) { row, units in
      try store.append(units ?? [], counts: [UInt32(clamping: units?.count ?? 0)])
      if units != nil { rows.append(UInt32(row)) }
    }
    var windows = RepeatedWindows(
      rules.minWords, store, memory: max(1 << 20, result.rules.memory / 2), pool,
      hooks.checkCancelled)
    return SubstringResult(
      rules: rules, repeats: try windows.repeats(of: rows), words: words, fingerprintBytes: bytes)
  }

  /// Rows that share a fingerprint with another row or with themselves.
  private func suspects(
    _ reader: RecordsReader, _ isRemoved: [Bool], _ shingler: Shingler
  ) throws -> (rows: [Bool], words: Int, bytes: Int) {
    var entries: [UInt64] = []
    var words = 0
    var hashes: [UInt32] = []
    try forEachBatch(reader, shingler, { !isRemoved[$0] }) { row, units in
      guard let units else { return }
      words += units.count
      guard units.count >= rules.minWords else { return }
      if hashes.count < units.count { hashes = [UInt32](repeating: 0, count: 2 * units.count) }
      let count = hashes.withUnsafeMutableBufferPointer { out in
        out.baseAddress.map { orc_windows($0, units, units.count, rules.fingerprintWords) } ?? 0
      }
      Winnowing.forEachPicked(hashes[..<count], span: rules.picked) {
        entries.append(UInt64($0) << 32 | UInt64(row))
      }
    }
    BandKeys.sort(&entries)
    var isSuspect = [Bool](repeating: false, count: reader.rowCount)
    for index in entries.indices.dropFirst() where entries[index] >> 32 == entries[index - 1] >> 32
    {
      isSuspect[Int(entries[index] & 0xFFFF_FFFF)] = true
      isSuspect[Int(entries[index - 1] & 0xFFFF_FFFF)] = true
    }
    return (isSuspect, words, 8 * entries.count)
  }

  /// Calls `body` with every row in order: the units of its texts where it is wanted.
  private func forEachBatch(
    _ reader: RecordsReader, _ shingler: Shingler, _ isWanted: @escaping (Int) -> Bool,
    _ body: (Int, [UInt32]?) throws -> Void
  ) throws {
    var first = 0
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try hooks.checkCancelled()
      let chunks = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      var chunkFirst: [Int] = []
      var wanted: [[Bool]] = []
      for chunk in chunks {
        let rows = reader.manifest.chunks[chunk].rows
        chunkFirst.append(first)
        wanted.append((first..<(first + rows)).map(isWanted))
        first += rows
      }
      let parts = try pool.map(Array(zip(chunks, wanted))) { chunk, wanted in
        try Self.units(try reader.stored(chunk), wanted, shingler)
      }
      for (part, row) in zip(parts, chunkFirst) {
        for (offset, units) in part.enumerated() { try body(row + offset, units) }
      }
      hooks.progress(first, reader.rowCount, "rows")
    }
  }

  private static func units(
    _ rows: [StoredRow], _ wanted: [Bool], _ shingler: Shingler
  ) throws -> [[UInt32]?] {
    var scratch: [UInt8] = []
    return try zip(rows, wanted).map { row, isWanted in
      if !isWanted { return nil }
      var units: [UInt32] = []
      try row.forEachText(&scratch) { shingler.appendUnits(of: $0, to: &units) }
      return units
    }
  }
}
