internal import Documents
package import Parallelism
internal import Processes
package import Records

/// Finds the duplicates of a records artifact: sketches of chunks, equal rows, candidates of equal
/// band keys verified exactly, clusters.
///
/// ```swift
/// let found = try Deduplication(rules, pool, temporary: folder).run(reader)
/// try DedupFiles(found).write(reader, kept: …, clusters: …, changes: …)
/// ```
///
/// Memory: ``RowTable/bytesPerRow(_:)`` for each row; band keys (4 bytes for each row and band) and
/// shingles (4 bytes for each) while they fit ``DedupRules/memory``, otherwise they are kept in
/// files below `temporary` that vanish with the process.
package struct Deduplication {
  /// What a caller may ask for on the way.
  package struct Hooks {
    /// Called before every batch; throws to stop.
    package var checkCancelled: () throws -> Void = {}
    /// Steps done, of how many, and what they are: `rows`, `bands`.
    package var progress: (_ done: Int, _ total: Int, _ unit: String) -> Void = { _, _, _ in }
    /// The sketch of a chunk made earlier, or nil.
    package var cached: @Sendable (_ chunk: Int) throws -> ChunkSketch? = { _ in nil }
    /// Called with each sketch that was made, from any thread.
    package var made: @Sendable (_ chunk: Int, _ sketch: ChunkSketch) throws -> Void = { _, _ in }

    package init() {}
  }

  private let rules: DedupRules
  private let pool: ThreadPool
  private let temporary: String
  private let hooks: Hooks

  /// Chunks sketched before their results are put together. Fixed, as outputs must not depend on
  /// the number of threads.
  private static let chunksAtOnce = 16
  /// Of memory that a round of chunks frees, kept for the next round.
  private static let keptBytes: Int32 = 32 << 20

  /// - Parameter temporary: an existing folder for what does not fit in memory.
  package init(
    _ rules: DedupRules, _ pool: ThreadPool, temporary: String, _ hooks: Hooks = Hooks()
  ) {
    self.rules = rules
    self.pool = pool
    self.temporary = temporary
    self.hooks = hooks
  }

  /// - Throws: ``Failure``, or what ``Hooks/checkCancelled`` throws.
  package func run(_ reader: RecordsReader) throws -> DedupResult {
    FreedMemory.keep(Self.keptBytes)
    let memory = DedupMemory(rules, rows: reader.rowCount)
    var table = RowTable(rows: reader.rowCount, rules)
    let store = ShingleStore(
      rows: reader.rowCount, memory: memory.shingleBytes, folder: temporary)
    let keys = try BandKeys(
      bands: rules.method == .minhash ? rules.minHash.bands : 0, rows: reader.rowCount,
      inMemory: memory.holdsKeys, sortMemory: memory.sortBytes, folder: temporary)
    try sketch(reader, &table, store, keys)
    let verifier = PairVerifier(store, pool)
    let equal = try EqualRows(table, verifier, rules, hooks.checkCancelled)
    var search = DuplicateSearch(table, keys, verifier, rules, pool, hooks.checkCancelled)
    try search.run(equal) { hooks.progress($0, keys.bands, "bands") }
    let counts = search.counts
    let rule = ClusterRule(table: table, representative: equal.representative, rules: rules)
    let clusters = try ClusterBuilder(rule, store, pool, hooks.checkCancelled)
      .clusters(search.takeSets())
    return DedupResult(
      table: table, rules: rules, clusters: clusters, search: counts,
      keysInMemory: keys.isInMemory, shinglesInMemory: store.isInMemory,
      shingleBytes: store.byteCount, keyBytes: 4 * keys.bands * table.rowCount)
  }

  private func sketch(
    _ reader: RecordsReader, _ table: inout RowTable, _ store: ShingleStore, _ keys: BandKeys
  ) throws {
    let sketcher = ChunkSketcher(rules)
    let hooks = (cached: self.hooks.cached, made: self.hooks.made)
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try self.hooks.checkCancelled()
      let chunks = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      let sketches = try pool.map(chunks) { chunk in
        if let sketch = try hooks.cached(chunk) { return sketch }
        let sketch = try sketcher.sketch(try reader.stored(chunk))
        try hooks.made(chunk, sketch)
        return sketch
      }
      for sketch in sketches {
        table.append(sketch, rules)
        try store.append(sketch.shingles, counts: sketch.counts)
        try keys.append(sketch.keys, rows: sketch.rowCount)
      }
      self.hooks.progress(table.rowCount, reader.rowCount, "rows")
    }
    try keys.finish()
  }
}

/// How the memory that the rules allow is shared out.
struct DedupMemory {
  /// Whether band keys stay in memory.
  let holdsKeys: Bool
  /// For sets of shingles; beyond, they go to a file.
  let shingleBytes: Int
  /// For sorting one band.
  let sortBytes: Int

  init(_ rules: DedupRules, rows: Int) {
    let keys = rules.method == .minhash ? 4 * rules.minHash.bands * rows : 0
    let left = max(0, rules.memory - RowTable.bytesPerRow(rules) * rows)
    holdsKeys = keys <= left
    shingleBytes = holdsKeys ? left - keys : 0
    sortBytes = max(64 << 10, min(left, 1 << 30))
  }
}
