internal import Diagnostics
private import Glibc
private import Processes
private import Reproducibility

/// What the monitor knows of one attempt, from its files first and the queue second.
struct SlurmWatch {
  let attempt: SlurmAttempt
  private let submission: SlurmSubmission
  private let commands: any SlurmCommands
  /// Silence of the queue that is believed: files come late over a network.
  private let settleSeconds: Double

  private var isSubmitted = false
  private var submitAgain = ContinuousClock.now
  private var runs: [SlurmRun] = []
  private var hasToldStop = false
  private var goneSince: Instant?
  private var reason = ""
  private var isSilent = false
  /// How it ended, while a copy of it may still be in the cluster.
  private var closing: (message: ChildMessage?, exit: ChildProcess.Exit, until: Instant)?
  private(set) var hasEnded = false

  private typealias Instant = ContinuousClock.Instant
  /// A controller that is down keeps nobody waiting for longer.
  private static let closingSeconds = 15.0

  init(
    _ attempt: SlurmAttempt, _ submission: SlurmSubmission, _ commands: any SlurmCommands,
    settleSeconds: Double
  ) {
    self.attempt = attempt
    self.submission = submission
    self.commands = commands
    self.settleSeconds = settleSeconds
    guard let number = submission.adopted else { return }
    isSubmitted = true
    attempt.note(
      "slurm.adopted", "goes on with job \(number), which an engine that died had handed in")
  }

  /// What may be handed in together with others.
  var unsubmitted: SlurmSubmission? {
    isSubmitted || hasEnded || attempt.wish != .run ? nil : submission
  }

  /// It was handed in, alone or as a task of an array.
  mutating func didSubmit(_ number: Int, as task: Int? = nil, of array: String? = nil) {
    isSubmitted = true
    isSilent = false
    if let task, let array { attempt.job = SlurmJobName(array, array: number, task: task) }
    if var word = submission.word {
      (word.name, word.number, word.task) = (attempt.job.name, number, task)
      // Without it the job is begun again after a death.
      try? word.write(in: attempt.folder)
    }
    attempt.note(
      "slurm.submitted",
      "handed in to Slurm as job \(number)" + (task.map { ", task \($0) of an array" } ?? ""))
  }

  /// Hands the job in, reads what its executions wrote, passes on what the engine wants.
  mutating func look() {
    submitIfDue()
    if let closing, ContinuousClock.now > closing.until { end(closing.message, closing.exit) }
    if hasEnded || closing != nil { return }
    for folder in SlurmRun.folders(in: attempt.folder + "/runs")
    where !runs.contains(where: { $0.folder == folder }) {
      runs.append(SlurmRun(folder))
      attempt.started()
    }
    for index in runs.indices { attempt.forward(runs[index].news()) }
    for index in runs.indices where !hasEnded && closing == nil {
      guard let status = runs[index].exitStatus else { continue }
      // Written before the status, read once more after it.
      attempt.forward(runs[index].news())
      conclude(runs[index], status)
    }
    if !hasEnded, closing == nil { grant(attempt.wish) }
  }

  // MARK: - Handing in

  private mutating func submitIfDue() {
    guard !isSubmitted, attempt.wish == .run, ContinuousClock.now >= submitAgain else {
      if !isSubmitted, attempt.wish != .run { end(.stopped, .exited(130)) }
      return
    }
    do {
      guard let number = try submission.submit(by: commands) else {
        tellSilence()
        // What was taken without an answer would run beside the next one.
        _ = commands.cancel(attempt.job, signal: nil)
        submitAgain = .now + .seconds(5)
        return
      }
      didSubmit(number)
    } catch let failure as Failure {
      end(.failed(failure), .exited(failure.failureClass.rawValue))
    } catch {
      let failure = Diagnostic("slurm.submit", "cannot start 'sbatch'").failure(.io)
      end(.failed(failure), .exited(failure.failureClass.rawValue))
    }
  }

  private mutating func tellSilence() {
    if isSilent { return }
    isSilent = true
    attempt.note("slurm.silent", "the Slurm controller does not answer; waiting for it")
  }

  // MARK: - Wishes of the engine

  private mutating func grant(_ wish: SlurmAttempt.Wish) {
    switch wish {
    case .run: break
    case .stop:
      if hasToldStop { return }
      hasToldStop = true
      try? DurableFile.writeFleeting([], to: attempt.folder + "/stop")
      if runs.isEmpty {
        _ = commands.cancel(attempt.job, signal: nil)
        end(.stopped, .exited(130))
      } else {
        _ = commands.cancel(attempt.job, signal: "TERM")
      }
    case .kill: close(nil, .signalled(SIGKILL))
    }
  }

