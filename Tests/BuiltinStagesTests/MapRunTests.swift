import BuiltinStages
import Diagnostics
import Documents
import Parallelism
import Records
import Reproducibility
import StageKit
import Synchronization
import TestSupport
import Testing

/// Drops rows that say "drop", brings the others to lower case, and counts what it was asked.
private struct ToyMap: RowMap {
  let asked: Counter

  final class Counter: Sendable {
    private let rows = Mutex(0)
    var value: Int { rows.withLock { $0 } }
    func add(_ count: Int) { rows.withLock { $0 += count } }
  }

  func map(_ rows: [StoredRow], into chunk: inout MappedChunk) throws {
    asked.add(rows.count)
    for stored in rows {
      let row = try stored.row()
      guard case .text(let text) = row.content else { continue }
      chunk.count("bytes", text.utf8.count)
      if text.hasPrefix("drop") {
        chunk.drop(stored, rule: "toy.drop", detail: ["length": .integer(Int64(text.utf8.count))])
      } else if text.hasPrefix("same") {
        chunk.keep(stored)
        chunk.append(.string(stored.id.description), to: "same.jsonl")
      } else {
        chunk.change(stored, to: EncodedRow(.text(text.lowercased()), row.fields), rule: "toy.case")
      }
    }
  }
}

/// Results in memory, by chunk.
private final class MemoryResults: ChunkResults {
  private let kept = Mutex<[Digest: ChunkResult]>([:])
  var count: Int { kept.withLock { $0.count } }

  func find(_ chunk: Digest) -> ChunkResult? { kept.withLock { $0[chunk] } }
  func keep(_ chunk: Digest, summary: [UInt8], files: [[UInt8]]) -> ChunkResult {
    let result = NoChunkResults().keep(chunk, summary: summary, files: files)
    kept.withLock { $0[chunk] = result }
    return result
  }
  func trim(to chunks: [Digest]) {}
}

@Suite struct MapRunTests {
  /// About 700 bytes each; every fifth text is there twice or more, some equal only after the map.
  private static func texts(_ count: Int) -> [String] {
    (0..<count).map { index in
      let filler = String(repeating: "lorem ipsum dolor ", count: 40)
      return switch index % 10 {
      case 0: "drop \(index) \(filler)"
      case 1: "same twice \(filler)"
      case 2: "Equal \(index % 4) \(filler)"
      case 3: "EQUAL \(index % 4) \(filler)"
      case 4: "same \(index) \(filler)"
      default: "Text \(index) \(filler)"
      }
    }
  }

  private static func records(_ texts: [String], _ folder: TemporaryFolder, _ name: String) throws
    -> InputArtifact
  {
    let path = try folder.makeFolder(name)
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for text in texts {
      try writer.append(
        Row(id: identity.next(.text(text), []), content: .text(text), fields: []))
    }
    try writer.finish()
    return try StageHarness.artifact(folder: path, .records)
  }

  private struct Outcome {
    var result: MapRun.Result
    var asked: Int
    var records: FileTree
    var report: FileTree

    func bytes() throws -> [String: [UInt8]] {
      var out: [String: [UInt8]] = [:]
      for (prefix, tree) in [("records/", records), ("report/", report)] {
        for name in tree.names { out[prefix + name] = try SharedMaterial.bytes(tree.path(name)) }
      }
      return out
    }
  }

  private static func run(
    _ input: InputArtifact, _ folder: TemporaryFolder, _ name: String, threads: Int = 2,
    results: any ChunkResults = NoChunkResults(), shard: ShardRole = .whole,
    smallest: [String: Int] = [:]
  ) throws -> Outcome {
    let outputs = [
      "records": try folder.makeFolder(name + "-records"),
      "report": try folder.makeFolder(name + "-report"),
    ]
    let context = StageContext(
      pool: ThreadPool(threads: threads), inputs: ["records": input], files: [:], outputs: outputs,
      checkpoints: NoCheckpoints(), shard: shard, chunkResults: { _, _ in results },
      sink: { _ in })
    let counter = ToyMap.Counter()
    let result = try MapRun(context, input: "records", output: "records", report: "report")
      .run(ToyMap(asked: counter), smallest: smallest)
    return Outcome(
      result: result, asked: counter.value,
      records: try FileTree(folder: outputs["records"] ?? ""),
      report: try FileTree(folder: outputs["report"] ?? ""))
  }

