internal import Diagnostics
internal import Documents
internal import Records

/// Writes rows of other artifacts as a new one: names them again in the new order, and tells every
/// row that was dropped, copied or changed in `changes.jsonl`.
final class RowEmitter {
  let writer: RecordsWriter
  private let changes: OutputFile
  private var identity = RowIdentity()
  private(set) var dropped: [String: Int] = [:]

  init(output: String, report: String) throws {
    writer = try RecordsWriter(folder: output)
    changes = try OutputFile(report + "/changes.jsonl")
  }

  var rowCount: Int { writer.rowCount }

  /// The row as it is.
  ///
  /// - Parameter rule: why it is told, as for a copy; nil when there is nothing to tell.
  func emit(_ row: StoredRow, rule: String? = nil) throws {
    let id = identity.next(row.id.hash)
    if id == row.id {
      try writer.append(line: row.line, id: id)
    } else {
      try writer.append(EncodedRow(hash: row.id.hash, tail: row.tail), id: id)
    }
    if let rule { try tell(row: id, was: row.id, rule, nil) }
  }

  /// The row as something else.
  func emit(_ new: EncodedRow, was: RowID, rule: String, detail: JSONValue? = nil) throws {
    let id = identity.next(new.hash)
    try writer.append(new, id: id)
    if new.hash != was.hash { try tell(row: id, was: was, rule, detail) }
  }

  func drop(_ id: RowID, rule: String, detail: JSONValue? = nil) throws {
    dropped[rule, default: 0] += 1
    try tell(row: nil, was: id, rule, detail)
  }

  func finish() throws {
    try writer.finish()
    try changes.finish()
  }

  private func tell(row: RowID?, was: RowID, _ rule: String, _ detail: JSONValue?) throws {
    var line: [UInt8] = []
    RowChanges.append(
      row: row.map { RowKey($0) }, was: RowKey(was), rule: rule, detail: detail, to: &line)
    try changes.append(line)
  }
}
