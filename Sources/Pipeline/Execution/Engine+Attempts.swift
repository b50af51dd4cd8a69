internal import Artifacts
internal import Diagnostics
internal import Documents
private import Foundation
internal import Planning
internal import Processes
internal import Reproducibility
internal import RunStore
internal import StageKit

extension Engine {
  // MARK: - Before an attempt

  /// All a stage needs is there: takes a recorded result, or finds that it must run.
  func prepare(_ stage: String) throws {
    // Taken out since it was asked for.
    guard scheduler.state(stage) == .ready else { return }
    guard let request = requests[stage] else { preconditionFailure("no stage '\(stage)'") }
    if try leavesOut(request) { return }
    var inputs: [String: Digest] = [:]
    for (port, binding) in request.inputs {
      switch binding {
      case .artifact(let digest): inputs[port] = digest
      case .stage(let name, let output):
        guard let digest = outputs[name]?[output] else {
          preconditionFailure("'\(name)' succeeded without its output '\(output)'")
        }
        inputs[port] = digest
      }
    }
    if request.kind == .select { return try choose(request, inputs) }
    let fingerprint = Fingerprint.of(request, inputs: inputs)
    if jobs[stage]?.state == .waiting {
      try move(stage, .init(.inputsReady, fingerprint: fingerprint))
    }
    CrashPoint.jobReady.reached()
    if run.spec.forced?.contains(stage) != true,
      let result = try session.outcome(of: request, fingerprint, inputs: inputs)
    {
      outputs[stage] = result.outputs
      try keepWorkspace(stage, result.outputs)
      var event = JobEvent.reused
      if case .refused(let reasons) = result.outcome {
        event = .refusalReused
        refusals[stage] = reasons
      } else {
        try register(stage, result.outputs, fingerprint: fingerprint)
      }
      try move(
        stage,
        .init(
          event, fingerprint: fingerprint, isReused: request.kind != .approval,
          detail: detail(
            stage, result.outcome, result.outputs, reused: request.kind != .approval,
            shared: result.isShared)))
      try session.project.removeCheckpoints(of: fingerprint)
      let preparation: Scheduler.Preparation = event == .reused ? .reused : .refusalReused
      return try perform(scheduler.handle(.prepared(stage: stage, preparation)))
    }
    if request.kind == .approval { return try askApproval(request, inputs) }
    let stamps: [String: FileStamp]
    do {
      let digests = Set(inputs.values)
      let externals = run.spec.externals.filter { digests.contains($0.digest) }
      let check = InputCheck(cache: ProjectStatCache(session.store))
      stamps = try check.check(request, externals: externals)
      for variable in secretsByStage[stage] ?? [] { _ = try SecretReference.value(variable) }
      for port in request.outputs { try port.workspace.map { try workspace.files.check($0) } }
    } catch let failure as Failure where failure.failureClass == .badInput {
      fail(stage, failure)
      try move(stage, .init(.gaveUp, cause: failure.diagnostics.first?.message))
      return try perform(scheduler.handle(.prepared(stage: stage, .failed)))
    }
    prepared[stage] = PreparedStage(
      fingerprint: fingerprint, inputs: inputs, stamps: stamps)
    try perform(scheduler.handle(.prepared(stage: stage, .mustRun)))
  }

  func launch(_ stage: String) throws {
    guard let request = requests[stage], let job = jobs[stage],
      let allotment = scheduler.allotment(of: stage)
    else { preconditionFailure("'\(stage)' has no slot") }
    self.prepared[stage]?.allotment = allotment
    guard let prepared = prepared[stage] else {
      preconditionFailure("'\(stage)' was not prepared")
    }
    seq += 1
    let seq = seq
    let token = try session.token
    let (attempt, event) = try update(stage) {
      try session.store.beginAttempt(
        of: &$0, fingerprint: prepared.fingerprint, token: token,
        move: .init(
          .started, fingerprint: prepared.fingerprint, isReused: false,
          detail: [
            JSONMember("try", .integer(Int64(job.tries + 1))),
            JSONMember("fingerprint", .string(prepared.fingerprint.hex)),
          ]), seq: seq, at: Self.now())
    }
    show(event)
    // Whoever finds the process later must find the attempt as well.
    try settle()
    CrashPoint.attemptRecorded.reached()
    for port in request.outputs { try port.workspace.map { try workspace.files.remove($0) } }
    live[stage] = try start(attempt, request, prepared)
    CrashPoint.attemptSpawned.reached()
  }

