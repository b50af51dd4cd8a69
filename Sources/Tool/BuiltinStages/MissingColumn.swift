internal import Curation
internal import Diagnostics
internal import Documents
internal import Records

/// What a stage says when no row has a column that a parameter names.
enum MissingColumn {
  /// Reads the rows once more for the names they have; nothing else is told of them.
  static func failure(
    _ name: String, of parameter: String, stage: String, _ reader: RecordsReader
  ) throws -> Failure {
    var names = ByteNames()
    for chunk in 0..<reader.chunkCount {
      for row in try reader.stored(chunk) {
        RowBytes.with(row) { bytes in
          bytes.forEachField { key, _ in _ = names.number(bytes, key) }
        }
      }
      if names.count > 1000 { break }
    }
    let columns = names.names.compactMap {
      try? JSONReader.parse($0, file: "column").stringValue
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let near = NearestName.suggestion(for: name, among: columns)
    let listed = columns.prefix(10).map { SafeText.escaped($0, limit: 40) }
    return Diagnostic(
      "\(stage).no-column", "no row has the column '\(SafeText.escaped(name))' of '\(parameter)'",
      fix: near.map { "did you mean '\($0)'?" }
        ?? (listed.isEmpty
          ? "the rows have no columns beside their content"
          : "the rows have \(listed.joined(separator: ", "))")
    ).failure(.badInput)
  }
}
