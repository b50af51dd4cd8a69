internal import Diagnostics

/// Rows are the records of RFC 4180: lines, where a line feed inside quotes is text.
struct CSVSplitter: RecordSplitter {
  private enum Place { case fieldStart, unquoted, quoted, closed }

  private let file: String
  private let delimiter: UInt8
  private var place = Place.fieldStart
  private var line = 1
  private var startLine = 1
  private var quoteLine = 1
  private var scanned = 0

  init(file: String, delimiter: UInt8) {
    self.file = file
    self.delimiter = delimiter
  }

  mutating func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) throws -> Int {
    var start = 0
    var at = scanned
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == 0x0A {
        line += 1
        if place == .quoted { continue }
        emit(bytes, start, at - 1, &records)
        (start, startLine, place) = (at, line, .fieldStart)
      } else {
        step(byte)
      }
    }
    scanned = bytes.count - start
    guard isEnd else { return start }
    if place == .quoted {
      throw Diagnostic(
        "csv.open-quote", "a quote that opens in line \(quoteLine) is never closed",
        at: SourceSpan(file: file, line: quoteLine),
        fix: "close it, and write a quote inside a quoted field as two"
      ).failure(.badInput)
    }
    emit(bytes, start, bytes.count, &records)
    scanned = 0
    return bytes.count
  }

  private mutating func step(_ byte: UInt8) {
    switch place {
    case .quoted:
      if byte == UInt8(ascii: "\"") { place = .closed }
    case .fieldStart, .unquoted, .closed:
      if byte == delimiter {
        place = .fieldStart
      } else if byte == UInt8(ascii: "\""), place != .unquoted {
        if place == .fieldStart { quoteLine = line }
        place = .quoted
      } else {
        place = .unquoted
      }
    }
  }

  private func emit(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int,
    _ records: inout [SourceBatch.Record]
  ) {
    let last = end > start && bytes[end - 1] == 0x0D ? end - 1 : end
    if last > start { records.append(.init(start: start, end: last, line: startLine)) }
  }
}
