import Artifacts
import Diagnostics
import Documents
import Execution
import Planning
import Reports
import Reproducibility
import RunStore
import StageKit

/// Gathers what the reports of a run in CI tell, from the record.
struct CIFacts {
  struct Promotion {
    var model: CIReport.Model
    var isPromoted: Bool
  }

  let loaded: LoadedPipeline
  let plan: Plan
  let file: String
  let session: ProjectSession
  var changes: [String] = []
  /// Of the stages in the file, by name.
  private let spans: [String: SourceSpan]

  init(loaded: LoadedPipeline, plan: Plan, file: String, session: ProjectSession) {
    self.loaded = loaded
    self.plan = plan
    self.file = file
    self.session = session
    spans = Dictionary(
      loaded.spec.stages.map { ($0.name, $0.span) }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: - Endings

  func nothing(_ reason: String, _ status: Int32) -> CIReport {
    var report = base(.nothingToDo, status, reason)
    report.stages = plan.verdicts.map { stage($0, nil) }
    return report
  }

  func report(_ conclusion: RunConclusion, promotion: Promotion?) throws -> CIReport {
    let (ending, sentence) = end(conclusion, promotion)
    var report = base(ending, conclusion.exitStatus, sentence)
    report.run = conclusion.run
    report.model = promotion?.model
    let jobs = try session.store.jobs(ofRun: conclusion.run)
    let byStage = Dictionary(jobs.map { ($0.stage, $0) }, uniquingKeysWith: { first, _ in first })
    report.stages = plan.verdicts.map { stage($0, byStage[$0.stage], conclusion) }
    report.gates = try jobs.compactMap(gate)
    report.curves = try jobs.compactMap { job in try curve(job).map { (job.stage, $0) } }
    report.findings = conclusion.failures.flatMap { name, failure in
      failure.diagnostics.map { finding in
        var finding = finding
        if finding.span == nil {
          finding.span = span(name)
          finding.message = "stage '\(name)': \(finding.message)"
        }
        return finding
      }
    }
    return report
  }

  private func base(_ ending: CIReport.Ending, _ status: Int32, _ sentence: String) -> CIReport {
    var report = CIReport(
      pipeline: loaded.spec.name, file: file, ending: ending, exitStatus: status,
      sentence: sentence)
    report.changes = changes
    return report
  }

  private func end(_ conclusion: RunConclusion, _ promotion: Promotion?) -> (
    CIReport.Ending, String
  ) {
    switch conclusion.state {
    case .succeeded:
      guard let model = promotion?.model else { return (.succeeded, "every stage succeeded") }
      let name = "version \(model.version) of '\(model.name)'"
      guard promotion?.isPromoted == true else { return (.registered, "\(name) passed its gate") }
      let was = model.was.map { $0 == model.version ? "" : ", in the place of version \($0)" }
      return (.promoted, "\(name) passed its gate and is the \(model.alias)\(was ?? "")")
    case .refused:
      let all = conclusion.refusals
      guard let first = all.first, let reason = first.reasons.first else {
        return (.refused, "a gate refused the model")
      }
      let more = all.reduce(0) { $0 + $1.reasons.count } - 1
      return (
        .refused,
        "'\(first.stage)' refused: \(reason)" + (more > 0 ? " (and \(more) more reasons)" : "")
      )
    case .failed:
      guard let first = conclusion.failures.first else { return (.failed, "a stage failed") }
      return (
        .failed,
        "'\(first.stage)' failed: \(first.failure.diagnostics.first?.message ?? "no reason given")"
      )
    case .running, .interrupted:
      return (.interrupted, "it was stopped; the same command goes on from the last checkpoint")
    }
  }

  // MARK: - Stages

  private func span(_ stage: String) -> SourceSpan? { spans[stage] }

  private func stage(
    _ verdict: StageVerdict, _ job: JobRecord?, _ conclusion: RunConclusion? = nil
  ) -> CIReport.Stage {
    let seconds = job.flatMap { job in
      job.finished.flatMap { end in job.started.map { end - $0 } }
    }
    var sentences = conclusion?.refusals.first { $0.stage == verdict.stage }?.reasons ?? []
    sentences +=
      conclusion?.failures.first { $0.stage == verdict.stage }?.failure.diagnostics.map(\.message)
      ?? []
    if sentences.isEmpty, let cause = job?.cause { sentences = [cause] }
    return CIReport.Stage(
      name: verdict.stage, kind: verdict.kind.name, span: span(verdict.stage),
      planned: verdict.decision.text, reason: verdict.reason,
      state: job?.state.rawValue ?? (verdict.decision == .cached ? "succeeded" : nil),
      seconds: job?.isReused == false ? seconds : nil,
      isReused: job?.isReused ?? (verdict.decision == .cached), sentences: sentences)
  }

  // MARK: - Gates and curves

  private func artifact(_ job: JobRecord, _ type: ArtifactType) throws -> InputArtifact? {
    guard let fingerprint = job.fingerprint, job.state == .succeeded || job.state == .refused,
      let result = try session.store.result(for: fingerprint),
      let port = plan.spec.stage(job.stage)?.outputs.first(where: { $0.types == [type] }),
      let digest = result.outputs[port.name]
    else { return nil }
    return try session.artifacts.artifact(digest)
  }

  private func json(_ artifact: InputArtifact?, _ name: String) throws -> JSONValue? {
    guard let path = artifact?.tree[name] else { return nil }
    return try JSONReader.parse(DurableFile.read(path), file: name)
  }

  private func gate(_ job: JobRecord) throws -> CIReport.Gate? {
    guard let json = try json(artifact(job, .verdict), "verdict.json"),
      let decision = json["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
    else { return nil }
    let rules = (json["rules"]?.arrayValue ?? []).map { rule in
      Verdict.Rule(
        rule: rule["rule"]?.stringValue ?? "",
        decision: rule["decision"]?.stringValue.flatMap(Verdict.Decision.init(rawValue:))
          ?? .inconclusive,
        sentence: rule["sentence"]?.stringValue ?? "")
    }
    let scores = try self.json(artifact(job, .scores), "scores.json")?["scores"]?.arrayValue ?? []
    return CIReport.Gate(
      stage: job.stage, span: span(job.stage),
      verdict: Verdict(decision: decision, rules: rules),
      scores: scores.compactMap(GateScore.init))
  }

  /// Losses of a stage that trained in this run.
  private func curve(_ job: JobRecord) throws -> LineChart? {
    guard !job.isReused, plan.spec.stage(job.stage)?.outputs.first?.types == [.model] else {
      return nil
    }
    let metrics = try session.store.metrics(ofJob: job.id)
    let series = ["loss", "eval_loss"].map { name in
      LineChart.Series(
        name == "loss" ? "training" : "validation",
        metrics.filter { $0.name == name }.map { (Double($0.step), $0.value) })
    }
    let chart = LineChart(title: "\(job.stage): loss", series: series)
    return chart.series.isEmpty ? nil : chart
  }

  // MARK: - The version

  /// What a stage registered in a run.
  func manifest(of stage: String, _ run: Int64) throws -> VersionManifest? {
    guard
      let job = try session.store.jobs(ofRun: run).first(where: { $0.stage == stage }),
      let json = try json(artifact(job, .version), VersionManifest.fileName)
    else { return nil }
    return VersionManifest(json)
  }
}
