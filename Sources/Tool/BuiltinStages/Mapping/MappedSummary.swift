internal import Documents
internal import Records

/// What is kept of a mapped chunk beside its rows and changes: counts, further lines, and the ids
/// its rows were given. A line of JSON, then 20 bytes a row (16 of the hash, 4 of the ordinal, lowest
/// byte first), then the further lines in order of their names.
struct MappedSummary: Sendable {
  var rowsIn = 0
  var changed = 0
  var dropped: [String: Int] = [:]
  var counts: [String: Int] = [:]
  var lines: [String: [UInt8]] = [:]
  var ids: [RowKey] = []

  init(_ chunk: MappedChunk, ids: [RowKey]) {
    rowsIn = chunk.outcomes.count
    for outcome in chunk.outcomes {
      switch outcome {
      case .kept(let row): if row.change != nil { changed += 1 }
      case .dropped(let change): dropped[change.rule, default: 0] += 1
      }
    }
    counts = chunk.counts
    lines = chunk.lines
    self.ids = ids
  }

  var bytes: [UInt8] {
    let names = lines.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let head = JSONValue.object([
      "rows": .integer(Int64(ids.count)), "rows_in": .integer(Int64(rowsIn)),
      "changed": .integer(Int64(changed)), "dropped": ReportFolder.counts(dropped),
      "counts": ReportFolder.counts(counts),
      "lines": .array(
        names.map {
          .object(["file": .string($0), "bytes": .integer(Int64(lines[$0]?.count ?? 0))])
        }),
    ])
    var out = Array((JSONWriter.compact(head) + "\n").utf8)
    out.reserveCapacity(out.count + 20 * ids.count)
    for id in ids { id.appendStored(to: &out) }
    for name in names { out += lines[name] ?? [] }
    return out
  }

  /// Nil when `bytes` are no summary.
  init?(_ bytes: [UInt8]) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
      let head = try? JSONReader.parse(Array(bytes[..<end]), file: ""),
      let rows = head["rows"]?.integerValue, let rowsIn = head["rows_in"]?.integerValue,
      let changed = head["changed"]?.integerValue, let dropped = Self.counts(head["dropped"]),
      let counts = Self.counts(head["counts"]), let files = head["lines"]?.arrayValue,
      rows >= 0, bytes.count - end - 1 >= 20 * rows
    else { return nil }
    self.rowsIn = rowsIn
    self.changed = changed
    self.dropped = dropped
    self.counts = counts
    var at = end + 1
    ids.reserveCapacity(rows)
    for _ in 0..<rows {
      ids.append(RowKey(bytes[at..<at + 20]))
      at += 20
    }
    for file in files {
      guard let name = file["file"]?.stringValue, let count = file["bytes"]?.integerValue,
        count >= 0, bytes.count - at >= count
      else { return nil }
      lines[name] = Array(bytes[at..<at + count])
      at += count
    }
  }

  private static func counts(_ json: JSONValue?) -> [String: Int]? {
    guard case .object(let members) = json else { return nil }
    var out: [String: Int] = [:]
    for member in members {
      guard let value = member.value.integerValue else { return nil }
      out[member.key] = value
    }
    return out
  }
}

extension RowKey {
  /// Appends the 20 bytes that ``init(_:)-(ArraySlice<UInt8>)`` reads.
  fileprivate func appendStored(to bytes: inout [UInt8]) {
    for half in [high, low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
      }
    }
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: ordinal >> UInt32(shift)))
    }
  }

  /// - Parameter bytes: 20 of them.
  fileprivate init(_ bytes: ArraySlice<UInt8>) {
    let half = { (range: Range<Int>) in bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    let start = bytes.startIndex
    let ordinal = bytes[(start + 16)..<(start + 20)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    self.init(
      high: half(start..<start + 8), low: half(start + 8..<start + 16), ordinal: ordinal)
  }
}
