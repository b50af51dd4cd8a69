import BuiltinStages
import Curation
import Diagnostics
import Documents
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

/// Reading what a filter stage left behind.
enum FilterFixture {
  static func changes(_ result: StageHarness.Result, port: String = "report") throws -> [JSONValue]
  {
    let tree = try result.artifact(port, .report).tree
    return try tree.names.filter { RowChanges.holds($0) }.flatMap { name in
      try SharedMaterial.bytes(tree.path(name)).split(separator: 0x0A)
        .map { try JSONReader.parse(Array($0), file: name) }
    }
  }

  static func rules(_ result: StageHarness.Result) throws -> [String] {
    try changes(result).map { $0["rule"]?.stringValue ?? "" }
  }

  static func report(_ result: StageHarness.Result) throws -> JSONValue {
    let tree = try result.artifact("report", .report).tree
    return try JSONReader.parse(SharedMaterial.bytes(tree.path("report.json")), file: "report.json")
  }

  static func everything(_ result: StageHarness.Result) throws -> String {
    let tree = try result.artifact("report", .report).tree
    return try tree.names.map {
      String(decoding: try SharedMaterial.bytes(try tree.path($0)), as: UTF8.self)
    }.joined()
  }

  static func chat(_ prompt: String, _ answer: String) -> (
    content: RowContent, fields: [JSONMember]
  ) {
    (.conversation([Message(.user, prompt), Message(.assistant, answer)], tools: nil), [])
  }
}

@Suite struct QualityFilterTests {
  static let good =
    "The old harbour lies at the end of a narrow road that follows the river. In summer boats from "
    + "three countries come to be repaired there, and their crews sit with the locals on warm "
    + "evenings. My grandfather built masts for nearly forty years. He would say that no two trees "
    + "have the same temper, so each piece of wood must be read before it is cut. When the yard "
    + "closed, people feared that the craft would vanish. Instead, a group of young carpenters "
    + "rented the sheds and began again."

  static func run(
    _ rows: [(content: RowContent, fields: [JSONMember])], _ parameters: String, threads: Int = 2
  ) throws -> StageHarness.Result {
    let folder = try TemporaryFolder()
    let input = try RecordsFixture.make(rows, folder, "in")
    var harness = StageHarness()
    harness.threads = threads
    let result = try harness.run(
      QualityFilter.self, parameters, inputs: ["records": input], folder: folder)
    Self.keep.append(folder)
    return result
  }

  private nonisolated(unsafe) static var keep: [TemporaryFolder] = []

