private import Foundation
private import Glibc
private import Synchronization

/// Looks after all jobs of an engine from one thread: files often, the queue now and then.
final class SlurmMonitor: Sendable {
  private struct State {
    var arrived: [SlurmWatch] = []
    /// Names of jobs that have ended for the engine and may still be in the queue.
    var ended: [SlurmJobName] = []
    var hasThread = false
    var isFinished = false
  }

  /// Nobody waits longer for others.
  private static let gatheringLooks = 4
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
    let jobs = state.withLock { state in
      state.isFinished = true
      return state.ended
    }
    for job in jobs { _ = commands.cancel(job, signal: nil) }
  }

  private func work() {
    var watches: [SlurmWatch] = []
    // Held back until no more come: what is handed in at the same time may be one array.
    var gathered: [SlurmWatch] = []
    var looks = 0
    var askAgain = ContinuousClock.now
    while true {
      let (arrived, isFinished) = state.withLock { state in
        defer { state.arrived = [] }
        return (state.arrived, state.isFinished)
      }
      gathered += arrived
      looks += 1
      if arrived.isEmpty || looks >= Self.gatheringLooks {
        if !gathered.isEmpty { SlurmArray.submit(&gathered, by: commands) }
        watches += gathered
        (gathered, looks) = ([], 0)
      }
      if isFinished, watches.isEmpty, gathered.isEmpty { return }
      for index in watches.indices { watches[index].look() }
      if !watches.isEmpty, ContinuousClock.now >= askAgain {
        let jobs = commands.queue()
        for index in watches.indices { watches[index].compare(with: jobs) }
        askAgain = .now + .seconds(queueSeconds)
      }
      let jobs = watches.filter(\.hasEnded).map(\.attempt.job)
      if !jobs.isEmpty { state.withLock { $0.ended += jobs } }
      watches.removeAll(where: \.hasEnded)
      usleep(useconds_t(pollSeconds * 1e6))
    }
  }
}
