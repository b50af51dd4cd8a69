internal import RunStore
internal import StageKit

extension Scheduler {
  func at(_ stage: String) -> Int {
    guard let position = index[stage] else { preconditionFailure("no stage '\(stage)'") }
    return position
  }

  private mutating func set(_ position: Int, _ state: JobState) {
    counts[nodes[position].state, default: 0] -= 1
    counts[state, default: 0] += 1
    nodes[position].state = state
    if state.isEnd { ended.insert(position) }
  }

  private func order(_ position: Int) -> ReadyOrder {
    ReadyOrder(priority: nodes[position].priority, position: position)
  }

  // MARK: - Events

  mutating func begin() {
    for position in nodes.indices {
      if nodes[position].state.isEnd {
        ended.insert(position)
      } else if nodes[position].state == .waiting, nodes[position].unmet == 0 {
        met.append(order(position))
      }
    }
  }

  mutating func prepared(_ position: Int, _ preparation: Preparation) {
    // Cancelled while it was looked for.
    if nodes[position].state.isEnd { return }
    precondition(
      nodes[position].state == .ready && nodes[position].isAsked,
      "'\(nodes[position].name)' was not asked to prepare")
    nodes[position].isAsked = false
    switch preparation {
    case .mustRun: ready.insert(order(position), nodes[position].shape)
    case .reused: set(position, .succeeded)
    case .refusalReused:
      set(position, .refused)
      failFast(position)
    case .skipped: set(position, .skipped)
    case .awaitsApproval: set(position, .awaitingApproval)
    case .failed:
      set(position, .failed)
      failFast(position)
    }
  }

  mutating func ended(_ position: Int, _ end: End, _ commands: inout [Command]) {
    precondition(nodes[position].state == .running, "'\(nodes[position].name)' does not run")
    let event = conclusion(nodes[position], end)
    guard let next = nodes[position].state.after(event) else {
      preconditionFailure("no move '\(event)' of a running job")
    }
    running.remove(position)
    if let held = nodes[position].held { slots.giveBack(held) }
    nodes[position].held = nil
    set(position, next)
    commands.append(.conclude(stage: nodes[position].name, event))
    switch event {
    case .tryFailed:
      nodes[position].isPausing = true
      let seconds = nodes[position].retry.pause(
        afterTry: nodes[position].tries, of: nodes[position].name)
      commands.append(.pause(stage: nodes[position].name, seconds: seconds))
    case .gaveUp, .gateRefused: failFast(position)
    case .stopped where nodes[position].isLeaving:
      set(position, .cancelled)
      commands.append(.cancel(stage: nodes[position].name, cause: nil))
    default: break
    }
  }

  private func conclusion(_ node: SchedulerNode, _ end: End) -> JobEvent {
    switch end {
    case .succeeded: return .finished
    case .refused: return .gateRefused
    case .stopped: return .stopped
    case .failed(let reason):
      let isOver = isStopping || culprit != nil || node.isLeaving
      guard let reason, node.retry.allows(reason), node.tries < node.retry.attempts, !isOver
      else { return .gaveUp }
      return .tryFailed
    }
  }

  mutating func pauseOver(_ position: Int) {
    guard nodes[position].state == .ready, nodes[position].isPausing else { return }
    nodes[position].isPausing = false
    ready.insert(order(position), nodes[position].shape)
  }

  /// Its result is recorded now: it is looked for like that of any other stage.
  mutating func approved(_ position: Int) {
    guard nodes[position].state == .awaitingApproval else { return }
    set(position, .ready)
    nodes[position].isApproved = true
    met.append(order(position))
  }

  mutating func rejected(_ position: Int) {
    guard nodes[position].state == .awaitingApproval else { return }
    set(position, .refused)
    failFast(position)
  }

  mutating func cancel(_ position: Int, cause: String?, _ commands: inout [Command]) {
    switch nodes[position].state {
    case .running where !nodes[position].isLeaving:
      nodes[position].isLeaving = true
      commands.append(.stop(stage: nodes[position].name))
    case .waiting, .ready, .awaitingApproval, .interrupted:
      ready.remove(position)
      nodes[position].isAsked = false
      nodes[position].isPausing = false
      nodes[position].isApproved = false
      set(position, .cancelled)
      commands.append(.cancel(stage: nodes[position].name, cause: cause))
    default: break
    }
  }

  private mutating func failFast(_ position: Int) {
    if isFailFast, culprit == nil { culprit = position }
  }

  // MARK: - What follows

  /// Tells what depends on the stages that have ended.
  mutating func spread(_ commands: inout [Command]) {
    repeat {
      while let position = ended.popFirst() { tell(position, &commands) }
      // Once: after this nothing is open but what runs.
      if let culprit, !isStopping, counts[.waiting, default: 0] + openButRunning > 0 {
        for position in nodes.indices where nodes[position].state != .running {
          cancel(position, cause: nodes[culprit].name, &commands)
        }
      }
    } while !ended.isEmpty
  }

  /// Stages that have met all their needs since the last time, in order: to be asked to prepare.
  mutating func ask() -> [ReadyOrder] {
    if isStopping { return [] }
    let new = met.filter {
      nodes[$0.position].state == .waiting || nodes[$0.position].isApproved
    }.sorted()
    met.removeAll(keepingCapacity: true)
    for order in new {
      set(order.position, .ready)
      nodes[order.position].isApproved = false
      nodes[order.position].isAsked = true
      asked.insert(order)
    }
    return new
  }

  private var openButRunning: Int {
    counts[.ready, default: 0] + counts[.awaitingApproval, default: 0]
  }

  private mutating func tell(_ position: Int, _ commands: inout [Command]) {
    let state = nodes[position].state
    for dependent in nodes[position].dependents where nodes[dependent].state == .waiting {
      switch state {
      case .succeeded:
        nodes[dependent].unmet -= 1
        if nodes[dependent].unmet == 0 { met.append(order(dependent)) }
      case .skipped:
        set(dependent, .skipped)
        commands.append(.skip(stage: nodes[dependent].name, need: nodes[position].name))
      default:
        set(dependent, .blocked)
        commands.append(.block(stage: nodes[dependent].name, need: nodes[position].name))
      }
    }
  }

  /// Launches what fits. A stage that is looked for is not overtaken: the answer comes at once.
  mutating func start(_ commands: inout [Command]) {
    if isStopping { return }
    while let first = asked.first, !nodes[first.position].isAsked { _ = asked.popFirst() }
    while let position = ready.next(slots, before: asked.first) {
      nodes[position].held = slots.take(nodes[position].shape)
      nodes[position].tries += 1
      set(position, .running)
      running.insert(position)
      commands.append(.launch(stage: nodes[position].name))
    }
  }

  /// Nil while something runs or can still start.
  var finalState: RunState? {
    func count(_ state: JobState) -> Int { counts[state, default: 0] }
    if !running.isEmpty { return nil }
    let awaiting = count(.awaitingApproval)
    let open = count(.waiting) + count(.ready) + awaiting + count(.interrupted)
    if isStopping { return open > 0 ? .interrupted : settledState }
    if count(.ready) > 0 || (awaiting > 0 && waitsForApproval) { return nil }
    if open > 0, count(.failed) == 0 { return .interrupted }
    return settledState
  }

  /// How a run ends in which nothing is left to do.
  private var settledState: RunState {
    if counts[.failed, default: 0] > 0 { return .failed }
    // What a failure took out is not what a person took out.
    if culprit == nil, counts[.cancelled, default: 0] > 0 { return .interrupted }
    return counts[.refused, default: 0] > 0 ? .refused : .succeeded
  }
}
