internal import CKernels
internal import Diagnostics
package import Documents
private import Foundation

/// A line of a records artifact: its parts are found when they are asked for, so that a stage that
/// looks at a row's id or texts alone builds nothing else.
package struct StoredRow: Sendable {
  /// The line without its line feed.
  package let line: ArraySlice<UInt8>
  package let key: RowKey
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
    guard let (key, end) = Self.head(of: line) else {
      throw Diagnostic(
        "records.damaged", "not a row of a records artifact: it does not begin with its id",
        at: SourceSpan(file: file, line: number)
      ).failure(.badInput)
    }
    self.key = key
    tailStart = end
  }

  package var id: RowID { key.id }

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

  /// The same, and the values of columns, on a tape that the caller keeps from row to row.
  ///
  /// - Parameter column: called after the texts for each of `columns` that the row has, with its
  ///   number there.
  package func read(
    _ tape: inout JSONTape, _ scratch: inout [UInt8], columns: [String],
    text body: (UnsafeBufferPointer<UInt8>) throws -> Void,
    column: (_ number: Int, _ value: JSONValue) throws -> Void
  ) throws {
    try line.withUnsafeBufferPointer { bytes in
      try tape.read(bytes, file: file, line: number)
      if try !StoredTexts.forEach(tape, &scratch, body) {
        for var text in try row().content.texts { try text.withUTF8(body) }
      }
      guard !columns.isEmpty, let fields = tape.member(0, "fields"),
        tape.isKind(fields, ORC_JSON_OBJECT)
      else { return }
      for (number, name) in columns.enumerated() {
        if let value = tape.member(fields, name) { try column(number, tape.value(value)) }
      }
    }
  }

  /// Whether these bytes stand anywhere in the line.
  package func holds(_ bytes: [UInt8]) -> Bool {
    line.withUnsafeBufferPointer {
      orc_contains($0.baseAddress, $0.count, bytes, bytes.count) != 0
    }
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
  private static func head(of line: ArraySlice<UInt8>) -> (RowKey, Int)? {
    line.withUnsafeBufferPointer { bytes in
      let head: StaticString = "{\"id\":\""
      let start = head.utf8CodeUnitCount
      guard let base = bytes.baseAddress, bytes.count > start,
        memcmp(base, head.utf8Start, start) == 0
      else { return nil }
      var (high, low, ordinal) = (UInt64(0), UInt64(0), UInt32(0))
      let mark = orc_row_id(base + start, bytes.count - start, &high, &low, &ordinal)
      if mark == 0 { return nil }
      return (RowKey(high: high, low: low, ordinal: ordinal), start + mark + 1)
    }
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
