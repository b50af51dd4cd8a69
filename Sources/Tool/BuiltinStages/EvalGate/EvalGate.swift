internal import Diagnostics
internal import Documents
internal import Evaluation
internal import Generation
internal import ModelFiles
internal import Parallelism
internal import Records
internal import Reproducibility
internal import Scoring
package import StageKit
internal import Tokenization

/// Says whether a model may go on, from measurements on rows it was not trained on.
package struct EvalGate: Stage {
  package static let kind: StageKind = "eval_gate"
  package static let version = 1
  package static let summary =
    "Measures a model, and its baseline on the same rows, and lets it pass or refuses it."

  package static func ports(for parameters: Parameters) -> Ports {
    let needsBaseline =
      parameters.rules.contains { $0.isVersusBaseline || $0.metric.comparesModels }
      || parameters.tasks.contains(where: \.metric.comparesModels)
    return Ports(
      inputs: [
        Port("candidate", .model, help: "The model that wants to pass."),
        Port(
          "baseline", .model, optional: !needsBaseline,
          help: "What it is compared with, measured on the same rows: its base, or the last "
            + "version."),
        Port("test", .records, help: "Rows that no model was trained on."),
      ],
      outputs: [
        Port("verdict", .verdict, help: "Pass, refused or inconclusive, with a sentence per rule."),
        Port("scores", .scores, help: "Metrics with intervals, and results by row id."),
        Port("report", .report, help: "The same for people."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let rows = try RecordsReader(context.input("test").tree).rows()
    let run = try EvaluationRun(
      tasks: parameters.tasks, rules: parameters.rules, rows: rows,
      batchSize: parameters.batchSize)
    let contestants = try Contestants(context)
    let models = contestants.baseline == nil ? 1 : 2
    var notes = contestants.notes

    func load(_ folder: ModelFolder) throws -> LanguageModelUnderTest {
      try LanguageModelUnderTest(
        folder, template: contestants.template(of: folder), pool: context.pool)
    }
    func progress(_ done: Int) throws {
      context.progress(done, of: models * run.itemCount, "rows")
      try context.checkCancelled()
    }
    func note(_ name: String, _ model: LanguageModelUnderTest) {
      if model.shortened == 0 { return }
      notes.append(
        "\(name): \(model.shortened) texts were longer than the model's context and lost their "
          + "beginning")
    }
    /// Loads, measures and lets go of one model, so that only one is in memory.
    func measure(_ folder: ModelFolder, _ name: String, _ number: Int) throws -> [TaskOutcomes] {
      let model = try load(folder)
      defer { note(name, model) }
      return try run.measure(model) { try progress(number * run.itemCount + $0) }
    }
    let candidate: [TaskOutcomes]
    let baseline: [TaskOutcomes]?
    if run.comparesModels, let folder = contestants.baseline {
      let (first, second) = (try load(contestants.candidate), try load(folder))
      let measured = try run.measure(first, second, afterBatch: progress)
      candidate = measured.candidate
      baseline = measured.baseline
      note("candidate", first)
      note("baseline", second)
    } else {
      candidate = try measure(contestants.candidate, "candidate", 0)
      baseline = try contestants.baseline.map { try measure($0, "baseline", 1) }
    }

    let report = try run.report(
      candidate: candidate, baseline: baseline, seed: parameters.seed, pool: context.pool,
      notes: notes)
    try write(report, run.itemLines(candidate: candidate, baseline: baseline), context)
    for score in report.scores {
      context.report(
        .metric(
          name: "\(score.task).\(score.metric.rawValue)", step: 0,
          value: score.candidate.estimate))
      context.count("rows.\(score.task)", score.count)
    }
    return outcome(of: report, parameters, context)
  }

  private func outcome(
    of report: EvaluationReport, _ parameters: Parameters, _ context: StageContext
  ) -> StageOutcome {
    let open = report.verdicts.filter { $0.decision == .inconclusive }.map(\.sentence)
    switch report.decision {
    case .pass: return .succeeded
    case .refused:
      return .refused(report.verdicts.filter { $0.decision != .pass }.map(\.sentence))
    case .inconclusive where parameters.onInconclusive == .fail: return .refused(open)
    case .inconclusive:
      if parameters.onInconclusive == .warn {
        for sentence in open {
          context.warn(
            Diagnostic(
              "gate.inconclusive", sentence, fix: "measure on more rows", severity: .warning))
        }
      }
      return .succeeded
    }
  }

  private func write(
    _ report: EvaluationReport, _ items: [JSONValue], _ context: StageContext
  ) throws {
    func write(_ text: String, _ port: String, _ name: String) throws {
      try OutputFile.write(Array(text.utf8), to: context.output(port) + "/" + name)
    }
    let rules = report.verdicts.map { verdict in
      JSONValue.object([
        "decision": .string(verdict.decision.rawValue), "rule": .string(verdict.rule.text),
        "sentence": .string(verdict.sentence),
      ])
    }
    let verdict = JSONValue.object([
      "decision": .string(report.decision.rawValue), "formatVersion": 1, "rules": .array(rules),
    ])
    try write(JSONWriter.compact(verdict) + "\n", "verdict", "verdict.json")
    try write(JSONWriter.compact(report.scoresJSON) + "\n", "scores", "scores.json")
    let lines = items.map { JSONWriter.compact($0) + "\n" }.joined()
    try write(lines, "scores", "items.jsonl")
    try write(JSONWriter.compact(report.json) + "\n", "report", "report.json")
    try write(report.markdown, "report", "report.md")
  }
}

/// The models of a gate and what renders their prompts.
private struct Contestants {
  let candidate: ModelFolder
  let baseline: ModelFolder?
  /// What a reader of the report must know of them.
  private(set) var notes: [String] = []
  private let shared: ChatTemplate?

  init(_ context: StageContext) throws {
    let artifact = context.input("candidate")
    candidate = try ModelFolder(artifact.tree, reference: artifact.reference)
    baseline = try context.optionalInput("baseline").map {
      try ModelFolder($0.tree, reference: $0.reference)
    }
    let own = try ModelText.template(of: candidate)
    let other = try baseline.flatMap { try ModelText.template(of: $0) }
    shared = own ?? other
    if baseline != nil, own != nil, other == nil {
      notes.append("the baseline has no chat template and was asked with the candidate's")
    }
  }

  /// The model's own template, or the one that the other brings.
  func template(of folder: ModelFolder) throws -> ChatTemplate? {
    try ModelText.template(of: folder) ?? shared
  }
}
