internal import Documents
internal import Records
internal import Reproducibility
internal import StageKit

/// Puts mapped chunks together, in order, to the outputs of a ``MapRun``.
struct MapOutput {
  struct Chunk: Sendable {
    var summary: MappedSummary
    var rows: ChunkResult.File
    var changes: ChunkResult.File
  }

  private(set) var result = MapRun.Result()
  private var records: RecordsAssembly
  private let reportFolder: String
  private let placed: PlacedObjects
  private var changes = 0
  private var further: [String: OutputFile] = [:]
  private var smallest: [String: SmallestLines]

  /// - Parameter smallest: the further files that hold only so many lines, those that sort first.
  init(
    _ folder: String, report: String, smallest: [String: Int], placed: PlacedObjects
  ) throws {
    self.placed = placed
    records = RecordsAssembly(folder: folder)
    reportFolder = report
    self.smallest = smallest.mapValues { SmallestLines($0) }
  }

  mutating func add(_ chunk: Chunk, isReused: Bool) throws {
    let summary = chunk.summary
    result.chunks += 1
    if isReused { result.chunksReused += 1 }
    result.rowsIn += summary.rowsIn
    result.rowsOut += summary.ids.count
    result.changed += summary.changed
    for (rule, count) in summary.dropped { result.dropped[rule, default: 0] += count }
    for (name, count) in summary.counts { result.counts[name, default: 0] += count }
    for (name, lines) in summary.lines {
      if smallest[name] != nil {
        smallest[name]?.add(lines)
        continue
      }
      let file = try further[name] ?? OutputFile(reportFolder + "/" + name)
      further[name] = file
      try file.append(lines)
    }
    if !summary.ids.isEmpty {
      let path = try records.add(
        rows: summary.ids.count, bytes: chunk.rows.size, digest: chunk.rows.digest)
      try chunk.rows.place(at: path, among: placed)
    }
    if chunk.changes.size > 0 {
      changes += 1
      if changes == 1 { try DurableFile.makeFolder(reportFolder + "/" + RowChanges.folder) }
      try chunk.changes.place(at: reportFolder + "/" + RowChanges.file(changes), among: placed)
    }
  }

  func finish() throws {
    try records.finish()
    // A report without changes says so.
    if changes == 0 { try OutputFile.write([], to: reportFolder + "/" + RowChanges.file(1)) }
    for file in further.values { try file.finish() }
    for (name, lines) in smallest {
      try OutputFile.write(lines.bytes, to: reportFolder + "/" + name)
    }
  }
}
