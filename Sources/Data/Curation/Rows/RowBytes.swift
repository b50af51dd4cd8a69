internal import CKernels
internal import Documents
package import Records

/// The parts of a stored line as ranges of its bytes, found without reading any value.
///
/// A line is `{"id":"…","type":…,…,"fields":{…}}`: see ``RowCodec``. Lines were written by this
/// program; of a damaged one the parts are wrong or empty, never out of bounds.
package struct RowBytes {
  package let line: UnsafeBufferPointer<UInt8>
  /// What the row says: everything between its id and its columns. Rows that say the same, written
  /// the same way, have the same bytes here.
  package let content: Range<Int>
  /// The inside of `"fields":{…}`; empty for a row without columns.
  package let fields: Range<Int>

  /// Calls `body` with the parts of `row`; valid during the call only.
  package static func with<Result>(_ row: StoredRow, _ body: (RowBytes) throws -> Result) rethrows
    -> Result
  {
    try row.line.withUnsafeBufferPointer { try body(RowBytes($0)) }
  }

  package init(_ line: UnsafeBufferPointer<UInt8>) {
    self.line = line
    // `{"id":"…"`, then a comma.
    let start = min(line.count, Self.end(line, 6) + 1)
    var at = start
    var content = start..<max(start, line.count - 1)
    var fields = 0..<0
    while let member = Self.member(line, at) {
      if line[member.key].elementsEqual(Self.fieldsKey) {
        content = start..<max(start, at - 1)
        fields = Self.inside(member.value)
        break
      }
      at = member.value.upperBound + 1
    }
    self.content = content
    self.fields = fields
  }

  private static let fieldsKey = Array(#""fields""#.utf8)

  /// The value of the column whose key, with its quotes, is `key` as ``JSONWriter`` writes it.
  package func field(_ key: [UInt8]) -> Range<Int>? {
    var at = fields.lowerBound
    while at < fields.upperBound, let member = Self.member(line, at) {
      if line[member.key].elementsEqual(key) { return member.value }
      at = member.value.upperBound + 1
    }
    return nil
  }

  /// Calls `body` with the key (with its quotes) and the value of every column.
  package func forEachField(_ body: (_ key: Range<Int>, _ value: Range<Int>) -> Void) {
    var at = fields.lowerBound
    while at < fields.upperBound, let member = Self.member(line, at) {
      body(member.key, member.value)
      at = member.value.upperBound + 1
    }
  }

  /// Whether the value at `range` is `null`.
  package func isNull(_ range: Range<Int>) -> Bool {
    range.count == 4 && line[range.lowerBound] == UInt8(ascii: "n")
  }

  /// The canonical bytes of the value at `range`: equal values have equal bytes.
  package func canonical(_ range: Range<Int>) -> [UInt8] {
    let bytes = Array(line[range])
    // The writer has one form for a text.
    if bytes.first == UInt8(ascii: "\"") { return bytes }
    guard let value = try? JSONReader.parse(bytes, file: "column") else { return bytes }
    return JSONWriter.canonical(value)
  }

  /// A 64-bit hash of the bytes in `range`.
  package func hash(_ range: Range<Int>, seed: UInt64 = 0) -> UInt64 {
    guard let base = line.baseAddress else { return seed }
    return orc_hash64(base + range.lowerBound, range.count, seed)
  }

  // MARK: - Private

  private static func end(_ line: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    guard let base = line.baseAddress, at < line.count else { return line.count }
    return orc_json_value_end(base, at, line.count)
  }

  /// The member whose key begins at `at`, or nil at the end of the object.
  private static func member(_ line: UnsafeBufferPointer<UInt8>, _ at: Int)
    -> (key: Range<Int>, value: Range<Int>)?
  {
    guard at < line.count, line[at] == UInt8(ascii: "\"") else { return nil }
    let keyEnd = end(line, at)
    // Behind the colon.
    guard keyEnd + 1 < line.count else { return nil }
    let valueEnd = end(line, keyEnd + 1)
    return (at..<keyEnd, keyEnd + 1..<max(keyEnd + 1, valueEnd))
  }

  private static func inside(_ object: Range<Int>) -> Range<Int> {
    object.count < 2
      ? object.lowerBound..<object.lowerBound
      : object.lowerBound + 1..<object.upperBound - 1
  }
}

/// A column's name in the form that ``RowBytes/field(_:)`` compares.
package struct ColumnKey: Sendable, Hashable {
  package let name: String
  package let bytes: [UInt8]

  package init(_ name: String) {
    self.name = name
    var bytes: [UInt8] = []
    JSONWriter.appendString(name, to: &bytes)
    self.bytes = bytes
  }
}

/// A 64-bit hash of bytes, the same as ``RowBytes/hash(_:seed:)``.
package func hash64(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
  bytes.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return orc_hash64([0], 0, seed) }
    return orc_hash64(base, buffer.count, seed)
  }
}
