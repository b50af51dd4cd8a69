internal import Curation
internal import Diagnostics
internal import Documents
internal import Parallelism
internal import Records
internal import StageKit

/// What the split remembers of every row.
struct SplitCorpus {
  private(set) var items: [SplitPlan.Item] = []
  /// Rows that hold none of the columns of `stratify_by`.
  private(set) var unlabelled = 0

  private struct Part: Sendable {
    var items: [SplitPlan.Item] = []
    var columns: Set<String> = []
    var unlabelled = 0
  }

  init(
    _ reader: RecordsReader, _ clusters: RowClusters?, _ parameters: SplitParameters,
    _ context: StageContext
  ) throws {
    var columns: Set<String> = []
    for start in stride(from: 0, to: reader.chunkCount, by: 16) {
      try context.checkCancelled()
      let parts = try context.pool.map(Array(start..<min(start + 16, reader.chunkCount))) {
        Self.part(try reader.chunk($0), clusters, parameters)
      }
      for part in parts {
        items += part.items
        columns.formUnion(part.columns)
        unlabelled += part.unlabelled
      }
      context.progress(items.count, of: reader.rowCount, "rows")
    }
    try Self.check("stratify_by", parameters.stratifyBy, columns, items.count)
    try Self.check("group_by", parameters.groupBy, columns, items.count)
  }

  private static func part(
    _ rows: [Row], _ clusters: RowClusters?, _ parameters: SplitParameters
  ) -> Part {
    var part = Part()
    for row in rows {
      for field in row.fields { part.columns.insert(field.key) }
      let labels = parameters.stratifyBy.map { row.field($0) ?? .null }
      if !labels.isEmpty, labels.allSatisfy(\.isNull) { part.unlabelled += 1 }
      // Keys of different kinds never meet: each begins with its own mark.
      var keys = ["=" + RowIdentity.hash(row.content, [])]
      if let cluster = clusters?.clusterOf[row.id] { keys.append("~" + cluster) }
      for column in parameters.groupBy {
        guard let value = row.field(column), !value.isNull else { continue }
        keys.append("@\(column)=" + String(decoding: JSONWriter.canonical(value), as: UTF8.self))
      }
      part.items.append(
        SplitPlan.Item(id: row.id, stratum: stratum(labels), keys: keys))
    }
    return part
  }

  /// The values of the columns as text; one column of texts is shown as it is.
  private static func stratum(_ labels: [JSONValue]) -> String {
    if labels.isEmpty { return "" }
    if labels.count == 1, let text = labels[0].stringValue { return text }
    return String(decoding: JSONWriter.canonical(.array(labels)), as: UTF8.self)
  }

  private static func check(
    _ parameter: String, _ wanted: [String], _ columns: Set<String>, _ rows: Int
  ) throws {
    for name in wanted where !columns.contains(name) && rows > 0 {
      let near = NearestName.suggestion(for: name, among: Array(columns))
      let listed = columns.sorted().prefix(10).map { SafeText.escaped($0, limit: 40) }
      throw Diagnostic(
        "split.no-column", "no row has the column '\(SafeText.escaped(name))' of '\(parameter)'",
        fix: near.map { "did you mean '\($0)'?" }
          ?? (listed.isEmpty
            ? "the rows have no columns beside their content"
            : "the rows have \(listed.joined(separator: ", "))")
      ).failure(.badInput)
    }
  }
}
