import Diagnostics
import Documents
import Foundation
import Planning
import Reproducibility
import StageKit
import TestSupport
import Testing

/// Conditions on metrics, chains of reasons, rows of files, estimates.
@Suite("decided at run time")
struct RunTimeTests {
  let folder: TemporaryFolder
  let past = PastRuns()

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("data/a.jsonl", "{}\n{}\n")
    try folder.write("base/config.json", "{}")
  }

  static let pipeline = """
    name: c
    params: { bar: 0.8 }
    stages:
      raw: { uses: make, with: { sources: [ { path: ./data/*.jsonl } ] } }
      tuned: { uses: train, inputs: { model: ./base, train: raw }, with: { learning_rate: 0.5 } }
      gate: { uses: gate, if: "tuned.accuracy >= ${params.bar}", inputs: { candidate: tuned } }
      out: { uses: export, needs: [gate], inputs: { model: tuned } }
    """

  private func plan(_ overrides: String..., text: String = Self.pipeline) throws -> Plan {
    try folder.load(text, overrides: overrides).plan(
      results: past, statCache: MemoryStatCache(), checkpoints: past)
  }

  @Test("a condition on a metric is open while the metric is, then decided in the plan")
  func condition() throws {
    let first = try plan()
    #expect(
      first.verdicts.map { "\($0.decision.text) | \($0.reason)" } == [
        "run | never ran", "run | never ran",
        "decided at run time | if: tuned.accuracy >= ${params.bar} (tuned: never ran)",
        "decided at run time | needs gate, which may be skipped (tuned: never ran)",
      ])
    #expect(first.spec.stage("gate")?.needs == ["tuned"])
    #expect(
      try past.execute(first, metrics: ["tuned": ["accuracy": 0.9]]) == [
        "raw", "tuned", "gate", "out",
      ])
    #expect(!(try plan()).hasWork)
    let higher = try plan("bar=0.95")
    #expect(
      higher.verdicts.suffix(2).map { "\($0.decision.text) | \($0.reason)" } == [
        "skipped | if: tuned.accuracy >= ${params.bar} is false",
        "skipped | needs gate, which is skipped",
      ])
    #expect(!higher.hasWork)
    #expect(try past.execute(higher) == [])
  }

  @Test("a metric that the stage did not report stops the plan with those it did")
  func noMetric() throws {
    try past.execute(try plan("bar=0"), metrics: ["tuned": ["accuracy": 0.9, "loss": 1]])
    let text = Self.pipeline.replacingOccurrences(of: "tuned.accuracy", with: "tuned.acuracy")
    let failure = try #require(throws: Failure.self) { try plan(text: text) }
    #expect(
      failure.diagnostics.map(\.message) == [
        "'if: tuned.acuracy >= ${params.bar}': stage 'tuned' reported no metric 'acuracy' that is a number"
      ])
    #expect(failure.diagnostics[0].fix == "did you mean 'accuracy'? it reported accuracy, loss")
    #expect(failure.diagnostics[0].span?.line == 6)
  }

  @Test(
    "signs and words",
    arguments: [
      ("m.x > 0.8", true), ("m.x < 0.8", false), ("m.x <= 0.9", true), ("m.x>=0.91", false),
      ("m.x == 0.9", true), ("m.x != 9e-1", false), ("not m.x > 1", true),
      ("m.x > 1 or m.task.y == 2", true), ("m.x > 1 || (m.task.y > 1 && 'a' == a)", true),
      ("${params.bar} < m.x", true), ("m.z", false),
    ])
  func signs(text: String, isTrue: Bool) throws {
    let quoted = text.replacingOccurrences(of: "'", with: "''")
    let spec = try folder.load(
      """
      name: c
      params: { bar: 0.8 }
      stages:
        m: { uses: gate, inputs: { candidate: ./base } }
        s: { uses: gate, if: '\(quoted)', inputs: { candidate: ./base } }
      """)
    let condition = try #require(spec.spec.stages[1].condition)
    let holds = try condition.holds { stage in
      #expect(stage == "m")
      return ResultFacts(metrics: ["x": 0.9, "task.y": 2, "z": 0])
    }
    #expect(holds == isTrue)
    let again = try JSONDecoder().decode(RunCondition.self, from: JSONEncoder().encode(condition))
    #expect(again == condition)
  }

  @Test("the chain goes down to the rows of the file")
  func chain() throws {
    try past.execute(try plan("bar=0"), metrics: ["tuned": ["accuracy": 0.9]])
    try folder.write("data/b.jsonl", String(repeating: "{\"a\": 1}\n", count: 1204) + "\n")
    let verdict = try #require(try plan("bar=0").verdict(of: "tuned"))
    #expect(
      verdict.chain.map { "\($0.stage): \($0.reason)" } == [
        "tuned: input train comes from raw, which runs",
        "raw: file data/b.jsonl added: 1,204 rows",
      ])
    #expect(
      verdict.reason
        == "input train comes from raw, which runs (raw: file data/b.jsonl added: 1,204 rows)")
    #expect(
      try plan("bar=0").why(verdict) == """
        tuned: run unless its input comes out the same
          tuned  input train comes from raw, which runs
          raw    file data/b.jsonl added: 1,204 rows

        """)
  }

  @Test("rows that the report of the last result counted are compared with those of today")
  func countedRows() throws {
    let first = try plan("bar=0")
    try past.execute(first, metrics: ["tuned": ["accuracy": 0.9]])
    let fingerprint = try #require(first.verdict(of: "raw")?.fingerprint)
    let report = try #require(past.result(for: fingerprint)?.outputs["report"])
    let path = try folder.write(
      "report.json", #"{"files": [{"file": "data/a.jsonl", "rows": 1, "bad_rows": 1}]}"#)
    past.keep(
      InputArtifact(
        type: .report, digest: report, tree: FileTree(paths: ["report.json": path])))
    try folder.write("data/a.jsonl", "{}\n \n{\"b\": 1}\r\n{}")
    #expect(
      try plan("bar=0").verdict(of: "raw")?.reason
        == "file data/a.jsonl changed: 2 → 3 rows, 1 more")
    try folder.write("data/a.jsonl", "{}\n[]\n")
    #expect(
      try plan("bar=0").verdict(of: "raw")?.reason == "file data/a.jsonl changed: 2 rows as before")
    try FileManager.default.moveItem(
      atPath: folder.path + "/data/a.jsonl", toPath: folder.path + "/data/c.jsonl")
    #expect(
      try plan("bar=0").verdict(of: "raw")?.reason
        == "file data/a.jsonl removed: 2 rows; file data/c.jsonl added: 2 rows")
  }

  @Test("estimates are those of the last time, by stage and together")
  func estimates() throws {
    let first = try plan("bar=0")
    try past.execute(first, metrics: ["tuned": ["accuracy": 0.9]])
    #expect(!first.table.contains("by the last time"))
    past.setFacts(
      ResultFacts(
        counts: ["rows_in": 10_400], seconds: 170, peakBytes: 1_200_000_000,
        writtenBytes: 31_000_000),
      of: try #require(first.verdict(of: "raw")?.fingerprint))
    try folder.write("data/a.jsonl", "{}\n")
    let text = try plan("bar=0").table
    #expect(
      text.hasSuffix(
        """

          by the last time:
            raw    about 3 min (170 s for 10,400 rows), 1.2 GB of memory, 31 MB of disk
            tuned  about 2 s (2.0 s)
            gate   —
            out    —
            total  about 3 min, at most 1.2 GB of memory a stage, 31 MB of disk; 2 stages unknown

        """), "\(text)")
    let json = try plan("bar=0").json
    #expect(json["estimate"]?["seconds"] == .number(172))
    #expect(json["estimate"]?["unknown_stages"] == .array(["gate", "out"]))
    #expect(json["stages"]?.arrayValue?[0]["last_time"]?["rows"] == 10_400)
  }

  @Test(
    "twins: the second waits for what the first makes, and an edit taken back finds the old result")
  func twins() throws {
    let text = """
      name: t
      stages:
        a: { uses: make, with: { sources: [ { path: ./data/a.jsonl } ] } }
        b: { uses: make, with: { sources: [ { path: ./data/a.jsonl } ] } }
        c: { uses: clean, inputs: { records: a }, with: { limit: 5 } }
      """
    let first = try plan(text: text)
    #expect(
      first.verdicts.map { "\($0.decision.text) | \($0.reason)" } == [
        "run | never ran", "decided at run time | asks for the same as a, which runs",
        "run | never ran",
      ])
    #expect(try past.execute(first, constant: ["a"]) == ["a", "c"])
    let other = text.replacingOccurrences(of: "limit: 5", with: "limit: 6")
    try past.execute(try plan(text: other), constant: ["a"])
    // 'a' must run and may make what it made before: then 'c' with the old limit is known.
    try folder.write("data/a.jsonl", "{}\n")
    let back = try plan(text: text)
    #expect(back.verdict(of: "c")?.decision == .runUnlessSame)
    #expect(try past.execute(back, constant: ["a"]) == ["a"])
  }
}