  @Test("rows are kept, changed and dropped in order, with ids of their own and a line each")
  func outcome() throws {
    let folder = try TemporaryFolder()
    let texts = Self.texts(2000)
    let outcome = try Self.run(try Self.records(texts, folder, "in"), folder, "out")
    let rows = try RecordsReader(outcome.records).rows()
    let expected = texts.filter { !$0.hasPrefix("drop") }
      .map { $0.hasPrefix("same") ? $0 : $0.lowercased() }
    #expect(rows.map(\.content) == expected.map { .text($0) })
    var identity = RowIdentity()
    #expect(rows.map(\.id) == rows.map { identity.next($0.content, $0.fields) })
    #expect(Set(rows.map(\.id)).count == rows.count)
    #expect(outcome.result.rowsIn == 2000)
    #expect(outcome.result.rowsOut == 1800)
    #expect(outcome.result.dropped == ["toy.drop": 200])
    #expect(outcome.result.changed == 1400)
    #expect(outcome.result.counts == ["bytes": texts.reduce(0) { $0 + $1.utf8.count }])
    #expect(outcome.result.chunks > 3)

    var lines: [JSONValue] = []
    for name in outcome.report.names where name.hasPrefix("changes/") {
      for line in try SharedMaterial.bytes(outcome.report.path(name)).split(separator: 10) {
        lines.append(try JSONReader.parse(Array(line), file: name))
      }
    }
    #expect(lines.count == 1600)
    #expect(lines.count { $0["row"] == nil } == 200)
    let ids = Set(rows.map(\.id.description))
    #expect(lines.allSatisfy { $0["row"].map { ids.contains($0.stringValue ?? "") } ?? true })
    let same = try SharedMaterial.bytes(outcome.report.path("same.jsonl"))
    #expect(same.count { $0 == 10 } == 400)
  }

  @Test("threads, parts and kept results change no byte")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    let input = try Self.records(Self.texts(2000), folder, "in")
    let whole = try Self.run(input, folder, "whole")
    #expect(try Self.run(input, folder, "one", threads: 1).bytes() == whole.bytes())
    #expect(try Self.run(input, folder, "four", threads: 4).bytes() == whole.bytes())
    for count in [2, 7] {
      let results = MemoryResults()
      var asked = 0
      for index in 0..<count {
        let part = try Self.run(
          input, folder, "part-\(count)-\(index)", results: results,
          shard: .part(index: index, count: count))
        asked += part.asked
        #expect(part.records.names.isEmpty)
      }
      #expect(asked == 2000)
      let gathered = try Self.run(
        input, folder, "gathered-\(count)", results: results, shard: .gather(runParts: {}))
      #expect(gathered.asked == 0)
      #expect(try gathered.bytes() == whole.bytes())
    }
  }

  @Test("rows appended or put in between cost the chunks they fall into")
  func incremental() throws {
    let folder = try TemporaryFolder()
    // So many that the few new rows are looked for among the known ones, without a table of all.
    let texts = Self.texts(12000)
    let results = MemoryResults()
    let first = try Self.run(
      try Self.records(texts, folder, "in"), folder, "first", results: results)
    #expect(first.asked == 12000)
    var more = texts
    more.append(contentsOf: Self.texts(40).map { $0 + " more" })
    // Equal to rows of the first chunk, before the map or only after it.
    more.append(contentsOf: texts[0..<20])
    more.append(texts[15].uppercased().replacing("TEXT", with: "Text"))
    var between = more
    between.insert("Between " + String(repeating: "lorem ipsum dolor ", count: 40), at: 50)
    for (name, rows) in [("more", more), ("between", between)] {
      let input = try Self.records(rows, folder, name)
      let again = try Self.run(input, folder, name + "-again", results: results)
      #expect(again.asked < 1500)
      #expect(again.result.chunksReused > again.result.chunks / 2)
      #expect(try again.bytes() == Self.run(input, folder, name + "-scratch").bytes())
    }
  }

  @Test("results whose rows had other rows before them are given other ids")
  func moved() throws {
    let folder = try TemporaryFolder()
    // Different rows, of which each of the second half becomes equal to one of the first.
    let filler = String(repeating: "lorem ipsum dolor ", count: 40)
    let texts = (0..<3000).map { ($0 < 1500 ? "TEXT \($0) " : "Text \($0 - 1500) ") + filler }
    let results = MemoryResults()
    _ = try Self.run(try Self.records(texts, folder, "in"), folder, "first", results: results)
    // Without the first rows their equals are the first of their kind; then they come back.
    for (name, rows) in [("cut", Array(texts[300...])), ("back", texts)] {
      let input = try Self.records(rows, folder, name)
      let again = try Self.run(input, folder, name + "-again", results: results)
      #expect(again.result.chunksReused > again.result.chunks / 2)
      #expect(try again.bytes() == Self.run(input, folder, name + "-scratch").bytes())
    }
  }

  @Test("of a file with a limit the lines that sort first are kept, whatever the chunks")
  func smallest() throws {
    let folder = try TemporaryFolder()
    let input = try Self.records(Self.texts(2000), folder, "in")
    let whole = try Self.run(input, folder, "whole")
    let lines = try SharedMaterial.bytes(whole.report.path("same.jsonl")).split(separator: 10)
      .map { Array($0) }.sorted { $0.lexicographicallyPrecedes($1) }
    for limit in [0, 1, 7, 1000] {
      let run = try Self.run(
        input, folder, "limit-\(limit)", smallest: ["same.jsonl": limit, "other.jsonl": 3])
      let kept = try SharedMaterial.bytes(run.report.path("same.jsonl"))
      #expect(kept == Array(lines.prefix(limit).map { $0 + [10] }.joined()))
      #expect(try SharedMaterial.bytes(run.report.path("other.jsonl")).isEmpty)
    }
  }
}
