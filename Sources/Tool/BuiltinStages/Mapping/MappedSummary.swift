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
  var ids: [RowID] = []

  init(_ chunk: MappedChunk, ids: [RowID]) {
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
    for id in ids { id.append(to: &out) }
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
      ids.append(RowID(bytes[at..<at + 20]))
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

extension RowID {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Appends the 20 bytes that ``init(_:)-(ArraySlice<UInt8>)`` reads.
  fileprivate func append(to bytes: inout [UInt8]) {
    var high: UInt8?
    for byte in hash.utf8 {
      let digit = byte < 58 ? byte &- 48 : byte &- 87
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    let ordinal = UInt32(truncatingIfNeeded: self.ordinal)
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: ordinal >> UInt32(shift)))
    }
  }

  /// - Parameter bytes: 20 of them.
  fileprivate init(_ bytes: ArraySlice<UInt8>) {
    let start = bytes.startIndex
    var hex: [UInt8] = []
    hex.reserveCapacity(32)
    for byte in bytes.prefix(16) {
      hex.append(Self.digits[Int(byte >> 4)])
      hex.append(Self.digits[Int(byte & 15)])
    }
    var ordinal = 0
    for index in 0..<4 { ordinal |= Int(bytes[start + 16 + index]) << (8 * index) }
    self.init(hash: String(decoding: hex, as: UTF8.self), ordinal: ordinal)
  }
}
