import Execution
import RunStore
import StageKit

/// Watches what a scheduler asks for and throws when a rule of docs/scheduling.md is broken. It has
/// its own arithmetic, slow and plain, and shares none with the scheduler.
struct SchedulerWitness {
  private let plan: SimulatedPlan
  private(set) var live: [Int: Allotment] = [:]
  /// Asked to prepare and not yet answered.
  private var asked: Set<Int> = []
  /// Prepared, or past its pause: may be launched.
  private(set) var ready: [Int: Waiting] = [:]
  private(set) var tries: [Int]
  private var isStopping = false
  private var hasFailed = false
  /// Launches of worse order that a waiting stage may see before each of its size.
  private let overtakenMax = 8

  struct Waiting {
    var overtaken = 0
    var launchesOfItsSize = 0
  }

  init(_ plan: SimulatedPlan) {
    self.plan = plan
    tries = Array(repeating: 0, count: plan.stages.count)
  }

  mutating func stop() { isStopping = true }
  mutating func sawFailure() { if plan.isFailFast { hasFailed = true } }
  mutating func asks(_ stage: Int) throws {
    try require(!isStopping, "s\(stage) is asked for after a stop")
    try require(!hasFailed, "s\(stage) is asked for after a failure, though the run fails fast")
    asked.insert(stage)
  }

  mutating func answered(_ stage: Int) { asked.remove(stage) }
  mutating func becameReady(_ stage: Int) { ready[stage] = Waiting() }
  mutating func left(_ stage: Int) { ready[stage] = nil }
  mutating func ended(_ stage: Int) { live[stage] = nil }

  // MARK: - Launches

  mutating func launches(_ stage: Int, _ allotment: Allotment?, _ disk: SimulatedDisk) throws {
    try require(!isStopping, "s\(stage) is launched after a stop")
    try require(!hasFailed, "s\(stage) is launched after a failure, though the run fails fast")
    try require(ready[stage] != nil, "s\(stage) is launched, but is not ready")
    try require(live[stage] == nil, "s\(stage) is launched twice")
    for need in plan.stages[stage].needs {
      let position = Self.number(need)
      let hasResult = disk.keys[position].map { disk.hasResult($0) } ?? false
      try require(
        disk.states[position] == .succeeded && hasResult,
        "s\(stage) is launched before the output of \(need) is durable")
    }
    try checkOrder(stage)
    guard let allotment else { throw Violation("s\(stage) is launched without an allotment") }
    try check(allotment, stage)
    ready[stage] = nil
    live[stage] = allotment
    tries[stage] += 1
    try require(
      tries[stage] <= plan.stages[stage].retry.attempts, "s\(stage) has more tries than it may")
    try checkSlots()
  }

  private mutating func checkOrder(_ stage: Int) throws {
    for other in asked {
      try require(
        !isBefore(other, stage), "s\(stage) is launched before s\(other), which is looked for")
    }
    for (other, waiting) in ready where other != stage {
      if size(other) == size(stage) {
        ready[other]?.launchesOfItsSize += 1
      }
      guard isBefore(other, stage) else { continue }
      try require(!fits(other), "s\(stage) is launched before s\(other), which fits")
      ready[other]?.overtaken += 1
      let bound = overtakenMax * (waiting.launchesOfItsSize + 1)
      try require(
        waiting.overtaken + 1 <= bound,
        "s\(other) starves: overtaken \(waiting.overtaken + 1) times")
    }
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = (plan.stages[a].priority, plan.stages[b].priority)
    return first != second ? first > second : a < b
  }

  // MARK: - Slots

  private func check(_ allotment: Allotment, _ stage: Int) throws {
    let request = plan.stages[stage].resources
    let capacity = plan.capacity
    try require(
      allotment.threads == request.cpu ?? max(1, capacity.threads / capacity.places),
      "s\(stage) gets \(allotment.threads) threads")
    try require(allotment.gpus.count == request.gpu, "s\(stage) gets other gpus than it asked for")
    if capacity.memoryBytes != nil {
      try require(
        allotment.memoryBytes == request.memoryBytes,
        "s\(stage) gets other memory than it asked for")
    }
  }

  private func checkSlots() throws {
    let used = used()
    try require(live.count <= plan.capacity.places, "more attempts than places")
    try require(used.threads <= Double(plan.capacity.threads) + 1e-9, "more threads than there are")
    if let most = plan.capacity.memoryBytes {
      try require(used.memory <= most, "more memory than there is")
    }
    let gpus = live.values.flatMap(\.gpus)
    try require(Set(gpus).count == gpus.count, "two stages share a gpu")
    try require(Set(gpus).isSubset(of: plan.capacity.gpus), "a gpu that is not there")
  }

  /// A share counts as its part of the threads, whatever it is rounded to.
  private func threads(_ stage: Int) -> Double {
    plan.stages[stage].resources.cpu.map(Double.init)
      ?? Double(plan.capacity.threads) / Double(plan.capacity.places)
  }