  // MARK: - Ends

  private mutating func conclude(_ run: SlurmRun, _ status: Int32) {
    switch run.last {
    case .finished where status == 0:
      guard adoptOutputs(of: run) else { return }
      if runs.count > 1 { close(run.last, .exited(0)) } else { end(run.last, .exited(0)) }
    case .stopped where attempt.wish == .run:
      end(.failed(cancelled()), .exited(status))
    case .stopped, .failed: end(run.last, .exited(status))
    case .finished, .event, .resumed, .commandEnded, nil:
      end(nil, status > 128 ? .signalled(status - 128) : .exited(status))
    }
  }

  /// What this execution made becomes what the attempt made.
  private func adoptOutputs(of run: SlurmRun) -> Bool {
    let folder = attempt.target + "/out"
    do {
      try DurableFile.remove(folder)
      try DurableFile.rename(run.folder + "/out", to: folder)
      return true
    } catch {
      return false
    }
  }

  /// Ends it once no copy of it is left.
  private mutating func close(_ message: ChildMessage?, _ exit: ChildProcess.Exit) {
    _ = commands.cancel(attempt.job, signal: nil)
    closing = (message, exit, .now + .seconds(Self.closingSeconds))
  }

  private mutating func end(_ message: ChildMessage?, _ exit: ChildProcess.Exit) {
    if let message { attempt.say(message) }
    attempt.end(exit)
    hasEnded = true
  }

  // MARK: - The queue

  /// Compares with the queue: a job that is gone and has left no exit status was lost.
  ///
  /// - Parameter jobs: nil: the controller does not answer, and nothing is concluded from that.
  mutating func compare(with jobs: [SlurmJob]?) {
    if hasEnded || !isSubmitted { return }
    guard let jobs else { return tellSilence() }
    isSilent = false
    if let closing {
      let isGone = !jobs.contains { attempt.job.names($0) && !$0.hasEnded }
      return isGone ? end(closing.message, closing.exit) : ()
    }
    let job = attempt.job
    let own = jobs.filter { job.names($0) }
    if let alive = own.first(where: { !$0.hasEnded }) {
      goneSince = nil
      if alive.state == "PENDING", runs.isEmpty, alive.reason != reason, alive.reason != "None" {
        reason = alive.reason
        attempt.note("slurm.waits", "waits in the queue (\(SafeText.escaped(reason, limit: 60)))")
      }
      return
    }
    guard let since = goneSince else {
      goneSince = .now
      return
    }
    if ContinuousClock.now - since < .seconds(settleSeconds) { return }
    let state = own.first?.state ?? "unknown to the queue"
    end(.failed(partFailure() ?? lost(state)), .exited(1))
  }

  /// What the first part that failed has said.
  private func partFailure() -> Failure? {
    guard let parts = attempt.parts else { return nil }
    let indices = ((try? DurableFile.names(in: parts)) ?? []).compactMap { Int($0) }.sorted()
    for index in indices {
      for folder in SlurmRun.folders(in: "\(parts)/\(index)/runs") {
        var run = SlurmRun(folder)
        _ = run.news()
        guard let status = run.exitStatus, status != 0 else { continue }
        if case .failed(let failure) = run.last { return failure }
        return Diagnostic(
          "stage.shard", "part \(index + 1) of the stage ended with \(status)",
          fix: "'orchestrate resume' goes on with the parts that are done"
        ).failure(.stageFailed)
      }
    }
    return nil
  }

  private func cancelled() -> Failure {
    Diagnostic(
      "slurm.cancelled", "the job of the stage was cancelled in Slurm",
      fix: "'orchestrate resume' goes on from its last checkpoint"
    ).failure(.stageFailed)
  }

  private func lost(_ state: String) -> Failure {
    let fixes = [
      "OUT_OF_MEMORY": "give it more memory: 'resources: { memory: … }'",
      "TIMEOUT": "raise 'slurm: { time: … }'; a resume goes on from the last checkpoint",
      "NODE_FAIL": "a resume goes on from the last checkpoint, on another node",
    ]
    return Diagnostic(
      "slurm.lost",
      "the job of the stage ended in Slurm (\(SafeText.escaped(state, limit: 40))) without leaving"
        + " an exit status",
      fix: fixes[state] ?? "'orchestrate resume' goes on from its last checkpoint"
    ).failure(.stageFailed)
  }
}
