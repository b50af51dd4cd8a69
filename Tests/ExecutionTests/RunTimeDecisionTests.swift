import Artifacts
import Diagnostics
import Documents
import Execution
import Foundation
import Planning
import Processes
import Reproducibility
import RunStore
import StageKit
import TestSupport
import Testing

/// Forced stages, conditions on metrics and choices of matrices, as the engine does them.
@Suite struct RunTimeDecisionTests {
  let base: EngineTests

  init() throws { base = try EngineTests() }

  private func succeed(_ ticket: Ticket, _ said: [StageEvent], text: String = "bytes") throws
    -> ScriptedProcess
  {
    let out = try #require(ticket.outputFolders["files"])
    try DurableFile.writeFleeting(Array("\(ticket.stage) \(text)".utf8), to: out + "/f")
    let manifest = try ArtifactStore.seal(folder: out, type: .files, references: [])
    return ScriptedProcess(
      said.map { .event($0) } + [.finished(.succeeded, outputs: ["files": manifest])],
      exit: .exited(0))
  }

  private func condition(_ text: String, _ sign: String, _ value: String) -> RunCondition {
    RunCondition(
      text: text,
      words: [.init(.metric, "accuracy", stage: "eval"), .init(.sign, sign), .init(.plain, value)])
  }

  private func conditional(_ sign: String) -> RunSpec {
    var gated = base.request("gated")
    gated.needs = ["eval"]
    gated.condition = condition("eval.accuracy \(sign) 0.8", sign, "0.8")
    return base.spec([
      base.request("eval"), gated,
      base.request("behind", inputs: ["in": .stage(name: "gated", port: "files")]),
      base.request("beside"),
    ])
  }

  @Test("a condition that holds runs the stage, also with a metric of an earlier run")
  func holds() throws {
    let said: [StageEvent] = [
      .metric(name: "accuracy", step: 2, value: 0.9),
      .metric(name: "accuracy", step: 1, value: 0.1),
    ]
    let first = try base.run(conditional(">")) { try succeed($0, $0.stage == "eval" ? said : []) }
    #expect(first.conclusion.exitStatus == 0)
    #expect(first.seen.moves.contains("gated:finished"))
    let second = try base.run(conditional(">")) { ticket in
      Issue.record("'\(ticket.stage)' ran again")
      return try succeed(ticket, [])
    }
    #expect(second.seen.moves.contains("gated:reused"))
  }

  @Test("a condition that does not hold skips the stage and what needs it; a resume keeps that")
  func doesNotHold() throws {
    let first = try base.run(conditional("<")) { ticket in
      if ticket.stage == "beside" { return ScriptedProcess([], exit: .exited(1)) }
      return try succeed(ticket, [.metric(name: "accuracy", step: 1, value: 0.9)])
    }
    #expect(first.conclusion.exitStatus == 1)
    #expect(first.seen.moves.contains("gated:condition_false"))
    #expect(first.seen.moves.contains("behind:condition_false"))
    let jobs = try #require(try RunStore.openToRead(base.project.database)).jobs(ofRun: 1)
    #expect(jobs.map(\.state) == [.succeeded, .skipped, .skipped, .failed])
    #expect(jobs[1].cause == "if: eval.accuracy < 0.8 is false")
    #expect(jobs[2].cause == "'gated' is skipped")
    let resumed = try base.run(nil) { try succeed($0, []) }
    #expect(resumed.conclusion.exitStatus == 0)
    #expect(resumed.seen.moves.suffix(1) == ["beside:finished"])
  }

