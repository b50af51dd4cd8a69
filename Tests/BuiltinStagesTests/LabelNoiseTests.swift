import BuiltinStages
import Curation
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct LabelNoiseTests {
  static let rows = [
    FilterFixture.chat("Where is my card?", "card_arrival"),
    FilterFixture.chat("where is  my card? ", "lost_card"),
    FilterFixture.chat("Where is my card?", "card_arrival"),
    FilterFixture.chat("Another question", "lost_card"),
    FilterFixture.chat("Another question", "lost_card"),
    FilterFixture.chat("where is  my card? ", "third"),
  ]

  static func run(
    _ parameters: String, _ rows: [(content: RowContent, fields: [JSONMember])] = rows
  )
    throws -> (StageHarness.Result, TemporaryFolder)
  {
    let folder = try TemporaryFolder()
    let input = try RecordsFixture.make(rows, folder, "in")
    return (
      try StageHarness().run(
        LabelNoiseStage.self, parameters, inputs: ["records": input], folder: folder), folder
    )
  }

  static func answers(_ result: StageHarness.Result) throws -> [String] {
    try RecordsFixture.rows(result, "records").flatMap { TextChoice.assistant.texts(of: $0) }
  }

  @Test(
    "rows of one input with different outputs are handled as asked",
    arguments: [
      (#"{"action": "drop_all"}"#, ["lost_card", "lost_card"]),
      (
        #"{"action": "keep_majority"}"#,
        ["card_arrival", "card_arrival", "lost_card", "lost_card"]
      ),
      (
        #"{"action": "keep_first", "match": "exact"}"#,
        ["card_arrival", "lost_card", "card_arrival", "lost_card", "lost_card"]
      ),
    ])
  func actions(_ parameters: String, _ kept: [String]) throws {
    let (result, folder) = try Self.run(parameters)
    #expect(try Self.answers(result) == kept)
    #expect(try FilterFixture.changes(result).count == 6 - kept.count)
    #expect(try !FilterFixture.everything(result).contains("Where"))
    _ = folder
  }

  @Test("marked rows name their group and stay in order")
  func mark() throws {
    let (result, folder) = try Self.run(#"{"action": "mark"}"#)
    let rows = try RecordsFixture.rows(result, "records")
    #expect(rows.count == 6)
    #expect(rows.map { $0.field("label_noise") != nil } == [true, true, true, false, false, true])
    #expect(rows[0].field("label_noise")?["same_output"] == 2)
    #expect(rows[1].field("label_noise")?["outputs"] == 3)
    for row in rows { #expect(row.id.hash == RowIdentity.hash(row.content, row.fields)) }
    _ = folder
  }

  @Test("a column can be the output, and misspelt labels are listed")
  func labels() throws {
    var rows: [(content: RowContent, fields: [JSONMember])] = []
    for index in 0..<40 {
      rows.append((.text("text \(index)"), [JSONMember("label", .string("card_arrival"))]))
      rows.append((.text("text b\(index)"), [JSONMember("label", .string("level_1"))]))
      rows.append((.text("text c\(index)"), [JSONMember("label", .string("level_2"))]))
    }
    rows.append((.text("one"), [JSONMember("label", .string("Card_Arrival"))]))
    rows.append((.text("two"), [JSONMember("label", .string("card_arival"))]))
    rows.append((.text("three"), [JSONMember("label", .string("card arrival"))]))
    rows.append((.text("Text 0"), [JSONMember("label", .string("level_1"))]))
    let (result, folder) = try Self.run(#"{"label_field": "label"}"#, rows)
    let report = try FilterFixture.report(result)
    let suspects = report["suspect_labels"]?.arrayValue?.map {
      [$0["label"]?.stringValue, $0["resembles"]?.stringValue, $0["reason"]?.stringValue]
    }
    #expect(suspects?.contains(["Card_Arrival", "card_arrival", "letter_case"]) == true)
    #expect(suspects?.contains(["card_arival", "card_arrival", "one_edit"]) == true)
    #expect(suspects?.contains(["card arrival", "card_arrival", "white_space"]) == true)
    #expect(suspects?.contains { $0.contains("level_1") } == false)
    #expect(report["groups"] == 1 && report["rows_in_groups"] == 2)
    _ = folder
  }
}
