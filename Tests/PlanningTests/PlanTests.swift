import Diagnostics
import Documents
import Foundation
import Planning
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("Plan")
struct PlanTests {
  static let pipeline = """
    name: demo
    params: { rate: 2e-4, quantize: yes please }
    stages:
      raw: { uses: make, with: { sources: [ { path: ./data/*.jsonl } ] } }
      unique: { uses: clean, inputs: { records: raw } }
      tuned:
        uses: train
        inputs: { model: ./base, train: unique.kept }
        with: { learning_rate: "${params.rate}" }
        retry: { attempts: 3, backoff: 10s }
        timeout: 1h30m
      gate: { uses: gate, inputs: { candidate: tuned } }
      out: { uses: export, needs: [gate], inputs: { model: tuned } }
    """

  let folder: TemporaryFolder
  let past = PastRuns()

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("data/a.jsonl", "1")
    try folder.write("data/b.jsonl", "2")
    try folder.write("base/config.json", "{}")
  }

  private func plan(
    _ text: String = Self.pipeline, overrides: [String] = [],
    cache: any StatCache = MemoryStatCache()
  ) throws -> Plan {
    try folder.load(text, overrides: overrides).plan(
      results: past, statCache: cache, checkpoints: past)
  }

  private func verdicts(_ plan: Plan) -> [String] {
    plan.verdicts.map {
      "\($0.stage): \($0.decision.text)\($0.reason.isEmpty ? "" : " | ")\($0.reason)"
    }
  }

  @Test("where a stage runs comes from the stage, then the pipeline, and is no part of what it is")
  func executors() throws {
    let text = Self.pipeline.replacingOccurrences(
      of: "stages:", with: "executor: slurm\nslurm: { partition: gpu, time: 90s }\nstages:"
    ).replacingOccurrences(
      of: "    timeout: 1h30m",
      with: "    timeout: 1h30m\n    slurm: { partition: big, options: [--nice=1] }"
    ).replacingOccurrences(of: "{ uses: gate,", with: "{ uses: gate, executor: local,")
    let spec = try plan(text).spec
    #expect(
      spec.stage("raw")?.executor
        == ExecutorRequest(.slurm, options: ["--partition=gpu", "--time=2"]))
    #expect(
      spec.stage("tuned")?.executor
        == ExecutorRequest(.slurm, options: ["--time=2", "--partition=big", "--nice=1"]))
    #expect(spec.stage("gate")?.executor.kind == .local)
    let plain = try plan().verdicts.map(\.fingerprint)
    #expect(try plan(text).verdicts.map(\.fingerprint) == plain)
  }

  @Test("at first everything runs; afterwards nothing")
  func firstAndSecond() throws {
    let first = try plan()
    #expect(
      verdicts(first) == [
        "raw: run | never ran", "unique: run | never ran", "tuned: run | never ran",
        "gate: run | never ran", "out: run | never ran",
      ])
    #expect(first.hasWork)
    #expect(try past.execute(first) == ["raw", "unique", "tuned", "gate", "out"])
    let second = try plan()
    #expect(
      verdicts(second) == [
        "raw: cached", "unique: cached", "tuned: cached", "gate: cached", "out: cached",
      ])
    #expect(!second.hasWork)
    #expect(second.summary == "pipeline 'demo': nothing to run")
    #expect(try past.execute(second) == [])
  }

  @Test("the request holds everything the engine needs")
  func request() throws {
    let plan = try plan(overrides: ["rate=1e-3"])
    let tuned = try #require(plan.spec.stage("tuned"))
    #expect(tuned.parameters["learning_rate"] == .number(1e-3))
    #expect(tuned.parameters["lora_r"] == 16)
    #expect(tuned.retry == RetryPolicy(attempts: 3, backoffSeconds: 10))
    #expect(tuned.timeoutSeconds == 5400)
    #expect(tuned.inputs["train"] == .stage(name: "unique", port: "kept"))
    #expect(tuned.inputs["model"] == .artifact(plan.spec.externals[0].digest))
    #expect(plan.spec.externals[0].manifest.files.map(\.name) == ["config.json"])
    #expect(plan.spec.stage("out")?.needs == ["gate"])
    let files = try #require(plan.spec.stage("raw")?.files["sources[0].path"])
    #expect(files.map(\.name) == ["data/a.jsonl", "data/b.jsonl"])
    #expect(files[0].digest == Digest(of: Array("1".utf8)))
    #expect(plan.spec.parameters == ["rate": "1e-3", "quantize": "yes please"])
    #expect(plan.spec.pipelinePath == folder.path + "/p.yaml")
  }

  @Test("a changed parameter names itself, and what depends on it waits for its bytes")
  func changedParameter() throws {
    try past.execute(try plan())
    let changed = try plan(overrides: ["rate=1e-4"])
    #expect(
      verdicts(changed) == [
        "raw: cached", "unique: cached", "tuned: run | learning_rate 2e-4 → 1e-4",
        "gate: run unless its input comes out the same | input candidate comes from tuned, which runs (tuned: learning_rate 2e-4 → 1e-4)",
        "out: run unless its input comes out the same | input model comes from tuned, which runs (tuned: learning_rate 2e-4 → 1e-4)",
      ])
    #expect(changed.summary == "pipeline 'demo': 1 of 5 stages run, 2 more if their input changes")
    try past.execute(changed)
    #expect(!(try plan(overrides: ["rate=1e-4"])).hasWork)
    #expect(!(try plan()).hasWork, "the old results are still known")
  }

  @Test("a changed, an added and a removed file are named")
  func changedFiles() throws {
    try past.execute(try plan())
    try folder.write("data/a.jsonl", "3")
    try folder.write("data/c.jsonl", "4")
    try FileManager.default.removeItem(atPath: folder.path + "/data/b.jsonl")
    let changed = try plan()
    #expect(
      changed.verdict(of: "raw")?.reason
        == "file data/a.jsonl changed: 1 byte as before; file data/b.jsonl removed: 1 byte; "
        + "file data/c.jsonl added: 1 row")
    #expect(changed.verdict(of: "unique")?.decision == .runUnlessSame)
    #expect(
      changed.verdict(of: "tuned")?.reason
        == "input train comes from unique, which runs (raw: file data/a.jsonl changed: 1 byte as before)"
    )
    try folder.write("base/config.json", "{ }")
    #expect(try plan().verdict(of: "tuned")?.reason == "input model changed (./base)")
    #expect(
      try past.execute(changed, constant: ["raw"]) == ["raw", "unique", "tuned", "gate", "out"])
  }

  @Test("an upstream stage that makes the same bytes stops the chain")
  func sameBytes() throws {
    try past.execute(try plan(), constant: ["unique"])
    try folder.write("data/a.jsonl", "3")
    #expect(try past.execute(try plan(), constant: ["unique"]) == ["raw", "unique"])
  }

  @Test("a new version of a stage, a changed list and a lost object are reasons")
  func otherReasons() throws {
    let before = try plan()
    var old = before
    old.spec.stages[1].version = 1
    try past.execute(old)
    #expect(try plan().verdict(of: "unique")?.reason == "stage version 1 → 2")
    try past.execute(try plan())
    let text = Self.pipeline.replacingOccurrences(
      of: "inputs: { records: raw } }",
      with: "inputs: { records: raw }, with: { labels: [a, b], limit: 3 } }")
    #expect(
      try plan(text).verdict(of: "unique")?.reasons == ["labels [] → [a, b]", "limit nothing → 3"])
    let fingerprint = try #require(try plan().verdict(of: "tuned")?.fingerprint)
    past.lose(fingerprint)
    #expect(try plan().verdict(of: "tuned")?.reason == "a recorded object is missing or damaged")
  }

  @Test("a checkpoint is resumed")
  func resume() throws {
    let first = try plan()
    past.leaveCheckpoint(try #require(first.verdict(of: "raw")?.fingerprint), step: 340)
    let second = try plan()
    #expect(verdicts(second)[0] == "raw: resume from step 340 | it was interrupted")
    #expect(second.json["stages"]?.arrayValue?[0]["step"] == 340)
  }

  @Test("a refusal is remembered and blocks what needs it")
  func refusal() throws {
    try past.execute(try plan(), refusing: ["gate"])
    #expect(
      verdicts(try plan()).suffix(2) == [
        "gate: cached (refused) | accuracy 0.5 is below 0.85", "out: blocked | gate refused",
      ])
  }

  @Test("a false condition skips a stage and what needs it")
  func conditions() throws {
    let text = Self.pipeline.replacingOccurrences(
      of: "gate: { uses: gate,", with: "gate: { if: \"${params.quantize} == 'no'\", uses: gate,")
    let skipped = try plan(text)
    #expect(
      verdicts(skipped).suffix(2) == [
        "gate: skipped | if: ${params.quantize} == 'no' is false",
        "out: skipped | needs gate, which is skipped",
      ])
    #expect(skipped.spec.stages.map(\.stage) == ["raw", "unique", "tuned"])
    #expect(try plan(text, overrides: ["quantize=no"]).spec.stages.count == 5)
  }

  @Test("a failed preflight check stops the plan at the stage's name")
  func preflight() throws {
    try folder.write("data/a.jsonl", "")
    let failure = try #require(throws: Failure.self) { try plan() }
    #expect(failure.diagnostics.map(\.message) == ["stage 'raw': 'data/a.jsonl' is empty"])
    #expect(failure.diagnostics[0].span?.line == 4)
    #expect(failure.failureClass == .badInput)
  }

  @Test("the table")
  func table() throws {
    try past.execute(try plan())
    #expect(
      try plan(overrides: ["rate=0.5"]).table == """
        pipeline 'demo': 1 of 5 stages run, 2 more if their input changes

          raw     cached
          unique  cached
          tuned   run                                      learning_rate 2e-4 → 0.5
          gate    run unless its input comes out the same  input candidate comes from tuned, which runs (tuned: learning_rate 2e-4 → 0.5)
          out     run unless its input comes out the same  input model comes from tuned, which runs (tuned: learning_rate 2e-4 → 0.5)

        """)
  }

  @Test("fingerprints do not move")
  func golden() {
    let request = StageRequest(
      stage: "any name", kind: "clean", version: 2,
      parameters: .object(["b": 1, "a": .object(["d": .number(2), "c": "x"])]),
      inputs: ["records": .stage(name: "s", port: "p")],
      files: [
        "sources[0].path": [
          InputFile(name: "a", path: "/x/a", digest: Digest(of: [1]), bytes: 1)
        ]
      ])
    let fingerprint = Fingerprint.of(request, inputs: ["records": Digest(of: [])])
    let text =
      #"{"files":{"sources[0].path":[{"name":"a","sha256":"\#(Digest(of: [1]))"}]},"format":"orchestrate.request.1","inputs":{"records":"\#(Digest(of: []))"},"kind":"clean","parameters":{"a":{"c":"x","d":2},"b":1},"version":2}"#
    #expect(fingerprint == Digest(of: Array(text.utf8)))
    var other = request
    other.stage = "another"
    other.needs = ["z"]
    other.timeoutSeconds = 3
    #expect(Fingerprint.of(other, inputs: ["records": Digest(of: [])]) == fingerprint)
  }
}
