internal import Documents
private import Foundation
internal import Records

/// Writes the two files of an artifact of type `report`.
enum ReportFolder {
  /// - Parameter lines: the Markdown page, a line each.
  static func write(_ json: JSONValue, _ lines: [String], to folder: String) throws {
    try OutputFile.write(
      Array((JSONWriter.compact(json) + "\n").utf8), to: folder + "/report.json")
    try OutputFile.write(
      Array((lines.joined(separator: "\n") + "\n").utf8), to: folder + "/report.md")
  }

  /// Counts by name, in order of name.
  static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(
      counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { JSONMember($0.key, .integer(Int64($0.value))) })
  }

  /// A Markdown table of counts, in order of name; nothing when there are none.
  static func table(_ title: String, _ counts: [String: Int]) -> [String] {
    if counts.isEmpty { return [] }
    let rows = counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "| \(cell($0.key)) | \($0.value) |" }
    return ["", "| \(title) | rows |", "|---|---:|"] + rows
  }

  /// Text from outside in a cell of a table.
  static func cell(_ text: String) -> String {
    text.replacingOccurrences(of: "|", with: "\\|").replacingOccurrences(of: "<", with: "&lt;")
  }
}
