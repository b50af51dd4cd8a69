import Diagnostics
import Documents
import Records
import Testing

@Suite struct RowCodecTests {
  static let turns = [
    Message(.system, "be kind"),
    Message(.user, "hé\u{2028}\u{0}", train: false),
    Message(
      .assistant, "",
      extra: [
        JSONMember(
          "tool_calls",
          .array([.object(["id": "call_1", "type": "function", "arguments": "{\"b\":1}"])]))
      ]),
    Message(.tool, "42", extra: [JSONMember("tool_call_id", "call_1")]),
    Message(.assistant, "done", train: true),
  ]

  static let contents: [RowContent] = [
    .text("plain \"quoted\"\n"),
    .conversation(turns, tools: .array([.object(["z": 1, "a": 2])])),
    .conversation([], tools: nil),
    .completion(prompt: "p", completion: ""),
    .preference(prompt: turns, chosen: [turns[4]], rejected: []),
    .unpaired(prompt: [turns[1]], completion: [turns[4]], label: false),
    .tokens(ids: [1, 2, 128_000], labels: [-100, 2, 128_000]),
  ]

  @Test("every kind of row survives JSON", arguments: contents)
  func roundTrip(_ content: RowContent) throws {
    let row = Row(
      id: RowID(hash: RowIdentity.hash(content, []), ordinal: 3), content: content,
      fields: [JSONMember("id", 18_446.5), JSONMember("label", .null)])
    let text = JSONWriter.compact(RowCodec.json(row))
    let json = try JSONReader.parse(Array(text.utf8), file: "x")
    #expect(try RowCodec.row(json, file: "x", line: 1) == row)
  }

  @Test(
    "a damaged row names what is wrong, not what it holds",
    arguments: [
      (#"[]"#, "not an object"),
      (#"{"id":"secret","type":"text","text":"a"}"#, "'id' is not a row id"),
      (#"{"id":"ID","type":"text"}"#, "'text' is no text"),
      (#"{"id":"ID","type":"poem","text":"secret"}"#, "'type' names no kind of row"),
      (
        #"{"id":"ID","type":"conversation","messages":[{"role":"root","content":"x"}]}"#,
        "'messages' holds something else than messages"
      ),
      (
        #"{"id":"ID","type":"tokens","input_ids":[4294967296],"labels":[]}"#,
        "'input_ids' holds something else than 32-bit integers"
      ),
    ])
  func damaged(_ text: String, _ what: String) throws {
    let id = String(repeating: "0", count: 32)
    let json = try JSONReader.parse(
      Array(text.replacing("ID", with: id).utf8), file: "x")
    #expect {
      try RowCodec.row(json, file: "x", line: 7)
    } throws: { error in
      (error as? Failure)?.diagnostics == [
        Diagnostic(
          "records.damaged", "not a row of a records artifact: \(what)",
          at: SourceSpan(file: "x", line: 7))
      ]
    }
  }

  @Test("texts holds every text in order, without ids and types")
  func texts() {
    #expect(
      RowContent.conversation(Self.turns, tools: .array(["schema"])).texts
        == ["be kind", "hé\u{2028}\u{0}", "", "{\"b\":1}", "42", "done"])
    #expect(RowContent.tokens(ids: [1], labels: [1]).texts.isEmpty)
  }

  @Test("mapTexts replaces exactly those", arguments: contents)
  func mapTexts(_ content: RowContent) {
    #expect(content.mapTexts { $0 + "!" }.texts == content.texts.map { $0 + "!" })
    #expect(content.mapTexts { $0 } == content)
  }
}
