internal import Curation
internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// What the split remembers of every row: gold rows first.
struct SplitCorpus {
  private(set) var rows: SplitRows
  /// Rows that hold none of the columns of `stratify_by`.
  private(set) var unlabelled = 0
  /// Ids of the gold rows.
  private(set) var gold: Set<RowID> = []
  /// Whether `by_time` holds texts.
  private(set) var hasDates = false

  private let columns: Columns

  /// The columns that are looked at.
  private struct Columns: Sendable {
    let strata: [ColumnKey]
    let groups: [ColumnKey]
    let time: ColumnKey?

    var all: [ColumnKey] { strata + groups + (time.map { [$0] } ?? []) }
  }

  private struct Part: Sendable {
    var rows: SplitRows
    /// Rows that have each of ``Columns/all``.
    var found: [Int]
    var unlabelled = 0
    var dates = 0
    /// The first row whose time cannot be read.
    var untimed: RowID?
  }

  init(
    _ reader: RecordsReader, gold: RecordsReader?, _ clusters: RowClusters?,
    _ parameters: SplitParameters, _ context: StageContext
  ) throws {
    columns = Columns(
      strata: parameters.stratifyBy.map { ColumnKey($0) },
      groups: parameters.groupBy.map { ColumnKey($0) },
      time: parameters.byTime.map { ColumnKey($0) })
    rows = SplitRows(keyKinds: 1 + columns.groups.count + (clusters == nil ? 0 : 1))
    var total = Part(rows: rows, found: Array(repeating: 0, count: columns.all.count))
    if let gold {
      self.gold = Set(try gold.rows().map(\.id))
      try read(gold, clusters, context, &total)
      total.rows.goldCount = total.rows.count
      // Columns are asked of the rows to deal.
      total.found = Array(repeating: 0, count: columns.all.count)
    }
    try read(reader, clusters, context, &total)
    rows = total.rows
    unlabelled = total.unlabelled
    try check(total, reader, parameters)
    hasDates = total.dates > 0
  }

  private func read(
    _ reader: RecordsReader, _ clusters: RowClusters?, _ context: StageContext,
    _ total: inout Part
  ) throws {
    let columns = self.columns
    let empty = Part(
      rows: SplitRows(keyKinds: rows.keys.count),
      found: Array(repeating: 0, count: columns.all.count))
    var done = 0
    try ChunkPass(reader, context.pool).run(before: {
      try context.checkCancelled()
      context.progress(done, of: reader.rowCount, "rows read")
    }) { _, rows in
      var part = empty
      for row in rows { RowBytes.with(row) { Self.add(row.id, $0, columns, clusters, &part) } }
      return part
    } take: { _, part in
      done += part.rows.count
      total.rows.append(part.rows)
      for index in part.found.indices { total.found[index] += part.found[index] }
      total.unlabelled += part.unlabelled
      total.dates += part.dates
      total.untimed = total.untimed ?? part.untimed
    }
  }

  private static func add(
    _ id: RowID, _ bytes: RowBytes, _ columns: Columns, _ clusters: RowClusters?,
    _ part: inout Part
  ) {
    part.rows.bits.append(id.bits)
    part.rows.keys[0].append(max(1, bytes.hash(bytes.content)))
    var seen = 0
    func value(_ key: ColumnKey) -> Range<Int>? {
      let range = bytes.field(key.bytes)
      if range != nil { part.found[seen] += 1 }
      seen += 1
      return range.flatMap { bytes.isNull($0) ? nil : $0 }
    }
    let labels = columns.strata.map(value)
    if !labels.isEmpty, labels.allSatisfy({ $0 == nil }) { part.unlabelled += 1 }
    part.rows.strata.append(stratum(labels, bytes, &part.rows.strataNames))
    for (kind, column) in columns.groups.enumerated() {
      let range = value(column)
      part.rows.keys[1 + kind].append(
        range.map { max(1, hash64(bytes.canonical($0))) } ?? 0)
    }
    if let clusters {
      let cluster = clusters.clusterOf[id].map { max(1, hash64(Array($0.utf8))) }
      part.rows.keys[1 + columns.groups.count].append(cluster ?? 0)
    }
    if let column = columns.time {
      let (time, isDate) = time(value(column), bytes)
      if isDate { part.dates += 1 }
      if time == nil { part.untimed = part.untimed ?? id }
      part.rows.times.append(time ?? 0)
    }
  }

  private static func stratum(
    _ labels: [Range<Int>?], _ bytes: RowBytes, _ names: inout ByteNames
  ) -> UInt32 {
    if labels.isEmpty { return names.number([]) }
    if labels.count == 1, let range = labels[0] {
      // A text has one form already.
      return bytes.line[range.lowerBound] == UInt8(ascii: "\"")
        ? names.number(bytes, range) : names.number(bytes.canonical(range))
    }
    var name = [UInt8(ascii: "[")]
    for (index, label) in labels.enumerated() {
      if index > 0 { name.append(UInt8(ascii: ",")) }
      name += label.map { bytes.canonical($0) } ?? Array("null".utf8)
    }
    return names.number(name + [UInt8(ascii: "]")])
  }

  private static func time(_ range: Range<Int>?, _ bytes: RowBytes) -> (Double?, isDate: Bool) {
    guard let range, let value = try? JSONReader.parse(Array(bytes.line[range]), file: "column")
    else { return (nil, false) }
    if let text = value.stringValue { return (TimeStamp.seconds(text), true) }
    return (value.doubleValue, false)
  }

  // MARK: - Checks

  private func check(_ total: Part, _ reader: RecordsReader, _ parameters: SplitParameters) throws {
    if reader.rowCount == 0 { return }
    for (column, found) in zip(columns.all, total.found) where found == 0 {
      let parameter =
        columns.strata.contains(column)
        ? "stratify_by" : columns.groups.contains(column) ? "group_by" : "by_time"
      throw try MissingColumn.failure(column.name, of: parameter, stage: "split", reader)
    }
    guard let column = columns.time else { return }
    if let row = total.untimed {
      throw Diagnostic(
        "split.no-time",
        "row \(row) has no date or number in '\(SafeText.escaped(column.name))' of 'by_time'",
        fix: "write dates as 2024-05-31 or 2024-05-31T08:15:00Z, or drop such rows before"
      ).failure(.badInput)
    }
    if total.dates > 0, total.dates < total.rows.count {
      throw Diagnostic(
        "split.mixed-times",
        "'\(SafeText.escaped(column.name))' of 'by_time' holds dates in \(total.dates) rows and "
          + "numbers in \(total.rows.count - total.dates)",
        fix: "write them in one form"
      ).failure(.badInput)
    }
  }
}
