import Diagnostics
import Documents
import Planning
import StageKit
import TestSupport
import Testing

@Suite("selections")
struct SelectionTests {
  let folder: TemporaryFolder
  let past = PastRuns()

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("data/a.jsonl", "1")
    try folder.write("base/config.json", "{}")
    try folder.write("other", "1")
  }

  /// raw → unique → tuned → gate → out, and beside them an own chain.
  static let pipeline = """
    name: s
    params: { rate: 2e-4 }
    stages:
      raw: { uses: make, with: { sources: [ { path: ./data/*.jsonl } ] } }
      unique: { uses: clean, inputs: { records: raw } }
      tuned: { uses: train, inputs: { model: ./base, train: unique }, with: { learning_rate: "${params.rate}" } }
      gate: { uses: gate, inputs: { candidate: tuned } }
      out: { uses: export, needs: [gate], inputs: { model: tuned } }
      aside: { uses: make, with: { sources: [ { path: ./other } ] } }
    """

  private func plan(_ selection: PlanSelection = PlanSelection(), rate: String = "2e-4") throws
    -> Plan
  {
    try folder.load(Self.pipeline, overrides: ["rate=\(rate)"]).plan(
      results: past, statCache: MemoryStatCache(), checkpoints: past, selection: selection)
  }

  private func verdicts(_ plan: Plan) -> [String] {
    plan.verdicts.map { "\($0.stage): \($0.decision.text)" }
  }

  @Test("from: it and what is downstream, where upstream is known")
  func from() throws {
    try past.execute(try plan())
    let plan = try plan(PlanSelection(from: ["tuned"]), rate: "1e-4")
    #expect(
      verdicts(plan) == [
        "raw: cached", "unique: cached", "tuned: run",
        "gate: run unless its input comes out the same",
        "out: run unless its input comes out the same", "aside: not selected",
      ])
    #expect(try past.execute(plan) == ["tuned", "gate", "out"])
    #expect(plan.spec.selection == PlanSelection(from: ["tuned"]))
  }

  @Test("until: it and what is upstream; what is downstream is neither planned nor looked for")
  func until() throws {
    try folder.write("base/config.json", "")
    let plan = try plan(PlanSelection(until: ["unique"]))
    #expect(plan.spec.stages.map(\.stage) == ["raw", "unique"])
    #expect(try past.execute(plan) == ["raw", "unique"])
    #expect(
      try self.plan(PlanSelection(from: ["tuned"], until: ["gate"])).spec.stages.map(\.stage) == [
        "raw", "unique", "tuned", "gate",
      ])
  }

  @Test("what a limited run reads and nobody made is listed, each with its reason")
  func missing() throws {
    let failure = try #require(throws: Failure.self) { try plan(PlanSelection(only: ["tuned"])) }
    #expect(failure.failureClass == .badInput)
    #expect(failure.diagnostics.map(\.code) == ["plan.not-cached"])
    #expect(
      failure.diagnostics[0].message
        == "2 stages that are not part of this run have no recorded results, and the run reads them: raw (never ran), unique (never ran)"
    )
    #expect(
      failure.diagnostics[0].fix
        == "type 'orchestrate run --until unique' first, or make the run larger")
    try past.execute(try plan())
    #expect(try past.execute(try plan(PlanSelection(only: ["tuned"]), rate: "0.5")) == ["tuned"])
    let stale = try #require(throws: Failure.self) {
      try plan(PlanSelection(only: ["gate"]), rate: "0.25")
    }
    #expect(
      stale.diagnostics[0].message
        == "a stage that is not part of this run has no recorded result, and the run reads it: tuned (learning_rate 0.5 → 0.25)"
    )
  }

  @Test("force runs what is known; what comes out the same stops there")
  func force() throws {
    try past.execute(try plan())
    let forced = try plan(PlanSelection(forced: ["unique"]))
    #expect(
      verdicts(forced) == [
        "raw: cached", "unique: run", "tuned: run unless its input comes out the same",
        "gate: run unless its input comes out the same",
        "out: run unless its input comes out the same", "aside: cached",
      ])
    #expect(forced.verdict(of: "unique")?.reason == "forced")
    #expect(try past.execute(forced) == ["unique"])
    let all = try plan(PlanSelection(from: ["gate"], forcesAll: true))
    #expect(all.spec.forced == ["gate", "out"])
    #expect(try past.execute(all) == ["gate", "out"])
    let pending = try plan(PlanSelection(forced: ["tuned"]), rate: "2e-4")
    try folder.write("data/a.jsonl", "2")
    #expect(pending.verdict(of: "tuned")?.decision == .run)
    #expect(try plan(PlanSelection(forced: ["tuned"])).verdict(of: "tuned")?.reason == "forced")
  }

  @Test("a smoke run lowers what stages declare, and only that")
  func smoke() throws {
    let text = """
      name: s
      stages:
        raw: { uses: make, with: { sources: [ { path: ./other } ] } }
        none: { uses: clean, inputs: { records: raw } }
        less: { uses: clean, inputs: { records: raw }, with: { limit: 7, steps: 5 } }
        more: { uses: clean, inputs: { records: raw }, with: { limit: 700, steps: 50 } }
        tuned: { uses: train, inputs: { model: ./base, train: raw }, with: { learning_rate: 0.5 } }
      """
    func values(isSmoke: Bool) throws -> [String] {
      let plan = try folder.load(text, isSmoke: isSmoke).plan(
        results: past, statCache: MemoryStatCache(), checkpoints: past)
      return plan.spec.stages.dropFirst().map { stage in
        let names = ["limit", "steps", "threshold", "lora_r", "learning_rate"]
        return names.compactMap { name in
          stage.parameters[name].map { "\(name) \(ValueText.short($0))" }
        }.joined(separator: ", ")
      }
    }
    #expect(
      try values(isSmoke: true) == [
        "limit 100, steps nothing, threshold 0.8", "limit 7, steps 5, threshold 0.8",
        "limit 100, steps 20, threshold 0.8", "lora_r 4, learning_rate 0.5",
      ])
    #expect(
      try values(isSmoke: false).prefix(3) == [
        "limit nothing, steps nothing, threshold 0.8", "limit 7, steps 5, threshold 0.8",
        "limit 700, steps 50, threshold 0.8",
      ])
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var selection: PlanSelection
    var messages: [String]
    var fix: String
  }

  @Test(
    "mistakes",
    arguments: [
      Mistake(
        testDescription: "unknown names",
        selection: PlanSelection(from: ["tunde"], forced: ["gat"]),
        messages: [
          "--from: there is no stage 'tunde'", "--force: there is no stage 'gat'",
        ], fix: "did you mean 'tuned'?"),
      Mistake(
        testDescription: "only beside from",
        selection: PlanSelection(from: ["raw"], only: ["gate"]),
        messages: ["'--only' stands beside '--from' or '--until'"],
        fix: "'--only' names every stage of the run by itself"),
      Mistake(
        testDescription: "nothing left", selection: PlanSelection(from: ["gate"], until: ["raw"]),
        messages: ["no stage is both downstream of '--from' and upstream of '--until'"],
        fix: "'orchestrate plan' without options shows all stages in their order"),
      Mistake(
        testDescription: "forced outside",
        selection: PlanSelection(until: ["raw"], forced: ["gate"]),
        messages: ["'--force gate': the stage is not part of this run"],
        fix: "name it in '--only', '--from' or '--until' too"),
    ])
  func mistakes(_ mistake: Mistake) throws {
    let failure = try #require(throws: Failure.self) { try plan(mistake.selection) }
    #expect(failure.failureClass == .usage)
    #expect(failure.diagnostics.map(\.message) == mistake.messages)
    #expect(failure.diagnostics[0].fix == mistake.fix)
  }
}
