package import RunStore
package import StageKit

/// Which stage may do what next: a pure value, driven by events, that answers with commands.
///
/// Stages start only after all they need has succeeded, as slots are free, by priority, then in the
/// order of the plan; docs/scheduling.md gives the rules. A failure or refusal blocks what depends
/// on it and nothing else, unless the run fails fast. An event costs what it changes: needs that
/// are not met are counted, and ready stages wait in a ``ReadyQueue``.
package struct Scheduler: Sendable {
  package enum Event: Sendable, Hashable {
    case begin
    /// The answer to ``Command/prepare(stage:)``.
    case prepared(stage: String, Preparation)
    case ended(stage: String, End)
    /// The pause before a further try is over.
    case pauseOver(stage: String)
    /// A person agreed to a stage that awaited approval: it is prepared again, and its result is
    /// there.
    case approved(stage: String)
    case rejected(stage: String)
    /// Take a stage out, or (nil) everything that has not ended.
    case cancelRequested(stage: String?)
    case stopRequested
  }

  package enum Preparation: Sendable, Hashable {
    case mustRun
    case reused
    case refusalReused
    /// Its condition is false; what depends on it is skipped too.
    case skipped
    case awaitsApproval
    /// It cannot start: a file changed, a ticket cannot be written.
    case failed
  }

  package enum End: Sendable, Hashable {
    case succeeded
    case refused
    /// Nil: another try cannot help.
    case failed(RetryReason?)
    case stopped
  }

  package enum Command: Sendable, Hashable {
    /// All it needs is there: find its result, or say that it must run.
    case prepare(stage: String)
    /// Start an attempt with ``Scheduler/allotment(of:)``.
    case launch(stage: String)
    /// Record the end of the running attempt as this event.
    case conclude(stage: String, JobEvent)
    /// Something it needs did not succeed.
    case block(stage: String, need: String)
    /// Something it needs is skipped.
    case skip(stage: String, need: String)
    /// It is taken out; `cause`: the stage whose failure ended a run that fails fast, or nil.
    case cancel(stage: String, cause: String?)
    case pause(stage: String, seconds: Double)
    /// Ask the running attempt to end.
    case stop(stage: String)
    case finish(RunState)
  }

  var nodes: [SchedulerNode]
  var index: [String: Int]
  var counts: [JobState: Int] = [:]
  var slots: Slots
  var ready = ReadyQueue()
  var running: Set<Int> = []
  /// Ended, but not yet told to what depends on them; in plan order.
  var ended = Heap<Int>()
  /// Met all their needs just now.
  var met: [ReadyOrder] = []
  /// Asked to prepare and not yet answered; others in the heap have been.
  var asked = Heap<ReadyOrder>()
  let isFailFast: Bool
  let waitsForApproval: Bool
  /// The stage that ended a run that fails fast.
  var culprit: Int?
  var isStopping = false
  var isFinished = false

  /// - Parameters:
  ///   - stages: in topological order; none asks for more than `capacity`.
  ///   - states: where jobs of a resumed run stand; `waiting` when absent.
  ///   - isFailFast: after a failure or refusal nothing starts any more; what runs may end.
  ///   - waitsForApproval: the run goes on while only approvals are awaited.
  package init(
    _ stages: [StageRequest], states: [String: JobState] = [:], capacity: Capacity,
    isFailFast: Bool = false, waitsForApproval: Bool = false
  ) {
    self.isFailFast = isFailFast
    self.waitsForApproval = waitsForApproval
    let slots = Slots(capacity)
    self.slots = slots
    nodes = stages.map { SchedulerNode($0, slots.shape($0)) }
    precondition(
      nodes.allSatisfy { slots.canEverFit($0.shape) }, "no stage asks for more than there is")
    index = Dictionary(uniqueKeysWithValues: stages.enumerated().map { ($1.stage, $0) })
    for (position, stage) in stages.enumerated() {
      for name in stage.dependencies {
        guard let need = index[name], need < position else {
          preconditionFailure("'\(stage.stage)' comes before what it needs")
        }
        nodes[need].dependents.append(position)
        nodes[position].unmet += 1
      }
      nodes[position].state = states[stage.stage] ?? .waiting
      counts[nodes[position].state, default: 0] += 1
    }
  }

  /// As many attempts at the same time as `places`, and nothing else to count.
  package init(_ stages: [StageRequest], states: [String: JobState] = [:], places: Int = 1) {
    self.init(stages, states: states, capacity: Capacity(places: places, threads: places))
  }

  package func state(_ stage: String) -> JobState? { index[stage].map { nodes[$0].state } }

  /// What a running stage holds.
  package func allotment(of stage: String) -> Allotment? {
    index[stage].flatMap { nodes[$0].held?.allotment }
  }

  /// Takes what happened and says what to do, in this order.
  package mutating func handle(_ event: Event) -> [Command] {
    if isFinished { return [] }
    var commands: [Command] = []
    switch event {
    case .begin: begin()
    case .prepared(let stage, let preparation): prepared(at(stage), preparation)
    case .ended(let stage, let end): ended(at(stage), end, &commands)
    case .pauseOver(let stage): pauseOver(at(stage))
    case .approved(let stage): approved(at(stage))
    case .rejected(let stage): rejected(at(stage))
    case .cancelRequested(let stage?): cancel(at(stage), cause: nil, &commands)
    case .cancelRequested(nil):
      for position in nodes.indices { cancel(position, cause: nil, &commands) }
    case .stopRequested:
      isStopping = true
      commands += running.sorted().map { .stop(stage: nodes[$0].name) }
    }
    spread(&commands)
    let new = ask()
    start(&commands)
    commands += new.map { .prepare(stage: nodes[$0.position].name) }
    if let state = finalState {
      isFinished = true
      commands.append(.finish(state))
    }
    return commands
  }
}

/// What the scheduler knows of a stage.
struct SchedulerNode: Sendable {
  let name: String
  let retry: RetryPolicy
  let priority: Int
  let shape: SlotShape
  /// Stages that need it, in plan order.
  var dependents: [Int] = []
  /// Stages it needs that have not succeeded.
  var unmet = 0
  var state = JobState.waiting
  var tries = 0
  /// Asked to prepare and not yet answered.
  var isAsked = false
  /// In the pause before a further try.
  var isPausing = false
  /// A person agreed just now: it is prepared again.
  var isApproved = false
  /// It is cancelled as soon as its attempt has ended.
  var isLeaving = false
  var held: Slots.Held?

  init(_ request: StageRequest, _ shape: SlotShape) {
    name = request.stage
    retry = request.retry
    priority = request.priority
    self.shape = shape
  }
}
