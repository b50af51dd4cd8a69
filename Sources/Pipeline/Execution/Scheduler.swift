package import RunStore
package import StageKit

/// Which stage may do what next: a pure value, driven by events, that answers with commands.
///
/// Stages start only after all they need has succeeded, in the order of the plan, at most `places`
/// at a time. A failure or refusal blocks what depends on it and nothing else.
package struct Scheduler: Sendable {
  package enum Event: Sendable, Hashable {
    case begin
    /// The answer to ``Command/prepare(stage:)``.
    case prepared(stage: String, Preparation)
    case ended(stage: String, End)
    /// The pause before a further try is over.
    case pauseOver(stage: String)
    case stopRequested
  }

  package enum Preparation: Sendable, Hashable {
    case mustRun
    case reused
    case refusalReused
    /// It cannot start: a file changed, a ticket cannot be written.
    case failed
  }

  package enum End: Sendable, Hashable {
    case succeeded
    case refused
    case failed(mayRetry: Bool)
    case stopped
  }

  package enum Command: Sendable, Hashable {
    /// All it needs is there: find its result, or say that it must run.
    case prepare(stage: String)
    case launch(stage: String)
    /// Record the end of the running attempt as this event.
    case conclude(stage: String, JobEvent)
    /// Something it needs did not succeed.
    case block(stage: String, need: String)
    case pause(stage: String, seconds: Double)
    /// Ask the running attempt to end.
    case stop(stage: String)
    case finish(RunState)
  }

  private struct Node: Sendable {
    var name: String
    var needs: [String]
    var retry: RetryPolicy
    var state: JobState
    var tries: Int
    /// Asked to prepare, or in a pause: not to be launched yet.
    var isHeld = false
  }

  private var nodes: [Node]
  private var index: [String: Int]
  private let places: Int
  private var isStopping = false
  private var isFinished = false

  /// - Parameters:
  ///   - stages: in topological order.
  ///   - states: where jobs of a resumed run stand; `waiting` when absent.
  ///   - places: attempts that may run at the same time.
  package init(_ stages: [StageRequest], states: [String: JobState] = [:], places: Int = 1) {
    precondition(places > 0, "a scheduler has at least one place")
    nodes = stages.map {
      Node(
        name: $0.stage, needs: $0.dependencies, retry: $0.retry,
        state: states[$0.stage] ?? .waiting, tries: 0)
    }
    index = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1.name, $0) })
    self.places = places
  }

  package func state(_ stage: String) -> JobState? { index[stage].map { nodes[$0].state } }

  /// Takes what happened and says what to do, in this order.
  package mutating func handle(_ event: Event) -> [Command] {
    var commands: [Command] = []
    switch event {
    case .begin: break
    case .prepared(let stage, let preparation): prepared(stage, preparation)
    case .ended(let stage, let end): commands += ended(stage, end)
    case .pauseOver(let stage): nodes[at(stage)].isHeld = false
    case .stopRequested:
      isStopping = true
      commands += nodes.filter { $0.state == .running }.map { .stop(stage: $0.name) }
    }
    return commands + proceed()
  }

  // MARK: - Private

  private func at(_ stage: String) -> Int {
    guard let position = index[stage] else { preconditionFailure("no stage '\(stage)'") }
    return position
  }

  private mutating func prepared(_ stage: String, _ preparation: Preparation) {
    let position = at(stage)
    precondition(nodes[position].state == .ready, "'\(stage)' was not asked to prepare")
    nodes[position].isHeld = false
    switch preparation {
    case .mustRun: break
    case .reused: nodes[position].state = .succeeded
    case .refusalReused: nodes[position].state = .refused
    case .failed: nodes[position].state = .failed
    }
  }

  private mutating func ended(_ stage: String, _ end: End) -> [Command] {
    let position = at(stage)
    precondition(nodes[position].state == .running, "'\(stage)' does not run")
    let event = conclusion(nodes[position], end)
    guard let next = nodes[position].state.after(event) else {
      preconditionFailure("no move '\(event)' of a running job")
    }
    nodes[position].state = next
    guard event == .tryFailed else { return [.conclude(stage: stage, event)] }
    let seconds =
      nodes[position].retry.backoffSeconds * Double(1 << min(20, nodes[position].tries - 1))
    nodes[position].isHeld = true
    return [.conclude(stage: stage, event), .pause(stage: stage, seconds: seconds)]
  }

  private func conclusion(_ node: Node, _ end: End) -> JobEvent {
    switch end {
    case .succeeded: .finished
    case .refused: .gateRefused
    case .stopped: .stopped
    case .failed(let mayRetry):
      mayRetry && node.tries < node.retry.attempts && !isStopping ? .tryFailed : .gaveUp
    }
  }

  /// Everything that can be done now.
  private mutating func proceed() -> [Command] {
    var commands: [Command] = []
    for position in nodes.indices where nodes[position].state == .waiting {
      let needs = nodes[position].needs.map { (name: $0, state: nodes[at($0)].state) }
      if let culprit = needs.first(where: { $0.state.isEnd && $0.state != .succeeded }) {
        nodes[position].state = .blocked
        commands.append(.block(stage: nodes[position].name, need: culprit.name))
      } else if !isStopping, needs.allSatisfy({ $0.state == .succeeded }) {
        nodes[position].state = .ready
        nodes[position].isHeld = true
        commands.append(.prepare(stage: nodes[position].name))
      }
    }
    if !isStopping {
      var free = places - nodes.count { $0.state == .running }
      for position in nodes.indices where free > 0 {
        guard nodes[position].state == .ready, !nodes[position].isHeld else { continue }
        nodes[position].state = .running
        nodes[position].tries += 1
        free -= 1
        commands.append(.launch(stage: nodes[position].name))
      }
    }
    if let state = finalState, !isFinished {
      isFinished = true
      commands.append(.finish(state))
    }
    return commands
  }

  /// Nil while something runs or can still start.
  private var finalState: RunState? {
    let states = nodes.map(\.state)
    if states.contains(.running) { return nil }
    let isOpen = states.contains { !$0.isEnd }
    if isOpen && !isStopping { return nil }
    if isOpen { return .interrupted }
    if states.contains(.failed) { return .failed }
    if states.contains(.refused) { return .refused }
    return .succeeded
  }
}
