import BuiltinStages
import Curation
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
    return try harness.run(Mix<Words>.self, parameters, inputs: inputs, folder: folder)
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
    let read = Mix<Words>.read(Node(json, file: "parameters"))
    #expect(read.diagnostics.isEmpty)
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

  /// A token for every word.
  enum Words: ReportTokens {
    struct Counter: RowTokens {
      func count(_ stored: StoredRow) throws -> (all: Int, trained: Int) {
        let words = try stored.row().content.texts.reduce(0) { $0 + $1.split(separator: " ").count }
        return (words, words)
      }
    }
    static func tokens(of port: String, _ context: StageContext) throws -> any RowTokens {
      #expect(port == "model")
      return Counter()
    }
  }

  @Test("shares of tokens are those of what the model counts")
  func tokens() throws {
    let folder = try TemporaryFolder()
    func rows(_ name: String, _ words: Int) -> [(content: RowContent, fields: [JSONMember])] {
      (0..<1000).map {
        (.text("\(name) \($0)" + String(repeating: " w", count: words - 2)), [])
      }
    }
    try folder.write("model/tokenizer.json", "{}")
    let inputs = [
      "support": try RecordsFixture.make(rows("support", 30), folder, "support"),
      "general": try RecordsFixture.make(rows("general", 10), folder, "general"),
      "model": try StageHarness.artifact(folder: folder.path + "/model", .model),
    ]
    let result = try Self.run(
      #"{"sources": {"support": 1, "general": 1}, "unit": "tokens"}"#, folder, inputs)
    let taken = try RecordsFixture.rows(result, "records")
    // The 10,000 tokens of the scarcer source, and as many of the other.
    #expect(taken.count { Self.source($0) == "general" } == 1000)
    #expect(abs(taken.count { Self.source($0) == "support" } - 333) <= 1)
  }

  @Test("a source cannot take the name of the model that counts tokens")
  func modelName() throws {
    let json = try JSONReader.parse(
      Array(#"{"sources": {"model": 1, "general": 1}, "unit": "tokens"}"#.utf8), file: "p")
    let read = Mix<Words>.read(Node(json, file: "p"))
    #expect(read.diagnostics.count == 1)
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String { String(prefix { $0 != " " }) }
}
