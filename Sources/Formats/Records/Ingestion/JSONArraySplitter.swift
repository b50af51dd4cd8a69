internal import Diagnostics

/// Rows are the elements of the one array that the file holds. Finds their borders by strings and
/// nesting alone; whether an element is right JSON is seen when it is parsed.
struct JSONArraySplitter: RecordSplitter {
  private enum Place { case before, between, inside, after }

  private let file: String
  private var place = Place.before
  /// A value must follow, since a comma came last.
  private var isOwed = false
  private var line = 1
  private var startLine = 1
  private var openLine = 1
  private var scanned = 0
  private var depth = 0
  private var inString = false
  private var isEscaped = false

  init(file: String) { self.file = file }

  mutating func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) throws -> Int {
    var start = 0
    var at = scanned
    while at < bytes.count {
      let byte = bytes[at]
      switch place {
      case .inside:
        if closes(byte) {
          records.append(.init(start: start, end: at, line: startLine))
          isOwed = byte == UInt8(ascii: ",")
          place = isOwed ? .between : .after
          start = at + 1
        }
      case .between:
        if isSpace(byte) {
          start = at + 1
        } else if byte == UInt8(ascii: "]") {
          if isOwed { throw failure("trailing-comma", "found ']' after a comma", line) }
          place = .after
          start = at + 1
        } else {
          place = .inside
          (start, startLine, depth, inString) = (at, line, 0, false)
          if closes(byte) { throw failure("json", "found ',' where an element is expected", line) }
        }
      case .before:
        start = at + 1
        if byte == UInt8(ascii: "[") {
          (place, openLine) = (.between, line)
        } else if !isSpace(byte) {
          throw failure("not-array", "the file holds no JSON array of objects", line)
        }
      case .after:
        start = at + 1
        if !isSpace(byte) { throw failure("surplus", "found more text after the array", line) }
      }
      if byte == 0x0A { line += 1 }
      at += 1
    }
    scanned = bytes.count - start
    if isEnd, place != .after {
      throw failure(
        "unclosed-array", "the array that opens in line \(openLine) is not closed", line)
    }
    return start
  }

  /// Steps over a byte of an element; true when it is the comma or bracket after the element.
  private mutating func closes(_ byte: UInt8) -> Bool {
    if inString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        inString = false
      }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""): inString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if depth == 0 { return true }
      depth -= 1
    case UInt8(ascii: ","): return depth == 0
    default: break
    }
    return false
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }

  private func failure(_ code: String, _ message: String, _ line: Int) -> Failure {
    Diagnostic(
      "source.\(code)", message, at: SourceSpan(file: file, line: line),
      fix:
        "the file must be one array of objects: [ {…}, {…} ]; for one object a line name it .jsonl"
    ).failure(.badInput)
  }
}
