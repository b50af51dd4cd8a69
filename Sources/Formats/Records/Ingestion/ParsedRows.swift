/// What became of raw rows that follow one another in a file: whole lines of the good ones, one
/// after the other, and the bad ones between them.
package struct ParsedRows: Sendable {
  /// A row that is encoded, and named as if it were the first with its content.
  package struct Row: Sendable {
    /// Of the first row with this content.
    package fileprivate(set) var key: RowKey
    /// Where its line lies, with its line feed.
    package let range: Range<Int>
    /// Its line in the source.
    package let line: Int
    /// See ``RowShaper/Shaped``.
    package let warning: String?
  }

  package let rows: [Row]
  /// Bad rows in order, each with how many good ones stand before it.
  package let bad: [(row: BadRow, after: Int)]
  let lines: ByteBlock

  /// Bytes of a line up to its id's closing quote.
  static let idEnd = 39

  /// What `body` makes of the lines: `{"id":"…32 digits…","type":…}`, each with a line feed.
  package func withLines<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try lines.withBytes(body)
  }

  /// The rows on their way.
  struct Builder: ~Copyable {
    private(set) var rows: [Row] = []
    private var bad: [(row: BadRow, after: Int)] = []
    var lines: ByteRoom

    /// - Parameter bytes: of the raw rows.
    init(rows: Int, bytes: Int) {
      self.rows.reserveCapacity(rows)
      lines = ByteRoom(capacity: bytes + rows * 72 + 512)
    }

    /// Begins the line of a row; the caller appends to ``lines`` what is after its id, and then calls
    /// ``end(_:line:warning:)`` or ``drop(_:)`` with what this returns.
    mutating func begin() -> Int {
      let start = lines.count
      lines.append(#"{"id":"00000000000000000000000000000000""#)
      return start
    }

    /// The row is good; its key comes later, with ``name(_:_:)``.
    mutating func end(_ start: Int, line: Int, warning: String?) {
      let key = RowKey(high: 0, low: 0, ordinal: 0)
      rows.append(Row(key: key, range: start..<lines.count, line: line, warning: warning))
    }

    /// The row is none.
    mutating func drop(_ start: Int) { lines.removeAll(from: start) }

    mutating func append(_ row: EncodedRow, line: Int, warning: String?) {
      let start = begin()
      row.tail.withUnsafeBufferPointer {
        if let base = $0.baseAddress { lines.append(base, $0.count) }
      }
      end(start, line: line, warning: warning)
      name(rows.count - 1, RowKey(hash: row.hash))
    }

    mutating func append(_ row: BadRow) { bad.append((row, rows.count)) }

    /// Gives row `index` its key.
    mutating func name(_ index: Int, _ key: RowKey) {
      rows[index].key = key
      key.writeHash(to: lines.base + rows[index].range.lowerBound + ParsedRows.idEnd - 32)
    }

    consuming func finish() -> ParsedRows {
      ParsedRows(rows: rows, bad: bad, lines: lines.block())
    }
  }
}
