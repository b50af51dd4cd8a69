internal import Documents
internal import Records
internal import Reproducibility

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
  /// Which chunks stood before this one when the ids were given: see ``ChunkChain``. Nil where that
  /// is not known, as in a shard.
  var chain: Digest?

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
    var members = [
      JSONMember("rows", .integer(Int64(ids.count))),
      JSONMember("rows_in", .integer(Int64(rowsIn))),
      JSONMember("changed", .integer(Int64(changed))),
      JSONMember("dropped", ReportFolder.counts(dropped)),
      JSONMember("counts", ReportFolder.counts(counts)),
      JSONMember(
        "lines",
        .array(
          names.map {
            .object(["file": .string($0), "bytes": .integer(Int64(lines[$0]?.count ?? 0))])
          })),
    ]
    if let chain { members.append(JSONMember("chain", .string(chain.hex))) }
    var out = Array((JSONWriter.compact(.object(members)) + "\n").utf8)
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
    chain = head["chain"]?.stringValue.flatMap { Digest(hex: $0) }
    ids = bytes.withUnsafeBytes { all in
      (0..<rows).map { RowKey(stored: all, at: end + 1 + 20 * $0) }
    }
    var at = end + 1 + 20 * rows
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
  /// Appends the 20 bytes that ``init(stored:at:)`` reads.
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

  /// - Parameter start: of 20 bytes.
  fileprivate init(stored bytes: UnsafeRawBufferPointer, at start: Int) {
    self.init(
      high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)),
      ordinal: UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt32.self))
    )
  }
}
