package import Documents

/// Where a stage writes which rows it changed or dropped: files of JSON lines in a folder of its
/// report, `was` being the row's id in the input, `row` its id in the output (absent when the row was
/// dropped), `rule` the reason by its published name and `detail` its measures.
package enum RowChanges {
  package static let folder = "changes"

  /// Whether the file `name` of a report is one of these; a stage that writes them all at once may
  /// use `changes.jsonl`.
  package static func holds(_ name: String) -> Bool {
    name.hasPrefix(folder + "/") || name == folder + ".jsonl"
  }

  /// The file of `number`, counted from 1: `changes/000001.jsonl`.
  package static func file(_ number: Int) -> String {
    let text = String(number)
    return folder + "/" + String(repeating: "0", count: max(0, 6 - text.count)) + text + ".jsonl"
  }

  /// Appends the line of one row.
  ///
  /// - Parameters:
  ///   - row: its id in the output; nil when it was dropped.
  ///   - was: its id in the input.
  ///   - detail: counts and measures; never contents.
  package static func append(
    row: RowKey?, was: RowKey, rule: String, detail: JSONValue?, to lines: inout [UInt8]
  ) {
    append(row: row, was: was, rule: rule, to: &lines)
    if let detail {
      lines += Self.detail
      JSONWriter.append(detail, sorted: false, to: &lines)
    }
    lines += end
  }

  /// The same with a detail that `write` appends as JSON: for stages that tell very many rows.
  package static func append(
    row: RowKey?, was: RowKey, rule: String, to lines: inout [UInt8],
    detail write: (inout [UInt8]) -> Void
  ) {
    append(row: row, was: was, rule: rule, to: &lines)
    lines += Self.detail
    write(&lines)
    lines += end
  }

  private static func append(row: RowKey?, was: RowKey, rule: String, to lines: inout [UInt8]) {
    if let row {
      lines += Self.row
      row.append(to: &lines)
      lines += nextWas
    } else {
      lines += firstWas
    }
    was.append(to: &lines)
    lines += Self.rule
    JSONWriter.appendString(rule, to: &lines)
  }

  private static let row = Array(#"{"row":""#.utf8)
  private static let firstWas = Array(#"{"was":""#.utf8)
  private static let nextWas = Array(#"","was":""#.utf8)
  private static let rule = Array(#"","rule":"#.utf8)
  private static let detail = Array(#","detail":"#.utf8)
  private static let end = Array("}\n".utf8)
}
