import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import StageKit
import TestSupport
import Testing

@Suite(.serialized)
struct JudgeStageTests {
  /// Prefers the answer that is the right sum.
  static func judge(_ request: FakeEndpoint.Request) -> [FakeEndpoint.Step] {
    let text = request.question
    func block(_ name: String) -> String {
      guard let open = text.range(of: "<\(name)>\n"), let close = text.range(of: "\n</\(name)>")
      else { return "" }
      return String(text[open.upperBound..<close.lowerBound])
    }
    let number = Int(block("question").prefix { $0 != " " }) ?? 0
    let right = [block("answer of assistant A"), block("answer of assistant B")].map {
      $0 == "\(number + 1)"
    }
    let verdict = right[0] == right[1] ? "[[C]]" : right[0] ? "[[A]]" : "[[B]]"
    return FakeEndpoint.chat(verdict, input: 50, output: 5)
  }

  /// Answers to the sums: the first `right` ones right.
  static func answers(_ fixture: AskingFixture, _ count: Int, right: Int) throws -> InputArtifact {
    try fixture.records(
      (0..<count).map { number in
        (
          .conversation(
            [
              Message(.user, "\(number) + 1"),
              Message(.assistant, number < right ? "\(number + 1)" : "no idea, perhaps many"),
            ], tools: nil), []
        )
      })
  }

