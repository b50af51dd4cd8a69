package import Diagnostics
package import RunStore

/// How a run ended.
package struct RunConclusion: Sendable {
  package var run: Int64
  package var state: RunState
  package var stopSignal: Int32?
  /// In the order of the plan.
  package var failures: [(stage: String, failure: Failure)]
  /// Sentences of gates that refused, in the order of the plan.
  package var refusals: [(stage: String, reasons: [String])]

  /// DESIGN §5; the class of the first failure wins over 1.
  package var exitStatus: Int32 {
    switch state {
    case .succeeded: 0
    case .refused: FailureClass.refused.rawValue
    case .failed: failures.first?.failure.failureClass.rawValue ?? FailureClass.stageFailed.rawValue
    case .running, .interrupted:
      stopSignal == 15 ? FailureClass.terminated.rawValue : FailureClass.interrupted.rawValue
    }
  }

  /// Whether a resume would go on with something.
  package var canResume: Bool { state == .failed || state == .interrupted }
}
