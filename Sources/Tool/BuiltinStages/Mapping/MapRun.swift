internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// Runs a ``RowMap`` over a records input: chunks on the pool, identities and files in order.
///
/// Writes the records, and into the report folder `changes.jsonl` (a line for each row changed or
/// dropped: `row`, `was`, `rule`, `detail`) and the map's own further files. The stage itself
/// writes `report.json` and `report.md` from what ``run(_:)`` returns.
struct MapRun {
  struct Result {
    var rowsIn = 0
    var rowsOut = 0
    var changed = 0
    /// Dropped rows by rule.
    var dropped: [String: Int] = [:]
    /// ``MappedChunk/counts``, added up.
    var counts: [String: Int] = [:]
  }

  private let context: StageContext
  private let reader: RecordsReader
  private let outputFolder: String
  private let reportFolder: String

  /// Chunks held in memory at a time. Fixed, so that output does not depend on threads.
  private static let chunksAtOnce = 16

  init(_ context: StageContext, input: String, output: String, report: String) throws {
    self.context = context
    reader = try RecordsReader(context.input(input).tree)
    outputFolder = context.output(output)
    reportFolder = context.output(report)
  }

  func run(_ map: some RowMap) throws -> Result {
    var result = Result()
    let writer = try RecordsWriter(folder: outputFolder)
    let changes = try OutputFile(reportFolder + "/changes.jsonl")
    var further: [String: OutputFile] = [:]
    var identity = RowIdentity()
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try context.checkCancelled()
      let indices = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      let chunks = try context.pool.map(indices) { index in
        let rows = try reader.stored(index)
        var chunk = MappedChunk()
        try map.map(rows, into: &chunk)
        precondition(chunk.outcomes.count == rows.count, "a map decides once on every row")
        return chunk
      }
      for chunk in chunks {
        for outcome in chunk.outcomes {
          try take(outcome, &result, writer, changes, &identity)
        }
        for (name, count) in chunk.counts { result.counts[name, default: 0] += count }
        for (name, lines) in chunk.lines {
          let file = try further[name] ?? OutputFile(reportFolder + "/" + name)
          further[name] = file
          try file.append(lines)
        }
      }
      context.progress(result.rowsIn, of: reader.rowCount, "rows")
    }
    try writer.finish()
    try changes.finish()
    for file in further.values { try file.finish() }
    return result
  }

  private func take(
    _ outcome: MappedChunk.Outcome, _ result: inout Result, _ writer: RecordsWriter,
    _ changes: OutputFile, _ identity: inout RowIdentity
  ) throws {
    result.rowsIn += 1
    switch outcome {
    case .kept(let row):
      let id = identity.next(row.hash)
      try writer.append(EncodedRow(hash: row.hash, tail: row.tail), id: id)
      result.rowsOut += 1
      guard let change = row.change else { return }
      result.changed += 1
      try changes.append(Self.line(change, row: id))
    case .dropped(let change):
      result.dropped[change.rule, default: 0] += 1
      try changes.append(Self.line(change, row: nil))
    }
  }

  private static func line(_ change: MappedChunk.Change, row: RowID?) -> String {
    var members: [JSONMember] = []
    if let row { members.append(JSONMember("row", .string(row.description))) }
    members.append(JSONMember("was", .string(change.was)))
    members.append(JSONMember("rule", .string(change.rule)))
    if let detail = change.detail { members.append(JSONMember("detail", detail)) }
    return JSONWriter.compact(.object(members)) + "\n"
  }
}
