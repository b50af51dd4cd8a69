import BuiltinStages
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct MixTests {
  static func rows(_ name: String, _ count: Int) -> [(content: RowContent, fields: [JSONMember])] {
    (0..<count).map {
      (
        .text("\(name) \($0) " + String(repeating: "x", count: 400)),
        [JSONMember("n", .integer(Int64($0)))]
      )
    }
  }

  static func inputs(_ folder: TemporaryFolder) throws -> [String: InputArtifact] {
    [
      "support": try RecordsFixture.make(Self.rows("support", 1800), folder, "support"),
      "general": try RecordsFixture.make(Self.rows("general", 700), folder, "general"),
    ]
  }

  static func run(
    _ parameters: String, _ folder: TemporaryFolder, _ inputs: [String: InputArtifact],
    threads: Int = 2
  ) throws -> StageHarness.Result {
    var harness = StageHarness()
    harness.threads = threads
    return try harness.run(Mix.self, parameters, inputs: inputs, folder: folder)
  }

  static func source(_ row: Row) -> String {
    if case .text(let text) = row.content { String(text.prefix(7)) } else { "" }
  }

  @Test("sources have their shares, rows their contents, whatever the threads")
  func shares() throws {
    let folder = try TemporaryFolder()
    let inputs = try Self.inputs(folder)
    var digests: Set<Digest> = []
    for threads in [1, 2, 5] {
      let result = try Self.run(
        #"{"sources": {"support": {"ratio": 0.9}, "general": 0.1}}"#, folder, inputs,
        threads: threads)
      let rows = try RecordsFixture.rows(result, "records")
      #expect(rows.count { Self.source($0) == "support" } == 1800)
      #expect(rows.count { Self.source($0) == "general" } == 200)
      for start in stride(from: 0, to: 2000, by: 100) {
        #expect(abs(rows[start..<start + 100].count { Self.source($0) == "general" } - 10) <= 1)
      }
      let all = try inputs.values.flatMap { try RecordsReader($0.tree).rows() }
      #expect(Set(rows).isSubset(of: all) && Set(rows).count == 2000)
      digests.insert(try result.artifact("records", .records).digest)
    }
    #expect(digests.count == 1)
  }

  @Test("repeated rows get ordinals, and the source its column when asked")
  func repeats() throws {
    let folder = try TemporaryFolder()
    let result = try Self.run(
      #"{"sources": {"support": 1, "general": 1}, "stop": "all_exhausted", "source_column": "from"}"#,
      folder, try Self.inputs(folder))
    let rows = try RecordsFixture.rows(result, "records")
    #expect(rows.count == 3600 && Set(rows.map(\.id)).count == 3600)
    for row in rows {
      #expect(row.field("from")?.stringValue == Self.source(row).trimmingSuffix())
      #expect(row.id.hash == RowIdentity.hash(row.content, row.fields))
    }
    #expect(rows.count { Self.source($0) == "general" && $0.id.ordinal == 0 } == 700)
    #expect(rows.count { $0.id.ordinal == 1 } == 700)
    #expect(rows.count { $0.id.ordinal == 2 } == 400)
  }

  @Test("inputs are named by the sources")
  func ports() throws {
    let json = try JSONReader.parse(
      Array(#"{"sources": {"b": 1, "a": {"ratio": 2}}}"#.utf8), file: "parameters")
    let read = Mix.read(Node(json, file: "parameters"))
    #expect(read.diagnostics.isEmpty)
    #expect(read.ports.inputs.map(\.name) == ["b", "a"])
  }

  @Test(
    "what cannot be mixed is refused",
    arguments: [
      ("{}", "sources: no source is named"),
      (#"{"sources": {}}"#, "sources: 0 sources, expected 1 to 255"),
      (#"{"sources": {"support": 0}}"#, "sources: 'support' needs a ratio above 0"),
      (
        #"{"sources": {"support": {"share": 1}}}"#,
        "sources: 'support' has no 'share', it takes ratio"
      ),
      (#"{"sources": [1]}"#, "sources: a list, expected a mapping of names"),
      (#"{"sources": {"support": 1, "empty": 1}}"#, "the source 'empty' has no rows"),
    ])
  func refused(_ parameters: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    var inputs = try Self.inputs(folder)
    inputs["empty"] = try RecordsFixture.make([], folder, "empty")
    #expect {
      _ = try Self.run(parameters, folder, inputs)
    } throws: { error in
      (error as? Failure)?.diagnostics[0].message == message
    }
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String { String(prefix { $0 != " " }) }
}
