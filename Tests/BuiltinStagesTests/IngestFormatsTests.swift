import BuiltinStages
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

/// Formats beside plain JSON Lines, and what is told of the rows.
@Suite struct IngestFormatsTests {
  static let packed = "Tests/Fixtures/packed/"

  static func ingest(
    _ name: String, _ bytes: [UInt8], _ parameters: String = "", threads: Int = 2
  ) throws -> (rows: [Row], result: StageHarness.Result) {
    let folder = try TemporaryFolder()
    try folder.write(name, bytes)
    var harness = StageHarness()
    harness.threads = threads
    let json =
      "{\"sources\": [{\"path\": \"\(name)\"\(parameters.isEmpty ? "" : ", " + parameters)}]}"
    let result = try harness.run(Ingest.self, json, folder: folder)
    let rows = try RecordsReader(try result.artifact("records", .records).tree).rows()
    return (rows, result)
  }

  static func code(_ name: String, _ bytes: [UInt8]) -> String? {
    do {
      _ = try ingest(name, bytes)
      return nil
    } catch {
      return (error as? Failure)?.diagnostics.first?.code
    }
  }

  @Test(
    "packed files give the rows that are in them, all members and frames",
    arguments: ["one.jsonl.gz", "members.jsonl.gz", "one.jsonl.zst", "frames.jsonl.zst"])
  func packedFiles(_ name: String) throws {
    let rows = try Self.ingest(name, SharedMaterial.bytes(Self.packed + name)).rows
    #expect(rows.map(\.content) == (0..<3000).map { .text("row \($0) é") })
  }

  @Test("packed files that were cut, damaged or are not packed are refused, and it is said how")
  func damagedFiles() throws {
    for name in ["one.jsonl.gz", "members.jsonl.gz", "one.jsonl.zst", "frames.jsonl.zst"] {
      let bytes = try SharedMaterial.bytes(Self.packed + name)
      for length in [bytes.count - 1, bytes.count - 9, bytes.count / 2, 12] {
        #expect(Self.code(name, Array(bytes[..<length])) == "source.cut", "\(name) \(length)")
      }
      #expect(Self.code(name, []) == "source.empty")
      #expect(Self.code(name, Array("{\"text\":\"a\"}\n".utf8)) == "source.not-packed")
      #expect(Self.code(name, bytes + Array("tail".utf8)) == "source.damaged")
    }
    for name in ["damaged.jsonl.gz", "damaged.jsonl.zst"] {
      #expect(
        Self.code(name, try SharedMaterial.bytes(Self.packed + name)) == "source.damaged")
    }
  }

  @Test("Markdown is a row a file, or a row a section with its heading")
  func markdown() throws {
    let text = """
      before

      # One
      a

      ```sh
      # not a heading
      ```
      ## Two ##

      b
      #hashtag
      ####### seven
      #
      """
    let whole = try Self.ingest("a.md", Array(text.utf8)).rows
    #expect(whole.map(\.content) == [.text(text)])
    let sections = try Self.ingest("a.md", Array(text.utf8), #""text_by": "section""#).rows
    #expect(
      sections.map(\.content) == [
        .text("before"), .text("# One\na\n\n```sh\n# not a heading\n```"),
        .text("## Two ##\n\nb\n#hashtag\n####### seven"), .text("#"),
      ])
    let long = (0..<40_000).map { "# \($0)\nsome words of section \($0)\n" }.joined()
    let rows = try Self.ingest("b.md", Array(long.utf8), #""text_by": "section""#).rows
    #expect(rows.count == 40_000)
    #expect(rows[39_999].content == .text("# 39999\nsome words of section 39999"))
  }

  @Test("rows of Parquet have the ids of the same rows as JSON Lines")
  func parquet() throws {
    let folder = "Tests/Fixtures/parquet/"
    let parquet = try Self.ingest(
      "p.parquet", SharedMaterial.bytes(folder + "polars.parquet"),
      #""type": "prompt_only""#
    ).rows
    let lines = try Self.ingest(
      "p.jsonl", SharedMaterial.bytes(folder + "polars.jsonl"), #""type": "prompt_only""#
    ).rows
    #expect(parquet.count == 300)
    #expect(parquet.map(\.id) == lines.map(\.id))
  }

  @Test("the type that was told by the columns is shown on three examples, without contents")
  func told() throws {
    let text = """
      {"messages":[{"role":"human","content":"secret"},{"role":"gpt","content":"x"}],"topic":"secret","n":1}
      {"messages":[{"role":"root","content":"secret"}],"list":["secret"],"none":null}
      not JSON: secret
      """
    let folder = try TemporaryFolder()
    try folder.write("a.jsonl", text)
    let result = try StageHarness().run(
      Ingest.self, #"{"sources":[{"path":"a.jsonl"}],"on_bad_row":"quarantine"}"#, folder: folder)
    let notes = result.events.compactMap { event -> Diagnostic? in
      if case .message(let found) = event, found.severity == .note { found } else { nil }
    }
    #expect(
      notes.map(\.message) == [
        "rows of 'a.jsonl' are read as chat_template, by their columns: "
          + "messages: [user assistant], topic: text, n: number | messages: [?], list: list of 1, "
          + "none: null | not readable"
      ])
    let report = String(
      decoding: try SharedMaterial.bytes(
        result.artifact("report", .report).tree.path("report.json")),
      as: UTF8.self)
    #expect(report.contains(#""type":"chat_template","by":"columns","examples":["messages"#))
    #expect(!report.contains("secret"))
  }

  @Test("max_rows takes rows from the start of each source")
  func maxRows() throws {
    let text = (0..<90_000).map { "{\"text\":\"row number \($0)\"}\n" }.joined()
    for count in [1, 60_000] {
      let rows = try Self.ingest("a.jsonl", Array(text.utf8), "\"max_rows\": \(count)").rows
      #expect(rows.count == count)
      #expect(rows.last?.content == .text("row number \(count - 1)"))
    }
  }

  @Test("one row of many megabytes is read whole")
  func longRow() throws {
    let long = String(repeating: "ä\\u00e4\\n", count: 700_000)
    let rows = try Self.ingest(
      "a.jsonl", Array("{\"text\":\"a\"}\n{\"text\":\"\(long)\"}\n{\"text\":\"b\"}\n".utf8)
    ).rows
    #expect(rows.count == 3)
    #expect(rows[1].content == .text(String(repeating: "ää\n", count: 700_000)))
  }
}
