internal import Documents
internal import Records
internal import StageKit

/// Rows that a stage makes, in order.
struct MadeRows {
  private let writer: RecordsWriter
  private var identity = RowIdentity()

  init(_ folder: String) throws { writer = try RecordsWriter(folder: folder) }

  var count: Int { writer.rowCount }

  mutating func append(_ content: RowContent, _ fields: [JSONMember]) throws {
    try writer.append(
      Row(id: identity.next(content, fields), content: content, fields: fields))
  }

  func finish() throws { try writer.finish() }
}
