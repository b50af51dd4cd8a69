import Execution
import RunStore
import StageKit

/// A run of a ``SimulatedPlan`` through all lives of its engine, with the real ``Scheduler`` and the
/// real table of moves, and a clock, processes and a store that only exist here.
///
/// It does what the engine does, in the engine's order: the job's move is recorded before a process
/// starts; outputs, result and move are one transaction after it has ended; whatever cannot be
/// recorded ends this life, and the next one starts from what is on the disk.
struct SimulatedRun {
  struct Process {
    var start: Double
    var end: Double
    var outcome: Scheduler.End
    var killAt: Double?
    var isStopRequested = false
    var hasTimedOut = false
  }

  let plan: SimulatedPlan
  private var random: SeededNumbers
  private var disk: SimulatedDisk
  private var scheduler: Scheduler
  private var witness: SchedulerWitness
  /// Monotonic; the wall clock is this plus its jumps, and is read by nothing.
  private var now = 0.0
  private var processes: [Int: Process] = [:]
  private var pauses: [Int: Double] = [:]
  private var decisions: [Int: (isApproved: Bool, at: Double)] = [:]
  private var cancels: [(stage: String?, at: Double)] = []
  private var stopAt: Double?
  private var leaving: Set<Int> = []
  private var commands: [Scheduler.Command] = []
  private var isPerforming = false
  private var finalState: RunState?
  /// Attempts of each stage over all lives.
  private var attempts: [Int]
  private let keys: [UInt64]
  private(set) var launches = 0
  /// What happened, when it is asked for.
  private(set) var trace: [String] = []
  private let isTraced: Bool

  init(seed: UInt64, isTraced: Bool = false) {
    self.isTraced = isTraced
    plan = SimulatedPlan(seed: seed)
    random = SeededNumbers(seed: ~seed)
    keys = Self.keys(plan)
    var before: [UInt64: Bool] = [:]
    for (position, behaviour) in plan.behaviours.enumerated() where behaviour.hasResult {
      before[keys[position]] = random.chance(10)
    }
    disk = SimulatedDisk(stages: plan.stages.count, results: before)
    scheduler = Scheduler([], capacity: plan.capacity)
    witness = SchedulerWitness(plan)
    attempts = Array(repeating: 0, count: plan.stages.count)
  }

  /// A request's key: the stage and the keys of all it needs, whose outputs follow from those.
  private static func keys(_ plan: SimulatedPlan) -> [UInt64] {
    var keys: [UInt64] = []
    for (position, stage) in plan.stages.enumerated() {
      var key = UInt64(position) &+ 1
      for need in stage.needs {
        key = (key ^ keys[SchedulerWitness.number(need)]) &* 0x100_0000_01B3
      }
      keys.append(key &* 0x9E37_79B9_7F4A_7C15)
    }
    return keys
  }

  /// Lives until the run has ended and nothing is left to resume.
  mutating func runToEnd() throws {
    for life in plan.lives {
      do {
        try live(life)
      } catch is SimulatedDisk.Death {
        note("the engine dies")
        if life.isPowerLoss { disk.losePower(&random) }
      } catch is SimulatedDisk.Full {
        note("the disk is full")
      }
      try checkFold()
    }
    guard let finalState else { throw Violation("the run does not end") }
    let isOpen = disk.states.contains { $0 == .waiting || $0 == .ready || $0 == .running }
    if finalState == .succeeded, isOpen { throw Violation("the run succeeds with open jobs") }
  }

  private func checkFold() throws {
    if disk.fold().states != disk.states { throw Violation("the jobs are not what the events say") }
  }

  // MARK: - A life of the engine

  private mutating func live(_ life: SimulatedPlan.Life) throws {
    // They die with their engine, or are killed when the next one opens the project.
    processes = [:]
    pauses = [:]
    decisions = [:]
    expectation = nil
    leaving = []
    commands = []
    finalState = nil
    witness = SchedulerWitness(plan)
    cancels = life.cancels.map { ($0.stage, now + $0.seconds) }
    stopAt = life.stopAfterSeconds.map { now + $0 }
    disk.commitsUntilDeath = life.crashAfter
    disk.commitsUntilFull = life.diskFullAfter
    try reopen(life)
    var states: [String: JobState] = [:]
    for (position, stage) in plan.stages.enumerated() {
      states[stage.stage] = disk.states[position]
    }
    scheduler = Scheduler(
      plan.stages, states: states, capacity: plan.capacity, isFailFast: plan.isFailFast,
      waitsForApproval: plan.waitsForApproval)
    try handle(.begin)
    var steps = 0
    while finalState == nil {
      steps += 1
      if steps > 3000 { throw Violation("the run goes on for ever") }
      try step()
    }
    for (position, stage) in plan.stages.enumerated() {
      if scheduler.state(stage.stage) != disk.states[position] {
        throw Violation(
          "\(stage.stage) is \(disk.states[position]), but the scheduler thinks "
            + "\(String(describing: scheduler.state(stage.stage)))")
      }
    }
  }

