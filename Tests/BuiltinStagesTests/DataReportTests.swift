import BuiltinStages
import Curation
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct DataReportTests {
  /// A token for every word; those of the assistant are trained.
  enum Words: ReportTokens {
    struct Counter: RowTokens {
      func count(_ stored: StoredRow) throws -> (all: Int, trained: Int) {
        guard case .conversation(let turns, _) = try stored.row().content else { return (0, 0) }
        func words(_ text: String) -> Int { text.split(separator: " ").count }
        return (
          turns.reduce(0) { $0 + words($1.content) },
          turns.reduce(0) { $0 + ($1.role == .assistant ? words($1.content) : 0) }
        )
      }
    }
    static func tokens(of port: String, _ context: StageContext) throws -> any RowTokens {
      Counter()
    }
  }

  static func rows(_ count: Int, label: (Int) -> String = { $0 % 7 == 0 ? "a|b" : "c" })
    -> [(content: RowContent, fields: [JSONMember])]
  {
    (0..<count).map { index in
      let words = Array(repeating: "word", count: 10 + index % 100).joined(separator: " ")
      let fields = [
        JSONMember("label", .string(label(index))),
        JSONMember("language", index % 4 == 0 ? "de" : "en"),
        JSONMember("score", .number(0.5)),
      ]
      return (
        .conversation(
          [Message(.user, "\(index % (count - 3)) \(words)"), Message(.assistant, "yes it is")],
          tools: nil), fields
      )
    }
  }

  static func run(
    _ parameters: String, _ folder: TemporaryFolder, _ inputs: [String: InputArtifact],
    threads: Int = 2
  ) throws -> StageHarness.Result {
    var harness = StageHarness()
    harness.threads = threads
    return try harness.run(
      DataReport<Words>.self, parameters, inputs: inputs, folder: folder)
  }

  static func text(_ result: StageHarness.Result, _ port: String, _ name: String) throws -> String {
    String(
      decoding: try SharedMaterial.bytes(result.outputs[port]! + "/" + name), as: UTF8.self)
  }

  static func inputs(_ folder: TemporaryFolder) throws -> [String: InputArtifact] {
    try folder.write(
      "scrub/report.json",
      #"{"rows":1100,"changed":40,"entities":{"PERSON":30,"EMAIL_ADDRESS":12}}"#)
    try folder.write(
      "dedup/report.json", #"{"rows":1100,"kept":1000,"removed_exact":60,"removed_near":40}"#)
    try folder.write("model/tokenizer.json", "{}")
    return [
      "records": try RecordsFixture.make(Self.rows(1000), folder, "in"),
      "test": try RecordsFixture.make(Self.rows(500) { $0 % 2 == 0 ? "a|b" : "c" }, folder, "test"),
      "scrub": try StageHarness.artifact(folder: folder.path + "/scrub", .report),
      "dedup": try StageHarness.artifact(folder: folder.path + "/dedup", .report),
      "model": try StageHarness.artifact(folder: folder.path + "/model", .model),
    ]
  }

  static let parameters = #"""
    {"reports": ["scrub", "dedup"], "compare": ["test"], "title": "Tickets: a set",
     "license": "cc-by-4.0", "task_categories": ["text-generation"], "sequence_len": 100,
     "task": "classification", "description": "Invented tickets."}
    """#

  @Test("numbers are those of the rows")
  func numbers() throws {
    let folder = try TemporaryFolder()
    let result = try Self.run(Self.parameters, folder, try Self.inputs(folder))
    let json = try JSONReader.parse(
      Array(try Self.text(result, "report", "report.json").utf8), file: "report.json")
    #expect(json["rows"]?.integerValue == 1000)
    // Lengths are 14 to 113 words, ten rows of each.
    #expect(json["tokens"]?["p50"]?.integerValue == 63)
    #expect(json["tokens"]?["p95"]?.integerValue == 108)
    #expect(json["tokens"]?["max"]?.integerValue == 113)
    #expect(json["sequence_len"]?.integerValue == 128)
    #expect(json["trained_tokens"]?.integerValue == 3000)
    #expect(json["words"] == json["tokens"]?["total"])
    #expect(json["repeated_contents"]?.integerValue == 0)
    #expect(json["labels"]?["label"]?["a|b"]?.integerValue == 143)
    #expect(json["languages"]?.arrayValue?.map { $0["rows"]?.integerValue } == [750, 250])
    let funnel = try #require(json["funnel"]?.arrayValue)
    #expect(funnel.map { $0["rows_out"]?.integerValue } == [1100, 1000])
    #expect(funnel[1]["dropped"]?["duplicate_near"]?.integerValue == 40)
    let drift = try #require(json["drift"]?.arrayValue?.first)
    #expect(abs((drift["labels"]?["label"]?.doubleValue ?? 0) - 0.357) < 1e-9)
    #expect((drift["lengths"]?.doubleValue ?? 1) < 1e-9)
    #expect(
      json["warnings"]?.arrayValue?.map { $0.stringValue ?? "" } == [
        "1000 rows for the task classification, where 2,000 to 10,000 are usual",
        "130 rows (13.0 %) have more than sequence_len 100 tokens",
        "the largest class of 'label' has 6.0 times the rows of the smallest; more than 5 is seldom "
          + "good: see the stage balance",
      ])
  }

  @Test("the page, the card and the metadata say the same with any threads")
  func files() throws {
    let folder = try TemporaryFolder()
    let inputs = try Self.inputs(folder)
    var texts: [[String]] = []
    for threads in [1, 4] {
      let result = try Self.run(Self.parameters, folder, inputs, threads: threads)
      texts.append([
        try Self.text(result, "report", "report.json"),
        try Self.text(result, "report", "report.md"),
        try Self.text(result, "card", "card.md"), try Self.text(result, "card", "croissant.json"),
      ])
    }
    #expect(texts[0] == texts[1])
    let (page, card, metadata) = (texts[0][1], texts[0][2], texts[0][3])
    #expect(page.contains("| a\\|b | 143 | 14.3 % | ████ |"))
    #expect(page.contains("| scrub | PERSON | 30 |"))
    #expect(page.contains("| trained tokens | 3,000 (4.7 %) |"))
    #expect(
      card.hasPrefix(
        """
        ---
        pretty_name: "Tickets: a set"
        license: cc-by-4.0
        language:
        - en
        - de
        size_categories:
        - "1K<n<10K"
        task_categories:
        - text-generation
        configs:
        """))
    let json = try JSONReader.parse(Array(metadata.utf8), file: "croissant.json")
    let manifest = try RecordsReader(inputs["records"]!.tree).manifest
    let files = try #require(json["distribution"]?.arrayValue)
    #expect(files.count == manifest.chunks.count + 1)
    #expect(files[0]["sha256"]?.stringValue == manifest.chunks[0].digest.hex)
    let fields = json["recordSet"]?.arrayValue?.first?["field"]?.arrayValue ?? []
    #expect(
      fields.map { $0["name"]?.stringValue } == [
        "id", "type", "messages", "fields/label", "fields/language", "fields/score",
      ])
    #expect(fields.last?["dataType"] == "sc:Float")
  }

  @Test("a report needs nothing but rows")
  func alone() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make([], folder, "in")
    let result = try Self.run("{}", folder, ["records": records])
    #expect(try Self.text(result, "report", "report.md").hasPrefix("# Data report\n"))
    #expect(try Self.text(result, "card", "card.md").contains("- \"n<1K\""))
  }

  @Test("parts of a sharded report count for the whole; bytes do not depend on how many")
  func shards() throws {
    let folder = try TemporaryFolder()
    let inputs = try Self.inputs(folder)
    let whole = try Self.run(Self.parameters, folder, inputs)
    for count in [1, 3] {
      let kept = ["records": MemoryChunkResults(), "test": MemoryChunkResults()]
      var harness = StageHarness()
      harness.chunkResults = { port, _ in kept[port]! }
      for index in 0..<count {
        harness.shard = .part(index: index, count: count)
        let part = try harness.run(
          DataReport<Words>.self, Self.parameters, inputs: inputs, folder: folder)
        #expect(try FileTree(folder: part.outputs["report"]!).names.isEmpty)
      }
      let chunks = try kept.keys.map { ($0, try RecordsReader(inputs[$0]!.tree).chunkCount) }
      for (port, chunkCount) in chunks { #expect(kept[port]?.count == chunkCount) }
      harness.shard = .gather(runParts: {})
      let gathered = try harness.run(
        DataReport<Words>.self, Self.parameters, inputs: inputs, folder: folder)
      for (port, chunkCount) in chunks { #expect(kept[port]?.found == chunkCount) }
      for port in ["report", "card"] {
        #expect(
          try gathered.artifact(port, .files).digest == whole.artifact(port, .files).digest)
      }
    }
  }
}
