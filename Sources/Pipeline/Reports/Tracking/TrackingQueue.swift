package import Diagnostics
private import Foundation
package import RunStore
internal import StageKit
private import Synchronization

/// Hands a run's events to trackers from a thread of its own: a tracker that is slow, full or gone
/// never slows a stage and never fails a run.
package final class TrackingQueue: Sendable {
  /// Events that wait; beyond it the values of steps are dropped and counted.
  package static let waitingMax = 100_000

  private struct State {
    var waiting: [RunEvent] = []
    var dropped = 0
    var isClosed = false
    var isDone = false
    var problems: [Diagnostic] = []
  }

  private let state = Mutex(State())
  private let news = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  /// - Parameter trackers: made here, since they live on the queue's thread.
  package init(_ trackers: sending [any Tracker]) {
    let box = TrackerBox(trackers)
    Thread { self.work(box.trackers) }.start()
  }

  /// Never blocks.
  package func receive(_ event: RunEvent) {
    if case .stage(.progress) = event.body { return }
    state.withLock { state in
      if state.waiting.count >= Self.waitingMax, case .stage(.metric) = event.body {
        state.dropped += 1
      } else {
        state.waiting.append(event)
      }
    }
    news.signal()
  }

  /// Waits for what is still under way, at most so long, and tells what went wrong.
  package func finish(seconds: Double) -> [Diagnostic] {
    state.withLock { $0.isClosed = true }
    news.signal()
    let isLate = done.wait(timeout: .now() + seconds) == .timedOut
    return state.withLock { state in
      var problems = state.problems
      if isLate {
        problems.append(
          Self.warning("tracking.late", "tracking has not ended within \(Int(seconds)) s"))
      }
      if state.dropped > 0 {
        problems.append(
          Self.warning("tracking.dropped", "\(state.dropped) values of steps were not tracked"))
      }
      return problems
    }
  }

  // MARK: - The thread

  private func work(_ trackers: [any Tracker]) {
    var trackers = trackers
    while true {
      news.wait()
      let (events, isClosed) = state.withLock { state in
        defer { state.waiting = [] }
        return (state.waiting, state.isClosed)
      }
      if !events.isEmpty { trackers.removeAll { !attempt($0) { try $0.take(events) } } }
      if isClosed, state.withLock({ $0.waiting.isEmpty }) { break }
    }
    for tracker in trackers { _ = attempt(tracker) { try $0.finish() } }
    done.signal()
  }

  private func attempt(_ tracker: any Tracker, _ body: (any Tracker) throws -> Void) -> Bool {
    do {
      try body(tracker)
      return true
    } catch {
      let cause = (error as? Failure)?.diagnostics.first?.message ?? "an unknown error"
      let problem = Self.warning(
        "tracking.failed", "tracking to \(tracker.name) has ended early: \(cause)")
      state.withLock { $0.problems.append(problem) }
      return false
    }
  }

  private static func warning(_ code: String, _ text: String) -> Diagnostic {
    Diagnostic(code, text, severity: .warning)
  }
}

/// Carries trackers to the thread that uses them from then on: ``TrackingQueue/init(_:)`` takes them
/// as `sending`, so nobody else has them, and a thread's closure cannot say so.
private struct TrackerBox: @unchecked Sendable {
  let trackers: [any Tracker]
  init(_ trackers: [any Tracker]) { self.trackers = trackers }
}