  /// Starts the user's command, or this program with a ticket.
  private func start(
    _ attempt: AttemptRecord, _ request: StageRequest, _ prepared: PreparedStage
  ) throws -> LiveAttempt {
    guard let allotment = prepared.allotment else { preconditionFailure("a launch has a slot") }
    let folder = session.project.attempt(attempt.id)
    let log = session.project.log(ofAttempt: attempt.id)
    let place = AttemptPlace(
      folder: folder, threads: allotment.threads,
      environment: Self.environment(allotment, try: (jobs[request.stage]?.tries ?? 0)),
      withheld: withheld(from: request), inputs: prepared.inputs,
      artifacts: session.artifacts)
    if let command = try launcher.launch(request, in: place, folder: run.spec.folder, log: log) {
      return LiveAttempt(
        record: attempt, process: command, outputFolders: place.outputFolders, place: place,
        timeoutSeconds: request.timeoutSeconds)
    }
    let ticket = try makeTicket(attempt, request, prepared)
    for path in ticket.outputFolders.values.sorted() + [ticket.temporary] {
      try DurableFile.makeFolder(path)
    }
    let ticketPath = folder + "/ticket.json"
    try DurableFile.writeFleeting(ticket.bytes, to: ticketPath)
    CrashPoint.ticketWritten.reached()
    let process = try launcher.launch(ticket, ticketPath: ticketPath, log: log)
    return LiveAttempt(
      record: attempt, process: process, outputFolders: ticket.outputFolders,
      timeoutSeconds: request.timeoutSeconds)
  }

  private func makeTicket(
    _ attempt: AttemptRecord, _ request: StageRequest, _ prepared: PreparedStage
  ) throws -> Ticket {
    guard let allotment = prepared.allotment else { preconditionFailure("a launch has a slot") }
    var inputs: [String: InputArtifact] = [:]
    for (port, digest) in prepared.inputs {
      guard let artifact = try session.artifact(digest) else {
        throw Diagnostic(
          "store.missing-artifact",
          "the artifact \(digest.short) at input '\(port)' of '\(request.stage)' is not whole",
          fix: "type 'orchestrate run': what made it runs again"
        ).failure(.io)
      }
      inputs[port] = artifact
    }
    let folder = session.project.attempt(attempt.id)
    var folders: [String: String] = [:]
    for port in request.outputs { folders[port.name] = "\(folder)/out/\(port.name)" }
    let files = request.files.mapValues { files in
      files.map { file in
        var file = file
        file.stamp = prepared.stamps[file.path]
        return file
      }
    }
    return Ticket(
      attempt: attempt.id, stage: request.stage, kind: request.kind, version: request.version,
      parameters: JSONText(request.parameters), inputs: inputs, files: files,
      outputs: request.outputs, outputFolders: folders,
      checkpoints: session.project.checkpoints(of: prepared.fingerprint),
      project: session.project.root, shards: request.shards, temporary: folder + "/tmp",
      folder: run.spec.folder,
      threads: allotment.threads,
      environment: Self.environment(allotment, try: (jobs[request.stage]?.tries ?? 0)),
      withheld: withheld(from: request).sorted(), executor: request.executor.kind,
      slurm: Self.slurmOptions(request), engine: ProcessIdentity.current.pid)
  }

  /// What the stage asks for as `sbatch` says it, then its own options.
  private static func slurmOptions(_ request: StageRequest) -> [String] {
    var options: [String] = []
    if request.resources.memoryBytes > 0 {
      options.append("--mem=\((request.resources.memoryBytes + 1023) / 1024)K")
    }
    if request.resources.gpu > 0 { options.append("--gres=gpu:\(request.resources.gpu)") }
    return options + request.executor.options
  }

  // MARK: - While it runs

