internal import Diagnostics

/// The one strict JSON reader of the project (RFC 8259): no duplicate keys, no lone surrogates, no
/// invalid UTF-8, no NaN, bounded depth. Every error knows its line and column.
///
/// ```swift
/// let value = try JSONReader.parse(Array(#"{"a": [1, 2.5]}"#.utf8), file: "x.json")
/// ```
package enum JSONReader {
  /// Containers deeper than this are refused.
  package static let depthMax = 128

  /// Reads one JSON text; anything but white space after it is an error.
  ///
  /// - Parameters:
  ///   - file: named in errors.
  ///   - line: the number of the first line of `bytes` in that file.
  /// - Throws: ``Failure`` of class `badInput` with one diagnostic.
  package static func parse(_ bytes: [UInt8], file: String, line: Int = 1) throws -> JSONValue {
    try bytes.withUnsafeBufferPointer { try parse($0, file: file, line: line) }
  }

  /// The same over borrowed memory, for readers of mapped files.
  package static func parse(_ bytes: UnsafeBufferPointer<UInt8>, file: String, line: Int = 1)
    throws -> JSONValue
  {
    var tape = JSONTape()
    try tape.read(bytes, file: file, line: line)
    return tape.value()
  }

  /// What ``parse(_:file:line:)`` does, one value after the other: the definition, and the one that
  /// knows what is wrong and where.
  package static func parseSlowly(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String, line: Int = 1
  ) throws -> JSONValue {
    // RFC 8259, §8.1: a reader may ignore a byte order mark at the start of a text.
    let hasMark = line == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var scanner = JSONScanner(bytes, start: hasMark ? 3 : 0)
    do throws(JSONScanner.Problem) {
      return try scanner.document()
    } catch {
      throw diagnostic(error, bytes, file: file, line: line).failure(.badInput)
    }
  }

  /// Throws what is wrong with a text.
  static func check(_ bytes: UnsafeBufferPointer<UInt8>, file: String, line: Int) throws {
    _ = try parseSlowly(bytes, file: file, line: line)
  }

  private static func diagnostic(
    _ problem: JSONScanner.Problem, _ bytes: UnsafeBufferPointer<UInt8>, file: String, line: Int
  ) -> Diagnostic {
    var lineNumber = line
    var lineStart = line == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for index in 0..<min(problem.offset, bytes.count) where bytes[index] == 0x0A {
      lineNumber += 1
      lineStart = index + 1
    }
    let end = max(lineStart, min(problem.offset, bytes.count))
    let column = 1 + bytes[lineStart..<end].count { $0 & 0xC0 != 0x80 }
    return Diagnostic(
      "json.\(problem.code)", problem.message,
      at: SourceSpan(file: file, line: lineNumber, column: column), fix: problem.fix)
  }
}
