internal import Curation
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// What label noise remembers of all rows, and what it does to them.
struct LabelNoiseCorpus {
  private(set) var groups: [LabelNoise.Group] = []
  private(set) var labels = LabelSet()
  private(set) var ids: [RowID] = []
  private(set) var labeledCount = 0

  private static let chunksAtOnce = 16

  init(
    _ reader: RecordsReader, _ parameters: LabelNoiseStage.Parameters, _ context: StageContext
  ) throws {
    var noise = LabelNoise()
    let clusters = try context.optionalInput("clusters").map { try RowClusters($0.tree) }
    let isExact = parameters.match == .exact
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try context.checkCancelled()
      let indices = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      let chunks = try context.pool.map(indices) { index in
        try reader.stored(index).map { row in
          (
            id: row.id,
            labeled: LabeledRow(
              try row.row(), labelField: parameters.labelField, isExact: isExact)
          )
        }
      }
      for row in chunks.joined() {
        ids.append(row.id)
        noise.add(row.labeled)
        if let labeled = row.labeled { labels.add(labeled.label) }
      }
      context.progress(noise.rowCount, of: reader.rowCount, "rows")
    }
    if let clusters {
      var numbers: [String: Int] = [:]
      let ids = self.ids
      noise.join { row in
        guard let cluster = clusters.clusterOf[ids[row]] else { return nil }
        let number = numbers[cluster] ?? numbers.count
        numbers[cluster] = number
        return number
      }
    }
    labeledCount = noise.labeledCount
    groups = noise.groups()
  }

  /// Writes the rows that stay, and `changes.jsonl`.
  func write(
    _ reader: RecordsReader, _ parameters: LabelNoiseStage.Parameters, _ context: StageContext
  ) throws -> MapRun.Result {
    var groupOf: [Int: (group: Int, output: Int)] = [:]
    for (number, group) in groups.enumerated() {
      for (row, output) in zip(group.rows, group.outputs) { groupOf[row] = (number, output) }
    }
    var result = MapRun.Result()
    let writer = try RecordsWriter(folder: context.output("records"))
    let changes = try OutputFile(context.output("report") + "/changes.jsonl")
    var identity = RowIdentity()
    let action = parameters.action
    let rule = "label_noise.\(action.rawValue)"
    for chunk in 0..<reader.chunkCount {
      try context.checkCancelled()
      for row in try reader.stored(chunk) {
        let index = result.rowsIn
        result.rowsIn += 1
        guard let (number, output) = groupOf[index] else {
          try pass(EncodedRow(hash: row.id.hash, tail: row.tail), writer, &identity, &result)
          continue
        }
        let group = groups[number]
        let detail = JSONValue.object([
          "group": .string(ids[group.rows[0]].description),
          "rows": .integer(Int64(group.rows.count)), "outputs": .integer(Int64(group.counts.count)),
          "same_output": .integer(Int64(group.counts[output])),
        ])
        if action == .mark {
          let whole = try row.row()
          let fields =
            whole.fields.filter { $0.key != "label_noise" } + [JSONMember("label_noise", detail)]
          let encoded = EncodedRow(whole.content, fields)
          let id = try pass(encoded, writer, &identity, &result)
          result.changed += 1
          try changes.append(Self.line(id, row.id, rule, detail))
        } else if group.kept(action) == output {
          try pass(EncodedRow(hash: row.id.hash, tail: row.tail), writer, &identity, &result)
        } else {
          result.dropped[rule, default: 0] += 1
          try changes.append(Self.line(nil, row.id, rule, detail))
        }
      }
    }
    try writer.finish()
    try changes.finish()
    return result
  }

  @discardableResult
  private func pass(
    _ row: EncodedRow, _ writer: RecordsWriter, _ identity: inout RowIdentity,
    _ result: inout MapRun.Result
  ) throws -> RowID {
    let id = identity.next(row.hash)
    try writer.append(row, id: id)
    result.rowsOut += 1
    return id
  }

  private static func line(_ id: RowID?, _ was: RowID, _ rule: String, _ detail: JSONValue)
    -> [UInt8]
  {
    var line: [UInt8] = []
    RowChanges.append(
      row: id.map { RowKey($0) }, was: RowKey(was), rule: rule, detail: detail, to: &line)
    return line
  }
}
