internal import Diagnostics
internal import Documents
package import Reproducibility

/// Marks records that are kept for the last measurement: a stage that trains must refuse them.
///
/// ```swift
/// try SealedSplit.refuse(context.input("train").tree, port: "train")
/// ```
package enum SealedSplit {
  /// The file beside `records.json` that is the seal.
  package static let file = "sealed.json"

  package static func isSealed(_ tree: FileTree) -> Bool { tree[file] != nil }

  /// Seals the records in `folder`.
  package static func seal(_ folder: String, rows: Int) throws {
    let json: JSONValue = .object([
      "formatVersion": 1, "purpose": "test", "rows": .integer(Int64(rows)),
    ])
    try OutputFile.write(Array((JSONWriter.compact(json) + "\n").utf8), to: folder + "/" + file)
  }

  /// - Throws: ``Failure`` of class `badInput` when the records at input `port` are sealed.
  package static func refuse(_ tree: FileTree, port: String) throws {
    guard isSealed(tree) else { return }
    throw Diagnostic(
      "records.sealed", "the input '\(port)' is a sealed test set; training on it is refused",
      fix: "train on the 'train' output of the split, and leave 'test' to eval_gate"
    ).failure(.badInput)
  }
}
