import Artifacts
import Diagnostics
import Execution
import Foundation
import Reports
import Reproducibility
import RunStore
import StageKit

/// Shows a run to somebody and to its trackers.
final class TrackedObserver: RunObserver {
  /// For what is still under way when the run has ended.
  private static let seconds = 10.0

  private let shown: any RunObserver
  private var queue: TrackingQueue?
  /// Events that came before the run was known.
  private var early: [RunEvent]? = []
  private var problems: [Diagnostic] = []

  init(_ shown: any RunObserver) { self.shown = shown }

  func receive(_ event: RunEvent) {
    shown.receive(event)
    early?.append(event)
    queue?.receive(event)
  }

  func tick() { shown.tick() }
  func stopping(signal: Int32) { shown.stopping(signal: signal) }

  /// From now on its trackers get what the run says.
  func track(_ run: RunRecord, in session: ProjectSession) {
    let project = session.project
    let tries = run.spec.tracking == nil ? [:] : (try? session.store.attemptCounts(ofRun: run.id))
    (queue, problems) = TrackingQueue.of(
      run, tries: tries ?? [:], project: project.root,
      folder: DurableFile.parent(of: run.spec.pipelinePath),
      time: Date().timeIntervalSince1970)
    for event in early ?? [] { queue?.receive(event) }
    early = nil
  }

  /// Waits a moment for the trackers and tells what went wrong.
  func finish() {
    problems += queue?.finish(seconds: Self.seconds) ?? []
    if !problems.isEmpty { Terminal.show(problems) }
  }
}