  @Test("two models' answers are compared in both orders, with intervals, biases and cost")
  func pairwise() throws {
    let server = try FakeEndpoint { request, _ in Self.judge(request) }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      JudgeStage.self,
      "{\(AskingFixture.endpoint(server, #""input_price": 1000, "output_price": 2000, "max_cost": 10"#))}",
      inputs: [
        "candidate": Self.answers(fixture, 12, right: 9),
        "baseline": Self.answers(fixture, 12, right: 3), "test": fixture.sums(12),
      ], folder: fixture.folder)
    let scores = try AskingFixture.json(result, "scores", "scores.json")
    let score = try #require(scores["scores"]?.arrayValue?.first)
    #expect(score["metric"] == "win_rate")
    #expect(score["rows"] == 12)
    #expect(score["candidate"]?["value"] == 0.75)
    #expect(score["candidate"]?["method"] == "Wilson")
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["pairs"]?["wins"] == 6)
    #expect(report["pairs"]?["ties"] == 6)
    #expect(report["pairs"]?["agreement"] == 1.0)
    #expect(report["pairs"]?["first_share"] == 0.5)
    #expect(report["categories"]?["even"]?["pairs"] == 6)
    let ledger = try AskingFixture.json(result, "ledger", "ledger.json")
    // Pairs of equal answers are one request in both orders.
    #expect(ledger["requests"] == 18)
    #expect(ledger["input_tokens"] == 900)
    #expect(abs((ledger["cost"]?.doubleValue ?? 0) - (900 * 1000 + 90 * 2000) / 1e6) < 1e-9)
    #expect(server.requests.count == 18)
    let items = try AskingFixture.text(result, "scores", "items.jsonl").split(separator: "\n")
    #expect(items.count == 12)
    #expect(items[0].hasSuffix(#""task":"judge","metric":"win_rate","candidate":0.5}"#))
    let judgments = try AskingFixture.text(result, "judgments", "judgments.jsonl")
    #expect(judgments.split(separator: "\n").count == 12)
    #expect(try fixture.holdsKey().isEmpty)

    // Once more: the same bytes, nothing asked.
    let again = try fixture.harness.run(
      JudgeStage.self,
      "{\(AskingFixture.endpoint(server, #""input_price": 1000, "output_price": 2000, "max_cost": 10"#))}",
      inputs: [
        "candidate": Self.answers(fixture, 12, right: 9),
        "baseline": Self.answers(fixture, 12, right: 3), "test": fixture.sums(12),
      ], folder: fixture.folder)
    #expect(server.requests.count == 18)
    #expect(AskingFixture.count(again, "endpoint.kept") == 18)
    for (port, names) in [
      ("scores", ["scores.json", "items.jsonl"]), ("report", ["report.json", "report.md"]),
      ("ledger", ["ledger.json"]), ("judgments", ["judgments.jsonl", "candidate.jsonl"]),
    ] {
      for name in names {
        #expect(
          try AskingFixture.text(result, port, name) == AskingFixture.text(again, port, name))
      }
    }
  }

  @Test("without a baseline the rows' own answers are the other side")
  func own() throws {
    let server = try FakeEndpoint { request, _ in Self.judge(request) }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      JudgeStage.self, "{\(AskingFixture.endpoint(server))}",
      inputs: ["candidate": Self.answers(fixture, 4, right: 1), "test": fixture.sums(4)],
      folder: fixture.folder)
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["pairs"]?["ties"] == 1)
    #expect(report["pairs"]?["losses"] == 3)
    #expect(report["baseline"] == "the rows' own answers")
  }

  @Test("grades of answers, alone and against a baseline, within a tenth a tie")
  func single() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.chat(request.question.contains("no idea") ? "[[2]]" : "[[9]]")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let inputs = [
      "candidate": try Self.answers(fixture, 6, right: 4),
      "baseline": try Self.answers(fixture, 6, right: 2), "test": try fixture.sums(6),
    ]
    let result = try fixture.harness.run(
      JudgeStage.self, #"{"mode": "single", \#(AskingFixture.endpoint(server))}"#, inputs: inputs,
      folder: fixture.folder)
    let scores = try AskingFixture.json(result, "scores", "scores.json")["scores"]?.arrayValue ?? []
    #expect(scores.map { $0["metric"]?.stringValue } == ["judge_score", "win_rate"])
    #expect(
      abs((scores[0]["candidate"]?["value"]?.doubleValue ?? 0) - (4 * 9 + 2 * 2) / 6.0) < 1e-9)
    #expect(abs((scores[0]["gain"]?["value"]?.doubleValue ?? 0) - 14 / 6.0) < 1e-9)
    #expect(abs((scores[1]["candidate"]?["value"]?.doubleValue ?? 0) - 4 / 6.0) < 1e-9)
  }

  @Test("questions of MT-Bench's form are judged turn by turn, with files of answers")
  func mtBench() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.chat(
        request.question.contains("end of the conversation") ? "[[C]]" : "[[A]]")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    try fixture.folder.write(
      "question.jsonl",
      """
      {"question_id": 81, "category": "writing", "turns": ["Write.", "Rewrite."]}
      {"question_id": 111, "category": "math", "turns": ["Add."], "reference": ["3"]}

      """)
    for name in ["own", "other"] {
      try fixture.folder.write(
        "\(name).jsonl",
        """
        {"question_id": 81, "answer_id": "x", "model_id": "\(name)", "choices": [{"index": 0, "turns": ["\(name) 1", "\(name) 2"]}], "tstamp": 1.5}
        {"question_id": 111, "answer_id": "y", "model_id": "\(name)", "choices": [{"index": 0, "turns": ["\(name)"]}], "tstamp": 1.5}

        """)
    }
    let parameters = { (files: String) in
      #"{"questions": "question.jsonl", \#(files), \#(AskingFixture.endpoint(server))}"#
    }
    let result = try fixture.harness.run(
      JudgeStage.self,
      parameters(#""candidate_answers": "own.jsonl", "baseline_answers": "other.jsonl""#),
      folder: fixture.folder)
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["candidate"] == "own")
    #expect(report["pairs"]?["pairs"] == 3)
    #expect(report["pairs"]?["inconsistent"] == 2)
    #expect(report["pairs"]?["agreement"] == .number(1 / 3.0))
    let lines = try AskingFixture.text(result, "judgments", "judgments.jsonl").split(
      separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines[0].hasPrefix(
        #"{"question_id":81,"model_1":"own","model_2":"other","g1_winner":"model_1","g2_winner":"model_2","#
      ))
    #expect(lines[1].contains(#""g1_winner":"tie""#) && lines[1].contains(#""turn":2"#))
    #expect(lines[2].contains("<reference>"))

    try fixture.folder.write(
      "short.jsonl", "{\"question_id\": 81, \"choices\": [{\"turns\": [\"a\"]}]}")
    let message = AskingFixture.message {
      _ = try fixture.harness.run(
        JudgeStage.self,
        parameters(#""candidate_answers": "short.jsonl", "baseline_answers": "other.jsonl""#),
        folder: fixture.folder)
    }
    #expect(message == "'candidate' answers 0 of 2 questions; 81, 111 are missing")
  }

  @Test("one row is judged, and its interval says how little that is")
  func one() throws {
    let server = try FakeEndpoint { request, _ in Self.judge(request) }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      JudgeStage.self, "{\(AskingFixture.endpoint(server))}",
      inputs: [
        "candidate": Self.answers(fixture, 1, right: 1),
        "baseline": Self.answers(fixture, 1, right: 0), "test": fixture.sums(1),
      ], folder: fixture.folder)
    let score = try AskingFixture.json(result, "scores", "scores.json")["scores"]?.arrayValue?.first
    #expect(score?["candidate"]?["value"] == 1.0)
    #expect((score?["candidate"]?["lower"]?.doubleValue ?? 1) < 0.25)
  }

  @Test("models of the pipeline answer and judge; one that gives no verdict is told")
  func local() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.chat(request.question.contains("sky 0?") ? "[[A]]" : "[[B]]")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let (base, adapter) = try TrainingFixture.tuned()
    let training = try TrainingFixture()
    let rows = try training.conversations(4)
    defer { withExtendedLifetime(training) {} }
    let inputs = ["candidate": adapter, "baseline": base, "test": rows]
    let result = try fixture.harness.run(
      JudgeStage.self, #"{"max_new_tokens": 6, \#(AskingFixture.endpoint(server))}"#,
      inputs: inputs, folder: fixture.folder)
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["pairs"]?["pairs"] == 4)
    #expect(report["pairs"]?["inconsistent"] == 4)
    let answers = try AskingFixture.text(result, "judgments", "candidate.jsonl")
    #expect(answers.contains(#""turns":["grey"]"#), "\(answers)")
    let message = AskingFixture.message {
      _ = try fixture.harness.run(
        JudgeStage.self, #"{"max_new_tokens": 6}"#,
        inputs: inputs.merging(["judge": adapter]) { $1 }, folder: fixture.folder)
    }
    #expect(message.hasPrefix("'model "))
    #expect(message.hasSuffix("' gave no verdict on any of 4 answers, even when asked again"))
  }

  @Test("an empty test set, and rows without answers, are told")
  func empty() throws {
    let server = try FakeEndpoint { request, _ in Self.judge(request) }
    defer { server.stop() }
    let fixture = try AskingFixture()
    func message(_ inputs: [String: InputArtifact]) -> String {
      AskingFixture.message {
        _ = try fixture.harness.run(
          JudgeStage.self, "{\(AskingFixture.endpoint(server))}", inputs: inputs,
          folder: fixture.folder)
      }
    }
    let answers = try Self.answers(fixture, 2, right: 2)
    #expect(
      message(["candidate": answers, "test": try fixture.records([])])
        == "none of the 0 rows of 'test' holds a prompt")
    #expect(
      message([
        "candidate": answers,
        "test": try fixture.records([(.text("0 + 1"), []), (.text("1 + 1"), [])]),
      ]) == "2 of 2 rows of 'test' have no answer to compare with")
    #expect(server.requests.isEmpty)
  }

  @Test(
    "parameters that cannot be meant",
    arguments: [
      (#"{"endpoint": "https://h/v1"}"#, "endpoint: the endpoint's model is missing"),
      (#"{"endpoint_model": "m"}"#, "endpoint_model: there is no endpoint to ask for it"),
      (
        #"{"endpoint": "h", "endpoint_model": "m"}"#,
        "endpoint: the endpoint 'h' is no http or https URL"
      ),
      (
        #"{"endpoint": "https://h", "endpoint_model": "m", "max_cost": 1}"#,
        "max_cost: nothing has a price"
      ),
      (
        #"{"endpoint": "https://h", "endpoint_model": "m", "api_key_env": "sk-secret"}"#,
        "api_key_env: is no name of an environment variable"
      ),
      (
        #"{"endpoint": "https://h", "endpoint_model": "m", "request": {"stream": true}}"#,
        "request: 'stream' is set by the stage"
      ),
      (
        #"{"candidate_answers": "x"}"#,
        "candidate_answers: answers of that form belong to 'questions'"
      ),
    ])
  func parameters(json: String, expected: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    let messages = JudgeStage.read(node).diagnostics.map(\.message)
    #expect(messages == [expected])
  }

  @Test("a key that is missing is told before the run, by its variable's name")
  func preflight() throws {
    let json =
      #"{"endpoint": "https://h", "endpoint_model": "m", "api_key_env": "ORCHESTRATE_TEST_NO_KEY"}"#
    let read = JudgeStage.read(
      Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p"))
    let found = read.preflight(PreflightInputs(artifacts: [:], files: [:]))
    #expect(
      found.map(\.message) == [
        "the environment variable 'ORCHESTRATE_TEST_NO_KEY' of 'api_key_env' is not set"
      ])
  }

  @Test("endpoints that fail, hang or lie end the stage with a message, and never show the key")
  func failing() throws {
    let key = AskingFixture.key
    let cases: [(String, [FakeEndpoint.Step], String)] = [
      (
        "401", FakeEndpoint.json(["error": ["message": .string("bad key \(key)")]], status: 401),
        "answered 401: 'bad key [redacted]'"
      ),
      (
        "500", FakeEndpoint.json(["error": .string(key)], status: 500),
        "answered 500: '[redacted]', 2 times"
      ),
      (
        "lies", [FakeEndpoint.text("HTTP/1.1 200 X\r\nContent-Length: 99999\r\n\r\n{")],
        "ended the connection before its answer"
      ),
      ("hangs", [.pause(20)], "sent nothing for 1 s"),
      ("page", FakeEndpoint.http(200, ["Content-Type: text/\(key)"], []), "'text/[redacted]'"),
    ]
    for (name, steps, expected) in cases {
      let server = try FakeEndpoint { _, _ in steps }
      defer { server.stop() }
      let fixture = try AskingFixture()
      let inputs = [
        "candidate": try Self.answers(fixture, 1, right: 1), "test": try fixture.sums(1),
      ]
      let message = AskingFixture.message {
        _ = try fixture.harness.run(
          JudgeStage.self, "{\(AskingFixture.endpoint(server, #""idle_timeout": 1"#))}",
          inputs: inputs, folder: fixture.folder)
      }
      #expect(message.contains(expected), "\(name): \(message)")
      #expect(!message.contains(key))
      #expect(try fixture.holdsKey().isEmpty)
    }
  }
}
