private import Foundation
private import Glibc
private import Synchronization

/// Instants at which a test kills the process to see what a crash there does.
///
/// `ORCHESTRATE_CRASH_AT=object-published:2` kills the process with SIGKILL when it reaches that
/// point for the second time. Without the variable a point costs one comparison.
package enum CrashPoint: String, Sendable, CaseIterable {
  // The engine, in the order of a run.
  case attemptsClosed = "attempts-closed"
  case projectOpened = "project-opened"
  case runRecorded = "run-recorded"
  case jobReady = "job-ready"
  case attemptRecorded = "attempt-recorded"
  case ticketWritten = "ticket-written"
  case attemptSpawned = "attempt-spawned"
  case attemptFinished = "attempt-finished"
  case objectPublished = "object-published"
  case outputsPublished = "outputs-published"
  case resultRecorded = "result-recorded"
  case attemptSwept = "attempt-swept"
  case runFinished = "run-finished"
  // The child that runs a stage.
  case stageStarted = "stage-started"
  case checkpointWritten = "checkpoint-written"
  case checkpointPublished = "checkpoint-published"
  case stageDone = "stage-done"
  case outputsSealed = "outputs-sealed"

  /// Names the point: the process may end here.
  package func reached() {
    guard let armed = Self.armed, armed.name == rawValue else { return }
    let count = Self.count.add(1, ordering: .relaxed).newValue
    if count == armed.occurrence { kill(getpid(), SIGKILL) }
  }

  private static let count = Atomic<Int>(0)

  private static let armed: (name: String, occurrence: Int)? = {
    guard let text = ProcessInfo.processInfo.environment["ORCHESTRATE_CRASH_AT"] else { return nil }
    let parts = text.split(separator: ":")
    guard let name = parts.first else { return nil }
    return (String(name), parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
  }()
}