  /// What makes stages wait for the same.
  private func size(_ stage: Int) -> [Double] {
    let request = plan.stages[stage].resources
    let memory = plan.capacity.memoryBytes == nil ? 0 : request.memoryBytes
    return [threads(stage), Double(memory), Double(request.gpu)]
  }

  private func used() -> (threads: Double, memory: Int, gpus: Int) {
    var sum = (threads: 0.0, memory: 0, gpus: 0)
    for stage in live.keys {
      sum.threads += threads(stage)
      sum.memory += plan.stages[stage].resources.memoryBytes
      sum.gpus += plan.stages[stage].resources.gpu
    }
    return sum
  }

  private func fits(_ stage: Int) -> Bool {
    let used = used()
    let request = plan.stages[stage].resources
    let capacity = plan.capacity
    return live.count < capacity.places
      && used.threads + threads(stage) <= Double(capacity.threads) + 1e-9
      && used.memory + request.memoryBytes <= capacity.memoryBytes ?? Int.max
      && used.gpus + request.gpu <= capacity.gpus.count
  }

  /// Nothing that could run is left lying.
  func checkNoneIsIdle() throws {
    if isStopping || hasFailed { return }
    let order = ready.keys.sorted { isBefore($0, $1) }
    for stage in order {
      try require(!fits(stage), "s\(stage) is ready and fits, but is not launched")
      // From here on a stage may be kept waiting for this one, or for one of its size.
      if ready.contains(where: { $1.overtaken > 0 && size($0) == size(stage) }) { return }
    }
  }

  // MARK: - Ends

  /// What the end of an attempt must become.
  func conclusion(_ stage: Int, _ end: Scheduler.End, isLeaving: Bool) -> JobEvent {
    switch end {
    case .succeeded: return .finished
    case .refused: return .gateRefused
    case .stopped: return .stopped
    case .failed(let reason):
      let policy = plan.stages[stage].retry
      guard let reason, tries[stage] < policy.attempts, !isStopping, !hasFailed, !isLeaving
      else { return .gaveUp }
      let isNamed = policy.on.contains(reason)
      if case .exitStatus = reason {
        return isNamed || policy.on.contains(.failed) ? .tryFailed : .gaveUp
      }
      return isNamed ? .tryFailed : .gaveUp
    }
  }

  func checkPause(_ stage: Int, _ seconds: Double) throws {
    let policy = plan.stages[stage].retry
    var expected = policy.backoffSeconds
    for _ in 0..<(tries[stage] - 1) { expected *= 2 }
    expected = min(expected, policy.backoffMaxSeconds)
    let least = policy.jitter == .deterministic ? expected / 2 : expected
    try require(
      seconds >= least - 1e-9 && seconds <= expected + 1e-9,
      "s\(stage) pauses \(seconds) s after try \(tries[stage]), not \(expected)")
  }

  /// The state of a run in which nothing runs.
  func checkFinish(_ state: RunState, _ states: [JobState], pauses: Int) throws {
    try require(live.isEmpty, "the run ends while something runs")
    if !isStopping {
      try require(ready.isEmpty && pauses == 0, "the run ends while something can start")
    }
    let isOpen = states.contains { !$0.isEnd }
    var expected = RunState.succeeded
    if isStopping, isOpen {
      expected = .interrupted
    } else if states.contains(.failed) {
      expected = .failed
    } else if isOpen || (states.contains(.cancelled) && !hasFailed) {
      expected = .interrupted
    } else if states.contains(.refused) {
      expected = .refused
    }
    try require(state == expected, "the run ends as \(state), not \(expected)")
    if !isStopping { try checkReasons(states) }
  }

  /// Every job that did not run has a reason among those it needs.
  private func checkReasons(_ states: [JobState]) throws {
    for (position, state) in states.enumerated() {
      let needs = plan.stages[position].needs.map { states[Self.number($0)] }
      switch state {
      case .waiting:
        let isBehind = needs.contains { $0 == .awaitingApproval || $0 == .waiting }
        try require(isBehind, "s\(position) still waits, but for nothing")
      case .blocked:
        let hasCause = needs.contains { [.failed, .refused, .blocked, .cancelled].contains($0) }
        try require(hasCause, "s\(position) is blocked by nothing")
      case .skipped where plan.behaviours[position].preparation != .skipped:
        try require(needs.contains(.skipped), "s\(position) is skipped for nothing")
      case .succeeded, .failed, .refused:
        if tries[position] == 0 { break }
        try require(needs.allSatisfy { $0 == .succeeded }, "s\(position) ran before its needs")
      case .ready, .running: throw Violation("s\(position) is \(state) at the end")
      default: break
      }
    }
  }

  static func number(_ name: String) -> Int { Int(name.dropFirst()) ?? -1 }

  private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw Violation(message()) }
  }
}
