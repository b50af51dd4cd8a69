internal import Documents

/// The large parts of a tokenizer.json, `model.vocab` (a mapping) and `model.merges`, read straight
/// from the bytes without a tree of values; the rest is read by ``JSONReader`` as usual.
///
/// A scan gives up (nil) at anything that is not as it should be. The strict reader then reads the
/// whole file and says what is wrong, and where.
struct VocabularyScan {
  typealias Merge = (left: Int32, right: Int32, result: Int32)

  /// The file with an empty vocabulary and no merges.
  let rest: JSONValue
  private(set) var texts: [String?] = []
  private(set) var names = ByteStringTable([])
  private(set) var merges: [Merge] = []
  private(set) var count = 0

  init?(_ bytes: [UInt8], file: String) {
    guard let (rest, vocabulary, merges) = Self.outline(bytes, file: file) else { return nil }
    self.rest = rest
    let isRead = bytes.withUnsafeBufferPointer {
      read(vocabulary: ByteCursor($0, at: vocabulary.lowerBound), bytes: vocabulary.count)
        && read(merges: ByteCursor($0, at: merges.lowerBound), bytes: merges.count)
    }
    if !isRead { return nil }
  }

  /// The file with an empty vocabulary and no merges, and where those stand.
  static func outline(_ bytes: [UInt8], file: String)
    -> (rest: JSONValue, vocabulary: Range<Int>, merges: Range<Int>)?
  {
    let found = bytes.withUnsafeBufferPointer { bytes -> (Range<Int>, Range<Int>)? in
      var cursor = ByteCursor(bytes)
      return cursor.largeParts()
    }
    guard let (vocabulary, merges) = found else { return nil }
    var small = Array(bytes[..<min(vocabulary.lowerBound, merges.lowerBound)])
    let isFirst = vocabulary.lowerBound < merges.lowerBound
    small += Array((isFirst ? "{}" : "[]").utf8)
    small +=
      bytes[
        min(
          vocabulary.upperBound, merges.upperBound)..<max(
            vocabulary.lowerBound, merges.lowerBound)]
    small += Array((isFirst ? "[]" : "{}").utf8)
    small += bytes[max(vocabulary.upperBound, merges.upperBound)...]
    guard let rest = try? JSONReader.parse(small, file: file),
      rest["model"]?["type"]?.stringValue == "BPE",
      (rest["model"]?["continuing_subword_prefix"]?.stringValue ?? "").isEmpty
    else { return nil }
    return (rest, vocabulary, merges)
  }

  private mutating func read(vocabulary cursor: consuming ByteCursor, bytes: Int) -> Bool {
    var builder = ByteStringTable.Builder(count: bytes / 18, byteCount: bytes / 2)
    texts.reserveCapacity(bytes / 18)
    var key: [UInt8] = []
    guard cursor.open(0x7B) else { return false }
    while true {
      guard cursor.string(into: &key), cursor.step(over: 0x3A), let id = cursor.integer(),
        id <= TokenizerFile.idMax
      else { return false }
      if id >= texts.count {
        if id == texts.count {
          texts.append(nil)
        } else {
          texts.append(contentsOf: repeatElement(nil, count: id + 1 - texts.count))
        }
      }
      guard texts[id] == nil, let text = String(validating: key, as: UTF8.self) else {
        return false
      }
      texts[id] = text
      guard key.withUnsafeBufferPointer({ builder.add($0, Int32(id)) }) < 0 else { return false }
      guard let isLast = cursor.separator(0x7D) else { return false }
      if isLast { break }
    }
    count = builder.count
    names = ByteStringTable(builder)
    return true
  }

  private mutating func read(merges cursor: consuming ByteCursor, bytes: Int) -> Bool {
    var left: [UInt8] = []
    var right: [UInt8] = []
    guard cursor.open(0x5B) else { return cursor.isEmptyList }
    merges.reserveCapacity(bytes / 14)
    while true {
      if cursor.open(0x5B) {
        guard cursor.string(into: &left), cursor.step(over: 0x2C), cursor.string(into: &right),
          cursor.step(over: 0x5D)
        else { return false }
      } else {
        guard cursor.string(into: &left), let blank = left.firstIndex(of: 0x20) else {
          return false
        }
        right.removeAll(keepingCapacity: true)
        for byte in left[(blank + 1)...] { right.append(byte) }
        if right.contains(0x20) { return false }
        left.removeLast(left.count - blank)
      }
      let leftID = left.withUnsafeBufferPointer { names.find($0) }
      let rightID = right.withUnsafeBufferPointer { names.find($0) }
      for byte in right { left.append(byte) }
      let result = left.withUnsafeBufferPointer { names.find($0) }
      guard leftID >= 0, rightID >= 0, result >= 0 else { return false }
      merges.append((leftID, rightID, result))
      guard let isLast = cursor.separator(0x5D) else { return false }
      if isLast { return true }
    }
  }
}