  /// What a session and a resume do with jobs of earlier engines.
  private mutating func reopen(_ life: SimulatedPlan.Life) throws {
    if let stage = life.lostOutputs, let key = disk.keys[stage], disk.hasResult(key) {
      disk.lost.insert(key)
    }
    for position in plan.stages.indices {
      if disk.states[position] == .running { try commit(position, .engineLost) }
      // A person may have decided while no engine ran.
      if disk.states[position] == .awaitingApproval, random.chance(50),
        let decision = plan.behaviours[position].decision
      {
        try record(decision.isApproved, on: position)
      }
      switch disk.states[position] {
      case .succeeded, .refused:
        if !(disk.keys[position].map { disk.hasResult($0) } ?? false) {
          try commit(position, .outputsLost)
        }
      case .ready, .awaitingApproval, .interrupted, .failed, .blocked, .cancelled:
        try commit(position, .resumed)
      case .waiting, .skipped, .running: break
      }
    }
  }

  private mutating func step() throws {
    var next: (at: Double, what: Happening)?
    func offer(_ at: Double, _ what: Happening) {
      if next.map({ at < $0.at }) ?? true { next = (at, what) }
    }
    for (stage, process) in processes.sorted(by: { $0.key < $1.key }) {
      let timeout = plan.stages[stage].timeoutSeconds.map { process.start + $0 }
      if let timeout, !process.hasTimedOut, timeout < process.end {
        offer(timeout, .timeout(stage))
      } else {
        offer(process.end, .exit(stage))
      }
    }
    for (stage, at) in pauses.sorted(by: { $0.key < $1.key }) { offer(at, .pauseOver(stage)) }
    for (stage, decision) in decisions.sorted(by: { $0.key < $1.key }) {
      offer(decision.at, .decision(stage, decision.isApproved))
    }
    for (index, cancel) in cancels.enumerated() { offer(cancel.at, .cancel(index)) }
    if let stopAt { offer(stopAt, .stop) }
    guard let next else {
      if disk.states.contains(.awaitingApproval), plan.waitsForApproval {
        // Nobody decides: the user presses Ctrl-C.
        return try take(.stop)
      }
      throw Violation("nothing happens any more, and the run has not ended")
    }
    now = max(now, next.at)
    try take(next.what)
  }

  private enum Happening {
    case exit(Int), timeout(Int), pauseOver(Int), decision(Int, Bool), cancel(Int), stop
  }

  private mutating func take(_ happening: Happening) throws {
    switch happening {
    case .exit(let stage): try exit(stage)
    case .timeout(let stage):
      processes[stage]?.hasTimedOut = true
      askToStop(stage)
    case .pauseOver(let stage):
      pauses[stage] = nil
      witness.becameReady(stage)
      try handle(.pauseOver(stage: "s\(stage)"))
    case .decision(let stage, let isApproved):
      decisions[stage] = nil
      try decide(stage, isApproved)
    case .cancel(let index):
      let stage = cancels.remove(at: index).stage
      for position in plan.stages.indices
      where stage == nil || stage == "s\(position)" && !disk.states[position].isEnd {
        leaving.insert(position)
      }
      try handle(.cancelRequested(stage: stage))
    case .stop:
      stopAt = nil
      witness.stop()
      try handle(.stopRequested)
    }
  }

  private mutating func handle(_ event: Scheduler.Event) throws {
    note("\(event)")
    let new = scheduler.handle(event)
    for case .prepare(let name) in new { try witness.asks(SchedulerWitness.number(name)) }
    commands += new.reversed()
    if isPerforming { return }
    isPerforming = true
    defer { isPerforming = false }
    while let command = commands.popLast() { try perform(command) }
    if finalState == nil { try witness.checkNoneIsIdle() }
  }

  // MARK: - Commands

  private mutating func perform(_ command: Scheduler.Command) throws {
    // The engine, too, leaves out what was taken out since it was asked for.
    if case .prepare(let name) = command, scheduler.state(name) != .ready { return }
    note("  \(command)")
    if finalState != nil { throw Violation("\(command) after the end of the run") }
    switch command {
    case .prepare(let name): try prepare(SchedulerWitness.number(name))
    case .launch(let name): try launch(SchedulerWitness.number(name))
    case .conclude(let name, let event): try conclude(SchedulerWitness.number(name), event)
    case .block(let name, let need):
      let state = disk.states[SchedulerWitness.number(need)]
      if ![.failed, .refused, .blocked, .cancelled].contains(state) {
        throw Violation("\(name) is blocked by \(need), which is \(state)")
      }
      try commit(SchedulerWitness.number(name), .needFailed)
    case .skip(let name, let need):
      if disk.states[SchedulerWitness.number(need)] != .skipped {
        throw Violation("\(name) is skipped for \(need), which is not")
      }
      try commit(SchedulerWitness.number(name), .conditionFalse)
    case .cancel(let name, _):
      let stage = SchedulerWitness.number(name)
      pauses[stage] = nil
      decisions[stage] = nil
      witness.answered(stage)
      witness.left(stage)
      try commit(stage, .cancelled)
    case .pause(let name, let seconds):
      let stage = SchedulerWitness.number(name)
      try witness.checkPause(stage, seconds)
      pauses[stage] = now + seconds
    case .stop(let name):
      let stage = SchedulerWitness.number(name)
      if processes[stage] == nil { throw Violation("\(name) is stopped, but does not run") }
      processes[stage]?.isStopRequested = true
      askToStop(stage)
    case .finish(let state):
      try witness.checkFinish(state, disk.states, pauses: pauses.count)
      finalState = state
    }
  }

