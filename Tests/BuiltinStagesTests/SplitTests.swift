import BuiltinStages
import Curation
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct SplitTests {
  static func rows(_ count: Int) -> [(content: RowContent, fields: [JSONMember])] {
    var rows: [(content: RowContent, fields: [JSONMember])] = []
    for index in 0..<count {
      let fields = [
        JSONMember("label", index % 3 == 0 ? "billing" : "account"),
        JSONMember("author", .integer(Int64(index / 4))),
        JSONMember("n", .integer(Int64(index))),
      ]
      // Every tenth row says what the one before says.
      rows.append((.text("ticket \(index % 10 == 9 ? index - 1 : index)"), fields))
    }
    return rows
  }

  static func run(
    _ parameters: String, _ folder: TemporaryFolder, _ inputs: [String: InputArtifact],
    threads: Int = 2
  ) throws -> StageHarness.Result {
    var harness = StageHarness()
    harness.threads = threads
    return try harness.run(Split.self, parameters, inputs: inputs, folder: folder)
  }

  @Test(
    "sizes are shares or numbers; the usual ones depend on how many rows there are",
    arguments: [
      (500, "{}", [400, 50, 50]), (2000, "{}", [1800, 100, 100]),
      (500, #"{"test_size": 100, "validation_size": 0}"#, [400, 0, 100]),
      (500, #"{"test_size": 0.5, "validation_size": 0.1}"#, [200, 50, 250]),
    ])
  func sizes(_ count: Int, _ parameters: String, _ expected: [Int]) throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(count), folder, "in")
    let result = try Self.run(parameters, folder, ["records": records])
    let sides = try ["train", "validation", "test"].map { try RecordsFixture.rows(result, $0) }
    #expect(sides.map(\.count) == expected)
    let all = try RecordsReader(records.tree).rows().map(\.id).sorted()
    #expect(sides.joined().map(\.id).sorted() == all)
    let contents = sides.map { Set($0.map(\.content)) }
    #expect(contents[0].isDisjoint(with: contents[2]))
    #expect(contents[0].isDisjoint(with: contents[1]))
    #expect(contents[1].isDisjoint(with: contents[2]))
  }

  @Test("groups and clusters stay on one side, labels keep their shares")
  func together() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(1200), folder, "in")
    let ids = try RecordsReader(records.tree).rows().map(\.id)
    var lines = ""
    for pair in 0..<50 {
      for index in [pair, 1199 - pair] {
        let member = RowClusters.Member(
          row: ids[index], cluster: ids[pair].description, isKept: index == pair, similarity: 1)
        lines += JSONWriter.compact(member.json) + "\n"
      }
    }
    try folder.write("clusters/clusters.jsonl", lines)
    let clusters = try StageHarness.artifact(folder: folder.path + "/clusters", .clusters)
    let result = try Self.run(
      #"{"group_by": ["author"], "stratify_by": ["label"], "seed": 7}"#, folder,
      ["records": records, "clusters": clusters])
    var sideOf: [RowID: String] = [:]
    var authors: [JSONValue: Set<String>] = [:]
    for side in ["train", "validation", "test"] {
      let rows = try RecordsFixture.rows(result, side)
      for row in rows {
        sideOf[row.id] = side
        authors[row.field("author") ?? .null, default: []].insert(side)
      }
      let billing = rows.count { $0.field("label") == "billing" }
      #expect(abs(Double(billing) / Double(rows.count) - 1.0 / 3) < 0.12, "\(side)")
    }
    #expect(authors.values.allSatisfy { $0.count == 1 })
    for pair in 0..<50 { #expect(sideOf[ids[pair]] == sideOf[ids[1199 - pair]]) }
  }

  @Test("the test side is sealed, the others are not")
  func sealed() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(100), folder, "in")
    let result = try Self.run("{}", folder, ["records": records])
    #expect(SealedSplit.isSealed(try result.artifact("test", .records).tree))
    #expect(!SealedSplit.isSealed(try result.artifact("train", .records).tree))
    #expect(!SealedSplit.isSealed(try result.artifact("validation", .records).tree))
    #expect {
      try SealedSplit.refuse(result.artifact("test", .records).tree, port: "train")
    } throws: { error in
      (error as? Failure)?.diagnostics[0].message
        == "the input 'train' is a sealed test set; training on it is refused"
    }
  }

  @Test("the same bytes with 1, 2 and 5 threads")
  func threads() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(6000), folder, "in")
    var digests: Set<[Digest]> = []
    for threads in [1, 2, 5] {
      let result = try Self.run(
        #"{"stratify_by": ["label"]}"#, folder, ["records": records], threads: threads)
      digests.insert(
        try ["train", "validation", "test"].map { try result.artifact($0, .records).digest })
    }
    #expect(digests.count == 1)
  }

  @Test(
    "what cannot be split is refused with a reason",
    arguments: [
      (2, "{}", "2 rows, but 1 for validation and 1 for test leave none to train on"),
      (100, #"{"stratify_by": ["lable"]}"#, "no row has the column 'lable' of 'stratify_by'"),
      (100, #"{"group_by": ["x"]}"#, "no row has the column 'x' of 'group_by'"),
    ])
  func refused(_ count: Int, _ parameters: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(count), folder, "in")
    #expect {
      _ = try Self.run(parameters, folder, ["records": records])
    } throws: { error in
      (error as? Failure)?.diagnostics.map(\.message) == [message]
    }
  }

  @Test("rows that all belong together leave a side empty, which is refused")
  func oneGroup() throws {
    let folder = try TemporaryFolder()
    let rows = Self.rows(40).map { ($0.content, [JSONMember("author", 1)]) }
    let records = try RecordsFixture.make(rows, folder, "in")
    #expect {
      _ = try Self.run(#"{"group_by": ["author"]}"#, folder, ["records": records])
    } throws: { error in
      (error as? Failure)?.diagnostics[0].code == "split.empty-side"
    }
  }
}
