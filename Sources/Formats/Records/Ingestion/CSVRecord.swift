package import Documents

/// Reads the fields of one CSV record, and names them by the header.
package struct CSVRecord: Sendable {
  private let columns: [String]
  private let delimiter: UInt8

  /// Reads the header.
  ///
  /// - Throws: a problem of the whole file: two columns of one name, another delimiter.
  package init(header: UnsafeBufferPointer<UInt8>, delimiter: UInt8) throws(RowProblem) {
    self.delimiter = delimiter
    columns = try Self.fields(header, delimiter)
    if columns.count == 1, delimiter == UInt8(ascii: ",") {
      for (other, name) in [(";", "semicolons"), ("\t", "tabs")] where columns[0].contains(other) {
        throw RowProblem(
          "csv.delimiter",
          "the header has one column, and \(name) in it, where commas are expected",
          fix: "set 'delimiter: \"\(other == "\t" ? "\\t" : other)\"'")
      }
    }
    var seen: Set<String> = []
    for (index, name) in columns.enumerated() {
      guard !name.isEmpty else {
        throw RowProblem("csv.header", "column \(index + 1) of the header has no name")
      }
      guard seen.insert(name).inserted else {
        throw RowProblem(
          "csv.header", "column \(index + 1) of the header has the name of an earlier one",
          fix: "give every column a name of its own")
      }
    }
  }

  /// The record as an object of strings.
  package func object(_ record: UnsafeBufferPointer<UInt8>) throws(RowProblem) -> JSONValue {
    let fields = try Self.fields(record, delimiter)
    guard fields.count == columns.count else {
      throw RowProblem(
        "csv.columns", "\(fields.count) fields, expected \(columns.count) as in the header",
        fix: "quote fields that hold the delimiter, a quote or a line feed")
    }
    return .object(zip(columns, fields).map { JSONMember($0, .string($1)) })
  }

  private static func fields(_ bytes: UnsafeBufferPointer<UInt8>, _ delimiter: UInt8)
    throws(RowProblem) -> [String]
  {
    var out: [String] = []
    var at = 0
    while true {
      var field: [UInt8] = []
      if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
        at = try quoted(bytes, at, into: &field, number: out.count + 1, delimiter)
      } else {
        let start = at
        while at < bytes.count, bytes[at] != delimiter { at += 1 }
        field = Array(bytes[start..<at])
        if field.contains(0x0D) {
          throw RowProblem(
            "csv.bare-return",
            "a carriage return without a line feed in field \(out.count + 1): old Mac line ends?",
            fix: "convert the line ends: tr '\\r' '\\n' < FILE")
        }
      }
      out.append(try text(field, number: out.count + 1))
      if at == bytes.count { return out }
      at += 1
    }
  }

  /// Reads a quoted field that opens at `open`; returns the place after it.
  private static func quoted(
    _ bytes: UnsafeBufferPointer<UInt8>, _ open: Int, into field: inout [UInt8], number: Int,
    _ delimiter: UInt8
  ) throws(RowProblem) -> Int {
    var at = open + 1
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\"") {
        if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") {
          at += 1
        } else {
          guard at + 1 == bytes.count || bytes[at + 1] == delimiter else {
            throw RowProblem(
              "csv.after-quote", "text after the closing quote of field \(number)",
              fix: "write a quote inside a quoted field as two")
          }
          return at + 1
        }
      }
      field.append(bytes[at])
      at += 1
    }
    throw RowProblem("csv.open-quote", "the quote of field \(number) is never closed")
  }

  private static func text(_ field: [UInt8], number: Int) throws(RowProblem) -> String {
    if field.contains(0) {
      throw RowProblem("csv.nul", "a NUL byte in field \(number)", fix: "remove it")
    }
    guard let text = String(validating: field, as: UTF8.self) else {
      throw RowProblem(
        "csv.not-utf8", "field \(number) is not valid UTF-8",
        fix: "convert the file: iconv -f LATIN1 -t UTF-8 FILE")
    }
    return text
  }
}
