package import Diagnostics
internal import Documents
package import Reproducibility
package import RunStore
package import StageKit

/// Stages that a person decides: what they are shown, and how a decision is recorded.
package struct ApprovalDesk {
  private let store: RunStore

  package init(_ store: RunStore) { self.store = store }

  /// What the stage asks.
  package static func message(_ request: StageRequest) -> String {
    request.parameters["message"]?.stringValue ?? ""
  }

  /// `candidate: dpo.model 3f2a91c04b77`, one line for each thing that is approved.
  package static func shown(_ request: StageRequest, _ inputs: [String: Digest]) -> [String] {
    request.inputs.sorted { $0.key < $1.key }.map { port, binding in
      let digest = inputs[port]?.short ?? "?"
      switch binding {
      case .artifact: return "\(port): \(digest)"
      case .stage(let name, let output):
        let source = "\(name).\(output)"
        return port == source ? "\(source) \(digest)" : "\(port): \(source) \(digest)"
      }
    }
  }

  /// Records what `who` decided on a stage of `run` that awaits approval.
  ///
  /// - Throws: ``Failure`` of class `usage` when the run has no such stage, of class `badInput` when
  ///   it awaits none.
  package func decide(
    _ decision: ApprovalRecord.Decision, stage: String, of run: RunRecord, who: String,
    note: String?, seq: Int, at time: Double
  ) throws -> RunEvent {
    let jobs = try store.jobs(ofRun: run.id)
    guard let request = run.spec.stage(stage), let job = jobs.first(where: { $0.stage == stage })
    else { throw Self.noStage(stage, in: run) }
    guard job.state == .awaitingApproval, let fingerprint = job.fingerprint else {
      throw Self.notAwaiting(job, request, jobs)
    }
    let inputs = try inputs(of: request, jobs)
    let sentence = note.map { ": \($0)" } ?? ""
    let result = ResultRecord(
      fingerprint: fingerprint, request: request, inputs: inputs,
      outcome: decision == .approved ? .succeeded : .refused(["rejected by \(who)\(sentence)"]),
      outputs: [:], seconds: 0, provenance: ["decided_by": who])
    let record = ApprovalRecord(
      run: run.id, stage: stage, fingerprint: fingerprint, decision: decision, who: who,
      note: note, decided: time)
    return try store.decide(record, on: job, result: result, seq: seq)
  }

  private func inputs(of request: StageRequest, _ jobs: [JobRecord]) throws -> [String: Digest] {
    var inputs: [String: Digest] = [:]
    for (port, binding) in request.inputs {
      switch binding {
      case .artifact(let digest): inputs[port] = digest
      case .stage(let name, let output):
        let fingerprint = jobs.first { $0.stage == name }?.fingerprint
        inputs[port] = try fingerprint.flatMap { try store.result(for: $0) }?.outputs[output]
      }
    }
    return inputs
  }

  private static func notAwaiting(
    _ job: JobRecord, _ request: StageRequest, _ jobs: [JobRecord]
  ) -> Failure {
    let waiting = jobs.filter { $0.state == .awaitingApproval }.map(\.stage)
    let others =
      waiting.isEmpty
      ? "no stage of the run awaits approval" : "these do: \(waiting.joined(separator: ", "))"
    let state =
      request.kind == .approval
      ? "is \(job.state.rawValue.replacing("_", with: " "))" : "is a '\(request.kind)' stage"
    return Diagnostic(
      "run.not-awaiting", "stage '\(job.stage)' awaits no approval: it \(state)", fix: others
    ).failure(.badInput)
  }

  package static func noStage(_ stage: String, in run: RunRecord) -> Failure {
    let names = run.spec.stages.map(\.stage)
    return Diagnostic(
      "run.no-stage", "run \(run.id) has no stage '\(SafeText.escaped(stage, limit: 60))'",
      fix: NearestName.suggestion(for: stage, among: names).map { "did you mean '\($0)'?" }
        ?? "it has \(names.prefix(20).joined(separator: ", "))"
    ).failure(.usage)
  }
}
