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

  static var firstID: RowID {
    let row = rows(1)[0]
    return RowID(hash: RowIdentity.hash(row.content, row.fields), ordinal: 0)
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
      (
        2, #"{"min_rows": 0}"#, "2 rows, but 1 for validation and 1 for test leave none to train on"
      ),
      (49, "{}", "49 rows are fewer than 'min_rows' (50)"),
      (
        100, #"{"by_time": "label"}"#,
        "row \(firstID) has no date or number in 'label' of 'by_time'"
      ),
      (100, #"{"by_time": "when"}"#, "no row has the column 'when' of 'by_time'"),
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
      _ = try Self.run(#"{"group_by": ["author"], "min_rows": 0}"#, folder, ["records": records])
    } throws: { error in
      (error as? Failure)?.diagnostics[0].code == "split.empty-side"
    }
  }

  /// Long texts, of which rows 10k and 10k + 5 differ in one word of sixty.
  static func similar(_ count: Int) -> [(content: RowContent, fields: [JSONMember])] {
    let random = CounterRandom(seed: 1, stream: "words")
    return (0..<count).map { index in
      let base = index % 10 == 5 ? index - 5 : index
      var words = (0..<60).map { "w\(random.integer(UInt64(base * 60 + $0), below: 5000))" }
      if base != index { words[59] = "other" }
      return (.text(words.joined(separator: " ")), [JSONMember("n", .integer(Int64(index)))])
    }
  }

  static func number(_ row: Row) -> Int { row.field("n")?.integerValue ?? -1 }

  @Test("near-duplicates across sides are dropped, kept or refused, and counted")
  func leaks() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.similar(1500), folder, "in")
    let kept = try Self.run(#"{"on_leak": "keep"}"#, folder, ["records": records])
    var sideOf = [Int](repeating: -1, count: 1500)
    for (index, side) in ["train", "validation", "test"].enumerated() {
      for row in try RecordsFixture.rows(kept, side) { sideOf[Self.number(row)] = index }
    }
    #expect(!sideOf.contains(-1))
    // Counted from the rows themselves: the pairs are known.
    var expected: Set<Int> = []
    for first in stride(from: 0, to: 1500, by: 10) where sideOf[first] != sideOf[first + 5] {
      expected.insert(sideOf[first] < sideOf[first + 5] ? first : first + 5)
    }
    #expect(expected.count > 5)
    let leaked = kept.events.reduce(0) { sum, event in
      if case .count(let name, let value) = event, name.hasPrefix("leaks.") {
        sum + value
      } else {
        sum
      }
    }
    #expect(leaked == expected.count)

    let dropped = try Self.run("{}", folder, ["records": records])
    let left = try ["train", "validation", "test"].flatMap { side in
      try RecordsFixture.rows(dropped, side).map { Self.number($0) }
    }
    #expect(Set(left) == Set(0..<1500).subtracting(expected) && left.count == 1500 - expected.count)
    let changes = try String(
      decoding: SharedMaterial.bytes(dropped.outputs["report"]! + "/changes.jsonl"), as: UTF8.self)
    #expect(changes.split(separator: "\n").count == expected.count)
    #expect(changes.contains("\"rule\":\"split.leak\",\"detail\":{\"side\":\"train\",\"like\":\""))
    #expect(!changes.contains("w79"))

    #expect {
      _ = try Self.run(#"{"on_leak": "refuse"}"#, folder, ["records": records])
    } throws: { error in
      (error as? Failure)?.diagnostics[0].message
        == "\(expected.count) rows of train or validation have a near-duplicate (Jaccard 0.8 or more) "
        + "on a side held out"
    }
    let exact = try Self.run(#"{"leak_check": "exact"}"#, folder, ["records": records])
    #expect(
      try ["train", "validation", "test"].reduce(0) {
        try $0 + RecordsFixture.rows(exact, $1).count
      }
        == 1500)
  }

  @Test("gold rows come first in test, what repeats them is left out or follows them")
  func gold() throws {
    let folder = try TemporaryFolder()
    let rows = Self.rows(200)
    let records = try RecordsFixture.make(rows, folder, "in")
    var golden = Array(rows[..<3])
    golden.append((rows[20].content, []))
    golden.append((.text("something else"), []))
    let gold = try RecordsFixture.make(golden, folder, "gold")
    let result = try Self.run("{}", folder, ["records": records, "gold": gold])
    let test = try RecordsFixture.rows(result, "test")
    #expect(test[..<5].map(\.content) == golden.map(\.content))
    #expect(Set(test.map(\.id)).count == test.count)
    let trained =
      try RecordsFixture.rows(result, "train") + RecordsFixture.rows(result, "validation")
    #expect(Set(trained.map(\.content)).isDisjoint(with: golden.map(\.content)))
    #expect(trained.count + test.count == 202)
  }

  @Test("with folds every row that is not test is validated once and trained on otherwise")
  func folds() throws {
    let folder = try TemporaryFolder()
    let records = try RecordsFixture.make(Self.rows(600), folder, "in")
    let result = try Self.run(
      #"{"folds": 3, "stratify_by": ["label"]}"#, folder, ["records": records])
    let test = try RecordsFixture.rows(result, "test").map(\.id)
    #expect(test.count == 60)
    var validated: [RowID] = []
    for fold in 1...3 {
      let train = try RecordsFixture.rows(result, "train_\(fold)")
      let validation = try RecordsFixture.rows(result, "validation_\(fold)")
      #expect(Set(train.map(\.content)).isDisjoint(with: validation.map(\.content)))
      #expect(Set(train.map(\.id) + validation.map(\.id) + test).count == 600)
      #expect(abs(validation.count - 180) < 6)
      validated += validation.map(\.id)
    }
    #expect(validated.count == 540 && Set(validated).count == 540)
  }

  @Test("by time the newest rows are test")
  func byTime() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<100).map { index -> (content: RowContent, fields: [JSONMember]) in
      let day = (index * 37) % 100
      let date = "2024-\(day < 50 ? "0" : "1")\(1 + day % 2)-\(10 + day % 19)"
      return (.text("row \(index)"), [JSONMember("date", .string(date))])
    }
    let records = try RecordsFixture.make(rows, folder, "in")
    let result = try Self.run(#"{"by_time": "date"}"#, folder, ["records": records])
    let dates = try ["train", "validation", "test"].map { side in
      try RecordsFixture.rows(result, side).map { $0.field("date")?.stringValue ?? "" }
    }
    #expect(dates.map(\.count) == [80, 10, 10])
    #expect(dates[0].max()! <= dates[1].min()! && dates[1].max()! <= dates[2].min()!)
  }

  @Test("few rows are told, and rare strata")
  func warnings() throws {
    let folder = try TemporaryFolder()
    var rows = Self.rows(150)
    rows.append((.text("alone"), [JSONMember("label", "rare")]))
    let records = try RecordsFixture.make(rows, folder, "in")
    let result = try Self.run(#"{"stratify_by": ["label"]}"#, folder, ["records": records])
    let told = result.events.compactMap { event -> String? in
      if case .message(let diagnostic) = event { diagnostic.message } else { nil }
    }
    #expect(
      told == [
        "151 rows: under 200 a model learns them by heart",
        "1 of 3 strata are missing on a side: they have too few rows",
      ])
  }
}
