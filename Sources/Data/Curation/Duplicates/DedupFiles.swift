internal import Documents
package import Parallelism
package import Records

/// Writes what deduplication found: the rows that stay, `clusters.jsonl`, and `changes.jsonl` with a
/// line for each row removed.
package final class DedupFiles {
  package static let changesFile = "changes.jsonl"

  /// Rows of the output.
  package private(set) var rowsWritten = 0

  private let result: DedupResult
  private let pool: ThreadPool
  private let checkCancelled: () throws -> Void

  private static let chunksAtOnce = 16

  package init(
    _ result: DedupResult, _ pool: ThreadPool, _ checkCancelled: @escaping () throws -> Void = {}
  ) {
    self.result = result
    self.pool = pool
    self.checkCancelled = checkCancelled
  }

  /// - Parameters:
  ///   - substring: passages to remove as well; counts what was done.
  ///   - kept, clusters, report: existing folders of the three outputs.
  package func write(
    _ reader: RecordsReader, _ substring: inout SubstringResult?, kept: String, clusters: String,
    report: String
  ) throws {
    let changes = try OutputFile(report + "/" + Self.changesFile)
    let writer = try RecordsWriter(folder: kept, isDeferred: true)
    if substring == nil {
      try writeKept(reader, writer, kept)
      for place in result.removed {
        try changes.append(removal(result.clusters.members[Int(place)]))
      }
    } else {
      try writeCut(reader, &substring, writer, kept, changes)
    }
    try writeClosed(writer, kept)
    try writer.finish()
    rowsWritten = writer.rowCount
    try changes.finish()
    try writeClusters(clusters)
  }

  private func writeKept(
    _ reader: RecordsReader, _ writer: RecordsWriter, _ folder: String
  ) throws {
    let isRemoved = result.isRemoved
    let ids = result.table.ids
    var row = 0
    try forEachBatch(reader, writer, folder, { try reader.bytes($0) }) { bytes, ends in
      try bytes.withUnsafeBufferPointer { bytes in
        var start = 0
        for end in ends {
          if !isRemoved[row] {
            let line = UnsafeBufferPointer(rebasing: bytes[start..<end])
            try writer.append(whole: line, key: ids[row])
          }
          start = end
          row += 1
        }
      }
    }
  }

  private func forEachRow(
    _ reader: RecordsReader, _ writer: RecordsWriter, _ folder: String,
    _ body: (Int, StoredRow) throws -> Void
  ) throws {
    var row = 0
    try forEachBatch(reader, writer, folder, { try reader.stored($0) }) { part in
      for stored in part {
        try body(row, stored)
        row += 1
      }
    }
  }

  /// Reads chunks on the pool, calls `body` with each in order, and writes what became whole.
  private func forEachBatch<Part: Sendable>(
    _ reader: RecordsReader, _ writer: RecordsWriter, _ folder: String,
    _ read: @Sendable (_ chunk: Int) throws -> Part, _ body: (Part) throws -> Void
  ) throws {
    for start in stride(from: 0, to: reader.chunkCount, by: Self.chunksAtOnce) {
      try checkCancelled()
      let chunks = Array(start..<min(start + Self.chunksAtOnce, reader.chunkCount))
      for part in try pool.map(chunks, read) { try body(part) }
      try writeClosed(writer, folder)
    }
  }

  /// Digests and writes whole chunks on the pool, two to a task.
  private func writeClosed(_ writer: RecordsWriter, _ folder: String) throws {
    let closed = writer.takeClosed()
    let tasks = stride(from: 0, to: closed.count, by: 2).map {
      Array(closed[$0..<min($0 + 2, closed.count)])
    }
    for chunks in try pool.map(tasks, { try ClosedChunk.write($0, to: folder) }) {
      for chunk in chunks { writer.add(chunk) }
    }
  }

  /// Rows get new ids where they change; `changes.jsonl` is in order of the input.
  private func writeCut(
    _ reader: RecordsReader, _ substring: inout SubstringResult?, _ writer: RecordsWriter,
    _ folder: String, _ changes: OutputFile
  ) throws {
    guard var passages = substring else { return }
    let cutter = PassageCutter(result.rules.shingler)
    // Rows that stay as they are keep their ids; a new one is none of the input's.
    var identity = RowIdentity()
    for id in result.table.ids { _ = identity.next(id.hash) }
    var (removed, next) = (0, 0)
    try forEachRow(reader, writer, folder) { row, stored in
      if removed < result.removed.count {
        let member = result.clusters.members[Int(result.removed[removed])]
        if Int(member.row) == row {
          try changes.append(removal(member))
          removed += 1
          return
        }
      }
      var own: [SubstringResult.Repeat] = []
      while next < passages.repeats.count, Int(passages.repeats[next].row) == row {
        own.append(passages.repeats[next])
        next += 1
      }
      guard let first = own.first else {
        try writer.append(line: stored.line, key: stored.key)
        return
      }
      let old = try stored.row()
      let content =
        passages.rules.action == .dropRow ? nil : cutter.cut(own.map(\.words), from: old.content)
      var id: RowID?
      if let content {
        let new = identity.next(content, old.fields)
        try writer.append(Row(id: new, content: content, fields: old.fields))
        passages.changedRows += 1
        id = new
      } else {
        passages.droppedRows += 1
      }
      try changes.append(passage(stored.id, id, own, first.first))
    }
    substring = passages
  }

  /// A line of `changes.jsonl` for repeated passages.
  private func passage(
    _ was: RowID, _ row: RowID?, _ repeats: [SubstringResult.Repeat], _ first: UInt32
  ) -> [UInt8] {
    var line: [UInt8] = []
    RowChanges.append(
      row: row.map { RowKey($0) }, was: RowKey(was), rule: "duplicate.substring",
      detail: .object([
        "kept": .string(result.table.ids[Int(first)].description),
        "words": .integer(Int64(repeats.reduce(0) { $0 + $1.words.count })),
        "passages": .integer(Int64(repeats.count)),
      ]), to: &line)
    return line
  }

  private func writeClusters(_ folder: String) throws {
    let file = try OutputFile(folder + "/" + RowClusters.file)
    var line: [UInt8] = []
    for member in result.clusters.members {
      line.removeAll(keepingCapacity: true)
      line += Self.row
      result.table.ids[Int(member.row)].append(to: &line)
      line += Self.cluster
      result.table.ids[Int(member.kept)].append(to: &line)
      line += member.isKept ? Self.isKept : Self.isNotKept
      Self.append(member.similarity, to: &line)
      line += Self.end
      try file.append(line)
    }
    try file.finish()
  }

  /// A line of `changes.jsonl` for a row removed.
  private func removal(_ member: DuplicateClusters.Member) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(256)
    let ids = result.table.ids
    RowChanges.append(
      row: nil, was: ids[Int(member.row)],
      rule: result.isExact(member) ? "duplicate.exact" : "duplicate.near", to: &line
    ) { line in
      line += Self.kept
      ids[Int(member.kept)].append(to: &line)
      line += Self.similarity
      Self.append(member.similarity, to: &line)
      line.append(UInt8(ascii: "}"))
    }
    return line
  }

  private static func append(_ similarity: Double, to line: inout [UInt8]) {
    if similarity == 1 {
      line.append(UInt8(ascii: "1"))
    } else {
      JSONWriter.append(.number(similarity), sorted: false, to: &line)
    }
  }

  private static let row = Array(#"{"row":""#.utf8)
  private static let cluster = Array(#"","cluster":""#.utf8)
  private static let isKept = Array(#"","kept":true,"similarity":"#.utf8)
  private static let isNotKept = Array(#"","kept":false,"similarity":"#.utf8)
  private static let kept = Array(#"{"kept":""#.utf8)
  private static let similarity = Array(#"","similarity":"#.utf8)
  private static let end = Array("}\n".utf8)
}
