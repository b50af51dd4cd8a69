internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import Reproducibility
package import StageKit

/// Runs a ``RowMap`` over a records input: chunks on the pool, identities in order. A chunk that was
/// mapped before, by whatever run or process, is not mapped again.
///
/// Writes the records, each chunk of the input becoming one (or none) of the output, and into the
/// report folder `changes/NNNNNN.jsonl` (a line for each row changed or dropped: `row`, `was`,
/// `rule`, `detail`) and the map's own further files. The stage itself writes `report.json` and
/// `report.md` from what ``run(_:)`` returns.
package struct MapRun {
  package struct Result: Sendable, Hashable {
    package var rowsIn = 0
    package var rowsOut = 0
    package var changed = 0
    /// Dropped rows by rule.
    package var dropped: [String: Int] = [:]
    /// ``MappedChunk/counts``, added up.
    package var counts: [String: Int] = [:]
    /// Chunks of the input, and those of them that were mapped before.
    package var chunks = 0
    package var chunksReused = 0
  }

  private let context: StageContext
  private let reader: RecordsReader
  private let results: any ChunkResults
  private let outputFolder: String
  private let reportFolder: String

  /// Chunks held in memory at a time: about 400 KiB each. Fixed, so that output does not depend on
  /// threads.
  private static let chunksAtOnce = 32

  package init(_ context: StageContext, input: String, output: String, report: String) throws {
    self.context = context
    reader = try RecordsReader(context.input(input).tree)
    results = context.chunkResults(of: input, for: "map")
    outputFolder = context.output(output)
    reportFolder = context.output(report)
  }

  /// - Parameter smallest: the further files that are to hold only so many lines of all chunks', those
  ///   that sort first by their bytes; written even where there are none.
  package func run(_ map: some RowMap, smallest: [String: Int] = [:]) throws -> Result {
    if case .gather(let runParts) = context.shard { try runParts() }
    var output = try MapOutput(
      outputFolder, report: reportFolder, smallest: smallest, placed: context.placed)
    var identity = ContinuedIdentity()
    var chain = ChunkChain()
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try context.checkCancelled()
      let indices = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
        .filter { context.shard.does($0) }
      let mapped = try context.pool.map(indices) { try self.mapped($0, map) }
      let named = named(mapped, indices, &identity, &chain)
      let placed = try context.pool.map(Array(zip(indices, named))) { index, item in
        try kept(index, item.mapped, ids: item.ids, chain: item.chain)
      }
      if context.shard.isPart { continue }
      for (index, chunk) in placed.enumerated() {
        try output.add(chunk, isReused: mapped[index].isReused)
      }
      context.progress(output.result.rowsIn, of: reader.rowCount, "rows")
    }
    if context.shard.isPart { return output.result }
    try output.finish()
    try results.trim(to: reader.manifest.chunks.map(\.digest))
    return output.result
  }

  /// A chunk whose rows have their ids.
  private struct Named: Sendable {
    var mapped: Mapped
    var ids: [RowKey]
    /// Nil in a shard, which does not see all chunks.
    var chain: Digest?
  }

  /// Gives ids to the rows of the next chunks. Those of a chunk that had the same chunks before it
  /// when it was mapped are what they were.
  private func named(
    _ mapped: [Mapped], _ indices: [Int], _ identity: inout ContinuedIdentity,
    _ chain: inout ChunkChain
  ) -> [Named] {
    let isWhole = !context.shard.isPart
    var named: [Named] = []
    for (chunk, index) in zip(mapped, indices) {
      named.append(Named(mapped: chunk, ids: [], chain: isWhole ? chain.digest : nil))
      chain.append(reader.manifest.chunks[index].digest)
    }
    var next = 0
    while next < named.count, isWhole, case .found(let summary, _) = named[next].mapped,
      summary.chain == named[next].chain
    {
      named[next].ids = summary.ids
      identity.pass(summary.ids)
      next += 1
    }
    if next < named.count {
      let ids = identity.next(named[next...].map(\.mapped.rows))
      for (place, ids) in ids.enumerated() { named[next + place].ids = ids }
    }
    return named
  }

  // MARK: - A chunk

  /// A chunk before the ids of its rows are known.
  private enum Mapped: Sendable {
    case fresh(MappedChunk)
    case found(MappedSummary, ChunkResult)

    var isReused: Bool { if case .found = self { true } else { false } }

    /// Keys of its rows, whatever their ordinals.
    var rows: [RowKey] {
      switch self {
      case .fresh(let chunk):
        chunk.outcomes.compactMap { if case .kept(let row) = $0 { row.hash } else { nil } }
      case .found(let summary, _): summary.ids
      }
    }
  }

  private func mapped(_ index: Int, _ map: some RowMap) throws -> Mapped {
    if let found = try results.find(reader.manifest.chunks[index].digest),
      found.files.count == 2, let summary = MappedSummary(found.summary)
    {
      return .found(summary, found)
    }
    let rows = try reader.stored(index)
    var chunk = MappedChunk()
    try map.map(rows, into: &chunk)
    precondition(chunk.outcomes.count == rows.count, "a map decides once on every row")
    return .fresh(chunk)
  }

  /// The chunk with its final ids, kept for the next time.
  private func kept(_ index: Int, _ mapped: Mapped, ids: [RowKey], chain: Digest?) throws
    -> MapOutput.Chunk
  {
    let digest = reader.manifest.chunks[index].digest
    switch mapped {
    case .found(let summary, let result)
    where chain != nil && summary.chain == chain || summary.ids == ids:
      return MapOutput.Chunk(summary: summary, rows: result.files[0], changes: result.files[1])
    case .found(var summary, let result):
      let files = MappedFiles.renamed(
        rows: try result.files[0].bytes(), changes: try result.files[1].bytes(),
        from: summary.ids, to: ids)
      summary.ids = ids
      summary.chain = chain
      return try keep(digest, summary, files)
    case .fresh(let chunk):
      var summary = MappedSummary(chunk, ids: ids)
      summary.chain = chain
      return try keep(digest, summary, MappedFiles.encoded(chunk, ids: ids))
    }
  }

  private func keep(
    _ digest: Digest, _ summary: MappedSummary, _ files: (rows: [UInt8], changes: [UInt8])
  ) throws -> MapOutput.Chunk {
    let result = try results.keep(
      digest, summary: summary.bytes, files: [files.rows, files.changes])
    return MapOutput.Chunk(summary: summary, rows: result.files[0], changes: result.files[1])
  }
}
