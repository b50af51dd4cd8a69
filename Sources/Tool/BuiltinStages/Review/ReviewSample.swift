internal import Curation
internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import Reproducibility
internal import StageKit

/// The rows that people judge.
struct ReviewSample {
  /// In the order of the records.
  private(set) var rows: [Row] = []
  /// Rows the sample was taken from.
  private(set) var candidates = 0
  let ids: Set<RowID>

  init(_ reader: RecordsReader, _ parameters: ReviewParameters, _ context: StageContext) throws {
    let wanted =
      parameters.only == .all
      ? nil : try Self.changes(context.input("report"), dropped: parameters.only == .dropped)
    let column = parameters.stratifyBy.map { ColumnKey($0) }
    var bits: [UInt64] = []
    var places: [UInt32] = []
    var strata: [UInt32] = []
    var names = ByteNames()
    var found = 0
    var place = 0
    try ChunkPass(reader, context.pool).run(before: {
      try context.checkCancelled()
      context.progress(place, of: reader.rowCount, "rows read")
    }) { _, rows in
      var part: [(offset: Int, bits: UInt64, stratum: [UInt8]?)] = []
      for (offset, row) in rows.enumerated() where wanted?.contains(row.id) ?? true {
        let stratum = column.flatMap { column in
          RowBytes.with(row) { bytes in bytes.field(column.bytes).map { bytes.canonical($0) } }
        }
        part.append((offset, row.id.bits, stratum))
      }
      return (part, rows.count)
    } take: { _, item in
      let (part, count) = item
      for (offset, key, stratum) in part {
        bits.append(key)
        places.append(UInt32(place + offset))
        if stratum != nil { found += 1 }
        strata.append(names.number(stratum ?? []))
      }
      place += count
    }
    if let column, found == 0, !bits.isEmpty {
      throw try MissingColumn.failure(column.name, of: "stratify_by", stage: "review", reader)
    }
    candidates = bits.count
    let chosen = SamplePlan.rows(
      strata, bits: bits, size: parameters.sample, seed: UInt64(parameters.seed))
    rows = try Self.rows(reader, chosen.map { Int(places[$0]) })
    ids = Set(rows.map(\.id))
  }

  /// Rows by their places, which ascend.
  private static func rows(_ reader: RecordsReader, _ places: [Int]) throws -> [Row] {
    let starts = ChunkRows.starts(reader)
    var rows: [Row] = []
    var next = 0
    for chunk in 0..<reader.chunkCount where next < places.count {
      guard places[next] < starts[chunk + 1] else { continue }
      let stored = try reader.stored(chunk)
      while next < places.count, places[next] < starts[chunk + 1] {
        rows.append(try stored[places[next] - starts[chunk]].row())
        next += 1
      }
    }
    return rows
  }

  /// Ids of the rows that a stage's report tells of in its ``RowChanges``.
  private static func changes(_ report: InputArtifact, dropped: Bool) throws -> Set<RowID> {
    let names = report.tree.names.filter { RowChanges.holds($0) }
    guard !names.isEmpty else {
      throw Diagnostic(
        "review.no-changes", "the input 'report' does not tell which rows were changed or dropped",
        fix: "give it the report of a stage that changes or drops rows"
      ).failure(.badInput)
    }
    var ids: Set<RowID> = []
    for name in names {
      let bytes = try BlockReader.bytes(of: try report.tree.path(name))
      for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
        let json = try JSONReader.parse(Array(line), file: name, line: index + 1)
        let row = json["row"]?.stringValue
        if dropped != (row == nil) { continue }
        if let id = RowID(row ?? json["was"]?.stringValue ?? "") { ids.insert(id) }
      }
    }
    return ids
  }
}
