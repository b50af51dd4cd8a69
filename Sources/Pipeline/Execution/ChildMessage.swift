package import Diagnostics
package import StageKit

/// One line of what a stage's process tells the engine. The last one says how it ended; a process
/// that ends without it has crashed.
package enum ChildMessage: Sendable, Codable {
  case event(StageEvent)
  /// It goes on from a checkpoint.
  case resumed(step: Int)
  /// Outputs by port are sealed: digested and flushed.
  case finished(StageOutcome, outputs: [String: ArtifactManifest])
  case failed(Failure)
  /// A command of the user's ended so; a failure follows.
  case commandEnded(CommandFailure.End)
  /// It ended early because it was asked to.
  case stopped

  package var isLast: Bool {
    switch self {
    case .event, .resumed, .commandEnded: false
    case .finished, .failed, .stopped: true
    }
  }
}
