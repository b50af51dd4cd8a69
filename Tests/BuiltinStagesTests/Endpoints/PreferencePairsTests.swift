import BuiltinStages
import Diagnostics
import Documents
import Records
import StageKit
import TestSupport
import Testing

struct PreferencePairsTests {
  typealias Sampling = RejectionSampleTests

  static func pair(_ row: Row) -> [String] {
    guard case .preference(_, let chosen, let rejected) = row.content else { return [] }
    return [chosen[0].content, rejected[0].content]
  }

  @Test("the best answer is chosen against the worst, with margin and origin")
  func verifiers() throws {
    let server = try FakeEndpoint { request, _ in
      let right = Sampling.sample(request) == 2 && Sampling.number(request) != 1
      return FakeEndpoint.chat(
        right ? "\(Sampling.number(request) + 1)" : "wrong \(Sampling.sample(request))00")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let parameters =
      #"{"request": {"seed": 0}, "verifiers": [{"type": "numeric", "field": "completion"}], \#(AskingFixture.endpoint(server))"#
    let result = try fixture.harness.run(
      PreferencePairs.self, parameters + "}", inputs: ["prompts": fixture.sums(3)],
      folder: fixture.folder)
    let rows = try AskingFixture.rows(result, "pairs")
    #expect(rows.map(Self.pair) == [["1", "wrong 300"], ["3", "wrong 300"]])
    #expect(rows[0].field("margin")?.doubleValue == 1)
    #expect(rows[0].field("synthetic") == true)
    #expect(rows[0].field("provenance")?["chosen_sample"] == 2)
    #expect(rows[0].field("provenance")?["ranked_by"] == ["numeric"])
    let report = try AskingFixture.json(result, "report", "report.json")
    #expect(report["without_pair"]?["pairs.no-margin"] == 1)
    #expect(AskingFixture.count(result, "endpoint.answers") == 12)

    let all = try fixture.harness.run(
      PreferencePairs.self, parameters + #", "pairs": "all"}"#,
      inputs: ["prompts": fixture.sums(3)], folder: fixture.folder)
    #expect(
      try AskingFixture.rows(all, "pairs").map(Self.pair).prefix(3)
        == [["1", "wrong 300"], ["1", "wrong 100"], ["1", "wrong 000"]])
    #expect(AskingFixture.count(all, "endpoint.kept") == 12)
  }

  @Test("the row's own answer can be the chosen one")
  func own() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.chat("wrong \(Sampling.sample(request))00")
    }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      PreferencePairs.self,
      #"{"num_samples": 1, "chosen": "row", "request": {"seed": 0}, "verifiers": [{"type": "numeric", "field": "completion"}], \#(AskingFixture.endpoint(server))}"#,
      inputs: ["prompts": fixture.sums(2)], folder: fixture.folder)
    let rows = try AskingFixture.rows(result, "pairs")
    #expect(rows.map(Self.pair) == [["1", "wrong 000"], ["2", "wrong 000"]])
    #expect(rows[0].field("provenance")?["chosen_sample"] == "row")
  }

  @Test("a judge of another endpoint ranks by grades, and both are paid for")
  func judged() throws {
    let server = try FakeEndpoint { request, _ in
      FakeEndpoint.chat("answer \(Sampling.sample(request))")
    }
    let judge = try FakeEndpoint { request, _ in
      let grade = request.question.contains("answer 1\n") ? 9 : 3
      return FakeEndpoint.chat("[[\(grade)]]", input: 100, output: 1)
    }
    defer {
      server.stop()
      judge.stop()
    }
    let fixture = try AskingFixture()
    let result = try fixture.harness.run(
      PreferencePairs.self,
      #"{"num_samples": 2, "rank_by": "judge", "request": {"seed": 0}, \#(AskingFixture.endpoint(server)), \#(AskingFixture.endpoint(judge, prefix: "judge_"))}"#,
      inputs: ["prompts": fixture.sums(2)], folder: fixture.folder)
    let rows = try AskingFixture.rows(result, "pairs")
    #expect(rows.map(Self.pair) == [["answer 1", "answer 0"], ["answer 1", "answer 0"]])
    #expect(rows[0].field("margin")?.doubleValue == 6)
    let ledger = try AskingFixture.json(result, "ledger", "ledger.json")
    #expect(ledger["model"]?["requests"] == 4)
    #expect(ledger["judge"]?["input_tokens"] == 400)
  }

  @Test("no pair at all is an error that says why")
  func nothing() throws {
    let server = try FakeEndpoint { _, _ in FakeEndpoint.chat("same") }
    defer { server.stop() }
    let fixture = try AskingFixture()
    let message = AskingFixture.message {
      _ = try fixture.harness.run(
        PreferencePairs.self,
        #"{"verifiers": [{"type": "numeric", "field": "completion"}], \#(AskingFixture.endpoint(server))}"#,
        inputs: ["prompts": fixture.sums(3)], folder: fixture.folder)
    }
    #expect(message == "none of 3 prompts gives a pair (pairs.too-few-answers: 3)")
  }
}
