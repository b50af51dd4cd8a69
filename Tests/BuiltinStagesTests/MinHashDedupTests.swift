import BuiltinStages
import Curation
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

/// Records artifacts from rows, for tests of stages.
enum RecordsFixture {
  static func make(
    _ rows: [(content: RowContent, fields: [JSONMember])], _ folder: TemporaryFolder, _ name: String
  ) throws -> InputArtifact {
    var identity = RowIdentity()
    let path = try folder.makeFolder(name)
    let writer = try RecordsWriter(folder: path)
    for row in rows {
      let id = identity.next(row.content, row.fields)
      try writer.append(Row(id: id, content: row.content, fields: row.fields))
    }
    try writer.finish()
    return try StageHarness.artifact(folder: path, .records)
  }

  static func rows(_ result: StageHarness.Result, _ port: String) throws -> [Row] {
    try RecordsReader(result.artifact(port, .records).tree).rows()
  }
}

@Suite struct MinHashDedupTests {
  static let sentence =
    "the invoice of last month was paid twice and nobody has answered my two letters about it so far"

  static func corpus() -> [(content: RowContent, fields: [JSONMember])] {
    var rows: [(content: RowContent, fields: [JSONMember])] = []
    for index in 0..<600 {
      let text = (0..<30).map { "w\((index * 7919 + $0 * 104_729) % 10_007)" }.joined(
        separator: " ")
      rows.append((.text(text), [JSONMember("n", .integer(Int64(index)))]))
      if index % 6 == 0 {
        rows.append((.text(text), [JSONMember("n", .integer(Int64(1000 + index)))]))
      }
      if index % 10 == 0 { rows.append((.text(text.uppercased() + "!"), [])) }
    }
    return rows
  }

