internal import Diagnostics
internal import Documents
internal import Evaluation
internal import ModelFiles
internal import Records
internal import Reproducibility
internal import Scoring
package import StageKit

/// Says whether a model may go on, from measurements on rows it was not trained on.
package struct EvalGate: Stage {
  package static let kind: StageKind = "eval_gate"
  package static let version = 2  // 2: checks, slices, champion, rules of the field
  package static let summary =
    "Measures a model, and its baseline on the same rows, and lets it pass or refuses it."

  package typealias Parameters = EvalGateParameters

  package static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: [
        Port("candidate", .model, help: "The model that wants to pass."),
        Port(
          "baseline", .model, optional: !parameters.needs("baseline"),
          help: "What it is compared with, measured on the same rows: its base."),
        Port(
          "champion", .model, optional: !parameters.needs("champion"),
          help: "The version in use, measured on the same rows."),
        Port(
          "test", .records, optional: !parameters.needsTest,
          help: "Rows that no model was trained on, for tasks without 'data'."),
        Port(
          "train", .records, optional: true,
          help: "Further rows that the candidate was trained on; those that its training stages "
            + "read are known."),
      ],
      outputs: [
        Port("verdict", .verdict, help: "Pass, refused or inconclusive, with a sentence per rule."),
        Port("scores", .scores, help: "Metrics with intervals, and results by row id."),
        Port("report", .report, help: "The same for people."),
      ])
  }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let rows = try context.optionalInput("test").map { try RecordsReader($0.tree).rows() } ?? []
    let tasks = try tasks(parameters, test: rows, context)
    let run = EvaluationRun(
      tasks: tasks, rules: parameters.correctedRules, batchSize: parameters.batchSize)
    let checks = GateChecks(settings: parameters.checks, context: context)
    var contestants = try Contestants(["candidate"] + GateCondition.opponents, context)
    var verdicts = try checks.leaks(tasks.flatMap(\.rows))
    verdicts += try checks.template(
      contestants.candidate, Array(contestants.models.dropFirst()))
    let folder = contestants.candidate
    let results = try measure(run, &contestants, context) { model in
      verdicts += checks.adapter(model)
      verdicts += try parameters.limits.verdicts(folder) { model }
    }
    for result in results[0].results { verdicts += checks.endings(result.generated) }

    var report = try run.report(
      results[0].results, Array(results.dropFirst()),
      ScoreSettings(seed: parameters.seed, pool: context.pool),
      notes: contestants.notes + notes(results))
    report.verdicts = verdicts + report.verdicts
    try EvaluationFiles(report).write(
      run.itemLines(results[0].results, Array(results.dropFirst())), context)
    for score in report.scores where score.slice == nil && score.versus != "champion" {
      context.report(
        .metric(
          name: "\(score.task).\(score.metric)", step: 0, value: score.candidate.estimate))
      context.count("rows.\(score.task)", score.count)
    }
    return outcome(of: report, parameters, context)
  }

  private func tasks(_ parameters: Parameters, test: [Row], _ context: StageContext) throws
    -> [RowTask]
  {
    try parameters.tasks.map { task in
      let asked = parameters.rules.filter { $0.task == task.name }
        .compactMap { RowMetric(rawValue: $0.metric) }
      let rows =
        try task.data.map { try TaskRows.read(context.files($0.parameter), task: task.name) }
        ?? test
      return try RowTask(task.settings(asked: asked), rows)
    }
  }

  /// Measures all models, the candidate first, one in memory at a time but where distributions
  /// are compared.
  ///
  /// - Parameter whileLoaded: called once with the candidate.
  private func measure(
    _ run: EvaluationRun, _ contestants: inout Contestants, _ context: StageContext,
    whileLoaded: (LanguageModelUnderTest) throws -> Void
  ) throws -> [Opponent] {
    let total = contestants.models.count * run.itemCount
    func progress(_ done: Int) throws {
      context.progress(done, of: total, "rows")
      try context.checkCancelled()
    }
    var results: [Opponent] = []
    let second = contestants.models.firstIndex { $0.port == "baseline" }
    if run.comparesModels, let second {
      let first = try contestants.load(0, context)
      let other = try contestants.load(second, context)
      try whileLoaded(first)
      let measured = try run.measure(first, other, afterItems: progress)
      results = [
        Opponent("candidate", measured.candidate), Opponent("baseline", measured.baseline),
      ]
      contestants.note(0, first)
      contestants.note(second, other)
    }
    for index in contestants.models.indices
    where !results.contains(where: { $0.name == contestants.models[index].port }) {
      let model = try contestants.load(index, context)
      if index == 0 { try whileLoaded(model) }
      let before = results.count * run.itemCount
      results.append(
        Opponent(
          contestants.models[index].port,
          try run.measure(model) { try progress(before + $0) }))
      contestants.note(index, model)
    }
    return results
  }

  /// Answers that a reader must not take for finished ones.
  private func notes(_ results: [Opponent]) -> [String] {
    results.compactMap { model in
      let (answers, unended) = model.results.reduce((0, 0)) {
        ($0.0 + $1.generated.answers, $0.1 + $1.generated.unended)
      }
      guard unended > 0 else { return nil }
      return "\(model.name): \(unended) of \(answers) answers did not end by themselves but for "
        + "want of room (max_new_tokens, or the model's context)"
    }
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
}