  private mutating func prepare(_ stage: Int) throws {
    if disk.states[stage] == .waiting { try commit(stage, .inputsReady, key: keys[stage]) }
    let preparation: Scheduler.Preparation
    if disk.hasResult(keys[stage]) {
      let isRefusal = disk.results[keys[stage]] ?? false
      try commit(stage, isRefusal ? .refusalReused : .reused, isFlushed: isRefusal)
      preparation = isRefusal ? .refusalReused : .reused
    } else {
      preparation = plan.behaviours[stage].preparation
      switch preparation {
      case .skipped: try commit(stage, .conditionFalse)
      case .failed: try commit(stage, .gaveUp)
      case .awaitsApproval:
        try commit(stage, .approvalAsked)
        if let decision = plan.behaviours[stage].decision {
          decisions[stage] = (decision.isApproved, now + decision.seconds)
        }
      default: witness.becameReady(stage)
      }
    }
    if preparation == .failed || preparation == .refusalReused { witness.sawFailure() }
    witness.answered(stage)
    try handle(.prepared(stage: "s\(stage)", preparation))
  }

  private mutating func decide(_ stage: Int, _ isApproved: Bool) throws {
    try record(isApproved, on: stage)
    if !isApproved { witness.sawFailure() }
    try handle(isApproved ? .approved(stage: "s\(stage)") : .rejected(stage: "s\(stage)"))
  }

  private mutating func record(_ isApproved: Bool, on stage: Int) throws {
    try commit(
      stage, isApproved ? .approvalGiven : .approvalDenied, key: keys[stage], result: !isApproved,
      isFlushed: true)
  }

  private mutating func launch(_ stage: Int) throws {
    if disk.hasResult(keys[stage]) { throw Violation("s\(stage) runs again with the same key") }
    if processes[stage] != nil { throw Violation("s\(stage) has two executors") }
    try witness.launches(stage, scheduler.allotment(of: "s\(stage)"), disk)
    try commit(stage, .started, key: keys[stage])
    let behaviour = plan.behaviours[stage]
    let attempt = behaviour.attempts[min(attempts[stage], behaviour.attempts.count - 1)]
    attempts[stage] += 1
    launches += 1
    processes[stage] = Process(start: now, end: now + attempt.seconds, outcome: attempt.end)
  }

  /// The process ends after a while, or is killed after the grace.
  private mutating func askToStop(_ stage: Int) {
    guard var process = processes[stage] else { return }
    let behaviour = plan.behaviours[stage]
    let killAt = process.killAt ?? now + SimulatedPlan.grace
    process.killAt = killAt
    let end = behaviour.ignoresStop ? killAt : min(killAt, now + behaviour.stopSeconds)
    if end < process.end {
      process.end = end
      process.outcome = process.hasTimedOut ? .failed(.timeout) : .stopped
    }
    processes[stage] = process
  }

  private mutating func exit(_ stage: Int) throws {
    guard let process = processes.removeValue(forKey: stage) else { return }
    witness.ended(stage)
    let end = process.outcome
    let expected = witness.conclusion(stage, end, isLeaving: leaving.contains(stage))
    if expected == .gaveUp || expected == .gateRefused { witness.sawFailure() }
    expectation = (stage, expected)
    try handle(.ended(stage: "s\(stage)", end))
    if let expectation { throw Violation("the end of s\(expectation.stage) is not recorded") }
  }

  private var expectation: (stage: Int, event: JobEvent)?

  private mutating func conclude(_ stage: Int, _ event: JobEvent) throws {
    guard let expected = expectation, expected.stage == stage, expected.event == event else {
      throw Violation("s\(stage) ends as \(event), not as \(String(describing: expectation))")
    }
    expectation = nil
    let result: Bool? = event == .finished ? false : event == .gateRefused ? true : nil
    try commit(stage, event, key: keys[stage], result: result, isFlushed: event == .gateRefused)
  }

  private mutating func commit(
    _ stage: Int, _ event: JobEvent, key: UInt64? = nil, result: Bool? = nil,
    isFlushed: Bool = false
  ) throws {
    try disk.commit(
      SimulatedDisk.Transaction(
        stage: stage, event: event, key: key, result: result, isFlushed: isFlushed))
  }

  private mutating func note(_ line: @autoclosure () -> String) {
    if isTraced { trace.append("\(now)  \(line())") }
  }
}
