import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct PIIScrubTests {
  static let texts = [
    "write to ann@example.com", "nothing here", "call +1 212 555 0123 or ann@example.com",
    "nothing here", "write to bob@example.com",
  ]

  static func records(_ texts: [String], _ folder: TemporaryFolder) throws -> InputArtifact {
    let path = try folder.makeFolder("records-\(UUID().uuidString)")
    let writer = try RecordsWriter(folder: path)
    var identity = RowIdentity()
    for text in texts {
      let content = RowContent.text(text)
      let fields = [JSONMember("label", .string("x"))]
      try writer.append(Row(id: identity.next(content, fields), content: content, fields: fields))
    }
    try writer.finish()
    return try StageHarness.artifact(folder: path, .records)
  }

  @Test("rows keep their order, get the identity of their new content, and are counted")
  func rows() throws {
    let folder = try TemporaryFolder()
    let input = try Self.records(Self.texts, folder)
    let result = try StageHarness().run(
      PIIScrub.self, "{}", inputs: ["records": input], folder: folder)
    let rows = try RecordsReader(try result.artifact("records", .records).tree).rows()
    #expect(
      rows.map(\.content) == [
        .text("write to <EMAIL_ADDRESS>"), .text("nothing here"),
        .text("call <PHONE_NUMBER> or <EMAIL_ADDRESS>"), .text("nothing here"),
        .text("write to <EMAIL_ADDRESS>"),
      ])
    for row in rows { #expect(row.id.hash == RowIdentity.hash(row.content, row.fields)) }
    #expect(rows.map(\.id.ordinal) == [0, 0, 0, 1, 1])
    #expect(result.events.contains(.count(name: "rows_changed", value: 3)))
    #expect(result.events.contains(.count(name: "found.EMAIL_ADDRESS", value: 3)))
  }

  @Test("the audit counts by entity and field, traces changed rows, and holds no value")
  func audit() throws {
    let folder = try TemporaryFolder()
    let input = try Self.records(Self.texts, folder)
    let result = try StageHarness().run(
      PIIScrub.self, "{}", inputs: ["records": input], folder: folder)
    let tree = try result.artifact("audit", .report).tree
    var all = ""
    for name in tree.names {
      all += String(decoding: try SharedMaterial.bytes(try tree.path(name)), as: UTF8.self)
    }
    #expect(tree.names == ["changes/000001.jsonl", "report.json", "report.md", "sample.jsonl"])
    #expect(!all.contains("ann@") && !all.contains("bob@") && !all.contains("0123"))
    let report = try JSONReader.parse(
      try SharedMaterial.bytes(try tree.path("report.json")), file: "report.json")
    #expect(report["entities"] == .object(["EMAIL_ADDRESS": 3, "PHONE_NUMBER": 1]))
    #expect(report["fields"]?["text"] == .object(["EMAIL_ADDRESS": 3, "PHONE_NUMBER": 1]))
    #expect(report["changed"] == 3 && report["rows"] == 5)
    let changes = try SharedMaterial.bytes(try tree.path("changes/000001.jsonl"))
      .split(separator: UInt8(ascii: "\n"))
    #expect(changes.count == 3)
    let before = try RecordsReader(input.tree).rows()
    let first = try JSONReader.parse(Array(changes[0]), file: "changes/000001.jsonl")
    #expect(first["was"]?.stringValue == before[0].id.description)
    #expect(first["rule"]?.stringValue == "EMAIL_ADDRESS")
    #expect(first["detail"] == .object(["EMAIL_ADDRESS": 1]))
    let sample = try SharedMaterial.bytes(try tree.path("sample.jsonl"))
      .split(separator: UInt8(ascii: "\n"))
    #expect(sample.count == 3)
    let shown = try JSONReader.parse(Array(sample[0]), file: "sample.jsonl")
    let around = shown["findings"]?.arrayValue?.first?["around"]?.stringValue
    #expect(around?.contains("<") == true && around?.contains("write") == false, "\(around ?? "")")
  }

  @Test("the sample holds as many rows as asked for, those with the smallest ids")
  func sample() throws {
    let folder = try TemporaryFolder()
    let input = try Self.records((0..<40).map { "mail user\($0)@example.com" }, folder)
    let result = try StageHarness().run(
      PIIScrub.self, #"{"sample": 7}"#, inputs: ["records": input], folder: folder)
    let lines = try SharedMaterial.bytes(
      try result.artifact("audit", .report).tree.path("sample.jsonl")
    ).split(separator: UInt8(ascii: "\n"))
    let ids = try lines.map {
      try JSONReader.parse(Array($0), file: "sample.jsonl")["row"]?.stringValue ?? ""
    }
    let all = try RecordsReader(input.tree).rows().map(\.id.description).sorted()
    #expect(ids == Array(all.prefix(7)))
  }

  @Test("own recognizers and thresholds of single entities are used")
  func custom() throws {
    let folder = try TemporaryFolder()
    let input = try Self.records(["badge EMP-0042, ssn 536-22-8145, 536-22-8145 was"], folder)
    let parameters = """
      {"thresholds": {"US_SSN": 0.99, "NATIONAL_ID": 0.99}, "recognizers": [{"name": "staff", "entity": "EMPLOYEE_ID",
        "patterns": [{"regex": "EMP-[0-9]{4}", "score": 0.6}]}]}
      """
    let result = try StageHarness().run(
      PIIScrub.self, parameters, inputs: ["records": input], folder: folder)
    let rows = try RecordsReader(try result.artifact("records", .records).tree).rows()
    #expect(rows.map(\.content) == [.text("badge <EMPLOYEE_ID>, ssn 536-22-8145, 536-22-8145 was")])
  }

  @Test("the same bytes with any number of threads")
  func determinism() throws {
    let folder = try TemporaryFolder()
    let many = (0..<9000).map {
      "row \($0): mail user\($0)@example.com, " + String(repeating: "x", count: 200)
    }
    let input = try Self.records(many, folder)
    var digests: Set<Digest> = []
    for threads in [1, 2, 4] {
      var harness = StageHarness()
      harness.threads = threads
      let result = try harness.run(
        PIIScrub.self, #"{"operator": "pseudonym", "key": "k"}"#, inputs: ["records": input],
        folder: folder)
      digests.insert(try result.artifact("records", .records).digest)
      digests.insert(try result.artifact("audit", .report).digest)
    }
    #expect(digests.count == 2)
  }

  @Test(
    "parameters that make no sense are refused with a way out",
    arguments: [
      (#"{"entities": ["EMAIL"]}"#, "'EMAIL' is no entity this version finds"),
      (#"{"operator": "hash"}"#, "the operators 'hash' and 'pseudonym' need a key"),
      (#"{"operators": {"PERSON": "hsh"}}"#, "'hsh' is none of"),
      (#"{"operators": {"PERSN": "hash"}, "key": "k"}"#, "'PERSN' is no entity this version finds"),
      (#"{"operator": "burn"}"#, "'operator' is 'burn', expected one of replace"),
      (#"{"score_threshold": 2}"#, "'score_threshold' is '2', expected a number from 0 to 1"),
      (#"{"entites": []}"#, "no parameter 'entites'"),
      (#"{"thresholds": {"US_SSN": 3}}"#, "'US_SSN' is '3', expected a number from 0 to 1"),
      (#"{"thresholds": {"US_SSM": 0.3}}"#, "'US_SSM' is no entity this version finds"),
      (
        #"{"recognizers": [{"entity": "X", "patterns": [{"regex": "a(b"}]}]}"#,
        "the regular expression has"
      ),
      (
        #"{"recognizers": [{"entity": "X", "patterns": [{"regex": "a"}], "checksum": "lun"}]}"#,
        "'lun' is none of luhn"
      ),
      (
        #"{"recognizers": [{"entity": "my id", "patterns": [{"regex": "a"}]}]}"#,
        "'my id' is no name of an entity"
      ),
    ])
  func parameters(json: String, message: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    let diagnostics = PIIScrub.read(node).diagnostics
    #expect(diagnostics.contains { $0.message.contains(message) }, "\(diagnostics.map(\.message))")
  }
}
