internal import CKernels
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
  /// Bytes of `line` up to the id's closing quote and with it.
  private let tailStart: Int

  /// - Throws: ``Failure`` of class `badInput` when the line does not begin with a row's id.
  package init(_ line: ArraySlice<UInt8>, file: String, number: Int) throws {
    self.line = line
    self.file = file
    self.number = number
    guard let (id, end) = Self.head(of: line) else {
      throw Diagnostic(
        "records.damaged", "not a row of a records artifact: it does not begin with its id",
        at: SourceSpan(file: file, line: number)
      ).failure(.badInput)
    }
    self.id = id
    tailStart = end
  }

  /// The line after the id, with its line feed: what ``EncodedRow`` holds.
  package var tail: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: line.count - tailStart + 1) { bytes, count in
      line.withUnsafeBufferPointer {
        _ = bytes.initialize(from: $0[tailStart...])
      }
      bytes[line.count - tailStart] = UInt8(ascii: "\n")
      count = line.count - tailStart + 1
    }
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
    let isDone = try line.withUnsafeBufferPointer { bytes in
      var tape = JSONTape()
      try tape.read(bytes, file: file, line: number)
      return try StoredTexts.forEach(tape, &scratch, body)
    }
    if isDone { return }
    for var text in try row().content.texts { try text.withUTF8(body) }
  }

  /// The user's column `name`, or nil.
  package func field(_ name: String) throws -> JSONValue? {
    try line.withUnsafeBufferPointer { bytes in
      var tape = JSONTape()
      try tape.read(bytes, file: file, line: number)
      guard let fields = tape.member(0, "fields"), tape.isKind(fields, ORC_JSON_OBJECT) else {
        return nil
      }
      return tape.member(fields, name).map { tape.value($0) }
    }
  }

  /// The id, and the place after its closing quote.
  private static func head(of line: ArraySlice<UInt8>) -> (RowID, Int)? {
    line.withUnsafeBufferPointer { bytes in
      guard bytes.starts(with: idHead),
        let end = bytes[idHead.count...].prefix(64).firstIndex(of: UInt8(ascii: "\"")),
        let id = RowID(String(decoding: bytes[idHead.count..<end], as: UTF8.self))
      else { return nil }
      return (id, end + 1)
    }
  }

  private static let idHead = Array("{\"id\":\"".utf8)
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
