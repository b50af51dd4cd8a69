internal import Artifacts
internal import Diagnostics
private import Foundation
private import Glibc
internal import Planning
internal import Processes
internal import Reproducibility
package import RunStore
package import StageKit

/// Drives a run to its end: does what the ``Scheduler`` says, on one thread, which lives as long
/// as the attempts it starts.
package final class Engine {
  package struct Options: Sendable {
    /// Threads of all stages that run at the same time.
    package var threads: Int
    /// Attempts at the same time.
    package var places: Int
    /// For stages that say how much they need; nil: not counted.
    package var memoryBytes: Int?
    /// Devices, as CUDA_VISIBLE_DEVICES names them.
    package var gpus: [String] = []
    /// Where all stages run, whatever the pipeline says.
    package var executor: ExecutorRequest.Kind?
    /// After a failure or refusal nothing starts any more.
    package var isFailFast = false
    /// Goes on while only approvals are awaited.
    package var waitsForApproval = false
    /// From a request to stop until the attempt is killed.
    package var graceSeconds: Double
    package var toolVersion: String
    /// What to type to go on with a run.
    package var resumeCommand = "orchestrate resume"

    package init(
      threads: Int, places: Int = 1, graceSeconds: Double = 8, toolVersion: String = "0"
    ) {
      self.threads = threads
      self.places = places
      self.graceSeconds = graceSeconds
      self.toolVersion = toolVersion
    }

    /// A run as these options place it; what is recorded stays as the pipeline says.
    func placed(_ spec: RunSpec) -> RunSpec {
      guard let executor else { return spec }
      var spec = spec
      for index in spec.stages.indices { spec.stages[index].executor.kind = executor }
      return spec
    }

    package var capacity: Capacity {
      Capacity(places: places, threads: threads, memoryBytes: memoryBytes, gpus: gpus)
    }
  }

  let session: ProjectSession
  let launcher: any StageLauncher
  let observer: any RunObserver
  let options: Options
  /// The descriptor of ``SignalPipe``, or -1.
  let signals: Int32

  var run: RunRecord
  /// Variables that hold secrets, by the stage that gets them.
  let secretsByStage: [String: Set<String>]
  /// All of them, those of the hooks included.
  let allSecrets: Set<String>
  var jobs: [String: JobRecord] = [:]
  var scheduler: Scheduler
  /// What is to be done, the next one last.
  var commands: [Scheduler.Command] = []
  var isPerforming = false
  var seq: Int
  var live: [String: LiveAttempt] = [:]
  /// Output artifacts of stages that have succeeded, by stage, then port.
  var outputs: [String: [String: Digest]] = [:]
  /// What is known of a stage that is about to start.
  var prepared: [String: PreparedStage] = [:]
  var pauses: [String: ContinuousClock.Instant] = [:]
  var pending: [(job: Int64, event: RunEvent)] = []
  var lastFlush = ContinuousClock.now
  var failures: [String: Failure] = [:]
  var refusals: [String: [String]] = [:]
  /// How the newest attempt of a stage failed.
  var reasons: [String: RetryReason] = [:]
  /// What stages that await approval ask.
  var approvals: [String: String] = [:]
  var memoryKills = MemoryKills()
  let mailbox: Mailbox
  var lastRequests = ContinuousClock.now
  /// Who asked to cancel something.
  var cancelledBy: String?
  var stopSignal: Int32?
  var finalState: RunState?
  /// Requests by name.
  let requests: [String: StageRequest]
  let workspace: WorkspaceKeeper
  let flusher: ObjectFlusher
  /// Events that the database does not hold yet.
  private var unshown: [RunEvent] = []

  /// The run as recorded at its start.
  package var record: RunRecord { run }

  // MARK: - Starting

  /// Records a new run of `spec`.
  package static func start(
    _ spec: RunSpec, in session: ProjectSession, launcher: any StageLauncher,
    observer: any RunObserver, options: Options, signals: Int32 = -1
  ) throws -> Engine {
    try options.capacity.check(options.placed(spec).stages)
    for external in spec.externals { try session.artifacts.record(external) }
    let run = try session.store.createRun(spec, at: now())
    CrashPoint.runRecorded.reached()
    return try Engine(run, session, launcher, observer, options, signals, isResumed: false)
  }

  /// Goes on with a run that has not succeeded. What has succeeded stays; what failed, was
  /// interrupted or blocked is tried again; a refusal is final.
  package static func resume(
    _ run: RunRecord, in session: ProjectSession, launcher: any StageLauncher,
    observer: any RunObserver, options: Options, signals: Int32 = -1
  ) throws -> Engine {
    try options.capacity.check(options.placed(run.spec).stages)
    for external in run.spec.externals { try session.artifacts.record(external) }
    try session.store.reopenRun(run.id)
    return try Engine(run, session, launcher, observer, options, signals, isResumed: true)
  }

  private init(
    _ run: RunRecord, _ session: ProjectSession, _ launcher: any StageLauncher,
    _ observer: any RunObserver, _ options: Options, _ signals: Int32, isResumed: Bool
  ) throws {
    self.session = session
    self.launcher = launcher
    self.observer = observer
    self.options = options
    self.signals = signals
    self.run = run
    secretsByStage = Self.secrets(of: run.spec)
    allSecrets = secretsByStage.values.reduce(into: Set((run.spec.hooks?.secrets ?? [:]).values)) {
      $0.formUnion($1)
    }
    self.run.spec = options.placed(run.spec)
    mailbox = Mailbox(session.project)
    try mailbox.open()
    requests = Dictionary(
      self.run.spec.stages.map { ($0.stage, $0) }, uniquingKeysWith: { first, _ in first })
    workspace = WorkspaceKeeper(
      WorkspaceStore(session.artifacts, folder: run.spec.folder),
      cache: ProjectStatCache(session.store))
    flusher = ObjectFlusher(session.artifacts)
    seq = try session.store.lastSeq(ofRun: run.id)
    scheduler = Scheduler([], places: options.places)
    // Other commands name the engine by it.
    _ = try session.token
    session.store.beginBatch()
    for job in try session.store.jobs(ofRun: run.id) { jobs[job.stage] = job }
    try record(
      nil,
      .runStarted(
        run: run.id, pipeline: run.spec.pipelineName, stages: run.spec.stages.map(\.stage),
        isResumed: isResumed))
    var states: [String: JobState] = [:]
    for stage in run.spec.stages { states[stage.stage] = try reopen(stage.stage) }
    try settle()
    scheduler = Scheduler(
      self.run.spec.stages, states: states, capacity: options.capacity,
      isFailFast: options.isFailFast, waitsForApproval: options.waitsForApproval)
  }

  /// Brings a job of an earlier engine to where it can start: `waiting`, or an end that stays.
  private func reopen(_ stage: String) throws -> JobState {
    guard let job = jobs[stage] else { preconditionFailure("stage '\(stage)' has no job") }
    switch job.state {
    case .waiting, .skipped: break
    case .succeeded, .refused:
      guard let result = try job.fingerprint.flatMap({ try session.store.outcome(for: $0) }),
        try session.artifacts.isWhole(result)
      else {
        try move(stage, .init(.outputsLost, cause: "files of its outputs are gone"))
        break
      }
      outputs[stage] = result.outputs
      try keepWorkspace(stage, result.outputs)
      if case .refused(let reasons) = result.outcome { refusals[stage] = reasons }
    case .ready, .awaitingApproval, .interrupted, .failed, .blocked, .cancelled:
      try move(stage, .init(.resumed))
    case .running: preconditionFailure("the session has closed every open attempt")
    }
    return jobs[stage]?.state ?? .waiting
  }

  // MARK: - The loop

  /// Runs to the end and says how it went. A ``Failure`` thrown means that the engine itself could
  /// not go on (disk full, database gone); the run can be resumed.
  package func runToEnd() throws -> RunConclusion {
    defer {
      killEverything()
      launcher.finish()
      try? session.store.endBatch()
      try? settle()
    }
    try perform(scheduler.handle(.begin))
    while finalState == nil {
      try settle()
      try wait()
      try takeSignals()
      try takeRequests()
      for stage in live.keys.sorted() { try serve(stage) }
      try checkTimes()
      try session.ownership.check()
      try flushIfDue()
      observer.tick()
    }
    let conclusion = try conclude()
    try runHooks(conclusion)
    return conclusion
  }

  /// Does what the scheduler says, and what it says to that, before the commands that follow. Not
  /// by recursion: a chain of recorded results may be as long as the pipeline.
  func perform(_ new: [Scheduler.Command]) throws {
    commands += new.reversed()
    if isPerforming { return }
    isPerforming = true
    defer { isPerforming = false }
    while let command = commands.popLast() { try perform(command) }
  }

  private func perform(_ command: Scheduler.Command) throws {
    switch command {
    case .prepare(let stage): try prepare(stage)
    case .launch(let stage): try launch(stage)
    case .conclude(let stage, let event): try concludeAttempt(stage, event)
    case .block(let stage, let need):
      try move(stage, .init(.needFailed, cause: "'\(need)' did not succeed"))
    case .skip(let stage, let need):
      try move(stage, .init(.conditionFalse, cause: "'\(need)' is skipped"))
    case .cancel(let stage, let cause):
      pauses[stage] = nil
      let words =
        cause.map { "'\($0)' ended the run (--fail-fast)" } ?? "by \(cancelledBy ?? "request")"
      approvals[stage] = nil
      try move(stage, .init(.cancelled, cause: words))
    case .pause(let stage, let seconds): pauses[stage] = .now + .seconds(seconds)
    case .stop(let stage): live[stage]?.requestStop(grace: options.graceSeconds)
    case .finish(let state): finalState = state
    }
  }

  /// Sleeps until a message, a signal or a deadline comes; at most 100 ms, for the display.
  private func wait() throws {
    var descriptors = live.values.map {
      pollfd(fd: $0.process.events, events: Int16(POLLIN), revents: 0)
    }
    if signals >= 0 { descriptors.append(pollfd(fd: signals, events: Int16(POLLIN), revents: 0)) }
    let isEnding = live.values.contains { $0.hasClosedEvents }
    if isEnding {
      descriptors.removeAll { fd in
        live.values.contains { $0.hasClosedEvents && $0.process.events == fd.fd }
      }
    }
    _ = poll(&descriptors, nfds_t(descriptors.count), isEnding ? 1 : nextPause())
  }

  private func nextPause() -> Int32 {
    let instants = Array(pauses.values)
    guard let first = instants.min() else { return 100 }
    let left = ContinuousClock.now.duration(to: first)
    return Int32(max(0, min(100, left / .milliseconds(1) + 1)))
  }

  private func takeSignals() throws {
    guard signals >= 0 else { return }
    for signal in SignalPipe.drain(signals) {
      if stopSignal == nil {
        stopSignal = signal
        observer.stopping(signal: signal)
        try perform(scheduler.handle(.stopRequested))
      } else {
        for attempt in live.values { attempt.process.kill() }
      }
    }
  }

  private func checkTimes() throws {
    for attempt in live.values { attempt.checkDeadlines(grace: options.graceSeconds) }
    if !live.isEmpty { memoryKills.refreshIfDue() }
    let now = ContinuousClock.now
    for (stage, instant) in pauses.sorted(by: { $0.key < $1.key }) where instant <= now {
      pauses[stage] = nil
      try perform(scheduler.handle(.pauseOver(stage: stage)))
    }
  }

  private func conclude() throws -> RunConclusion {
    guard let state = finalState else { preconditionFailure("the run has not ended") }
    try flush()
    try flushObjects(isLast: true)
    try session.store.endBatch()
    try settle()
    let names = run.spec.stages.map(\.stage)
    var conclusion = RunConclusion(
      run: run.id, state: state, stopSignal: stopSignal, isCancelled: cancelledBy != nil,
      failures: names.compactMap { name in failures[name].map { (name, $0) } },
      refusals: names.compactMap { name in refusals[name].map { (name, $0) } })
    conclusion.awaiting = names.compactMap { name in approvals[name].map { (name, $0) } }
    seq += 1
    let event = RunEvent(
      seq: seq, time: Self.now(),
      body: .runFinished(
        state: state, exitStatus: conclusion.exitStatus,
        resume: conclusion.canResume ? options.resumeCommand : nil))
    try session.store.finishRun(
      run.id, state, exitStatus: conclusion.exitStatus, at: event.time, event: event)
    observer.receive(event)
    session.shared?.finish()
    CrashPoint.runFinished.reached()
    return conclusion
  }

  private func killEverything() {
    for attempt in live.values {
      attempt.process.kill()
      while attempt.process.reap() == nil { usleep(1000) }
    }
  }

  // MARK: - Records

  func move(_ stage: String, _ move: RunStore.Move) throws {
    seq += 1
    let seq = seq
    show(
      try update(stage) { try session.store.move(&$0, move, seq: seq, at: Self.now()) })
  }

  /// Calls `body` with the job, which becomes what the database holds afterwards.
  func update<T>(_ stage: String, _ body: (inout JobRecord) throws -> T) throws -> T {
    guard var job = jobs[stage] else { preconditionFailure("stage '\(stage)' has no job") }
    let result = try body(&job)
    jobs[stage] = job
    return result
  }

  /// Looks at a job that something else than ``move(_:_:)`` has moved.
  func reload(_ stage: String) throws {
    for job in try session.store.jobs(ofRun: run.id) where job.stage == stage { jobs[stage] = job }
  }

  /// Stores and shows an event of the run.
  func record(_ stage: String?, _ body: RunEvent.Body) throws {
    seq += 1
    let event = RunEvent(seq: seq, time: Self.now(), stage: stage, body: body)
    try session.store.appendEvent(event, run: run.id)
    show(event)
  }

  /// Shows an event as soon as the database holds it.
  func show(_ event: RunEvent) { unshown.append(event) }

  /// Ends the open transaction and shows what was in it.
  func settle() throws {
    try session.store.commit()
    let events = unshown
    unshown.removeAll(keepingCapacity: true)
    for event in events { observer.receive(event) }
  }

  /// Keeps what a stage said for the next transaction.
  func take(_ event: StageEvent, of stage: String) {
    guard let job = jobs[stage] else { return }
    seq += 1
    let runEvent = RunEvent(seq: seq, time: Self.now(), stage: stage, body: .stage(event))
    if case .progress = event {} else { pending.append((job.id, runEvent)) }
    show(runEvent)
  }

  private func flushIfDue() throws {
    guard ContinuousClock.now - lastFlush > .milliseconds(200) else { return }
    if !pending.isEmpty { try flush() } else { lastFlush = .now }
    try recordProcesses()
    try flushObjects(isLast: false)
  }

  /// Records processes that have run for a while, so that a later engine can end them; those that
  /// end at once need no record, and whatever they leave carries the project's mark.
  private func recordProcesses() throws {
    for attempt in live.values where !attempt.isProcessRecorded {
      attempt.isProcessRecorded = true
      guard let identity = attempt.process.identity else { continue }
      try session.store.setProcess(identity, ofAttempt: attempt.record.id)
    }
  }

  /// Brings objects of commands' outputs to the disk beside the run; at its end, all of them.
  private func flushObjects(isLast: Bool) throws {
    try workspace.settle(isLast: isLast)
    if isLast {
      try session.store.forgetUnflushed(try flusher.drain())
    } else {
      flusher.start()
      try session.store.forgetUnflushed(try flusher.takeDone())
    }
  }

  func flush() throws {
    lastFlush = .now
    try session.store.record(pending, run: run.id)
    pending.removeAll()
  }

  static func now() -> Double { Date().timeIntervalSince1970 }
}
