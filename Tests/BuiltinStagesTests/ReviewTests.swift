import BuiltinStages
import Diagnostics
import Documents
import Records
import StageKit
import TestSupport
import Testing

@Suite struct ReviewTests {
  static func rows(_ count: Int) -> [(content: RowContent, fields: [JSONMember])] {
    (0..<count).map {
      (
        .conversation(
          [
            Message(.user, "=question <\($0)>, \"quoted\"\nand more"),
            Message(.assistant, "answer \($0)"),
          ],
          tools: nil), [JSONMember("label", $0 % 4 == 0 ? "x" : "y")]
      )
    }
  }

  static func run(
    _ parameters: String, _ folder: TemporaryFolder, _ inputs: [String: InputArtifact]
  ) throws -> StageHarness.Result {
    try StageHarness().run(Review.self, parameters, inputs: inputs, folder: folder)
  }

  static func file(_ result: StageHarness.Result, _ port: String, _ name: String) throws -> String {
    String(
      decoding: try SharedMaterial.bytes(result.outputs[port]! + "/" + name), as: UTF8.self)
  }

  /// The sample as lines, with the verdict of `decide` filled in.
  static func filled(
    _ sample: String, _ reviewer: String, _ decide: (Int) -> String
  ) -> String {
    sample.split(separator: "\n").enumerated().map { index, line in
      line.replacing("\"verdict\":\"\"", with: "\"verdict\":\"\(decide(index))\"")
        .replacing("\"reviewer\":\"\"", with: "\"reviewer\":\"\(reviewer)\"")
    }.joined(separator: "\n") + "\n"
  }

