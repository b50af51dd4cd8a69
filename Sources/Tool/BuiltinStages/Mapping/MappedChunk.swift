package import Documents
package import Records

/// What a ``RowMap`` made of the rows of one chunk. A value that can be stored and read back.
package struct MappedChunk: Sendable {
  /// A row that goes on. Its id is given when all rows before it are known.
  struct Kept: Sendable {
    /// Of the row as it goes on: see ``RowIdentity/hash(_:_:)``.
    var hash: RowKey
    /// The line after the id, with its line feed, as in ``EncodedRow``.
    var tail: [UInt8]
    /// For a row that was changed: what it was and why.
    var change: Change?
  }

  /// Why a row was changed or dropped: a line of ``RowChanges``.
  struct Change: Sendable {
    /// The row's id in the input.
    var was: RowKey
    /// The rule by its published name: `gopher.word_count`, `PERSON`, …
    var rule: String
    /// Counts and measures; never contents.
    var detail: JSONValue?
  }

  enum Outcome: Sendable {
    case kept(Kept)
    case dropped(Change)
  }

  package init() {}

  private(set) var outcomes: [Outcome] = []
  /// Sums over rows by name, added up over chunks.
  private(set) var counts: [String: Int] = [:]
  /// Lines for further files of the report, by file name, in order.
  private(set) var lines: [String: [UInt8]] = [:]

  /// The row goes on as it is.
  package mutating func keep(_ row: StoredRow) {
    outcomes.append(.kept(Kept(hash: row.key.first, tail: row.tail, change: nil)))
  }

  /// The row goes on as `new`; recorded under `rule` when that is another content.
  ///
  /// - Parameter detail: counts and measures for ``RowChanges``; never contents.
  package mutating func change(
    _ row: StoredRow, to new: EncodedRow, rule: String, detail: JSONValue? = nil
  ) {
    let change = Change(was: row.key, rule: rule, detail: detail)
    let hash = RowKey(hash: new.hash)
    outcomes.append(
      .kept(
        Kept(
          hash: hash, tail: new.tail, change: hash == row.key.first ? nil : change)))
  }

  /// The row ends here.
  package mutating func drop(_ row: StoredRow, rule: String, detail: JSONValue? = nil) {
    outcomes.append(
      .dropped(Change(was: row.key, rule: rule, detail: detail)))
  }

  package mutating func count(_ name: String, _ value: Int = 1) {
    counts[name, default: 0] += value
  }

  /// Appends a line to a further file of the report, such as `sample.jsonl`; chunks follow each
  /// other in order.
  package mutating func append(_ json: JSONValue, to file: String) {
    JSONWriter.append(json, sorted: false, to: &lines[file, default: []])
    lines[file, default: []].append(UInt8(ascii: "\n"))
  }
}
