internal import Documents
internal import Records

/// The two files that a mapped chunk becomes once the ids of its rows are known: lines of records,
/// and lines of changes.
enum MappedFiles {
  static func encoded(_ chunk: MappedChunk, ids: [RowKey]) -> (rows: [UInt8], changes: [UInt8]) {
    var rows: [UInt8] = []
    var changes: [UInt8] = []
    var next = ids.makeIterator()
    for outcome in chunk.outcomes {
      switch outcome {
      case .kept(let row):
        guard let id = next.next() else { preconditionFailure("every kept row has an id") }
        append(id, to: &rows)
        rows += row.tail
        if let change = row.change { append(change, row: id, to: &changes) }
      case .dropped(let change): append(change, row: nil, to: &changes)
      }
    }
    return (rows, changes)
  }

  /// The same files with other ids for the rows, in the order of `old`.
  static func renamed(
    rows: [UInt8], changes: [UInt8], from old: [RowKey], to new: [RowKey]
  ) -> (rows: [UInt8], changes: [UInt8]) {
    var out: [UInt8] = []
    out.reserveCapacity(rows.count + 4 * new.count)
    var start = 0
    for (from, to) in zip(old, new) {
      let end = rows[start...].firstIndex(of: UInt8(ascii: "\n")) ?? rows.count - 1
      append(to, to: &out)
      out += rows[(start + head.count + from.description.utf8.count + 1)...end]
      start = end + 1
    }
    let names = Dictionary(
      zip(old.map(\.description), new.map(\.description)), uniquingKeysWith: { first, _ in first })
    return (out, renamed(changes, names))
  }

  private static func renamed(_ changes: [UInt8], _ names: [String: String]) -> [UInt8] {
    let head = Array("{\"row\":\"".utf8)
    var out: [UInt8] = []
    out.reserveCapacity(changes.count)
    for line in changes.split(separator: UInt8(ascii: "\n")) {
      if line.starts(with: head),
        let end = line.dropFirst(head.count).firstIndex(of: UInt8(ascii: "\"")),
        let name = names[
          String(decoding: line[(line.startIndex + head.count)..<end], as: UTF8.self)]
      {
        out += head
        out += Array(name.utf8)
        out += line[end...]
      } else {
        out += line
      }
      out.append(UInt8(ascii: "\n"))
    }
    return out
  }

  private static let head = Array("{\"id\":\"".utf8)

  private static func append(_ id: RowKey, to bytes: inout [UInt8]) {
    bytes += head
    id.append(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  private static func append(
    _ change: MappedChunk.Change, row: RowKey?, to bytes: inout [UInt8]
  ) {
    RowChanges.append(
      row: row, was: change.was, rule: change.rule, detail: change.detail, to: &bytes)
  }
}