  @Test("without verdicts the stage waits, and says where the sample is and what to type")
  func waits() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(200), folder, "in")
    let result = try Self.run(
      #"{"sample": 20, "stratify_by": "label"}"#, folder, ["records": records])
    guard case .refused(let sentences) = result.outcome else {
      Issue.record("the stage did not wait")
      return
    }
    #expect(sentences[0].hasPrefix("20 rows wait for verdicts: type 'orchestrate artifacts get "))
    let lines = try Self.file(result, "sample", "review.jsonl").split(separator: "\n")
    #expect(lines.count == 20)
    #expect(lines.count { $0.contains("\"label\":\"x\"") } == 5)
    let csv = try Self.file(result, "sample", "review.csv")
    #expect(csv.hasPrefix("row,verdict,reviewer,note,text\n\""))
    let html = try Self.file(result, "sample", "review.html")
    #expect(html.contains("question &lt;") && !html.contains("http:") && !html.contains("https:"))
    let passed = try Self.run(#"{"require": "none"}"#, folder, ["records": records])
    #expect(passed.outcome == .succeeded)
    #expect(try RecordsFixture.rows(passed, "records").count == 200)
    // Contents are in the sample alone.
    for name in ["report.json", "report.md", "changes.jsonl"] {
      #expect(try !Self.file(result, "report", name).contains("question"))
    }
  }

  @Test("verdicts are applied: rejected rows go, edited ones are replaced")
  func applies() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(100), folder, "in")
    let first = try Self.run(#"{"sample": 10}"#, folder, ["records": records])
    let sample = try Self.file(first, "sample", "review.jsonl")
    let verdicts = Self.filled(sample, "ann") { $0 == 0 ? "reject" : $0 == 1 ? "edit" : "accept" }
      .split(separator: "\n").enumerated()
      .map { $0 == 1 ? String($1.replacing("answer ", with: "better ")) : String($1) }
      .joined(separator: "\n")
    try folder.write("verdicts.jsonl", verdicts)
    let result = try Self.run(
      #"{"sample": 10, "verdicts": "verdicts.jsonl"}"#, folder, ["records": records])
    #expect(result.outcome == .succeeded)
    let rows = try RecordsFixture.rows(result, "records")
    #expect(rows.count == 99)
    #expect(rows.count { $0.content.texts[1].hasPrefix("better ") } == 1)
    let changes = try Self.file(result, "report", "changes.jsonl").split(separator: "\n")
    #expect(changes.count == 2)
    #expect(changes.count { $0.contains("\"rule\":\"review.reject\"") } == 1)
    #expect(changes.count { $0.contains("\"rule\":\"review.edit\"") } == 1)
  }

  @Test("a share of accepted rows is judged by its interval")
  func gate() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(300), folder, "in")
    let first = try Self.run(#"{"sample": 200}"#, folder, ["records": records])
    let sample = try Self.file(first, "sample", "review.jsonl")
    for (rejected, least, isRefused) in [
      (3, 0.95, false), (4, 0.99, true), (40, 0.95, true), (2, 0.9, false),
    ] {
      try folder.write(
        "verdicts.jsonl", Self.filled(sample, "ann") { $0 < rejected ? "reject" : "accept" })
      let base = #""sample": 200, "verdicts": "verdicts.jsonl", "min_accept": \#(least)"#
      let result = try Self.run("{\(base)}", folder, ["records": records])
      #expect((result.outcome != .succeeded) == isRefused, "\(rejected) below \(least)")
      // 4 of 200 under 0.99: the interval holds the limit.
      let warned = try Self.run(
        "{\(base), \"on_inconclusive\": \"warn\"}", folder, ["records": records])
      #expect((warned.outcome == .succeeded) == (rejected != 40))
    }
  }

  @Test("the strictest of two verdicts counts, and their agreement is told")
  func twoReviewers() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(100), folder, "in")
    let first = try Self.run(#"{"sample": 50}"#, folder, ["records": records])
    let sample = try Self.file(first, "sample", "review.jsonl")
    // 20 both accept, 5 + 10 differ, 15 both reject: kappa 0.4.
    let ann = Self.filled(sample, "ann") { $0 < 25 ? "accept" : "reject" }
    let bob = Self.filled(sample, "bob") { $0 < 20 || $0 >= 40 ? "accept" : "reject" }
    try folder.write("verdicts.jsonl", ann + bob)
    let result = try Self.run(
      #"{"sample": 50, "verdicts": "verdicts.jsonl", "min_kappa": 0.6}"#, folder,
      ["records": records])
    #expect(
      result.outcome
        == .refused([
          "two reviewers agree on 50 rows with a kappa of 0.40, below min_kappa 0.6"
        ]))
    #expect(try RecordsFixture.rows(result, "records").count == 70)
    let report = try Self.file(result, "report", "report.json")
    #expect(report.contains(#""disputed":15"#))
  }

  @Test("verdicts in CSV count, and what is wrong in a file is told with its line")
  func csv() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(60), folder, "in")
    let first = try Self.run(#"{"sample": 3}"#, folder, ["records": records])
    let csv = try Self.file(first, "sample", "review.csv")
    try folder.write(
      "verdicts.csv", csv.replacing("\",\"\",\"\",\"\",", with: "\",\"Reject\",\"ann\",\"\","))
    let result = try Self.run(
      #"{"sample": 3, "verdicts": "verdicts.csv"}"#, folder, ["records": records])
    #expect(try RecordsFixture.rows(result, "records").count == 57)
    let id = try RecordsReader(records.tree).rows()[0].id
    for (line, message) in [
      (#"{"row":"nobody","verdict":"accept"}"#, "no 'row' with the id of a row"),
      (
        #"{"row":"\#(String(repeating: "0", count: 32))","verdict":"accept"}"#,
        "row \(String(repeating: "0", count: 32)) is not in the sample"
      ),
      (
        #"{"row":"\#(id)","verdict":"acept"}"#,
        "the verdict on row \(id) is none of accept, reject, edit"
      ),
      (#"{"row":"\#(id)","verdict":"edit"}"#, "the edited row \(id) cannot be read as a row"),
    ] {
      try folder.write("verdicts.jsonl", "\n" + line + "\n")
      #expect {
        _ = try Self.run(
          #"{"sample": 60, "verdicts": "verdicts.jsonl"}"#, folder, ["records": records])
      } throws: { error in
        let found = (error as? Failure)?.diagnostics[0]
        return found?.message == message && found?.span?.line == 2
      }
    }
  }

  @Test("changed and dropped rows are found by the report of their stage")
  func only() throws {
    let folder = try TemporaryFolder()
    let before = try RecordsFixture.make(Self.rows(100), folder, "before")
    let ids = try RecordsReader(before.tree).rows().map(\.id)
    let after = try RecordsFixture.make(Array(Self.rows(100)[..<90]), folder, "after")
    var lines = ""
    for index in 0..<100 where index % 10 == 0 || index >= 90 {
      lines +=
        index < 90
        ? #"{"row":"\#(ids[index])","was":"\#(ids[index])","rule":"r"}"# + "\n"
        : #"{"was":"\#(ids[index])","rule":"r"}"# + "\n"
    }
    try folder.write("changes/changes.jsonl", lines)
    let report = try StageHarness.artifact(folder: folder.path + "/changes", .report)
    let inputs = ["records": after, "report": report, "before": before]
    for (only, expected) in [("changed", 9), ("dropped", 10)] {
      let result = try Self.run(#"{"only": "\#(only)"}"#, folder, inputs)
      let sample = try Self.file(result, "sample", "review.jsonl").split(separator: "\n")
      #expect(sample.count == expected)
      #expect(try RecordsFixture.rows(result, "records").count == 90)
    }
  }
}