  /// Takes what an attempt has said, and its end.
  func serve(_ stage: String) throws {
    guard let attempt = live[stage] else { return }
    for message in attempt.messages() {
      switch message {
      case .event(let event): take(event, of: stage)
      case .resumed(let step):
        take(
          .message(
            Diagnostic("stage.resumed", "goes on from step \(step)", severity: .note)),
          of: stage)
      case .commandEnded, .finished, .failed, .stopped: break
      }
    }
    guard attempt.hasClosedEvents, let exit = attempt.process.reap() else { return }
    CrashPoint.attemptFinished.reached()
    if !pending.isEmpty { try flush() }
    try perform(scheduler.handle(.ended(stage: stage, end(of: attempt, stage, exit))))
  }

  private func end(of attempt: LiveAttempt, _ stage: String, _ exit: ChildProcess.Exit) throws
    -> Scheduler.End
  {
    if let place = attempt.place {
      return try endOfCommand(attempt, place, stage, exit)
    }
    switch attempt.last {
    case .finished(let outcome, let manifests) where exit == .exited(0):
      try session.ownership.check(isThorough: true)
      try session.artifacts.publish(
        manifests.sorted { $0.key < $1.key }.compactMap { port, manifest in
          attempt.outputFolders[port].map { (manifest, $0) }
        })
      CrashPoint.outputsPublished.reached()
      if let request = requests[stage] { try takeFromTicket(request, manifests) }
      attempt.objects = try session.resultObjects(manifests.values.map(\.digest))
      outputs[stage] = manifests.mapValues(\.digest)
      if case .refused(let reasons) = outcome {
        refusals[stage] = reasons
        return .refused
      }
      do {
        try register(
          stage, manifests.mapValues(\.digest), fingerprint: attempt.record.fingerprint)
      } catch let failure as Failure {
        return failed(stage, failure, Self.reason(failure, nil))
      }
      return .succeeded
    case .stopped where attempt.isStopRequested && !attempt.hasTimedOut: return .stopped
    case .failed(let failure) where !attempt.hasTimedOut:
      if Self.isKilledForMemory(attempt.commandEnd, memoryKills) {
        return failed(stage, Self.outOfMemory(stage, isCertain: true), .outOfMemory)
      }
      return failed(stage, failure, Self.reason(failure, attempt.commandEnd))
    default:
      if attempt.isStopRequested, !attempt.hasTimedOut { return .stopped }
      if attempt.hasTimedOut { return failed(stage, timeout(stage), .timeout) }
      let reason = Self.reason(exit, memoryKills)
      return failed(stage, abnormalEnd(stage, exit, reason), reason)
    }
  }

  func failed(_ stage: String, _ failure: Failure, _ reason: RetryReason?) -> Scheduler.End {
    fail(stage, failure)
    reasons[stage] = reason
    return .failed(reason)
  }

  func timeout(_ stage: String) -> Failure {
    let limit = requests[stage]?.timeoutSeconds ?? 0
    return Diagnostic(
      "stage.timeout", "stage '\(stage)' ran longer than its timeout of \(Self.words(limit))",
      fix: "raise 'timeout:'; a resume goes on from the last checkpoint"
    ).failure(.stageFailed)
  }

  private func abnormalEnd(_ stage: String, _ exit: ChildProcess.Exit, _ reason: RetryReason)
    -> Failure
  {
    let fix = "'orchestrate logs \(stage)' shows what it printed"
    if reason == .outOfMemory {
      return Self.outOfMemory(stage, isCertain: memoryKills.sawOne == true)
    }
    switch exit {
    case .signalled(9):
      return Diagnostic(
        "stage.killed", "the process of stage '\(stage)' was killed (SIGKILL)",
        fix: "not by the kernel for want of memory, as far as it tells; \(fix)"
      ).failure(.stageFailed)
    case .signalled(let signal):
      return Diagnostic(
        "stage.crashed",
        "the process of stage '\(stage)' crashed (\(ChildProcess.signalName(signal)))", fix: fix
      ).failure(.internal)
    case .exited(let status):
      return Diagnostic(
        "stage.ended", "the process of stage '\(stage)' ended with \(status) without a word",
        fix: fix
      ).failure(.stageFailed)
    }
  }

  private static func words(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
  }

