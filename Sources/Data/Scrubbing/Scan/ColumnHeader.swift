internal import CKernels

/// The head of a table in a text (`id,name,email,dob` above its lines), whose words are cues for
/// every cell below. Remembers the last line that was asked for, so that a table is read once.
struct ColumnHeader {
  private static let delimiters = Array(",;\t|".utf8)
  private static let lineMax = 2000
  private static let linesMax = 400

  /// The line asked for last.
  private var line = -1..<0
  private var delimiter: UInt8 = 0
  private var columns: [CueSet] = []

  /// What the head says of the cell at `offset`; empty outside tables.
  mutating func cues(
    _ text: ByteText, at offset: Int, _ cues: UnsafeBufferPointer<orc_pii_cue>,
    _ sets: UnsafePointer<CueSet>
  ) -> CueSet {
    if !line.contains(offset) { read(text, at: offset, cues, sets) }
    guard !columns.isEmpty else { return [] }
    var column = 0
    var isQuoted = false
    for place in line.lowerBound..<offset {
      if text[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if text[place] == delimiter, !isQuoted { column += 1 }
    }
    return column < columns.count ? columns[column] : []
  }

  private mutating func read(
    _ text: ByteText, at offset: Int, _ cues: UnsafeBufferPointer<orc_pii_cue>,
    _ sets: UnsafePointer<CueSet>
  ) {
    let here = Self.line(text, around: offset)
    // The next line of the table that the last one was in.
    if !columns.isEmpty, here.lowerBound == line.upperBound + 1,
      Self.count(text, here, delimiter) >= columns.count - 1
    {
      line = here
      return
    }
    line = here
    columns = []
    guard here.lowerBound > 0, here.count < Self.lineMax else { return }
    for sign in Self.delimiters {
      let count = Self.count(text, here, sign)
      guard count >= 2, let head = Self.head(text, above: here.lowerBound, sign, count) else {
        continue
      }
      delimiter = sign
      columns = Self.columns(text, head, sign, cues, sets)
      return
    }
  }

  /// The first line above without digits, over lines with at least `count` delimiters each.
  private static func head(_ text: ByteText, above start: Int, _ sign: UInt8, _ count: Int)
    -> Range<Int>?
  {
    var below = start
    for _ in 0..<linesMax where below > 0 {
      let above = line(text, around: below - 1)
      // A last cell that is a sentence may hold more commas than the head has.
      guard above.count < lineMax, self.count(text, above, sign) >= 2 else { return nil }
      let isHead = !above.contains { place in
        ByteText.isDigit(text[place]) || text[place] == UInt8(ascii: ":")
          || text[place] == UInt8(ascii: "{")
      }
      if isHead { return self.count(text, above, sign) <= count ? above : nil }
      below = above.lowerBound
    }
    return nil
  }

  private static func columns(
    _ text: ByteText, _ head: Range<Int>, _ sign: UInt8,
    _ cues: UnsafeBufferPointer<orc_pii_cue>, _ sets: UnsafePointer<CueSet>
  ) -> [CueSet] {
    var columns = [CueSet](repeating: [], count: count(text, head, sign) + 1)
    var column = 0
    var place = head.lowerBound
    var low = 0
    var high = cues.count
    while low < high {
      let middle = (low + high) / 2
      if Int(cues[middle].end) <= head.lowerBound { low = middle + 1 } else { high = middle }
    }
    while low < cues.count, Int(cues[low].end) <= head.upperBound {
      while place < Int(cues[low].start) {
        if text[place] == sign { column += 1 }
        place += 1
      }
      if column < columns.count { columns[column].formUnion(sets[Int(cues[low].entry)]) }
      low += 1
    }
    return columns
  }

  /// The line without its line feed; cut at ``lineMax`` on both sides.
  private static func line(_ text: ByteText, around offset: Int) -> Range<Int> {
    let bytes = text.bytes
    var start = offset
    let least = max(0, offset - lineMax)
    while start > least, bytes[start - 1] != 0x0A { start -= 1 }
    var end = offset
    let most = min(bytes.count, offset + lineMax)
    while end < most, bytes[end] != 0x0A { end += 1 }
    return start..<end
  }

  private static func count(_ text: ByteText, _ line: Range<Int>, _ sign: UInt8) -> Int {
    var count = 0
    for byte in text.bytes[line] { count &+= byte == sign ? 1 : 0 }
    return count
  }
}
