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
    #expect(tree.names == ["changes.jsonl", "report.json", "report.md"])
    #expect(!all.contains("ann@") && !all.contains("bob@") && !all.contains("0123"))
    let report = try JSONReader.parse(
      try SharedMaterial.bytes(try tree.path("report.json")), file: "report.json")
    #expect(report["entities"] == .object(["EMAIL_ADDRESS": 3, "PHONE_NUMBER": 1]))
    #expect(report["fields"]?["text"] == .object(["EMAIL_ADDRESS": 3, "PHONE_NUMBER": 1]))
    #expect(report["changed"] == 3 && report["rows"] == 5)
    let changes = try SharedMaterial.bytes(try tree.path("changes.jsonl"))
      .split(separator: UInt8(ascii: "\n"))
    #expect(changes.count == 3)
    let before = try RecordsReader(input.tree).rows()
    let first = try JSONReader.parse(Array(changes[0]), file: "changes.jsonl")
    #expect(first["was"]?.stringValue == before[0].id.description)
  }

  @Test("the same bytes with any number of threads")
  func determinism() throws {
    let folder = try TemporaryFolder()
    let many = (0..<9000).map {
      "row \($0): mail user\($0)@example.com, " + String(repeating: "x", count: 200)
    }
    let input = try Self.records(many, folder)
    var digests: Set<Digest> = []
    for threads in [1, 2, 5] {
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
    ])
  func parameters(json: String, message: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    let diagnostics = PIIScrub.read(node).diagnostics
    #expect(diagnostics.contains { $0.message.contains(message) }, "\(diagnostics.map(\.message))")
  }
}
