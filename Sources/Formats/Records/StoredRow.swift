internal import Diagnostics
package import Documents

/// A line of a records artifact: its parts are found when they are asked for, so that a stage that
/// looks at a row's id or texts alone builds nothing else.
package struct StoredRow: Sendable {
  /// The line without its line feed.
  package let line: ArraySlice<UInt8>
  package let id: RowID
  /// Named in errors.
  let file: String
  let number: Int

  /// - Throws: ``Failure`` of class `badInput` when the line does not begin with a row's id.
  package init(_ line: ArraySlice<UInt8>, file: String, number: Int) throws {
    self.line = line
    self.file = file
    self.number = number
    id = try Self.id(of: line, file: file, number: number)
  }

  /// The line after the id, with its line feed: what ``EncodedRow`` holds.
  package var tail: [UInt8] {
    // `{"id":"`, the id, `"`
    var bytes = Array(line.dropFirst(8 + id.description.utf8.count))
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// The whole row, as values.
  ///
  /// - Throws: ``Failure`` of class `badInput` when the line is damaged.
  package func row() throws -> Row {
    try line.withUnsafeBufferPointer {
      try RowCodec.row(
        try JSONReader.parse($0, file: file, line: number), file: file, line: number)
    }
  }

  /// Calls `body` with the UTF-8 bytes of each text of the row, in the order of
  /// ``RowContent/texts``.
  ///
  /// - Parameter scratch: a buffer that a caller keeps from row to row; texts with escapes are
  ///   decoded into it. What `body` is given is valid during the call only.
  package func forEachText(
    _ scratch: inout [UInt8], _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    for var text in try row().content.texts { try text.withUTF8(body) }
  }

  /// The user's column `name`, or nil.
  package func field(_ name: String) throws -> JSONValue? { try row().field(name) }

  private static func id(of line: ArraySlice<UInt8>, file: String, number: Int) throws -> RowID {
    let head = Array("{\"id\":\"".utf8)
    if line.starts(with: head) {
      let rest = line.dropFirst(head.count)
      if let end = rest.firstIndex(of: UInt8(ascii: "\"")),
        let id = RowID(String(decoding: rest[..<end], as: UTF8.self))
      {
        return id
      }
    }
    throw Diagnostic(
      "records.damaged", "not a row of a records artifact: it does not begin with its id",
      at: SourceSpan(file: file, line: number)
    ).failure(.badInput)
  }
}

extension RecordsReader {
  /// The rows of chunk `index` as they are stored, in order.
  package func stored(_ index: Int) throws -> [StoredRow] {
    let name = manifest.chunks[index].file
    return try lines(index).enumerated().map { offset, line in
      try StoredRow(line, file: name, number: offset + 1)
    }
  }
}
