internal import Documents
internal import Reproducibility
internal import RunStore
internal import StageKit

/// Stages that a person decides, and requests of other commands.
extension Engine {
  /// Nobody has decided yet what this stage shows.
  func askApproval(_ request: StageRequest, _ inputs: [String: Digest]) throws {
    let message = ApprovalDesk.message(request)
    approvals[request.stage] = message
    try move(
      request.stage,
      .init(
        .approvalAsked, cause: message,
        detail: [
          JSONMember("message", .string(message)),
          JSONMember(
            "shows", .array(ApprovalDesk.shown(request, inputs).map { .string($0) })),
          JSONMember("approve", .string(command("approve \(request.stage)"))),
          JSONMember("reject", .string(command("reject \(request.stage)"))),
        ]))
    try perform(scheduler.handle(.prepared(stage: request.stage, .awaitsApproval)))
  }

  /// As `orchestrate resume` would be typed here.
  private func command(_ words: String) -> String {
    options.resumeCommand.replacing("orchestrate resume", with: "orchestrate \(words)")
  }

  // MARK: - Requests of other commands

  /// Looks for letters at most ten times a second.
  func takeRequests() throws {
    let now = ContinuousClock.now
    guard now - lastRequests >= .milliseconds(100) else { return }
    lastRequests = now
    for letter in try mailbox.letters() {
      try mailbox.answer(letter, try answer(letter))
    }
  }

  private func answer(_ letter: Mailbox.Letter) throws -> EngineAnswer {
    let request = letter.request
    func refuse(_ words: String) -> EngineAnswer { EngineAnswer(isAccepted: false, message: words) }
    guard request.run == run.id, try request.token == session.token else {
      return refuse("run \(request.run) is not going on; run \(run.id) is")
    }
    if let stage = request.stage, run.spec.stage(stage) == nil {
      return refuse("run \(run.id) has no stage '\(stage)'")
    }
    switch request.action {
    case .cancel: return try cancel(request.stage, letter.who)
    case .approve, .reject:
      guard let stage = request.stage else { return refuse("no stage is named") }
      guard jobs[stage]?.state == .awaitingApproval else {
        let state = (jobs[stage]?.state.rawValue ?? "unknown").replacing("_", with: " ")
        return refuse("stage '\(stage)' awaits no approval: it is \(state)")
      }
      return try decide(request.action == .approve ? .approved : .rejected, stage, letter)
    }
  }

  private func cancel(_ stage: String?, _ who: String) throws -> EngineAnswer {
    let open = jobs.values.filter { !$0.state.isEnd && (stage == nil || $0.stage == stage) }
    guard !open.isEmpty else {
      let what = stage.map { "stage '\($0)'" } ?? "run \(run.id)"
      return EngineAnswer(isAccepted: false, message: "\(what) has ended already")
    }
    cancelledBy = who
    try perform(scheduler.handle(.cancelRequested(stage: stage)))
    let what = stage.map { "stage '\($0)' of run \(run.id)" } ?? "run \(run.id)"
    let grace = Int(options.graceSeconds.rounded(.up))
    let running = open.contains { live[$0.stage] != nil }
    return EngineAnswer(
      isAccepted: true,
      message: running
        ? "\(what) is asked to stop; what has not in \(grace) s is killed"
        : "\(what) is cancelled")
  }

  private func decide(
    _ decision: ApprovalRecord.Decision, _ stage: String, _ letter: Mailbox.Letter
  ) throws -> EngineAnswer {
    seq += 1
    let event = try ApprovalDesk(session.store).decide(
      decision, stage: stage, of: run, who: letter.who, note: letter.request.note, seq: seq,
      at: Self.now())
    show(event)
    try reload(stage)
    approvals[stage] = nil
    if decision == .approved {
      try perform(scheduler.handle(.approved(stage: stage)))
    } else {
      let sentence = letter.request.note.map { ": \($0)" } ?? ""
      refusals[stage] = ["rejected by \(letter.who)\(sentence)"]
      try perform(scheduler.handle(.rejected(stage: stage)))
    }
    return EngineAnswer(
      isAccepted: true, message: "'\(stage)' of run \(run.id) is \(decision.rawValue)")
  }
}