  /// Tells the failure; it counts when no try is left.
  func fail(_ stage: String, _ failure: Failure) {
    failures[stage] = failure
    for diagnostic in failure.diagnostics { take(.message(diagnostic), of: stage) }
  }

  // MARK: - After it

  /// Records the end of an attempt and clears what it used.
  func concludeAttempt(_ stage: String, _ event: JobEvent) throws {
    guard let attempt = live[stage], let job = jobs[stage], let prepared = prepared[stage],
      let request = requests[stage]
    else { preconditionFailure("'\(stage)' does not run") }
    if !pending.isEmpty { try flush() }
    let seconds = attempt.seconds
    var result: ResultRecord?
    if event == .finished || event == .gateRefused {
      failures[stage] = nil
      result = ResultRecord(
        fingerprint: prepared.fingerprint, request: request, inputs: prepared.inputs,
        outcome: refusals[stage].map { .refused($0) } ?? .succeeded,
        outputs: outputs[stage] ?? [:], seconds: seconds,
        provenance: [
          "threads": String(prepared.allotment?.threads ?? options.capacity.share),
          "version": options.toolVersion,
        ], objects: attempt.objects)
    }
    result?.facts = try facts(of: attempt, job, seconds: seconds)
    let isVerdict = request.outputs.contains { $0.types.contains(.verdict) }
    seq += 1
    let seq = seq
    let failure = result == nil && event != .stopped ? failures[stage] : nil
    show(
      try update(stage) {
        try session.store.finishAttempt(
          attempt.record, of: &$0, Self.attemptState(event), seconds: seconds, failure: failure,
          result: result, unflushed: attempt.unflushed, isVerdict: isVerdict,
          objects: session.stamps.takeFresh(),
          move: concludingMove(stage, event, result, seconds), seq: seq, at: Self.now())
      })
    // Hours of training wait for nothing; a command's record is in time before the next process.
    if attempt.place == nil { try settle() }
    CrashPoint.resultRecorded.reached()
    if let result { session.offer(result) }
    flusher.add(attempt.unflushed)
    live[stage] = nil
    if attempt.place?.hasFolder ?? true {
      if result != nil, attempt.place == nil {
        try session.project.removeCheckpoints(of: prepared.fingerprint)
      }
      try DurableFile.remove(session.project.attempt(attempt.record.id))
      try attempt.process.adoptedFolder.map { try DurableFile.remove($0) }
    }
    CrashPoint.attemptSwept.reached()
    if flusher.waitingCount >= 256 { flusher.start() }
  }

  private func concludingMove(
    _ stage: String, _ event: JobEvent, _ result: ResultRecord?, _ seconds: Double
  ) -> RunStore.Move {
    let cause =
      event == .gateRefused
      ? refusals[stage]?.first
      : result == nil && event != .stopped ? failures[stage]?.diagnostics.first?.message : nil
    var members =
      result.map { detail(stage, $0.outcome, $0.outputs, reused: false) } ?? []
    members.append(JSONMember("seconds", .number((seconds * 1000).rounded() / 1000)))
    if let reason = reasons[stage], event == .tryFailed || event == .gaveUp {
      members.append(JSONMember("reason", .string(reason.text)))
    }
    return RunStore.Move(event, cause: cause, detail: members)
  }

  /// Outputs in the order the stage declares them: the first one is shown.
  private func detail(
    _ stage: String, _ outcome: StageOutcome, _ outputs: [String: Digest], reused: Bool,
    shared: Bool = false
  ) -> [JSONMember] {
    var members = [JSONMember("reused", .bool(reused))]
    if shared { members.append(JSONMember("shared", true)) }
    let declared = requests[stage]?.outputs.map(\.name) ?? []
    let outputs = declared.compactMap { port in
      outputs[port].map { JSONMember(port, .string($0.hex)) }
    }
    members.append(JSONMember("outputs", .object(outputs)))
    if case .refused(let reasons) = outcome {
      members.append(JSONMember("reasons", .array(reasons.map { .string($0) })))
    }
    return members
  }

  private static func attemptState(_ event: JobEvent) -> AttemptState {
    switch event {
    case .finished: .succeeded
    case .gateRefused: .refused
    case .stopped: .stopped
    default: .failed
    }
  }
}
