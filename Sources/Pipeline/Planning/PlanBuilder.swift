internal import Diagnostics
internal import Reproducibility
internal import StageKit

/// Decides stage by stage, in topological order, what a run would do.
struct PlanBuilder {
  let stages: [BoundStage]
  /// Of the stages that are not skipped.
  let requests: [StageRequest]
  let externals: [Digest: ExternalTree]
  let skipped: [String: String]
  let results: any RecordedResults
  let checkpoints: any RecordedCheckpoints

  private(set) var verdicts: [StageVerdict] = []
  private(set) var warnings: [Diagnostic] = []
  private var problems: [Diagnostic] = []
  private var states: [String: State] = [:]

  init(
    stages: [BoundStage], requests: [StageRequest], externals: [ExternalTree],
    skipped: [String: String], results: any RecordedResults, checkpoints: any RecordedCheckpoints
  ) {
    self.stages = stages
    self.requests = requests
    self.externals = Dictionary(
      externals.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    self.skipped = skipped
    self.results = results
    self.checkpoints = checkpoints
  }

  /// What is known of a stage that others wait for.
  private struct State {
    enum Kind { case known, pending, refused, blocked, skipped }
    var kind: Kind
    /// Output artifacts by port: certain when known, of the last time when pending.
    var outputs: [String: Digest] = [:]
    /// `sft: learning_rate 2e-4 → 1e-4`
    var root: String
  }

  /// Inputs of one stage.
  private struct Inputs {
    /// Certain, by port.
    var known: [String: Digest] = [:]
    /// Of the last time, by port, where the source is pending and has a last time.
    var expected: [String: Digest] = [:]
    /// The first pending source in order of ports.
    var pending: (port: String, stage: String)?
  }

  mutating func build() throws {
    var byName: [String: StageRequest] = [:]
    for request in requests { byName[request.stage] = request }
    for stage in stages {
      guard let request = byName[stage.name] else {
        let reason = skipped[stage.name] ?? ""
        add(stage, .skipped, [reason], state: State(kind: .skipped, root: reason))
        continue
      }
      try decide(stage, request)
    }
    if !problems.isEmpty { throw Failure(Diagnostic.inSourceOrder(problems), .badInput) }
  }

  private mutating func decide(_ stage: BoundStage, _ request: StageRequest) throws {
    for name in request.dependencies {
      guard let state = states[name], state.kind == .refused || state.kind == .blocked else {
        continue
      }
      let why = state.kind == .refused ? "\(name) refused" : "\(name) is blocked"
      add(stage, .blocked, [why], because: nil, state: State(kind: .blocked, root: state.root))
      return
    }
    let inputs = inputs(of: request)
    if inputs.pending != nil {
      try decidePending(stage, request, inputs)
    } else {
      try decideKnown(stage, request, inputs)
    }
  }

  private mutating func decideKnown(
    _ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs
  ) throws {
    let fingerprint = Fingerprint.of(request, inputs: inputs.known)
    let recorded = try results.outcome(for: fingerprint)
    if let recorded, recorded.isComplete {
      let isRefusal = recorded.outcome != .succeeded
      var reasons: [String] = []
      if case .refused(let sentences) = recorded.outcome { reasons = sentences }
      add(
        stage, isRefusal ? .refused : .cached, reasons, fingerprint: fingerprint,
        outputs: recorded.outputs, isShared: recorded.isShared,
        state: State(
          kind: isRefusal ? .refused : .known, outputs: recorded.outputs,
          root: "\(stage.name) refused"))
      return
    }
    try preflight(stage, request, inputs.known)
    let last = try results.lastResult(ofStage: stage.name)
    let step = try checkpoints.latestStep(for: fingerprint)
    var reasons = self.reasons(stage, request, last, inputs)
    if recorded != nil { reasons = ["a recorded object is missing or damaged"] }
    if step != nil, last == nil { reasons = ["it was interrupted"] }
    add(
      stage, step.map { .resume(step: $0) } ?? .run, reasons, fingerprint: fingerprint,
      state: State(
        kind: .pending, outputs: last?.outputs ?? [:], root: root(stage, reasons)))
  }

  /// An input is not known yet. If it comes out as the last time, is there a result?
  private mutating func decidePending(
    _ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs
  ) throws {
    guard let pending = inputs.pending else { return }
    let source = "input \(pending.port) comes from \(pending.stage), which runs"
    let because = states[pending.stage]?.root
    var hypothetical: RecordedOutcome?
    if inputs.expected.count == request.inputs.count {
      hypothetical = try results.outcome(for: Fingerprint.of(request, inputs: inputs.expected))
    }
    if let hypothetical, hypothetical.isComplete {
      try preflight(stage, request, inputs.known)
      add(
        stage, .runUnlessSame, [source], because: because,
        state: State(kind: .pending, outputs: hypothetical.outputs, root: because ?? source))
      return
    }
    try preflight(stage, request, inputs.known)
    let last = try results.lastResult(ofStage: stage.name)
    let own = self.reasons(stage, request, last, inputs)
    let isChanged = last == nil || !(own.isEmpty || own == [Self.unexplained])
    let reasons = isChanged ? own : [source]
    add(
      stage, .run, reasons, because: isChanged ? nil : because,
      state: State(
        kind: .pending, outputs: last?.outputs ?? [:],
        root: isChanged ? root(stage, reasons) : because ?? source))
  }

  // MARK: - Reasons

  private static let unexplained = "its result is gone"

  private func reasons(
    _ stage: BoundStage, _ request: StageRequest, _ last: RecordedResult?, _ inputs: Inputs
  ) -> [String] {
    if request.kind == .approval {
      return [last == nil ? "a person approves it" : "a person approves it again"]
    }
    guard let last else { return ["never ran"] }
    var sources: [String: String] = [:]
    for (port, source) in stage.inputs {
      switch source {
      case .stage(let name, _): sources[port] = "from \(name)"
      case .path(let path): sources[port] = SafeText.escaped(path)
      }
    }
    let changes = RequestDiff.changes(
      from: last, to: request, inputs: inputs.known, sources: sources)
    return changes.isEmpty ? [Self.unexplained] : changes
  }

  private func root(_ stage: BoundStage, _ reasons: [String]) -> String {
    "\(stage.name): \(reasons.first ?? "runs")"
  }

  // MARK: - Inputs

  private func inputs(of request: StageRequest) -> Inputs {
    var inputs = Inputs()
    for port in request.inputs.keys.sorted() {
      switch request.inputs[port] {
      case .artifact(let digest)?:
        inputs.known[port] = digest
        inputs.expected[port] = digest
      case .stage(let name, let output)?:
        guard let state = states[name] else { continue }
        if state.kind == .known, let digest = state.outputs[output] {
          inputs.known[port] = digest
          inputs.expected[port] = digest
        } else {
          inputs.expected[port] = state.outputs[output]
          if inputs.pending == nil { inputs.pending = (port, name) }
        }
      case nil: continue
      }
    }
    return inputs
  }

  /// Checks with what exists before the run; errors stop the plan, the rest are warnings.
  private mutating func preflight(
    _ stage: BoundStage, _ request: StageRequest, _ known: [String: Digest]
  ) throws {
    var artifacts: [String: InputArtifact] = [:]
    for (port, digest) in known {
      if let external = externals[digest] {
        var paths: [String: String] = [:]
        for file in external.manifest.files { paths[file.name] = external.folder + "/" + file.name }
        artifacts[port] = InputArtifact(
          type: external.type, digest: digest, tree: FileTree(paths: paths))
      } else {
        artifacts[port] = try results.artifact(digest)
      }
    }
    let found = stage.parameters.preflight(
      PreflightInputs(artifacts: artifacts, files: request.files))
    for var diagnostic in found {
      if diagnostic.span == nil {
        diagnostic.span = stage.spec.span
        diagnostic.message = "stage '\(stage.name)': \(diagnostic.message)"
      }
      if diagnostic.severity == .error {
        problems.append(diagnostic)
      } else {
        warnings.append(diagnostic)
      }
    }
  }

  private mutating func add(
    _ stage: BoundStage, _ decision: StageVerdict.Decision, _ reasons: [String],
    because: String? = nil, fingerprint: Digest? = nil, outputs: [String: Digest] = [:],
    isShared: Bool = false, state: State
  ) {
    verdicts.append(
      StageVerdict(
        stage: stage.name, kind: stage.spec.kind, decision: decision, reasons: reasons,
        because: because, fingerprint: fingerprint, outputs: outputs, isShared: isShared))
    states[stage.name] = state
  }
}
