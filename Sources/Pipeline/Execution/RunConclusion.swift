package import Diagnostics
package import RunStore

/// How a run ended.
package struct RunConclusion: Sendable {
  package var run: Int64
  package var state: RunState
  package var stopSignal: Int32?
  /// Somebody took it, or a stage of it, out.
  package var isCancelled = false
  /// In the order of the plan.
  package var failures: [(stage: String, failure: Failure)]
  /// Sentences of gates that refused, in the order of the plan.
  package var refusals: [(stage: String, reasons: [String])]
  /// What approvals that nobody has decided ask, in the order of the plan.
  package var awaiting: [(stage: String, message: String)] = []

  /// DESIGN §5; the class of the first failure wins over 1.
  package var exitStatus: Int32 {
    switch state {
    case .succeeded: 0
    case .refused: FailureClass.refused.rawValue
    case .failed: failures.first?.failure.failureClass.rawValue ?? FailureClass.stageFailed.rawValue
    case .interrupted where isAwaiting:
      Self.awaitingStatus
    case .running, .interrupted:
      stopSignal == 15 ? FailureClass.terminated.rawValue : FailureClass.interrupted.rawValue
    }
  }

  /// Of a run in which nothing is left but what a person has to approve.
  package static let awaitingStatus: Int32 = 5

  /// Whether only approvals keep it from going on.
  package var isAwaiting: Bool {
    state == .interrupted && stopSignal == nil && !isCancelled && !awaiting.isEmpty
  }

  /// The state as people and hooks see it.
  package var word: String { isAwaiting ? "awaiting_approval" : state.rawValue }

  /// Whether a resume would go on with something; not when all that failed is a file that is no longer
  /// the one that was planned with: only a new plan reads it as it is.
  package var canResume: Bool {
    let isOvertaken =
      !failures.isEmpty
      && failures.allSatisfy { $0.failure.diagnostics.first?.code == "source.changed" }
    return state == .interrupted || (state == .failed && !isOvertaken)
  }
}