  @Test("a row goes by the first rule that refuses it, with value and threshold and no contents")
  func webRules() throws {
    let short = "Too short to be of use."
    let hashes = Self.good + String(repeating: " #tag", count: 60)
    let result = try Self.run(
      [(.text(Self.good), []), (.text(short), []), (.text(hashes), [])],
      #"{"rules": ["gopher_quality"]}"#)
    #expect(try RecordsFixture.rows(result, "records").map(\.content) == [.text(Self.good)])
    #expect(try FilterFixture.rules(result) == ["gopher.word_count", "gopher.hash_ratio"])
    let detail = try FilterFixture.changes(result)[0]["detail"]
    #expect(detail?["value"]?.doubleValue == 6 && detail?["threshold"]?.doubleValue == 50)
    #expect(try !FilterFixture.everything(result).contains("Too short"))
    #expect(result.events.contains(.count(name: "dropped.gopher.word_count", value: 1)))
  }

  @Test("a threshold of the pipeline replaces the published one and turns its set on")
  func overrides() throws {
    let rows: [(content: RowContent, fields: [JSONMember])] = [
      (.text("The final end of this story was that people have waited."), []), (.text("No."), []),
    ]
    let result = try Self.run(
      rows, #"{"rules": [], "gopher_quality": {"min_words": 5}}"#)
    #expect(try RecordsFixture.rows(result, "records").count == 1)
    #expect(try FilterFixture.rules(result) == ["gopher.word_count"])
  }

  @Test(
    "an instruction row goes by its own rules",
    arguments: [
      ("What is it?", "It is a lamp.", ""), ("  ", "It is a lamp.", "instruction.empty_prompt"),
      ("What is it?", " \n", "instruction.empty_answer"),
      ("Say this back.", "Say  this back.", "instruction.answer_equals_prompt"),
      ("What is it?", "A \u{FFFD} lamp.", "instruction.replacement_characters"),
      ("Code?", "Here:\n```swift\nprint(1)\n", "instruction.unbalanced_fence"),
      ("Code?", "Here:\n```swift\nprint(1)\n```\nDone.", ""),
      ("Do it.", "I'm sorry, but I can't help with that.", "instruction.refusal"),
      ("Do it.", "As an AI language model, I have no opinion.", "instruction.refusal"),
      ("And?", "She was sorry, but the shop could not help and the parcel was lost.", ""),
    ])
  func instruction(_ prompt: String, _ answer: String, _ rule: String) throws {
    let result = try Self.run([FilterFixture.chat(prompt, answer)], "{}")
    #expect(try FilterFixture.rules(result) == (rule.isEmpty ? [] : [rule]))
  }

  @Test("long answers go when they stop in a sentence, repeat themselves or change the language")
  func instructionLong() throws {
    let truncated = Self.good + " And then the next of the letters that we had been"
    let repeated = String(repeating: "again and again we say the same thing here. ", count: 9)
    let german =
      "Vielen Dank für Ihre Nachricht. Wir haben die Rechnung geprüft und werden den Betrag "
      + "innerhalb von wenigen Tagen auf Ihr Konto überweisen."
    let asked = "Could you please tell me when I will get my money back for the broken lamp?"
    let result = try Self.run(
      [
        FilterFixture.chat("Tell.", truncated), FilterFixture.chat("Tell.", repeated),
        FilterFixture.chat(asked, german), FilterFixture.chat(asked, Self.good),
      ], "{}")
    #expect(
      try FilterFixture.rules(result) == [
        "instruction.truncated", "instruction.repeated_ngrams", "instruction.language_mismatch",
      ])
  }

  @Test("turns out of order go")
  func roles() throws {
    func row(_ roles: [Message.Role]) -> (content: RowContent, fields: [JSONMember]) {
      (.conversation(roles.map { Message($0, "Some words.\($0)") }, tools: nil), [])
    }
    let orders: [[Message.Role]] = [
      [.user, .assistant], [.system, .user, .assistant, .user, .assistant],
      [.user, .assistant, .tool, .assistant], [.user, .user, .assistant], [.assistant, .user],
      [.user, .system, .assistant], [.user, .assistant, .user], [.user, .tool, .assistant],
    ]
    let result = try Self.run(orders.map(row), "{}")
    #expect(try RecordsFixture.rows(result, "records").count == 3)
    #expect(try FilterFixture.rules(result) == Array(repeating: "instruction.role_order", count: 5))
  }

  @Test("recorded signals give the same verdicts without measuring, and stale ones are not trusted")
  func recorded() throws {
    let folder = try TemporaryFolder()
    let texts = [Self.good, "short", Self.good + " extra words at the end of it."]
    let input = try RecordsFixture.make(texts.map { (.text($0), []) }, folder, "in")
    let first = try StageHarness().run(
      QualityFilter.self, #"{"rules": [], "record_signals": true}"#, inputs: ["records": input],
      folder: folder)
    var rows = try RecordsFixture.rows(first, "records")
    #expect(rows.count == 3)
    #expect(rows[1].field("quality_signals")?["words"]?.integerValue == 1)
    let again = try StageHarness().run(
      QualityFilter.self, #"{"rules": ["gopher_quality", "gopher_repetition", "fineweb"]}"#,
      inputs: ["records": first.artifact("records", .records)], folder: folder)
    let fresh = try StageHarness().run(
      QualityFilter.self, #"{"rules": ["gopher_quality", "gopher_repetition", "fineweb"]}"#,
      inputs: ["records": input], folder: folder)
    #expect(try FilterFixture.rules(again) == FilterFixture.rules(fresh))
    #expect(try FilterFixture.rules(again) == ["gopher.word_count"])
    rows[1].content = .text(Self.good)
    let stale = try RecordsFixture.make(rows.map { ($0.content, $0.fields) }, folder, "stale")
    let measured = try StageHarness().run(
      QualityFilter.self, #"{"rules": ["gopher_quality"]}"#, inputs: ["records": stale],
      folder: folder)
    #expect(try FilterFixture.rules(measured).isEmpty)
  }

  @Test("C4 can take out the lines it refuses")
  func c4() throws {
    let text = "Menu\n" + Self.good + "\nWe use cookies to serve you well."
    let result = try Self.run([(.text(text), [])], #"{"rules": ["c4"], "c4_remove_lines": true}"#)
    #expect(try RecordsFixture.rows(result, "records").map(\.content) == [.text(Self.good)])
    #expect(try FilterFixture.rules(result) == ["c4.lines"])
  }

  @Test("length, patterns and JSON are rules of their own")
  func generic() throws {
    let rows = ["[1, 2]", "{\"a\": 1}", "no json", "{\"secret\": 1}"].map {
      FilterFixture.chat("Give JSON.", $0)
    }
    let result = try Self.run(
      rows,
      #"{"rules": [], "answer_json": true, "must_not_match": "secret", "min_characters": 7}"#)
    #expect(
      try FilterFixture.rules(result) == [
        "length.min_characters", "format.answer_json", "format.must_not_match",
      ])
  }

  @Test("the same bytes with any number of threads")
  func determinism() throws {
    let rows: [(content: RowContent, fields: [JSONMember])] = (0..<3000).map {
      (.text($0 % 3 == 0 ? Self.good + " \($0)" : "short \($0)"), [])
    }
    let parameters = #"{"rules": ["gopher_quality", "c4", "fineweb"], "signals_file": true}"#
    let digests = try [1, 3].map { threads in
      let result = try Self.run(rows, parameters, threads: threads)
      return [
        try result.artifact("records", .records).digest,
        try result.artifact("report", .report).digest,
      ]
    }
    #expect(digests[0] == digests[1])
  }

  @Test(
    "parameters that make no sense are refused with a way out",
    arguments: [
      (#"{"rules": ["gofer_quality"]}"#, "'gofer_quality' is no rule set"),
      (#"{"gopher_quality": {"min_word": 5}}"#, "'min_word' is no threshold of gopher_quality"),
      (#"{"gopher_quality": {"min_words": "x"}}"#, "expected a number"),
      (#"{"fineweb": [1]}"#, "expected a mapping of thresholds"),
      (#"{"must_match": "("}"#, "of the expression"),
    ])
  func parameters(json: String, message: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    let diagnostics = QualityFilter.read(node).diagnostics
    #expect(diagnostics.contains { $0.message.contains(message) }, "\(diagnostics.map(\.message))")
  }
}
