import Diagnostics
import Documents
import Records
import Reproducibility
import TestSupport
import Testing

@Suite struct RecordsWriterTests {
  /// Rows of varying length, some of them equal.
  static func rows(_ count: Int, seed: UInt64) -> [Row] {
    let random = CounterRandom(seed: seed, stream: "rows")
    var identity = RowIdentity()
    return (0..<count).map { index in
      let length = random.integer(UInt64(index), below: 3000)
      let text =
        index % 50 == 7 ? "the same" : "\(index) " + String(repeating: "x", count: length)
      let fields = [JSONMember("label", .string("l\(index % 5)"))]
      return Row(
        id: index % 50 == 7
          ? identity.next(.text(text), []) : identity.next(.text(text), fields),
        content: .text(text), fields: index % 50 == 7 ? [] : fields)
    }
  }

  static func write(_ rows: [Row], _ folder: TemporaryFolder, _ name: String) throws
    -> RecordsManifest
  {
    let writer = try RecordsWriter(folder: try folder.makeFolder(name))
    for row in rows { try writer.append(row) }
    return try writer.finish()
  }

  @Test("what is written is read back, in order and chunk by chunk")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let rows = Self.rows(2000, seed: 1)
    let manifest = try Self.write(rows, folder, "a")
    #expect(manifest.rowCount == 2000)
    #expect(manifest.chunks.count > 3)
    let reader = try RecordsReader(FileTree(folder: folder.path + "/a"))
    #expect(try reader.rows() == rows)
    #expect(reader.manifest == manifest)
    for (index, chunk) in manifest.chunks.enumerated() {
      #expect(try reader.chunk(index).count == chunk.rows)
      #expect(Digest(of: try folder.read("a/" + chunk.file)) == chunk.digest)
      #expect(chunk.bytes <= RecordsWriter.chunkBytesMax)
    }
  }

  @Test("chunks written elsewhere make the same artifact")
  func deferred() throws {
    let folder = try TemporaryFolder()
    let rows = Self.rows(2000, seed: 2)
    let manifest = try Self.write(rows, folder, "a")
    let other = try folder.makeFolder("b")
    let writer = try RecordsWriter(folder: other, isDeferred: true)
    for (index, row) in rows.enumerated() {
      try writer.append(row)
      guard index % 700 == 0 else { continue }
      for chunk in try ClosedChunk.write(writer.takeClosed(), to: other) { writer.add(chunk) }
    }
    #expect(try writer.finish() == manifest)
    for chunk in manifest.chunks {
      #expect(try folder.read("a/" + chunk.file) == folder.read("b/" + chunk.file))
      #expect(Digest(of: try folder.read("a/" + chunk.file)) == chunk.digest)
    }
  }

  @Test("rows passed on where they were parsed make the same artifact as copied ones")
  func parsed() throws {
    let folder = try TemporaryFolder()
    let rows = Self.rows(3000, seed: 6)
    let manifest = try Self.write(rows, folder, "a")
    let lines = rows.map { row -> String in
      guard case .text(let text) = row.content else { return "" }
      return JSONWriter.compact(.object([JSONMember("text", .string(text))] + row.fields))
    }
    try folder.write("rows.jsonl", lines.joined(separator: "\n"))
    let path = folder.path + "/rows.jsonl"
    let reader = try SourceReader(path, file: "rows.jsonl", format: .jsonl)
    let intake = RowIntake(
      file: "rows.jsonl", format: .jsonl, shaper: RowShaper(.completion, ColumnNames()),
      header: nil)
    var identity = RowIdentity()
    let writer = try RecordsWriter(folder: try folder.makeFolder("b"))
    var count = 0
    while let batch = try reader.next() {
      for slice in batch.slices() {
        let parsed = intake.rows(batch, slice)
        #expect(parsed.bad.isEmpty)
        for row in parsed.rows {
          let key = identity.next(row.key)
          count += 1
          // Copied ones between them, alone and several.
          if key.ordinal == 0, count % 7 == 0 || (count / 100) % 4 == 1 {
            try parsed.withLines {
              try writer.append(whole: UnsafeBufferPointer(rebasing: $0[row.range]), key: key)
            }
          } else {
            try writer.append(row, of: parsed, key: key)
          }
        }
      }
    }
    #expect(try writer.finish() == manifest)
    #expect(try RecordsReader(FileTree(folder: folder.path + "/b")).rows() == rows)
  }

  @Test("no rows make an artifact without chunks")
  func empty() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.write([], folder, "a").chunks.isEmpty)
    #expect(try RecordsReader(FileTree(folder: folder.path + "/a")).rows().isEmpty)
  }

  @Test("an inserted row changes few chunks", arguments: [0, 1, 2, 3])
  func insertion(at quarter: Int) throws {
    let folder = try TemporaryFolder()
    var rows = Self.rows(6000, seed: 2)
    let before = try Self.write(rows, folder, "a")
    let content = RowContent.text("something new")
    var identity = RowIdentity()
    rows.insert(Row(id: identity.next(content, []), content: content), at: quarter * 1500)
    let after = try Self.write(rows, folder, "b")
    let known = Set(before.chunks.map(\.digest))
    let changed = after.chunks.count { !known.contains($0.digest) }
    #expect(before.chunks.count > 15)
    #expect((1...4).contains(changed), "changed \(changed) of \(after.chunks.count)")
  }

  @Test("a row longer than a chunk stands in a chunk of its own")
  func longRow() throws {
    let folder = try TemporaryFolder()
    var rows = Self.rows(10, seed: 3)
    let content = RowContent.text(String(repeating: "y", count: 3 << 20))
    rows.insert(
      Row(id: RowID(hash: RowIdentity.hash(content, []), ordinal: 0), content: content), at: 5)
    let manifest = try Self.write(rows, folder, "a")
    #expect(manifest.chunks.map(\.rows) == [5, 1, 5])
    #expect(try RecordsReader(FileTree(folder: folder.path + "/a")).rows() == rows)
  }

  @Test("a chunk that is cut short is refused")
  func damaged() throws {
    let folder = try TemporaryFolder()
    _ = try Self.write(Self.rows(3, seed: 4), folder, "a")
    let text = String(decoding: try folder.read("a/chunks/000001.jsonl"), as: UTF8.self)
    try folder.write("a/chunks/000001.jsonl", String(text.dropLast(5)))
    let reader = try RecordsReader(FileTree(folder: folder.path + "/a"))
    #expect(throws: Failure.self) { try reader.rows() }
    let whole = text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
    try folder.write("a/chunks/000001.jsonl", whole)
    #expect {
      try reader.rows()
    } throws: { error in
      (error as? Failure)?.diagnostics[0].code == "records.damaged"
    }
  }
}
