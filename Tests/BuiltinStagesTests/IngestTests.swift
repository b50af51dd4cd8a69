import BuiltinStages
import Diagnostics
import Documents
import Parallelism
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite struct IngestTests {
  /// Ingests one file with the text of `parameters` beside its path.
  static func ingest(
    _ name: String, _ text: String, _ parameters: String = "", onBadRow: String = "fail",
    threads: Int = 2
  ) throws -> (rows: [Row], folder: TemporaryFolder, result: StageHarness.Result) {
    let folder = try TemporaryFolder()
    try folder.write(name, text)
    let json = """
      {"sources": [{"path": "\(name)"\(parameters.isEmpty ? "" : ", " + parameters)}], \
      "on_bad_row": "\(onBadRow)"}
      """
    var harness = StageHarness()
    harness.threads = threads
    let result = try harness.run(Ingest.self, json, folder: folder)
    let tree = try result.artifact("records", .records).tree
    return (try RecordsReader(tree).rows(), folder, result)
  }

  static func failure(_ name: String, _ text: String, _ parameters: String = "") -> [Diagnostic] {
    do {
      _ = try ingest(name, text, parameters)
      return []
    } catch {
      return (error as? Failure)?.diagnostics ?? []
    }
  }

  struct Shape: Sendable, CustomTestStringConvertible {
    var id: String
    var line: String
    var parameters = ""
    var content: RowContent
    var fields: [JSONMember] = []
    var testDescription: String { id }
  }

  static let shapes: [Shape] = [
    Shape(
      id: "text", line: #"{"text":"a","id":7}"#, content: .text("a"),
      fields: [JSONMember("id", 7)]),
    Shape(
      id: "other field", line: #"{"body":"a"}"#, parameters: #""type":"completion","field":"body""#,
      content: .text("a")),
    Shape(
      id: "messages",
      line:
        #"{"label":"x","messages":[{"role":"developer","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","content":"r","tool_call_id":"1"},{"role":"assistant","content":"z","weight":0}],"tools":[{"type":"function"}]}"#,
      content: .conversation(
        [
          Message(.system, "s"), Message(.user, "ab"),
          Message(.assistant, "", extra: [JSONMember("tool_calls", [["id": "1"]])]),
          Message(.tool, "r", extra: [JSONMember("tool_call_id", "1")]),
          Message(.assistant, "z", train: false),
        ], tools: [["type": "function"]]),
      fields: [JSONMember("label", "x")]),
    Shape(
      id: "sharegpt",
      line:
        #"{"system":"s","conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}"#,
      content: .conversation(
        [Message(.system, "s"), Message(.user, "q"), Message(.assistant, "a")], tools: nil)),
    Shape(
      id: "own names of members and roles",
      line: #"{"turns":[{"who":"kunde","what":"q"},{"who":"wir","what":"a"}]}"#,
      parameters:
        #""type":"chat_template","field_messages":"turns","message_property_mappings":{"role":"who","content":"what"},"roles":{"kunde":"user","wir":"assistant"}"#,
      content: .conversation([Message(.user, "q"), Message(.assistant, "a")], tools: nil)),
    Shape(
      id: "alpaca",
      line: #"{"instruction":"i","input":"x","output":"o","history":[["a","b"]],"k":null}"#,
      content: .conversation(
        [
          Message(.user, "a"), Message(.assistant, "b"), Message(.user, "i\nx"),
          Message(.assistant, "o"),
        ], tools: nil), fields: [JSONMember("k", .null)]),
    Shape(
      id: "alpaca without input", line: #"{"instruction":"i","input":"","output":"o"}"#,
      content: .conversation([Message(.user, "i"), Message(.assistant, "o")], tools: nil)),
    Shape(
      id: "prompt and completion", line: #"{"prompt":"p","completion":" c"}"#,
      content: .completion(prompt: "p", completion: " c")),
    Shape(
      id: "prompt and completion as messages",
      line:
        #"{"prompt":[{"role":"user","content":"q"}],"completion":[{"role":"assistant","content":"a"}]}"#,
      content: .conversation(
        [Message(.user, "q", train: false), Message(.assistant, "a")], tools: nil)),
    Shape(
      id: "preference", line: #"{"prompt":"p","chosen":"a","rejected":"b"}"#,
      content: .preference(
        prompt: [Message(.user, "p")], chosen: [Message(.assistant, "a")],
        rejected: [Message(.assistant, "b")])),
    Shape(
      id: "preference with the prompt repeated (UltraFeedback)",
      line:
        #"{"prompt":"p","messages":[{"role":"user","content":"p"}],"chosen":[{"role":"user","content":"p"},{"role":"assistant","content":"a"}],"rejected":[{"role":"user","content":"p"},{"role":"assistant","content":"b"}]}"#,
      content: .preference(
        prompt: [Message(.user, "p")], chosen: [Message(.assistant, "a")],
        rejected: [Message(.assistant, "b")]),
      fields: [JSONMember("messages", [["role": "user", "content": "p"]])]),
    Shape(
      id: "preference of hh-rlhf",
      line:
        #"{"chosen":"\n\nHuman: q\n\nAssistant: x\n\nHuman: r\n\nAssistant: a","rejected":"\n\nHuman: q\n\nAssistant: x\n\nHuman: r\n\nAssistant: b"}"#,
      content: .preference(
        prompt: [Message(.user, "q"), Message(.assistant, "x"), Message(.user, "r")],
        chosen: [Message(.assistant, "a")], rejected: [Message(.assistant, "b")])),
    Shape(
      id: "preference with an implicit prompt",
      line: #"{"chosen":"one two three","rejected":"one two thirty"}"#,
      content: .preference(
        prompt: [Message(.user, "one two ")], chosen: [Message(.assistant, "three")],
        rejected: [Message(.assistant, "thirty")])),
    Shape(
      id: "preference of Intel",
      line: #"{"system":"s","question":"q","chosen":"a","rejected":"b"}"#,
      content: .preference(
        prompt: [Message(.system, "s"), Message(.user, "q")], chosen: [Message(.assistant, "a")],
        rejected: [Message(.assistant, "b")])),
    Shape(
      id: "kto", line: #"{"prompt":"p","completion":"c","label":true}"#,
      content: .unpaired(
        prompt: [Message(.user, "p")], completion: [Message(.assistant, "c")], label: true)),
    Shape(
      id: "segments",
      line:
        #"{"segments":[{"text":"a","label":false},{"text":"b","label":false},{"text":"c","label":true},{"text":"d","label":1}]}"#,
      content: .completion(prompt: "ab", completion: "cd")),
    Shape(
      id: "stepwise", line: #"{"prompt":"p","completions":["x","y"],"labels":[true,false]}"#,
      content: .unpaired(
        prompt: [Message(.user, "p")], completion: [Message(.assistant, "x\ny")], label: false),
      fields: [JSONMember("completions", ["x", "y"]), JSONMember("labels", [true, false])]),
    Shape(
      id: "pretokenised",
      line: #"{"input_ids":[0,5,6],"attention_mask":[0,1,1],"labels":[-100,-100,6]}"#,
      content: .tokens(ids: [5, 6], labels: [-100, 6])),
    Shape(
      id: "pretokenised without labels", line: #"{"input_ids":[5,6]}"#,
      content: .tokens(ids: [5, 6], labels: [5, 6])),
  ]

  @Test("every shape of the field becomes one kind of row", arguments: shapes)
  func shape(_ shape: Shape) throws {
    let (rows, _, _) = try Self.ingest("a.jsonl", shape.line + "\n", shape.parameters)
    #expect(rows.map(\.content) == [shape.content])
    #expect(rows.map(\.fields) == [shape.fields])
  }

  static let badRows: [(String, String, String)] = [
    ("text", #"{"txet":"a"}"#, "row.missing-field: the row has no 'text'; found 'txet'"),
    ("text", #"{"text":null}"#, "row.wrong-type: 'text' is null, expected a string"),
    ("completion", #"{"text":5}"#, "row.wrong-type: 'text' is a number, expected a string"),
    (
      "completion", #""text""#,
      "row.not-object: found a string, expected an object of named columns"
    ),
    (
      "auto", #"{"txet":"a"}"#,
      "row.unknown-type: the columns fit no type of row; there is no 'text'"
    ),
    (
      "chat_template", #"{"messages":[]}"#,
      "row.empty-conversation: 'messages' has no messages"
    ),
    (
      "chat_template", #"{"messages":"x"}"#,
      "row.wrong-type: 'messages' is a string, expected a list of messages"
    ),
    (
      "chat_template", #"{"messages":[{"role":"root","content":"x"}]}"#,
      "row.bad-role: message 1 of 'messages' has the role 'root', expected system, user, assistant or tool"
    ),
    (
      "chat_template", #"{"messages":[{"role":"my number is 42","content":"x"}]}"#,
      "row.bad-role: message 1 of 'messages' has an unknown role, expected system, user, assistant or tool"
    ),
    (
      "chat_template", #"{"messages":[{"role":"user","content":null}]}"#,
      "row.wrong-type: message 1 of 'messages': content is null, expected a string"
    ),
    (
      "chat_template", #"{"messages":[{"role":"user"}]}"#,
      "row.wrong-type: message 1 of 'messages' has no content"
    ),
    (
      "chat_template", #"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#,
      "row.content-part: message 1 of 'messages' has a content part that is no text"
    ),
    (
      "preference", #"{"prompt":"p","chosen":"a"}"#,
      "row.missing-field: the row has no 'rejected' or 'rejected_response'"
    ),
    (
      "kto", #"{"prompt":"p","completion":"a","label":"maybe"}"#,
      "row.wrong-type: 'label' is a string, expected true or false"
    ),
    (
      "pretokenised", #"{"input_ids":[1],"labels":[1,2]}"#,
      "row.length: 2 labels for 1 input_ids, expected as many"
    ),
    (
      "pretokenised", #"{"input_ids":[4294967296]}"#,
      "row.wrong-type: 'input_ids[0]' is a number, expected an integer"
    ),
    (
      "pretokenised", #"{"input_ids":[1,2],"labels":[2,-100]}"#,
      "row.label: labels[0] is neither -100 nor input_ids[0]"
    ),
    (
      "input_output", #"{"segments":[{"text":"a","label":true},{"text":"b","label":false}]}"#,
      "row.segments: segments[1] is not trained on and follows one that is"
    ),
    (
      "stepwise", #"{"prompt":"p","completions":["x","y"],"labels":[true]}"#,
      "row.length: 'labels' does not hold true or false for each of 2 steps"
    ),
    ("pretokenised", #"{"labels":[2]}"#, "row.missing-field: the row has no 'input_ids'"),
  ]

  @Test("a bad row is named by what is wrong, never by what it holds", arguments: badRows)
  func badRow(_ type: String, _ line: String, _ message: String) {
    let found = Self.failure("a.jsonl", line + "\n", #""type": "\#(type)""#)
    #expect(found.count == 1)
    #expect(found.first.map { "\($0.code): \($0.message)" }?.hasPrefix(message) == true, "\(found)")
    #expect(found.first?.span?.line == 1)
  }

  @Test("every bad row is reported with its line, in order")
  func allBadRows() throws {
    let lines = (1...40).map { $0 % 3 == 0 ? "{\"text\":\($0)}" : "{\"text\":\"\($0)\"}" }
    let found = Self.failure("a.jsonl", lines.joined(separator: "\n"))
    #expect(found.prefix(10).map { $0.span?.line } == (1...10).map { $0 * 3 })
    #expect(found.count == 11)
    #expect(found[10].message == "3 more bad rows, in lines a.jsonl: 33, 36, 39")
    #expect(found[10].fix == "to set bad rows aside instead: 'on_bad_row: quarantine'")
  }

  @Test("quarantine keeps the good rows, and the bad ones with place and raw text")
  func quarantine() throws {
    let text = "{\"text\":\"a\"}\n{\"text\":7}\n\n{\"text\":\"b\"\n{\"text\":\"b\"}\n"
    let (rows, folder, result) = try Self.ingest("a.jsonl", text, onBadRow: "quarantine")
    defer { withExtendedLifetime(folder) {} }
    #expect(rows.map(\.content) == [.text("a"), .text("b")])
    let tree = try result.artifact("quarantine", .files).tree
    let lines = String(
      decoding: try SharedMaterial.bytes(tree.path("quarantine.jsonl")), as: UTF8.self)
    #expect(
      lines == """
        {"file":"a.jsonl","line":2,"column":1,"code":"row.wrong-type","message":"'text' is a number, expected a string","raw":"{\\"text\\":7}"}
        {"file":"a.jsonl","line":4,"column":12,"code":"json.unexpected-end","message":"the text ends where ',' or '}' is expected","raw":"{\\"text\\":\\"b\\""}

        """)
    #expect(result.events.contains(.count(name: "rows_in", value: 4)))
    #expect(result.events.contains(.count(name: "rows_out", value: 2)))
    #expect(result.events.contains(.count(name: "quarantined.row.wrong-type", value: 1)))
    let report = try result.artifact("report", .report).tree
    let origins = String(
      decoding: try SharedMaterial.bytes(report.path("origins.jsonl")), as: UTF8.self)
    #expect(
      origins == """
        {"file":"a.jsonl","line":1,"row":0,"rows":1}
        {"file":"a.jsonl","line":5,"row":1,"rows":1}

        """)
  }

  @Test("nothing is left when every row is bad")
  func onlyBad() {
    #expect {
      try Self.ingest("a.jsonl", "{\"text\":1}\n", onBadRow: "quarantine")
    } throws: { error in
      (error as? Failure)?.diagnostics[0].code == "source.no-good-rows"
    }
  }

  @Test(
    "other formats give the same rows",
    arguments: [
      ("a.json", "[ {\"text\":\"a, b\"},\n {\"text\":\"c\\\"]\"} ]\n", ""),
      ("a.csv", "\u{FEFF}text\r\n\"a, b\"\r\n\"c\"\"]\"\r\n", ""),
      ("a.tsv", "text\na, b\n\"c\"\"]\"\n", ""),
      ("a.data", "text\n\"a, b\"\n\"c\"\"]\"", #""format": "csv", "delimiter": ";""#),
      ("a.txt", "a, b\n\nc\"]\n", ""),
      ("a.ndjson", "{\"text\":\"a, b\"}\r\n{\"text\":\"c\\\"]\"}", ""),
    ])
  func formats(_ name: String, _ text: String, _ parameters: String) throws {
    let (rows, _, _) = try Self.ingest(name, text, parameters)
    #expect(rows.map(\.content) == [.text("a, b"), .text("c\"]")])
  }

  @Test("a text file can be one row")
  func wholeFile() throws {
    let (rows, _, _) = try Self.ingest("a.md", "# a\n\nb\n", #""text_by": "file""#)
    #expect(rows.map(\.content) == [.text("# a\n\nb\n")])
  }

  @Test("the rows do not depend on threads, and equal rows get ordinals in order")
  func threads() throws {
    let random = CounterRandom(seed: 3, stream: "ingest")
    let lines = (0..<9000).map { index in
      let length = random.integer(UInt64(index), below: 700)
      return index % 97 == 5
        ? "{\"text\":\"same\"}"
        : "{\"text\":\"\(index)\(String(repeating: "ü", count: length))\",\"n\":\(index)}"
    }
    let text = lines.joined(separator: "\n")
    let (rows, folder, result) = try Self.ingest("a.jsonl", text, threads: 1)
    let digest = try result.artifact("records", .records).digest
    for threads in [2, 5] {
      let other = try Self.ingest("a.jsonl", text, threads: threads)
      #expect(try other.result.artifact("records", .records).digest == digest)
      withExtendedLifetime(other.folder) {}
    }
    withExtendedLifetime(folder) {}
    #expect(rows.count == 9000)
    let same = rows.filter { $0.content == .text("same") }.map(\.id.ordinal)
    #expect(same == Array(0..<same.count))
    // Another order of the lines: the same ids.
    let order = random.permutation(of: lines.count)
    let permuted = try Self.ingest(
      "a.jsonl", order.map { lines[$0] }.joined(separator: "\n")
    ).rows
    #expect(permuted.map(\.id).sorted() == rows.map(\.id).sorted())
  }

  @Test("a file that changed after planning is refused")
  func changed() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.jsonl", "{\"text\":\"a\"}\n")
    let file = InputFile(name: "a.jsonl", path: path, digest: Digest(of: [1]), bytes: 13)
    let json = try JSONReader.parse(
      Array(#"{"sources":[{"path":"a.jsonl"}]}"#.utf8), file: "parameters")
    var outputs: [String: String] = [:]
    for port in ["records", "quarantine", "report"] { outputs[port] = try folder.makeFolder(port) }
    let context = StageContext(
      pool: .init(threads: 1), inputs: [:], files: ["sources[0].path": [file]], outputs: outputs,
      checkpoints: NoCheckpoints(), sink: { _ in })
    #expect {
      _ = try Ingest.read(Node(json, file: "parameters")).run(context)
    } throws: { error in
      (error as? Failure)?.diagnostics[0].code == "source.changed"
    }
  }
}
