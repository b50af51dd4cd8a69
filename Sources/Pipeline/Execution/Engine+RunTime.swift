internal import Diagnostics
internal import Documents
internal import Planning
internal import Reproducibility
internal import RunStore
internal import StageKit

/// What is decided while a run goes on: conditions on metrics, the best instance of a matrix.
extension Engine {
  /// Looks at the condition of a stage whose needs have all succeeded.
  ///
  /// - Returns: true when it does not start: it is false, or cannot be told.
  func leavesOut(_ request: StageRequest) throws -> Bool {
    guard let condition = request.condition else { return false }
    do {
      if try condition.holds({ try facts(ofStage: $0) }) { return false }
    } catch let failure as Failure where failure.failureClass == .badInput {
      try move(request.stage, .init(.inputsReady))
      try giveUp(request.stage, failure)
      return true
    }
    let cause = "if: \(SafeText.escaped(condition.text)) is false"
    try move(request.stage, .init(.conditionFalse, cause: cause))
    try perform(scheduler.handle(.prepared(stage: request.stage, .skipped)))
    return true
  }

  /// Takes the outputs of the best instance of a matrix.
  func choose(_ request: StageRequest, _ inputs: [String: Digest]) throws {
    try move(request.stage, .init(.inputsReady))
    let choice: MatrixChoice
    do {
      choice = try MatrixChoice(request, inputs: inputs) { try facts(ofStage: $0) }
    } catch let failure as Failure where failure.failureClass == .badInput {
      return try giveUp(request.stage, failure)
    }
    guard let job = jobs[request.stage] else { preconditionFailure("a stage has a job") }
    outputs[request.stage] = choice.outputs
    var result = ResultRecord(
      fingerprint: choice.fingerprint, request: request, inputs: inputs, outcome: .succeeded,
      outputs: choice.outputs, seconds: 0, provenance: ["version": options.toolVersion])
    result.facts = try facts(ofStage: choice.instance) ?? ResultFacts()
    result.facts.peakBytes = nil
    result.facts.writtenBytes = 0
    let values = zip(choice.instances, choice.values).map { instance, value in
      JSONMember(instance, value.map { .number($0) } ?? .null)
    }
    let named = request.outputs.compactMap { port in
      choice.outputs[port.name].map { JSONMember(port.name, .string($0.hex)) }
    }
    seq += 1
    let event = try session.store.record(
      result, of: job,
      move: .init(
        .chosen, fingerprint: choice.fingerprint, isReused: false,
        detail: [
          JSONMember("chosen", .string(choice.instance)),
          JSONMember("metric", .string(choice.metric)), JSONMember("value", .number(choice.value)),
          JSONMember("values", .object(values)), JSONMember("outputs", .object(named)),
        ]), seq: seq, at: Self.now())
    show(event)
    try reload(request.stage)
    try perform(scheduler.handle(.prepared(stage: request.stage, .reused)))
  }

  private func giveUp(_ stage: String, _ failure: Failure) throws {
    fail(stage, failure)
    try move(stage, .init(.gaveUp, cause: failure.diagnostics.first?.message))
    try perform(scheduler.handle(.prepared(stage: stage, .failed)))
  }

  /// What a stage that has succeeded in this run reported, now or when its result was made.
  private func facts(ofStage stage: String) throws -> ResultFacts? {
    guard let fingerprint = jobs[stage]?.fingerprint else { return nil }
    return try ProjectRecords(store: session.store, artifacts: session.artifacts)
      .facts(of: fingerprint)
  }

  /// What the attempt that has just finished said and cost.
  func facts(of attempt: LiveAttempt, _ job: JobRecord, seconds: Double) throws -> ResultFacts {
    var written: Int?
    if case .finished(_, let manifests)? = attempt.last {
      written = manifests.values.reduce(0) { $0 + $1.totalBytes }
    }
    // A command that the engine has started itself says nothing that would be in the tables.
    if attempt.place != nil {
      return ResultFacts(seconds: seconds, peakBytes: attempt.process.peakBytes)
    }
    let counts = try session.store.tallies(ofJob: job.id).map { ($0.name, $0.value) }
    return ResultFacts(
      metrics: try session.store.lastMetrics(ofJob: job.id),
      counts: Dictionary(counts, uniquingKeysWith: { $1 }), seconds: seconds,
      peakBytes: attempt.process.peakBytes, writtenBytes: written)
  }
}
