internal import Diagnostics
internal import Documents
internal import Reproducibility
internal import StageKit

/// What only the run can tell: conditions on metrics, and the best instance of a matrix.
extension PlanBuilder {
  /// Decides a stage that a metric decides about, itself or one it waits for, and one that stands for
  /// the best instance of a matrix.
  ///
  /// - Returns: false for any other stage.
  mutating func decideAtRunTime(_ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs)
    throws
    -> Bool
  {
    for name in request.dependencies {
      guard let state = states[name] else { continue }
      if state.kind == .skipped {
        skip(stage, reason(request, name, "is skipped"))
        return true
      }
      if state.isOpen {
        try leaveOpen(stage, request, inputs, reason(request, name, "may be skipped"), after: name)
        return true
      }
    }
    if let condition = request.condition {
      let pending = condition.stages.first { states[$0]?.kind != .known }
      if let pending {
        let reason = "if: \(SafeText.escaped(condition.text))"
        try leaveOpen(stage, request, inputs, reason, after: pending)
        return true
      }
      do {
        if try !condition.holds({ try reported($0) }) {
          skip(stage, "if: \(SafeText.escaped(condition.text)) is false")
          return true
        }
      } catch let failure as Failure {
        problems += failure.diagnostics.map { Self.placed($0, stage) }
        skip(stage, "")
        return true
      }
    }
    guard stage.spec.choice != nil else { return false }
    try choose(stage, request, inputs)
    return true
  }

  private mutating func skip(_ stage: BoundStage, _ reason: String) {
    add(stage, .skipped, [reason], state: State(kind: .skipped, root: reason))
  }

  private mutating func leaveOpen(
    _ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs, _ reason: String,
    after name: String
  ) throws {
    try preflight(stage, request, inputs.known)
    note(stage, request, inputs)
    let last = try results.lastResult(ofStage: stage.name)
    let because = states[name]?.root
    add(
      stage, .atRunTime, [reason], because: because, last: last,
      state: State(
        kind: .pending, outputs: last?.outputs ?? [:], root: because ?? reason, isOpen: true,
        chain: [.init(stage.name, reason)] + (states[name]?.chain ?? [])))
  }

  /// `input model comes from sft, which may be skipped`
  private func reason(_ request: StageRequest, _ name: String, _ what: String) -> String {
    for port in request.inputs.keys.sorted() {
      if case .stage(name, _)? = request.inputs[port] {
        return "input \(port) comes from \(name), which \(what)"
      }
    }
    return "needs \(name), which \(what)"
  }

  private mutating func choose(_ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs)
    throws
  {
    if let pending = inputs.pending {
      let metric = SafeText.escaped(request.parameters["metric"]?.stringValue ?? "", limit: 60)
      let count = request.dependencies.count
      let least = request.parameters["mode"]?.stringValue == "max" ? "greatest" : "least"
      let reason = "takes the one of \(count) with the \(least) \(metric)"
      let because = states[pending.stage]?.root
      let last = try results.lastResult(ofStage: stage.name)
      add(
        stage, .atRunTime, [reason], because: because,
        state: State(
          kind: .pending, outputs: last?.outputs ?? [:], root: because ?? reason,
          chain: [.init(stage.name, reason)] + (states[pending.stage]?.chain ?? [])))
      return
    }
    do {
      let choice = try MatrixChoice(request, inputs: inputs.known) { try reported($0) }
      add(
        stage, .cached, ["takes \(choice.sentence)"], fingerprint: choice.fingerprint,
        outputs: choice.outputs,
        state: State(
          kind: .known, outputs: choice.outputs, root: "\(stage.name) takes \(choice.sentence)",
          reported: states[choice.instance]?.reported))
    } catch let failure as Failure {
      problems += failure.diagnostics.map { Self.placed($0, stage) }
      skip(stage, "")
    }
  }

  /// What a stage whose result is known reported.
  private func reported(_ name: String) throws -> ResultFacts? {
    try states[name]?.reported.flatMap { try results.facts(of: $0) }
  }

  private static func placed(_ diagnostic: Diagnostic, _ stage: BoundStage) -> Diagnostic {
    var diagnostic = diagnostic
    diagnostic.span = diagnostic.span ?? stage.spec.choice?.span ?? stage.spec.span
    return diagnostic
  }

  /// Names what a limited run would have to read and has no result.
  mutating func refuseMissing() {
    let missing = verdicts.filter { verdict in
      guard !scope.chosen.contains(verdict.stage) else { return false }
      switch verdict.decision {
      case .run, .resume, .runUnlessSame, .atRunTime: return true
      case .cached, .refused, .blocked, .skipped, .unselected: return false
      }
    }
    guard let last = missing.last else { return }
    let listed = missing.map { "\($0.stage) (\($0.reason))" }
    let shown = listed.prefix(10).joined(separator: ", ")
    let others = listed.count > 10 ? " and \(listed.count - 10) more" : ""
    let what =
      missing.count == 1
      ? "a stage that is not part of this run has no recorded result, and the run reads it"
      : "\(missing.count) stages that are not part of this run have no recorded results, and the run reads "
        + "them"
    problems.append(
      Diagnostic(
        "plan.not-cached", "\(what): \(shown)\(others)",
        fix: "type 'orchestrate run --until \(last.stage)' first, or make the run larger"))
  }
}
