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
}