  @Test("a metric that was not reported fails the stage with those that were")
  func noMetric() throws {
    let result = try base.run(conditional("<")) {
      try succeed($0, [.metric(name: "acuracy", step: 1, value: 0.9)])
    }
    #expect(result.conclusion.exitStatus == 65)
    let failure = try #require(result.conclusion.failures.first?.failure.diagnostics.first)
    #expect(
      failure.message
        == "'if: eval.accuracy < 0.8': stage 'eval' reported no metric 'accuracy' that is a number")
    #expect(failure.fix == "did you mean 'acuracy'? it reported acuracy")
    #expect(result.seen.moves.contains("gated:gave_up"))
  }

  private func matrix(_ mode: String, rates: [String] = ["a", "b", "c"]) -> RunSpec {
    var choice = StageRequest(
      stage: "best", kind: .select, version: 1,
      parameters: [
        "metric": "loss", "mode": .string(mode), "instances": .array(rates.map { .string($0) }),
      ], outputs: [EngineTests.output])
    for rate in rates { choice.inputs["\(rate).files"] = .stage(name: rate, port: "files") }
    return base.spec(
      rates.map { base.request($0) } + [
        choice, base.request("behind", inputs: ["in": .stage(name: "best", port: "files")]),
      ])
  }

  private static let losses = ["a": 0.5, "b": 0.25, "c": 0.25, "d": 0.75]

  private func train(_ ticket: Ticket) throws -> ScriptedProcess {
    try succeed(
      ticket,
      Self.losses[ticket.stage].map { [.metric(name: "loss", step: 1, value: $0)] } ?? [])
  }

  @Test("the best instance is taken, recorded, and cuts off what is behind it")
  func chooses() throws {
    let first = try base.run(matrix("min")) { try train($0) }
    #expect(first.conclusion.exitStatus == 0)
    let chosen = try #require(
      first.seen.events.first { event in
        if case .job(.chosen, .succeeded, _) = event.body { true } else { false }
      })
    #expect(chosen.json["chosen"] == "b")
    #expect(chosen.json["value"] == .number(0.25))
    #expect(chosen.json["values"]?["a"] == .number(0.5))
    let store = try #require(try RunStore.openToRead(base.project.database))
    let jobs = try store.jobs(ofRun: 1)
    let prints = jobs.map(\.fingerprint)
    let choice = try #require(prints[3])
    let best = try #require(prints[1])
    let result = try #require(try store.result(for: choice))
    let taken = try #require(try store.result(for: best))
    #expect(result.outputs == taken.outputs)
    let files = try #require(taken.outputs["files"])
    #expect(try store.hasResult(ofShape: matrix("min").stages[3].shape, inputs: ["b.files": files]))
    #expect(
      try !store.hasResult(ofShape: matrix("min").stages[3].shape, inputs: ["a.files": files]))
    // One more, worse: only it runs.
    let second = try base.run(matrix("min", rates: ["a", "b", "c", "d"])) { ticket in
      #expect(ticket.stage == "d")
      return try train(ticket)
    }
    #expect(second.seen.moves.suffix(3) == ["best:chosen", "behind:inputs_ready", "behind:reused"])
    let third = try base.run(matrix("max")) { ticket in
      #expect(ticket.stage == "behind")
      return try train(ticket)
    }
    #expect(third.seen.moves.suffix(2) == ["behind:started", "behind:finished"])
  }

  @Test("a metric that no instance reported fails the choice")
  func noChoice() throws {
    let result = try base.run(matrix("min")) {
      try succeed($0, [.metric(name: "other", step: 1, value: 1)])
    }
    #expect(result.conclusion.exitStatus == 65)
    #expect(
      result.conclusion.failures.first?.failure.diagnostics.first?.message
        == "'select' of 'best': stage 'a', 'b', 'c' reported no metric 'loss' that is a number")
  }

  @Test("a forced stage runs again and its result is replaced only when it succeeds")
  func force() throws {
    let plain = base.spec([
      base.request("a"), base.request("b", inputs: ["in": .stage(name: "a", port: "files")]),
    ])
    try base.run(plain) { try EngineTests.succeed($0) }
    var forced = plain
    forced.forced = ["a"]
    let failed = try base.run(forced) { _ in ScriptedProcess([], exit: .exited(1)) }
    #expect(failed.seen.moves == ["a:inputs_ready", "a:started", "a:gave_up", "b:need_failed"])
    let again = try base.run(plain) { ticket in
      Issue.record("'\(ticket.stage)' ran though the old result is there")
      return try EngineTests.succeed(ticket)
    }
    #expect(again.conclusion.exitStatus == 0)
    let same = try base.run(forced) { try EngineTests.succeed($0) }
    #expect(
      same.seen.moves == [
        "a:inputs_ready", "a:started", "a:finished", "b:inputs_ready", "b:reused",
      ])
    let other = try base.run(forced) { try EngineTests.succeed($0, "other") }
    #expect(other.seen.moves.suffix(2) == ["b:started", "b:finished"])
  }

  @Test("results keep what they said, counted and cost; numbers of scores stand beside metrics")
  func facts() throws {
    var scored = base.request("a")
    scored.outputs = [Port("scores", .scores, help: "")]
    let spec = base.spec([scored])
    try base.run(spec) { ticket in
      let out = try #require(ticket.outputFolders["scores"])
      let text =
        #"{"formatVersion": 1, "accuracy": 0.75, "loss": 9, "scores": [{"task": "t", "metric": "m", "candidate": {"estimate": 0.5}}, {"task": "t", "metric": "m", "slice": {"a": "b"}, "candidate": {"estimate": 0.1}}]}"#
      try DurableFile.writeFleeting(Array(text.utf8), to: out + "/scores.json")
      let manifest = try ArtifactStore.seal(folder: out, type: .scores, references: [])
      return ScriptedProcess(
        [
          .event(.metric(name: "loss", step: 1, value: 3)),
          .event(.metric(name: "loss", step: 2, value: 2)),
          .event(.count(name: "rows_in", value: 7)),
          .finished(.succeeded, outputs: ["scores": manifest]),
        ], exit: .exited(0))
    }
    let records = try #require(try ProjectRecords(toRead: base.project))
    let fingerprint = Fingerprint.of(spec.stages[0], inputs: [:])
    let facts = try #require(try records.facts(of: fingerprint))
    #expect(facts.metrics == ["loss": 2, "accuracy": 0.75, "t.m": 0.5])
    #expect(facts.rows == 7)
    #expect(facts.writtenBytes ?? 0 > 100)
    #expect(facts.seconds > 0)
    let shape = spec.stages[0].shape
    #expect(try records.hasResult(ofShape: shape, inputs: [:]))
    #expect(try !records.hasResult(ofShape: shape, inputs: ["in.x": fingerprint]))
    #expect(try !records.hasResult(ofShape: fingerprint, inputs: [:]))
  }
}
