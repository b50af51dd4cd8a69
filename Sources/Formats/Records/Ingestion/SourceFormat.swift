/// How a source file is cut into rows.
package enum SourceFormat: String, Sendable, CaseIterable {
  /// By the ending of the file's name.
  case auto
  /// One JSON object a line.
  case jsonl
  /// One JSON array of objects.
  case json
  /// RFC 4180 with a header line.
  case csv
  /// The same with tabs.
  case tsv
  /// Plain text: a row a line, or a row a file.
  case text
  /// Markdown: a row a file, or a row a section.
  case markdown
  /// Apache Parquet.
  case parquet

  private static let endings: [(ending: String, format: SourceFormat)] = [
    ("jsonl", .jsonl), ("ndjson", .jsonl), ("json", .json), ("csv", .csv), ("tsv", .tsv),
    ("tab", .tsv), ("txt", .text), ("text", .text), ("md", .markdown), ("markdown", .markdown),
    ("parquet", .parquet),
  ]

  /// Every ending that names a format, with those of packed files: what a folder is searched for.
  package static let knownEndings: [String] = endings.flatMap { item in
    item.format == .parquet
      ? [".\(item.ending)"] : ["", ".gz", ".zst", ".zstd"].map { ".\(item.ending)\($0)" }
  }

  /// The format that the ending of `name` stands for, or nil. An ending of a packed file goes
  /// first: `a.csv.gz` is CSV.
  package static func byEnding(of name: String) -> SourceFormat? {
    let inner = SourcePacking.byEnding(of: name).inner
    guard let dot = inner.lastIndex(of: ".") else { return nil }
    let ending = inner[inner.index(after: dot)...].lowercased()
    return endings.first { $0.ending == ending }?.format
  }

  /// Whether rows have named columns; plain text has none.
  package var hasColumns: Bool { self != .text && self != .markdown }
}
