import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Records
import StageKit
import TestSupport
import Testing

struct RejectionSampleTests {
  /// The sample that a request is for, told by its seed.
  static func sample(_ request: FakeEndpoint.Request) -> Int {
    request.json["seed"]?.integerValue ?? -1
  }

  static func number(_ request: FakeEndpoint.Request) -> Int {
    Int(request.question.prefix { $0 != " " }) ?? 0
  }

  static let settings =
    #""num_samples": 4, "request": {"seed": 0}, "verifiers": [{"type": "numeric", "field": "completion"}]"#

  @Test("answers that the verifier accepts become rows with their origin, the rest are counted")
  func keeps() throws {
    // Sample s of question n is right for s below n.
    let server = try FakeEndpoint { request, _ in
      let number = Self.number(request)
      let sample = Self.sample(request)
      return FakeEndpoint.chat(sample < number ? "It is \(number + 1)" : "It is 99\(sample)")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      RejectionSample.self, "{\(Self.settings), \(AskingFixture.endpoint(server))}",
      inputs: ["prompts": fixture.sums(6)], folder: fixture.folder)
    let rows = try AskingFixture.rows(result, "records")
    #expect(rows.count == 5)
    guard case .conversation(let turns, _) = rows[0].content else { return }
    #expect(turns.map(\.content) == ["1 + 1", "It is 2"])
    #expect(rows[0].field("synthetic") == true)
    let provenance = try #require(rows[0].field("provenance"))
    #expect(provenance["teacher"]?["model"] == "m")
    #expect(provenance["seed_row"]?.stringValue?.count == 32)
    #expect(provenance["prompt_sha256"]?.stringValue?.count == 64)
    #expect(provenance["sample"] == 0)
    #expect(rows[0].field("category") == "odd")
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["accepted"] == .integer(0 + 1 + 2 + 3 + 4 + 4))
    #expect(report["prompts_with_an_accepted_answer"] == 5)
    #expect(report["reasons"]?["numeric.different"] == 10)
    let prompts = try AskingFixture.text(result, "report", "prompts.jsonl").split(separator: "\n")
    #expect(prompts[2].contains(#""answers":4,"accepted":2,"accept_rate":0.5,"kept":1}"#))
    #expect(try fixture.holdsKey().isEmpty)
  }

  @Test("a sealed test set is refused before anything is asked, by each stage that makes rows")
  func sealed() throws {
    let server = try FakeEndpoint { _, _ in FakeEndpoint.chat("1") }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let training = try TrainingFixture()
    let rows = try training.records([.text("0 + 1")], sealed: true)
    defer { withExtendedLifetime(training) {} }
    let expected = "the input 'PORT' is a sealed test set; training on it is refused"
    let parameters = "\(Self.settings), \(AskingFixture.endpoint(server))"
    func check<S: Stage>(_ stage: S.Type, _ port: String, _ json: String) throws {
      let message = AskingFixture.message {
        _ = try fixture.harness.run(stage, json, inputs: [port: rows], folder: fixture.folder)
      }
      #expect(message == expected.replacingOccurrences(of: "PORT", with: port))
      let read = stage.read(
        Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p"))
      let found = read.preflight(PreflightInputs(artifacts: [port: rows], files: [:]))
      #expect(found.map(\.message) == [message])
    }
    try check(RejectionSample.self, "prompts", "{\(parameters)}")
    try check(PreferencePairs.self, "prompts", "{\(parameters)}")
    try check(
      Synthesize.self, "seeds", "{\"prompt\": \"x\", \(AskingFixture.endpoint(server))}")
    #expect(server.requests.isEmpty)
  }

  @Test("no accepted answer at all is an error that says why")
  func nothing() throws {
    let server = try FakeEndpoint { _, _ in FakeEndpoint.chat("99") }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let message = AskingFixture.message {
      _ = try fixture.harness.run(
        RejectionSample.self, "{\(Self.settings), \(AskingFixture.endpoint(server))}",
        inputs: ["prompts": fixture.sums(3)], folder: fixture.folder)
    }
    #expect(
      message == "none of 12 answers was accepted (most often: numeric.different, 12 times)")
  }

  @Test("a model of the pipeline answers the same whatever the threads, and from what was kept")
  func local() throws {
    let fixture = try AskingFixture()
    let model = try TrainingFixture.base()
    func rows(_ threads: Int, answers: String?) throws -> [Row] {
      var harness = fixture.harness
      harness.threads = threads
      harness.answers = answers
      let result = try harness.run(
        RejectionSample.self,
        #"{"num_samples": 3, "max_kept": 3, "max_new_tokens": 6, "verifiers": [{"type": "length", "max": 100000}]}"#,
        inputs: ["prompts": fixture.sums(3), "model": model], folder: fixture.folder)
      return try AskingFixture.rows(result, "records")
    }
    let first = try rows(1, answers: nil)
    #expect(first.count > 3)
    #expect(try rows(2, answers: nil) == first)
    let kept = fixture.folder.path + "/kept"
    #expect(try rows(2, answers: kept) == first)
    #expect(try FileManager.default.subpathsOfDirectory(atPath: kept).count == 2)
    #expect(try rows(2, answers: kept) == first)
  }

  @Test(
    "parameters that cannot be meant",
    arguments: [
      (#"{}"#, "verifiers: nothing decides which answers are kept"),
      (
        #"{"verifiers": [{"type": "numerc"}]}"#,
        "verifiers: entry 1: there is no verifier 'numerc'"
      ),
      (
        #"{"verifiers": [{"type": "numeric"}], "temperature": 0}"#,
        "temperature: is 0, which gives 4 equal answers to each prompt"
      ),
    ])
  func parameters(json: String, expected: String) throws {
    let node = Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p")
    #expect(RejectionSample.read(node).diagnostics.first?.message == expected)
  }
}
