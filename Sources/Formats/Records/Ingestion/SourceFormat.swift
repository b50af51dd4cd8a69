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

  /// The format that the ending of `name` stands for, or nil.
  package static func byEnding(of name: String) -> SourceFormat? {
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    switch ending {
    case "jsonl", "ndjson": return .jsonl
    case "json": return .json
    case "csv": return .csv
    case "tsv", "tab": return .tsv
    case "txt", "text", "md": return .text
    default: return nil
    }
  }
}
