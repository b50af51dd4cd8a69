/// Where a job of a run stands. The moves between states are ``JobState/transitions``.
package enum JobState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Something it needs has not ended yet.
  case waiting
  /// All it needs is there; it runs as soon as there is a place.
  case ready
  case running
  /// A person has to agree first.
  case awaitingApproval = "awaiting_approval"
  /// Its outputs are in the store.
  case succeeded
  /// Every try failed; a resume tries again.
  case failed
  /// A gate said no: final, cached and not tried again.
  case refused
  /// Its condition is false.
  case skipped
  /// Something it needs failed, was refused or skipped.
  case blocked
  case cancelled
  /// It ran when the engine stopped or died; a resume continues it from its last checkpoint.
  case interrupted

  /// Whether nothing more happens to it in this run unless the run is resumed.
  package var isEnd: Bool {
    switch self {
    case .succeeded, .failed, .refused, .skipped, .blocked, .cancelled: true
    case .waiting, .ready, .running, .awaitingApproval, .interrupted: false
    }
  }
}

/// What happens to a job.
package enum JobEvent: String, Sendable, Hashable, Codable, CaseIterable {
  case inputsReady = "inputs_ready"
  case approvalAsked = "approval_asked"
  case approvalGiven = "approval_given"
  /// A person said no: final, as a gate's refusal is.
  case approvalDenied = "approval_denied"
  /// A recorded result of the same request is taken.
  case reused
  /// The best instance of a matrix is taken.
  case chosen
  /// A recorded refusal of the same request is taken.
  case refusalReused = "refusal_reused"
  case started
  case finished
  case gateRefused = "gate_refused"
  /// A try failed and another one is left.
  case tryFailed = "try_failed"
  case gaveUp = "gave_up"
  /// It ended early because a stop was requested.
  case stopped
  /// The engine that ran it died.
  case engineLost = "engine_lost"
  case needFailed = "need_failed"
  case conditionFalse = "condition_false"
  case cancelled
  case resumed
  /// Files of its result are no longer in the store.
  case outputsLost = "outputs_lost"
}

/// One legal move.
package struct JobTransition: Sendable, Hashable {
  package var event: JobEvent
  package var from: [JobState]
  package var to: JobState

  init(_ event: JobEvent, from: [JobState], to: JobState) {
    self.event = event
    self.from = from
    self.to = to
  }
}

extension JobState {
  /// Every legal move of a job; anything else throws. `JobStateTests` renders this table as the
  /// diagram in docs/jobs.md and fails when they differ.
  package static let transitions: [JobTransition] = [
    JobTransition(.inputsReady, from: [.waiting], to: .ready),
    JobTransition(.approvalAsked, from: [.ready], to: .awaitingApproval),
    JobTransition(.approvalGiven, from: [.awaitingApproval], to: .ready),
    JobTransition(.approvalDenied, from: [.awaitingApproval], to: .refused),
    JobTransition(.reused, from: [.ready], to: .succeeded),
    JobTransition(.chosen, from: [.ready], to: .succeeded),
    JobTransition(.refusalReused, from: [.ready], to: .refused),
    JobTransition(.started, from: [.ready], to: .running),
    JobTransition(.finished, from: [.running], to: .succeeded),
    JobTransition(.gateRefused, from: [.running], to: .refused),
    JobTransition(.tryFailed, from: [.running], to: .ready),
    JobTransition(.gaveUp, from: [.ready, .running], to: .failed),
    JobTransition(.stopped, from: [.running], to: .interrupted),
    JobTransition(.engineLost, from: [.running], to: .interrupted),
    JobTransition(.needFailed, from: [.waiting], to: .blocked),
    JobTransition(.conditionFalse, from: [.waiting, .ready], to: .skipped),
    JobTransition(
      .cancelled, from: [.waiting, .ready, .awaitingApproval, .interrupted], to: .cancelled),
    JobTransition(
      .resumed,
      from: [.ready, .awaitingApproval, .interrupted, .failed, .blocked, .cancelled], to: .waiting),
    JobTransition(.outputsLost, from: [.succeeded, .refused], to: .waiting),
  ]

  /// The state after `event`, or nil when the table has no such move.
  package func after(_ event: JobEvent) -> JobState? {
    Self.transitions.first { $0.event == event && $0.from.contains(self) }?.to
  }

  /// The table as a Mermaid diagram, for docs/jobs.md.
  package static var diagram: String {
    var lines = ["stateDiagram-v2", "  [*] --> waiting"]
    for move in transitions {
      for from in move.from {
        lines.append("  \(from.rawValue) --> \(move.to.rawValue): \(move.event.rawValue)")
      }
    }
    for state in allCases where state.isEnd { lines.append("  \(state.rawValue) --> [*]") }
    return lines.joined(separator: "\n") + "\n"
  }
}
