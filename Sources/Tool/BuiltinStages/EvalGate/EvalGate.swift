package import Diagnostics
internal import Documents
internal import Evaluation
internal import ModelFiles
internal import Parallelism
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
        champion(parameters),
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

  /// The first model of a name is compared with none.
  private static func champion(_ parameters: Parameters) -> Port {
    var port = Port(
      "champion", .model, optional: !parameters.needs("champion"),
      help: "The version in use, measured on the same rows; as in 'registry:NAME@champion'.")
    port.copesWithNoVersion = true
    return port
  }

  package static func preflight(_ parameters: Parameters, _ inputs: PreflightInputs)
    -> [Diagnostic]
  { parameters.licenses.warnings(inputs.licenses("candidate")) }

  package init() {}

  package func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let rows = try context.optionalInput("test").map { try RecordsReader($0.tree).rows() } ?? []
    let tasks = try tasks(parameters, test: rows, context)
    let rules = try RuleNames(tasks).resolved(parameters.correctedRules)
    let compared = rules.filter { rule in
      rule.versus.map { context.optionalInput($0) != nil } ?? true
    }
    let run = EvaluationRun(tasks: tasks, rules: compared, batchSize: parameters.batchSize)
    let checks = GateChecks(settings: parameters.checks, context: context)
    var contestants = try Contestants(
      ["candidate"] + GateCondition.opponents, parameters.device, context)
    var verdicts = try checks.leaks(tasks.compactMap { $0 as? RowTask }.flatMap(\.rows))
    verdicts += try checks.template(
      contestants.candidate, Array(contestants.models.dropFirst()))
    verdicts += try licenses(parameters.licenses, context.input("candidate"))
    let folder = contestants.candidate
    let results = try contestants.measure(run, context) { model in
      verdicts += checks.adapter(model)
      verdicts += try parameters.limits.verdicts(folder) { model }
    }
    for result in results[0].results { verdicts += checks.endings(result.generated) }

    var report = try run.report(
      results[0].results, Array(results.dropFirst()),
      ScoreSettings(
        seed: parameters.seed, pool: context.pool, models: contestants.identities),
      notes: contestants.notes + Contestants.endings(results))
    report.verdicts = verdicts + report.verdicts
    for rule in rules where !compared.contains(rule) {
      report.verdicts.append(
        RuleVerdict(
          rule: rule.text, decision: .pass,
          sentence:
            "\(rule.subject): there is no \(rule.versus ?? "other model") yet to compare with"))
    }
    try EvaluationFiles(report).write(
      run.itemLines(results[0].results, Array(results.dropFirst())), context)
    contestants.count(report, context)
    return outcome(of: report, parameters, context)
  }

  /// What the model was made of stands under licences that are allowed.
  private func licenses(_ rule: LicenseRule, _ candidate: InputArtifact) throws -> [RuleVerdict] {
    if rule.allowed.isEmpty { return [] }
    let notes = try rule.notes(of: candidate)
    let refusals = rule.refusals(notes)
    let name = "license_allow: \(rule.allowed.joined(separator: ", "))"
    if !refusals.isEmpty {
      return refusals.map { RuleVerdict(rule: name, decision: .refused, sentence: $0) }
    }
    let found = Set(notes.compactMap(\.license)).sorted().joined(separator: ", ")
    return [
      RuleVerdict(
        rule: name, decision: .pass,
        sentence: "licences: those of \(notes.count) bases and sources are allowed (\(found))")
    ]
  }

  private func tasks(_ parameters: Parameters, test: [Row], _ context: StageContext) throws
    -> [any MeasuredTask]
  {
    try parameters.tasks.map { task in
      let asked = parameters.rules.filter { $0.task == task.name }
        .compactMap { RowMetric(rawValue: $0.metric) }
      return try task.task(
        asked: asked, files: context.files, test: test, threads: context.pool.threads)
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
