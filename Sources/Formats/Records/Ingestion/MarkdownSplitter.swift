/// Rows are the sections of a Markdown file: from a heading (`#` to `######` and a space, not in
/// fenced code) to the next one. What stands before the first heading is a row too.
struct MarkdownSplitter: RecordSplitter {
  private var line = 1
  private var startLine = 1
  private var scanned = 0
  /// The character that fences the code we are in, and how many of it.
  private var fence: (mark: UInt8, count: Int)?

  mutating func split(
    _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into records: inout [SourceBatch.Record]
  ) -> Int {
    var start = 0
    var at = scanned
    while at < bytes.count {
      guard let feed = bytes[at...].firstIndex(of: 0x0A) ?? (isEnd ? bytes.count : nil) else {
        break
      }
      let text = UnsafeBufferPointer(rebasing: bytes[at..<feed])
      if fence == nil, Self.isHeading(text), at > start {
        emit(bytes, start, at, &records)
        start = at
        startLine = line
      }
      passFence(text)
      line += 1
      at = min(feed + 1, bytes.count)
    }
    scanned = at - start
    guard isEnd else { return start }
    emit(bytes, start, bytes.count, &records)
    scanned = 0
    return bytes.count
  }

  private mutating func passFence(_ line: UnsafeBufferPointer<UInt8>) {
    let text = line.drop { $0 == 0x20 }
    guard line.count - text.count < 4, let mark = text.first,
      mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")
    else { return }
    let count = text.prefix { $0 == mark }.count
    guard count >= 3 else { return }
    if let open = fence {
      let rest = text.dropFirst(count)
      if open.mark == mark, count >= open.count, rest.allSatisfy({ $0 <= 0x20 }) { fence = nil }
    } else {
      fence = (mark, count)
    }
  }

  private static func isHeading(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    let marks = line.prefix { $0 == UInt8(ascii: "#") }.count
    guard (1...6).contains(marks) else { return false }
    return marks == line.count || line[marks] == 0x20 || line[marks] == 0x09 || line[marks] == 0x0D
  }

  /// Without the white space at the end; nothing when nothing is left.
  private func emit(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int,
    _ records: inout [SourceBatch.Record]
  ) {
    var last = end
    while last > start, bytes[last - 1] <= 0x20 { last -= 1 }
    if last > start { records.append(.init(start: start, end: last, line: startLine)) }
  }
}
