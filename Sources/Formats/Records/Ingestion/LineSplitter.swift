private import Foundation

/// Rows are lines that hold something else than white space. Lines end with a line feed, perhaps
/// after a carriage return; U+2028 and its like are text.
struct LineSplitter: RecordSplitter {
  private var line = 1
  private var scanned = 0

  init() {}

  mutating func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) -> Int {
    var start = 0
    var at = scanned
    while at < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + at, 0x0A, bytes.count - at)
    {
      let end = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      emit(bytes, start, end, &records)
      line += 1
      start = end + 1
      at = start
    }
    scanned = bytes.count - start
    guard isEnd, start < bytes.count else { return start }
    emit(bytes, start, bytes.count, &records)
    scanned = 0
    return bytes.count
  }

  private func emit(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int,
    _ records: inout [SourceBatch.Record]
  ) {
    let last = end > start && bytes[end - 1] == 0x0D ? end - 1 : end
    var at = start
    while at < last, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 }
    if at < last { records.append(.init(start: start, end: last, line: line)) }
  }
}

/// The whole file is one row.
struct FileSplitter: RecordSplitter {
  func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) -> Int {
    guard isEnd, bytes.count > 0 else { return 0 }
    records.append(.init(start: 0, end: bytes.count, line: 1))
    return bytes.count
  }
}
