import BuiltinStages
import Diagnostics
import Documents
import Records
import StageKit
import TestSupport
import Testing

struct SynthesizeTests {
  static let prompt = #""prompt": "Write another like these:\n{{ examples }}\nas JSON.""#

  static func turns(_ row: Row) -> [String] {
    guard case .conversation(let turns, _) = row.content else { return [] }
    return turns.map(\.content)
  }

  @Test("new rows are kept with their origin; repeats, seeds and what is no JSON are refused")
  func rows() throws {
    let server = try FakeEndpoint { request, _ in
      let text = request.question
      if text.contains("0 + 1") {
        return FakeEndpoint.chat(
          "Here:\n```json\n[{\"prompt\": \"5 + 1\", \"answer\": \"6\", \"level\": \"easy\"}, {\"prompt\": \"2 +  1\", \"answer\": \"3\"}]\n```"
        )
      }
      if text.contains("1 + 1") {
        return FakeEndpoint.chat(#"{"instruction": "5 + 1", "output": "six"}"#)
      }
      if text.contains("2 + 1") { return FakeEndpoint.chat("I will not.") }
      if text.contains("3 + 1") { return FakeEndpoint.chat(#"{"prompt": "x"}"#) }
      return FakeEndpoint.chat(#"{"question": "9 + 1", "response": "10"}"#)
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      Synthesize.self,
      #"{\#(Self.prompt), \#(AskingFixture.endpoint(server))}"#,
      inputs: ["seeds": fixture.sums(5)], folder: fixture.folder)
    let rows = try AskingFixture.rows(result, "records")
    #expect(rows.map(Self.turns) == [["5 + 1", "6"], ["9 + 1", "10"]])
    #expect(rows[0].field("level") == "easy")
    #expect(rows[0].field("synthetic") == true)
    #expect(rows[0].field("provenance")?["teacher"]?["model"] == "m")
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["accepted"] == 2)
    #expect(report["objects"] == 6)
    #expect(report["reasons"]?["synthesize.duplicate"] == 2)
    #expect(report["reasons"]?["synthesize.no-json"] == 1)
    #expect(report["reasons"]?["synthesize.no-prompt-or-answer"] == 1)
    #expect(report["human_share"] == .number(5 / 7.0))
    let rejected = try AskingFixture.text(result, "report", "rejected.jsonl")
    #expect(rejected.split(separator: "\n").count == 4)
    #expect(!rejected.contains("six"))
  }

  @Test("a schema and verifiers refuse what they do not accept")
  func checked() throws {
    let server = try FakeEndpoint { request, _ in
      let number = request.question.contains("0 + 1") ? "0" : "1"
      return FakeEndpoint.chat(
        #"[{"prompt": "p\#(number)", "answer": "long enough", "level": \#(number)}, {"prompt": "q\#(number)", "answer": "a", "level": 1}]"#
      )
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      Synthesize.self,
      #"{\#(Self.prompt), "schema": {"properties": {"level": {"minimum": 1}}}, "verifiers": [{"type": "length", "min": 4}], \#(AskingFixture.endpoint(server))}"#,
      inputs: ["seeds": fixture.sums(2)], folder: fixture.folder)
    #expect(try AskingFixture.rows(result, "records").map(Self.turns) == [["p1", "long enough"]])
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["reasons"]?["synthesize.schema.minimum"] == 1)
    #expect(report["accepted"] == 1)
  }

  @Test("a teacher's answers to the seeds' prompts, with a warning where people wrote too little")
  func answers() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.chat("\(request.question) makes \(request.json["seed"]?.integerValue ?? 0)")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      Synthesize.self,
      #"{"make": "answers", "num_samples": 9, "request": {"seed": 0}, "min_human_share": 0.2, "keep_seeds": true, \#(AskingFixture.endpoint(server))}"#,
      inputs: ["seeds": fixture.sums(2)], folder: fixture.folder)
    let rows = try AskingFixture.rows(result, "records")
    #expect(rows.count == 20)
    #expect(Self.turns(rows[0]) == ["0 + 1", "1"])
    #expect(rows[0].field("synthetic") == nil)
    #expect(Self.turns(rows[4]) == ["0 + 1", "0 + 1 makes 2"])
    #expect(rows[4].field("category") == "even")
    let warnings = result.events.compactMap { event -> String? in
      if case .message(let diagnostic) = event { return diagnostic.message }
      return nil
    }
    #expect(
      warnings == [
        "people wrote 10.0 % of seeds and made rows together, less than 'min_human_share' 20.0 %"
      ])
  }

  @Test("examples are the seed and others, drawn the same every time")
  func examples() throws {
    let server = try FakeEndpoint { _, number in
      FakeEndpoint.chat(#"{"prompt": "new \#(number)", "answer": "x"}"#)
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let parameters =
      #"{"prompt": "{{ examples }}", "seeds_per_prompt": 3, \#(AskingFixture.endpoint(server))}"#
    func asked() throws -> [String] {
      let before = server.requests.count
      var harness = fixture.harness
      harness.answers = nil
      _ = try harness.run(
        Synthesize.self, parameters, inputs: ["seeds": fixture.sums(6)], folder: fixture.folder)
      return server.requests[before...].map(\.question).sorted()
    }
    let first = try asked()
    #expect(first.count == 6)
    #expect(first.allSatisfy { Set($0.split(separator: "\n")).count == 3 })
    #expect(try asked() == first)
  }

  @Test(
    "parameters that cannot be meant",
    arguments: [
      (#"{}"#, "prompt: is missing, and 'make: rows' asks by it"),
      (#"{"prompt": "{{ a"}"#, "prompt: holds '{{' without '}}'"),
      (#"{"prompt": "{{ }}"}"#, "prompt: holds '{{ }}' around what is no name"),
      (#"{"make": "answers", "schema": {}}"#, "schema: make is 'answers', which are plain text"),
    ])
  func parameters(json: String, expected: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    #expect(Synthesize.read(node).diagnostics.first?.message == expected)
  }

  @Test("a column that no seed has is told with the nearest name")
  func column() throws {
    let server = try FakeEndpoint { _, _ in FakeEndpoint.chat("x") }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let message = AskingFixture.message {
      _ = try fixture.harness.run(
        Synthesize.self, #"{"prompt": "{{ categry }}", \#(AskingFixture.endpoint(server))}"#,
        inputs: ["seeds": fixture.sums(2)], folder: fixture.folder)
    }
    #expect(message == "no seed row has the column 'categry' of 'prompt'")
    #expect(server.requests.isEmpty)
  }
}
