private import Foundation
private import Glibc
private import Synchronization

/// Looks after all jobs of an engine from one thread: files often, the queue now and then.
final class SlurmMonitor: Sendable {
  private struct State {
    var arrived: [SlurmWatch] = []
    /// Names of jobs that have ended for the engine and may still be in the queue.
    var ended: [String] = []
    var hasThread = false
    var isFinished = false
  }

  private let commands: any SlurmCommands
  private let pollSeconds: Double
  private let queueSeconds: Double
  private let settleSeconds: Double
  private let state = Mutex(State())

  init(
    _ commands: any SlurmCommands, pollSeconds: Double, queueSeconds: Double, settleSeconds: Double
  ) {
    self.commands = commands
    self.pollSeconds = pollSeconds
    self.queueSeconds = queueSeconds
    self.settleSeconds = settleSeconds
  }

  func watch(_ attempt: SlurmAttempt, _ submission: SlurmSubmission) {
    let watch = SlurmWatch(attempt, submission, commands, settleSeconds: settleSeconds)
    let mustStart = state.withLock { state in
      state.arrived.append(watch)
      defer { state.hasThread = true }
      return !state.hasThread
    }
    if mustStart { Thread { self.work() }.start() }
  }

  /// Ends the thread, and jobs that a lost node has put back into the queue though they are done.
  func finish() {
    let names = state.withLock { state in
      state.isFinished = true
      return state.ended
    }
    for name in names { _ = commands.cancel(name: name, signal: nil) }
  }

  private func work() {
    var watches: [SlurmWatch] = []
    var askAgain = ContinuousClock.now
    while true {
      let (arrived, isFinished) = state.withLock { state in
        defer { state.arrived = [] }
        return (state.arrived, state.isFinished)
      }
      watches += arrived
      if isFinished, watches.isEmpty { return }
      for index in watches.indices { watches[index].look() }
      if !watches.isEmpty, ContinuousClock.now >= askAgain {
        let jobs = commands.queue()
        for index in watches.indices { watches[index].compare(with: jobs) }
        askAgain = .now + .seconds(queueSeconds)
      }
      let names = watches.filter(\.hasEnded).map(\.attempt.name)
      if !names.isEmpty { state.withLock { $0.ended += names } }
      watches.removeAll(where: \.hasEnded)
      usleep(useconds_t(pollSeconds * 1e6))
    }
  }
}