  static func lines(_ result: StageHarness.Result, _ port: String, _ file: String) throws
    -> [String]
  {
    let bytes = try SharedMaterial.bytes(result.outputs[port]! + "/" + file)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("equal and near-equal rows go, and every removal names the row kept")
  func removal() throws {
    let folder = try TemporaryFolder()
    let label = RowContent.text("billing")
    let records = try RecordsFixture.make(
      [
        (.text(Self.sentence), [JSONMember("n", 1)]), (.text("something else entirely"), []),
        (.text(Self.sentence), [JSONMember("n", 2)]),
        (.text(Self.sentence.uppercased() + " !"), []),
        (.text(Self.sentence + " please"), []), (label, []),
      ], folder, "in")
    let result = try StageHarness().run(
      MinHashDedup.self, "{}", inputs: ["records": records], folder: folder)
    let kept = try RecordsFixture.rows(result, "kept")
    #expect(
      kept.map(\.content) == [.text(Self.sentence), .text("something else entirely"), label])
    let rows = try RecordsReader(records.tree).rows()
    let tree = try result.artifact("clusters", .clusters).tree
    let clusters = try RowClusters(tree).clusterOf
    #expect(Set(clusters.keys) == Set([0, 2, 3, 4].map { rows[$0].id }))
    #expect(Set(clusters.values) == [rows[0].id.description])
    let text = String(
      decoding: try SharedMaterial.bytes(tree.path("clusters.jsonl")), as: UTF8.self)
    let last = try JSONReader.parse(Array(text.split(separator: "\n")[3].utf8), file: "c")
    #expect(last["kept"]?.boolValue == false)
    #expect(last["similarity"]?.doubleValue == 15.0 / 16)
    let changes = try Self.lines(result, "report", "changes.jsonl")
    let ids = rows.map(\.id.description)
    #expect(
      changes == [
        #"{"was":"\#(ids[2])","rule":"duplicate.exact","detail":{"kept":"\#(ids[0])","similarity":1}}"#,
        #"{"was":"\#(ids[3])","rule":"duplicate.near","detail":{"kept":"\#(ids[0])","similarity":1}}"#,
        #"{"was":"\#(ids[4])","rule":"duplicate.near","detail":{"kept":"\#(ids[0])","similarity":0.9375}}"#,
      ])
    #expect(result.events.contains(.count(name: "dropped.duplicate_exact", value: 1)))
    #expect(result.events.contains(.count(name: "dropped.duplicate_near", value: 2)))
    #expect(result.events.contains(.count(name: "rows_out", value: 3)))
  }

  @Test(
    "which row stays is chosen by 'keep'",
    arguments: [
      (#"{}"#, 0), (#"{"keep": "longest"}"#, 2), (#"{"keep": "best", "best_by": "score"}"#, 1),
    ])
  func keep(_ parameters: String, _ index: Int) throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(
      [
        (.text(Self.sentence), [JSONMember("score", 1)]),
        (.text(Self.sentence), [JSONMember("score", 3)]),
        (.text(Self.sentence + "  !!!"), [JSONMember("score", .null)]),
      ], folder, "in")
    let result = try StageHarness().run(
      MinHashDedup.self, parameters, inputs: ["records": records], folder: folder)
    let expected = try RecordsReader(records.tree).rows()[index]
    #expect(try RecordsFixture.rows(result, "kept") == [expected])
  }

  @Test("the same bytes with 1, 2 and 5 threads")
  func threads() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.corpus(), folder, "in")
    var digests: Set<[Digest]> = []
    for threads in [1, 2, 5] {
      var harness = StageHarness()
      harness.threads = threads
      let result = try harness.run(
        MinHashDedup.self, "{}", inputs: ["records": records], folder: folder)
      digests.insert([
        try result.artifact("kept", .records).digest,
        try result.artifact("clusters", .clusters).digest,
        try result.artifact("report", .report).digest,
      ])
    }
    #expect(digests.count == 1)
  }

  @Test("removing more than half of a source is refused unless it is allowed")
  func largeRemoval() throws {
    let folder = try TemporaryFolder()
    var rows: [(content: RowContent, fields: [JSONMember])] = []
    for index in 0..<30 {
      rows.append(
        (
          .text(Self.sentence),
          [JSONMember("source", "web"), JSONMember("n", .integer(Int64(index)))]
        ))
      rows.append((.text("text number \(index) of a book"), [JSONMember("source", "books")]))
    }
    let records = try RecordsFixture.make(rows, folder, "in")
    #expect {
      try StageHarness().run(
        MinHashDedup.self, "{}", inputs: ["records": records], folder: folder)
    } throws: { error in
      (error as? Failure)?.diagnostics.map(\.message) == [
        "29 of 30 rows of source 'web' are duplicates at threshold 0.8: more than half"
      ]
    }
    let result = try StageHarness().run(
      MinHashDedup.self, #"{"allow_large_removal": true}"#, inputs: ["records": records],
      folder: folder)
    #expect(try RecordsFixture.rows(result, "kept").count == 31)
  }

  @Test("files in place of memory change no byte of the rows and clusters")
  func storage() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.corpus(), folder, "in")
    var digests: Set<[Digest]> = []
    for parameters in [#"{}"#, #"{"storage": "disk"}"#, #"{"memory": "1KB"}"#] {
      let result = try StageHarness().run(
        MinHashDedup.self, parameters, inputs: ["records": records], folder: folder)
      digests.insert([
        try result.artifact("kept", .records).digest,
        try result.artifact("clusters", .clusters).digest,
      ])
    }
    #expect(digests.count == 1)
  }

  @Test("parameters that do not fit together are refused")
  func parameters() throws {
    let cases = [
      (#"{"memory": "much"}"#, "memory: expected a number and KB, MB or GB"),
      (#"{"bands": 10}"#, "rows_per_band: 'bands' and 'rows_per_band' go together"),
      (#"{"texts": "column"}"#, "column: texts: column needs a column"),
      (#"{"keep": "best"}"#, "best_by: keep: best needs a column"),
      (
        #"{"substring": {"words": 5}}"#,
        "stage 'minhash_dedup' has no parameter 'substring.words'"
      ),
    ]
    let folder = try TemporaryFolder()
    for (parameters, message) in cases {
      #expect {
        try StageHarness().run(MinHashDedup.self, parameters, inputs: [:], folder: folder)
      } throws: { error in
        (error as? Failure)?.diagnostics.first?.message == message
      }
    }
  }

  @Test("a repeated passage is cut out of all rows but the first, or the rows go")
  func substring() throws {
    let folder = try TemporaryFolder()
    let passage = (0..<12).map { "Common\($0)," }.joined(separator: " ")
    let own = (0..<3).map { row in (0..<20).map { "own\(row)x\($0)" }.joined(separator: " ") }
    let records = try RecordsFixture.make(
      [
        (.text("\(own[0]). \(passage) End."), []),
        (.text("Start: \(passage) then \(own[1])."), [JSONMember("n", 1)]), (.text(own[2]), []),
        (.text(passage), []),
      ], folder, "in")
    let rows = try RecordsReader(records.tree).rows()
    let cut = try StageHarness().run(
      MinHashDedup.self, #"{"substring": {"min_words": 12}}"#, inputs: ["records": records],
      folder: folder)
    let kept = try RecordsFixture.rows(cut, "kept")
    #expect(
      kept.map(\.content) == [
        rows[0].content, .text("Start: then \(own[1])."), rows[2].content,
      ])
    #expect(kept[1].fields == rows[1].fields)
    let detail = #""rule":"duplicate.substring","detail":{"kept":"\#(rows[0].id)","words":12"#
    #expect(
      try Self.lines(cut, "report", "changes.jsonl") == [
        #"{"row":"\#(kept[1].id)","was":"\#(rows[1].id)",\#(detail),"passages":1}}"#,
        #"{"was":"\#(rows[3].id)",\#(detail),"passages":1}}"#,
      ])
    let dropped = try StageHarness().run(
      MinHashDedup.self, #"{"substring": {"min_words": 12, "action": "drop_row"}}"#,
      inputs: ["records": records], folder: folder)
    #expect(try RecordsFixture.rows(dropped, "kept") == [rows[0], rows[2]])
    let none = try StageHarness().run(
      MinHashDedup.self, #"{"substring": {"min_words": 13}}"#, inputs: ["records": records],
      folder: folder)
    #expect(try RecordsFixture.rows(none, "kept") == rows)
  }
}
