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
  let scope: PlanScope

  private(set) var verdicts: [StageVerdict] = []
  private(set) var warnings: [Diagnostic] = []
  var problems: [Diagnostic] = []
  var states: [String: State] = [:]
  /// Stages of this plan that run or may run, by shape, with what is known of their inputs.
  private var running: [Digest: [(stage: String, known: [String: Digest])]] = [:]

  init(
    stages: [BoundStage], requests: [StageRequest], externals: [ExternalTree],
    skipped: [String: String], results: any RecordedResults, checkpoints: any RecordedCheckpoints,
    scope: PlanScope
  ) {
    self.stages = stages
    self.requests = requests
    self.externals = Dictionary(
      externals.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    self.skipped = skipped
    self.results = results
    self.checkpoints = checkpoints
    self.scope = scope
  }

  /// What is known of a stage that others wait for.
  struct State {
    enum Kind { case known, pending, refused, blocked, skipped }
    var kind: Kind
    /// Output artifacts by port: certain when known, of the last time when pending.
    var outputs: [String: Digest] = [:]
    /// `sft: learning_rate 2e-4 → 1e-4`
    var root: String
    /// Of a pending stage: whether it may be skipped.
    var isOpen = false
    /// From the stage to where its reason lies.
    var chain: [StageVerdict.Link] = []
    /// Of the result whose metrics are those of the stage, when it is known.
    var reported: Digest?
  }

  /// Inputs of one stage.
  struct Inputs {
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
    refuseMissing()
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
    if try decideAtRunTime(stage, request, inputs) { return }
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
    let isForced = scope.forced.contains(stage.name)
    if let recorded, recorded.isComplete, !isForced {
      let isRefusal = recorded.outcome != .succeeded
      var reasons: [String] = []
      if case .refused(let sentences) = recorded.outcome { reasons = sentences }
      add(
        stage, isRefusal ? .refused : .cached, reasons, fingerprint: fingerprint,
        outputs: recorded.outputs, isShared: recorded.isShared,
        state: State(
          kind: isRefusal ? .refused : .known, outputs: recorded.outputs,
          root: "\(stage.name) refused", reported: fingerprint))
      return
    }
    try preflight(stage, request, inputs.known)
    let last = try results.lastResult(ofStage: stage.name)
    let step = try checkpoints.latestStep(for: fingerprint)
    var reasons = try self.reasons(stage, request, last, inputs)
    if recorded != nil {
      reasons = [isForced ? Self.forced : "a recorded object is missing or damaged"]
    }
    if step != nil, last == nil { reasons = ["it was interrupted"] }
    let outputs = (isForced ? recorded : nil)?.outputs ?? last?.outputs ?? [:]
    // What it only needs, without reading it, may make the missing object again.
    let needed = recorded == nil ? nil : request.needs.first { states[$0]?.kind == .pending }
    if !isForced, let twin = twin(of: request, inputs) ?? needed {
      let reason =
        twin == needed
        ? "a recorded object is missing, which \(twin) may make again"
        : "asks for the same as \(twin), which runs"
      add(
        stage, .atRunTime, [reason], fingerprint: fingerprint, last: last,
        state: State(
          kind: .pending, outputs: outputs, root: states[twin]?.root ?? reason,
          chain: [.init(stage.name, reason)] + (states[twin]?.chain ?? [])))
      return
    }
    note(stage, request, inputs)
    add(
      stage, step.map { .resume(step: $0) } ?? .run, reasons, fingerprint: fingerprint, last: last,
      state: State(
        kind: .pending, outputs: outputs, root: root(stage, reasons),
        chain: [.init(stage.name, reasons.joined(separator: "; "))]))
  }

  /// An input is not known yet. Can it come out so that there is a result?
  private mutating func decidePending(
    _ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs
  ) throws {
    guard let pending = inputs.pending else { return }
    let source = "input \(pending.port) comes from \(pending.stage), which runs"
    let because = states[pending.stage]?.root
    let chain =
      [StageVerdict.Link(stage.name, source)] + (states[pending.stage]?.chain ?? [])
    let isForced = scope.forced.contains(stage.name)
    var hypothetical: RecordedOutcome?
    if inputs.expected.count == request.inputs.count {
      hypothetical = try results.outcome(for: Fingerprint.of(request, inputs: inputs.expected))
    }
    try preflight(stage, request, inputs.known)
    let last = try results.lastResult(ofStage: stage.name)
    // One that lacks an object may fit as well: what runs before may make the object again.
    if let hypothetical, !isForced {
      note(stage, request, inputs)
      add(
        stage, .runUnlessSame, [source], because: because, last: last,
        state: State(
          kind: .pending, outputs: hypothetical.outputs, root: because ?? source, chain: chain))
      return
    }
    let own = try self.reasons(stage, request, last, inputs)
    let isChanged = last == nil || !(own.isEmpty || own == [Self.unexplained])
    let reasons = isForced ? [Self.forced] : isChanged ? own : [source]
    // Another result than the last one may fit: one from before an edit that is taken back.
    let isCertain =
      try isForced || (!hasCandidate(request, inputs) && twin(of: request, inputs) == nil)
    let isOwn = isForced || isChanged
    note(stage, request, inputs)
    add(
      stage, isCertain ? .run : .runUnlessSame, isCertain ? reasons : [source],
      because: isCertain && isOwn ? nil : because, last: last,
      state: State(
        kind: .pending, outputs: last?.outputs ?? [:],
        root: isOwn ? root(stage, reasons) : because ?? source,
        chain: isOwn ? [.init(stage.name, reasons.joined(separator: "; "))] : chain))
  }

  // MARK: - Results that may fit

  /// Whether a recorded result differs from the request at most in inputs that are not known yet.
  private func hasCandidate(_ request: StageRequest, _ inputs: Inputs) throws -> Bool {
    try results.hasResult(ofShape: request.shape, inputs: inputs.known)
  }

  /// A stage further up that runs, or may, and may ask for the same.
  private func twin(of request: StageRequest, _ inputs: Inputs) -> String? {
    running[request.shape]?.first { other in
      inputs.known.allSatisfy { port, digest in other.known[port].map { $0 == digest } ?? true }
    }?.stage
  }

  mutating func note(_ stage: BoundStage, _ request: StageRequest, _ inputs: Inputs) {
    running[request.shape, default: []].append((stage.name, inputs.known))
  }

  // MARK: - Reasons

  private static let unexplained = "its result is gone"
  private static let forced = "forced"

  private func reasons(
    _ stage: BoundStage, _ request: StageRequest, _ last: RecordedResult?, _ inputs: Inputs
  ) throws -> [String] {
    if request.kind == .approval {
      return [last == nil ? "a person approves it" : "a person approves it again"]
    }
    guard let last else { return ["never ran"] }
    var sources: [String: String] = [:]
    for (port, source) in stage.inputs {
      switch source {
      case .stage(let name, _): sources[port] = "from \(name)"
      case .path(let path), .registered(let path): sources[port] = SafeText.escaped(path)
      }
    }
    let changes = try RequestDiff.changes(
      from: last, to: request, inputs: inputs.known, sources: sources,
      report: { try report(of: last) })
    return changes.isEmpty ? [Self.unexplained] : changes
  }

  private func report(of result: RecordedResult) throws -> InputArtifact? {
    let port = result.request.outputs.first { $0.types == [.report] }
    return try port.flatMap { result.outputs[$0.name] }.flatMap { try results.artifact($0) }
  }

  private func root(_ stage: BoundStage, _ reasons: [String]) -> String {
    "\(stage.name): \(reasons.first ?? "runs")"
  }

  // MARK: - Inputs

  func inputs(of request: StageRequest) -> Inputs {
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
  mutating func preflight(
    _ stage: BoundStage, _ request: StageRequest, _ known: [String: Digest]
  ) throws {
    guard scope.chosen.contains(stage.name) else { return }
    problems += stage.spec.unsetSecrets
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
    let builder = self
    let found = stage.parameters.preflight(
      PreflightInputs(artifacts: artifacts, files: request.files) {
        builder.licenses(of: request, at: $0)
      })
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

  mutating func add(
    _ stage: BoundStage, _ decision: StageVerdict.Decision, _ reasons: [String],
    because: String? = nil, fingerprint: Digest? = nil, outputs: [String: Digest] = [:],
    isShared: Bool = false, last: RecordedResult? = nil, state: State
  ) {
    var verdict = StageVerdict(
      stage: stage.name, kind: stage.spec.kind, decision: decision, reasons: reasons,
      because: because, fingerprint: fingerprint, outputs: outputs, isShared: isShared)
    verdict.chain = state.chain
    verdict.estimate = last.flatMap { try? results.facts(of: $0.fingerprint) }
    verdicts.append(verdict)
    states[stage.name] = state
  }
}
