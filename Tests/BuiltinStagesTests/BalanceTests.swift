import BuiltinStages
import Curation
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct BalanceTests {
  /// 300 rows of a, 60 of b, 20 of c, 10 without a label.
  static func rows() -> [(content: RowContent, fields: [JSONMember])] {
    (0..<390).map { index in
      let label = index < 300 ? "a" : index < 360 ? "b" : index < 380 ? "c" : nil
      let fields = label.map { [JSONMember("label", .string($0))] } ?? []
      return (.text("row \(index)"), fields + [JSONMember("tag", index % 5 == 0 ? "hard" : "easy")])
    }
  }

  static func counts(_ rows: [Row]) -> [String: Int] {
    rows.reduce(into: [:]) { $0[$1.field("label")?.stringValue ?? "", default: 0] += 1 }
  }

  static func run(
    _ parameters: String, _ folder: TemporaryFolder, _ inputs: [String: InputArtifact],
    threads: Int = 2
  ) throws -> StageHarness.Result {
    var harness = StageHarness()
    harness.threads = threads
    return try harness.run(Balance.self, parameters, inputs: inputs, folder: folder)
  }

  @Test(
    "classes are evened out",
    arguments: [
      (#"{"by": "label"}"#, ["a": 100, "b": 60, "c": 20, "": 10]),
      (#"{"by": "label", "method": "oversample"}"#, ["a": 300, "b": 60, "c": 60, "": 10]),
      (
        #"{"by": "label", "method": "oversample", "max_class_ratio": 2, "max_copies": 3}"#,
        ["a": 300, "b": 150, "c": 60, "": 10]
      ),
      (#"{"by": "label", "targets": {"a": 200, "c": 30}}"#, ["a": 200, "b": 60, "c": 30, "": 10]),
    ])
  func classes(_ parameters: String, _ expected: [String: Int]) throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(), folder, "in")
    var digests: Set<Digest> = []
    for threads in [1, 3] {
      let result = try Self.run(
        parameters.replacing("{\"by\"", with: "{\"allow_large_removal\": true, \"by\""), folder,
        ["records": records], threads: threads)
      let rows = try RecordsFixture.rows(result, "records")
      #expect(Self.counts(rows) == expected)
      #expect(Set(rows.map(\.id)).count == rows.count)
      for row in rows { #expect(row.id.hash == RowIdentity.hash(row.content, row.fields)) }
      digests.insert(try result.artifact("records", .records).digest)
      let lines = try String(
        decoding: SharedMaterial.bytes(result.outputs["report"]! + "/changes.jsonl"), as: UTF8.self
      ).split(separator: "\n")
      let copies = rows.count { $0.id.ordinal > 0 }
      #expect(lines.count { $0.contains("balance.copy") } == copies)
      #expect(
        lines.count { $0.contains("balance.undersample") } == 390 - (rows.count - copies))
    }
    #expect(digests.count == 1)
  }

  @Test("weights show rows of a tag more often")
  func weights() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(), folder, "in")
    let result = try Self.run(
      #"{"weight_by": "tag", "weights": {"hard": 2, "easy": 0.5}, "allow_large_removal": true}"#,
      folder, ["records": records])
    let rows = try RecordsFixture.rows(result, "records")
    #expect(rows.count { $0.field("tag") == "hard" } == 156)
    #expect(abs(rows.count { $0.field("tag") == "easy" } - 156) < 30)
  }

  @Test("near-duplicates of a class are not copied unless allowed")
  func clusters() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(), folder, "in")
    let ids = try RecordsReader(records.tree).rows().map(\.id)
    var lines = ""
    // Two of c are alike, one of c is like one of a, which is no reason.
    for (cluster, members) in [("x", [361, 362]), ("y", [363, 3])] {
      for index in members {
        let member = RowClusters.Member(
          row: ids[index], cluster: cluster, isKept: index == members[0], similarity: 1)
        lines += JSONWriter.compact(member.json) + "\n"
      }
    }
    try folder.write("clusters/clusters.jsonl", lines)
    let clusters = try StageHarness.artifact(folder: folder.path + "/clusters", .clusters)
    let inputs = ["records": records, "clusters": clusters]
    #expect {
      _ = try Self.run(#"{"by": "label", "method": "oversample"}"#, folder, inputs)
    } throws: { error in
      (error as? Failure)?.diagnostics[0].message
        == "2 rows to copy have near-duplicates in their class: copying them teaches one example "
        + "many times"
    }
    let allowed = #"{"by": "label", "method": "oversample", "allow_duplicates": true}"#
    #expect(try Self.run(allowed, folder, inputs).outcome == .succeeded)
  }

  @Test(
    "what cannot be meant is refused",
    arguments: [
      (
        #"{"by": "label", "max_class_ratio": 1}"#,
        "320 of 390 rows would be left out, more than half: the smallest class has 20 rows"
      ),
      (#"{"by": "lable"}"#, "no row has the column 'lable' of 'by'"),
      (#"{"by": "label", "targets": {"d": 5}}"#, "no row has 'd' of 'targets' in 'label'"),
      ("{}", "by: nothing to balance"),
      (
        #"{"by": "label", "weights": {"hard": "x"}}"#,
        "weights: 'hard' is 'x', expected a number from 0 to 100"
      ),
    ])
  func refused(_ parameters: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(), folder, "in")
    #expect {
      _ = try Self.run(parameters, folder, ["records": records])
    } throws: { error in
      (error as? Failure)?.diagnostics[0].message == message
    }
  }
}
