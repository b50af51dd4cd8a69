import Documents
import Foundation
import TestSupport
import Testing

/// What is asked of single rows: `explain --row`, `forget --match`, and stages in parts.
@Suite(.enabled(if: BuiltTool.exists, "the program is not built beside the tests"))
struct RowCommandsTests {
  /// 400 rows; row 7 holds an address, rows 20 and 21 are equal.
  static func project(shards: Int = 1) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let lines = (0..<400).map { index in
      var text = "question number \(index == 21 ? 20 : index) about the parcel that is late"
      if index == 7 { text += ", write to zoe.quinn@example.com" }
      return #"{"messages":[{"role":"user","content":"\#(text)"},"#
        + #"{"role":"assistant","content":"answer to it"}],"label":"l\#(index % 2)"}"#
    }
    try folder.write("rows.jsonl", lines.joined(separator: "\n") + "\n")
    try folder.write(
      "pipeline.yaml",
      """
      name: rows
      stages:
        tickets: { uses: ingest, with: { sources: [ { path: ./rows.jsonl } ] } }
        scrubbed: { uses: pii_scrub, shards: \(shards), inputs: { records: tickets } }
        unique: { uses: minhash_dedup, inputs: { records: scrubbed } }
        splits: { uses: split, inputs: { records: unique.kept, clusters: unique.clusters } }

      """)
    return folder
  }

  /// Ids of a stage's records, in order.
  static func ids(_ stage: String, _ folder: TemporaryFolder) throws -> [String] {
    let name = "got-" + stage
    #expect(
      try BuiltTool.run(["artifacts", "get", stage, "--to", name], in: folder).status == 0)
    let bytes = try folder.read(name + "/chunks/000001.jsonl")
    return try bytes.split(separator: 10).compactMap {
      try JSONReader.parse(Array($0), file: name)["id"]?.stringValue
    }
  }

  static func steps(_ id: String, _ folder: TemporaryFolder) throws -> [JSONValue] {
    let result = try BuiltTool.run(["explain", "--row", id, "--json"], in: folder)
    #expect(result.status == 0)
    return try JSONReader.parse(Array(result.output.utf8), file: "explain")["steps"]?.arrayValue
      ?? []
  }

  @Test("a row is followed from its line to its end, from whichever id one has")
  func explain() throws {
    let folder = try Self.project()
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let tickets = try Self.ids("tickets", folder)
    let scrubbed = try Self.ids("scrubbed", folder)
    #expect(tickets.count == 400)

    let changed = try Self.steps(tickets[7], folder)
    try #require(changed.count > 2)
    #expect(changed.compactMap { $0["event"]?.stringValue }.prefix(2) == ["read", "changed"])
    #expect(changed[0]["file"] == "rows.jsonl")
    #expect(changed[0]["line"] == 8)
    #expect(changed[1]["stage"] == "scrubbed")
    #expect(changed[1]["rule"]?.stringValue?.contains("EMAIL_ADDRESS") == true)
    #expect(changed[1]["id"]?.stringValue == scrubbed[7])
    #expect(changed.last?["stage"] == "splits")
    #expect(try Self.steps(scrubbed[7], folder) == changed)

    let dropped = try Self.steps(tickets[21], folder)
    #expect(dropped.last?["stage"] == "unique")
    #expect(dropped.last?["event"] == "dropped")
    #expect(dropped.last?["rule"]?.stringValue?.contains("duplicate") == true)

    let text = try BuiltTool.run(["explain", "--row", tickets[7]], in: folder).output
    #expect(!text.contains("zoe"))
    let unknown = try BuiltTool.run(
      ["explain", "--row", String(repeating: "0", count: 32)], in: folder)
    #expect(unknown.status == 65)
    #expect(try BuiltTool.run(["explain", "--row", "12"], in: folder).status == 2)
  }

  @Test("a person is found, purged with the rows made from theirs, and gone after the next run")
  func forget() throws {
    let folder = try Self.project()
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let look = try BuiltTool.run(
      ["forget", "--match", "Zoe.Quinn@example.com", "--json"], in: folder)
    #expect(look.status == 0)
    let plan = try JSONReader.parse(Array(look.output.utf8), file: "forget")
    let stages = plan["artifacts"]?.arrayValue?.compactMap { $0["stage"]?.stringValue } ?? []
    #expect(Set(stages).isSuperset(of: ["tickets", "scrubbed", "unique", "splits"]))
    #expect(plan["sources"]?.arrayValue?.first?["lines"] == [8])
    #expect(plan["removed"] == false)
    let before = try BuiltTool.objects(in: folder)
    #expect(before.values.contains { String(decoding: $0, as: UTF8.self).contains("zoe.quinn") })

    let purged = try BuiltTool.run(
      ["forget", "--match", "zoe.quinn@example.com", "--yes"], in: folder)
    #expect(purged.status == 0)
    #expect(purged.output.contains("rows.jsonl', lines 8"))
    let after = try BuiltTool.objects(in: folder)
    #expect(after.count < before.count)
    #expect(!after.values.contains { String(decoding: $0, as: UTF8.self).contains("zoe.quinn") })

    var lines = String(decoding: try folder.read("rows.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    lines.remove(at: 7)
    try folder.write("rows.jsonl", lines.joined(separator: "\n") + "\n")
    #expect(try BuiltTool.run(["run"], in: folder).status == 0)
    let none = try BuiltTool.run(["forget", "--match", "zoe.quinn@example.com"], in: folder)
    #expect(none.output.contains("nothing the project keeps or reads holds the text"))
    #expect(try BuiltTool.run(["forget", "--match", "zo"], in: folder).status == 2)
  }

  @Test("a stage in seven parts makes the bytes of one in one", arguments: ["1", "3"])
  func shards(threads: String) throws {
    let whole = try Self.project()
    #expect(try BuiltTool.run(["run"], in: whole).status == 0)
    let parts = try Self.project(shards: 7)
    #expect(try BuiltTool.run(["run", "--threads", threads], in: parts).status == 0)
    #expect(try BuiltTool.objects(in: parts) == BuiltTool.objects(in: whole))
  }

  @Test("a part is done by whoever holds its ticket, where the ticket says so")
  func parenting() throws {
    let whole = try Self.project()
    #expect(try BuiltTool.run(["run"], in: whole).status == 0)
    let folder = try Self.project(shards: 3)
    // The engine dies when its second attempt has ended: that of the stage in parts.
    let killed = try BuiltTool.run(
      ["run"], in: folder, environment: ["ORCHESTRATE_CRASH_AT": "attempt-finished:2"])
    #expect(killed.status == 137)
    let state = folder.path + "/.orchestrate"
    let tickets = FileManager.default.enumerator(atPath: state + "/attempts")?
      .compactMap { $0 as? String }.filter { $0.hasSuffix("shard-0/ticket.json") }
    let ticket = state + "/attempts/" + (try #require(tickets?.first))
    let chunks = state + "/chunks"
    try FileManager.default.removeItem(atPath: chunks)

    let refused = try BuiltTool.run(["exec-stage", "--ticket", ticket], in: folder)
    #expect(refused.status == 129)
    #expect(!FileManager.default.fileExists(atPath: chunks))

    let text = try String(contentsOfFile: ticket, encoding: .utf8)
    #expect(text.contains(#""parenting":"engine""#))
    try text.replacing(#""parenting":"engine""#, with: #""parenting":"anybody""#)
      .write(toFile: ticket, atomically: true, encoding: .utf8)
    let done = try BuiltTool.run(["exec-stage", "--ticket", ticket], in: folder)
    #expect(done.status == 0, "\(done.output)\(done.errors)")
    #expect(try FileManager.default.subpathsOfDirectory(atPath: chunks).count > 1)
    #expect(try BuiltTool.run(["resume"], in: folder).status == 0)
    #expect(try BuiltTool.objects(in: folder) == BuiltTool.objects(in: whole))
  }
}
