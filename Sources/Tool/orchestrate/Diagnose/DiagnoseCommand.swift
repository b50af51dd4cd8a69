import ArgumentParser
import Artifacts
import BuiltinStages
import Diagnostics
import Documents
import Foundation
import Parallelism
import Reproducibility
import RunStore
import StageKit

/// `orchestrate diagnose [RUN]`: what is likely wrong with the training of a run.
struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Looks for what is wrong with a run's training, in the order mistakes are found.",
    discussion: """
      For each training stage of the run: data, template, whether the adapter is applied, curves, \
      learning rate; with --isolate also a training on its first 100 rows. Gates that refused are \
      told with their sentences. Nothing is changed, and no row's text is shown.
      """)

  @Argument(help: ArgumentHelp("The number of a run; the last one without it.", valueName: "run"))
  var number: Int64?

  @Option(help: "Only this stage.")
  var stage: String?

  @Flag(help: "Trains each stage on its first 100 rows as well, which takes a while.")
  var isolate = false

  @OptionGroup var projectOptions: ProjectOptions

  @Flag(help: "Prints JSON.")
  var json = false

  func run() throws {
    let (store, folder) = try projectOptions.store()
    guard let record = try number.map(store.run) ?? store.lastRun() else {
      throw Diagnostic(
        "run.none", "there is no run \(number.map { "\($0) " } ?? "")in '\(folder.root)'",
        fix: "'orchestrate status' shows the last one"
      ).failure(.usage)
    }
    let evidence = RunEvidence(store: store, artifacts: ArtifactStore(folder), run: record)
    let jobs = try jobs(store, record)
    var reports: [StageDiagnosis] = []
    for job in jobs {
      if let training = try evidence.training(job) {
        var steps = try Diagnosis.steps(of: training)
        if isolate { steps.append(try isolated(training)) }
        reports.append(StageDiagnosis(stage: job.stage, kind: training.kind, steps: steps))
      } else if let gate = try evidence.gate(job) {
        reports.append(gate)
      }
    }
    if reports.isEmpty {
      throw Diagnostic(
        "diagnose.nothing", "run \(record.id) has no training stage and no gate that ended",
        fix: "'orchestrate logs' shows what happened"
      ).failure(.badInput)
    }
    let view = DiagnosisView(run: record.id, reports)
    for line in json ? [JSONWriter.compact(view.json)] : view.lines { Console.output.line(line) }
  }

  private func jobs(_ store: RunStore, _ record: RunRecord) throws -> [JobRecord] {
    let jobs = try store.jobs(ofRun: record.id)
    guard let stage else { return jobs }
    let chosen = jobs.filter { $0.stage == stage }
    if chosen.isEmpty {
      throw Diagnostic(
        "run.no-stage", "run \(record.id) has no stage '\(SafeText.escaped(stage))'",
        fix: NearestName.suggestion(for: stage, among: jobs.map(\.stage))
          .map { "did you mean '\($0)'?" }
      ).failure(.usage)
    }
    return chosen
  }

  private func isolated(_ training: TrainingEvidence) throws -> Diagnosis.Step {
    let folder = NSTemporaryDirectory() + "/orchestrate-isolation-\(UUID().uuidString)"
    try DurableFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pool = ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount)
    return try IsolationRun(training, pool: pool).step(.builtin, in: folder)
  }
}

/// Reads what is recorded of a run.
struct RunEvidence {
  let store: RunStore
  let artifacts: ArtifactStore
  let run: RunRecord

  private static let kinds: Set<String> = [
    "pretrain", "sft", "dpo", "kto", "orpo", "simpo", "grpo", "reward_model", "distill",
  ]

  /// Nil for a stage that does not train, or has not begun.
  func training(_ job: JobRecord) throws -> TrainingEvidence? {
    guard let request = run.spec.stage(job.stage), Self.kinds.contains(request.kind.name) else {
      return nil
    }
    // What was reused was recorded by an earlier run.
    let source = job.isReused ? try store.lastFinishedJob(ofStage: job.stage) ?? job : job
    let result = try job.fingerprint.flatMap { try store.result(for: $0) }
    var curves: [String: [TrainingEvidence.CurvePoint]] = [:]
    for metric in try store.metrics(ofJob: source.id) {
      curves[metric.name, default: []].append(.init(step: metric.step, value: metric.value))
    }
    return TrainingEvidence(
      stage: job.stage, kind: request.kind.name, parameters: request.parameters,
      curves: curves.mapValues { $0.sorted { $0.step < $1.step } },
      counts: Dictionary(
        try store.tallies(ofJob: source.id).map { ($0.name, $0.value) }, uniquingKeysWith: max),
      messages: try messages(source), inputs: try open(result?.inputs ?? [:]),
      outputs: try open(result?.outputs ?? [:]))
  }

  /// A gate that said no.
  func gate(_ job: JobRecord) throws -> StageDiagnosis? {
    guard job.state == .refused, let fingerprint = job.fingerprint,
      let result = try store.result(for: fingerprint),
      case .refused(let sentences) = result.outcome
    else { return nil }
    return StageDiagnosis(
      stage: job.stage, kind: result.request.kind.name,
      steps: [
        Diagnosis.Step(
          "verdict",
          findings: sentences.map { Diagnostic("gate.refused", $0, severity: .warning) })
      ])
  }

  private func open(_ digests: [String: Digest]) throws -> [String: InputArtifact] {
    try digests.compactMapValues { try artifacts.artifact($0) }
  }

  /// Warnings of the stage, each code and text once.
  private func messages(_ job: JobRecord) throws -> [Diagnostic] {
    var seen: Set<String> = []
    var found: [Diagnostic] = []
    for line in try store.eventLines(ofRun: job.run, stage: job.stage, types: ["message"]) {
      let event = try JSONReader.parse(Array(line.utf8), file: "events")
      guard let code = event["code"]?.stringValue, let message = event["message"]?.stringValue,
        event["severity"]?.stringValue != "note", seen.insert(code + message).inserted
      else { continue }
      found.append(
        Diagnostic(code, message, fix: event["fix"]?.stringValue, severity: .warning))
    }
    return found
  }
}
