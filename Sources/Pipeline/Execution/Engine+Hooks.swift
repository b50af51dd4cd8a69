internal import Artifacts
internal import Diagnostics
internal import Reproducibility
internal import RunStore
internal import StageKit

extension Engine {
  /// Runs the hooks of a run whose end is recorded. A hook that fails is told and changes nothing;
  /// an engine that dies here leaves the rest out, since a hook done twice may be worse.
  func runHooks(_ conclusion: RunConclusion) throws {
    guard let hooks = run.spec.hooks else { return }
    let runner = HookRunner(
      hooks: hooks, environment: hookEnvironment(conclusion),
      withheld: allSecrets, folder: DurableFile.parent(of: run.spec.pipelinePath), log: hookLog,
      signals: signals)
    for hook in hooks.hooks where Self.isDue(hook.moment, conclusion) {
      let ending = runner.run(hook)
      try record(
        nil, .hook(moment: hook.moment, problem: ending.problem, seconds: ending.seconds))
      guard let problem = ending.problem else { continue }
      try record(
        nil,
        .stage(
          .message(
            Diagnostic(
              "run.hook", "the hook '\(hook.moment.rawValue)' \(problem)",
              fix: "what it printed is in '\(hookLog)'; the run stays \(conclusion.word)",
              severity: .warning))))
    }
  }

  private var hookLog: String { session.project.logs + "/hooks-run-\(run.id).log" }

  private static func isDue(_ moment: RunHooks.Moment, _ conclusion: RunConclusion) -> Bool {
    switch moment {
    case .onSuccess: conclusion.state == .succeeded
    case .onFailure: conclusion.state == .failed || conclusion.state == .refused
    case .onFinish: true
    }
  }

  private func hookEnvironment(_ conclusion: RunConclusion) -> [String: String] {
    [
      "ORCHESTRATE_RUN": String(run.id),
      "ORCHESTRATE_STATE": conclusion.word,
      "ORCHESTRATE_EXIT_STATUS": String(conclusion.exitStatus),
      "ORCHESTRATE_PIPELINE": run.spec.pipelineName,
      "ORCHESTRATE_PIPELINE_FILE": run.spec.pipelinePath,
      "ORCHESTRATE_PROJECT_FOLDER": session.project.root,
      "ORCHESTRATE_FAILED_STAGES": conclusion.failures.map(\.stage).joined(separator: " "),
      "ORCHESTRATE_REFUSED_STAGES": conclusion.refusals.map(\.stage).joined(separator: " "),
      "ORCHESTRATE_AWAITING_STAGES": conclusion.awaiting.map(\.stage).joined(separator: " "),
      "ORCHESTRATE_RESUME": conclusion.canResume ? options.resumeCommand : "",
      "ORCHESTRATE_LOG": hookLog,
    ]
  }
}
