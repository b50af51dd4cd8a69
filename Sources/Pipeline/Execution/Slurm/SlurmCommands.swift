internal import Diagnostics
private import Glibc
private import Processes

/// The programs of Slurm that the engine types; tests replace them.
package protocol SlurmCommands: Sendable {
  /// Hands a script in and returns the number of its job; nil when the controller does not answer:
  /// then the job may or may not have been taken.
  ///
  /// - Parameter options: of `sbatch`.
  /// - Throws: ``Failure`` with what `sbatch` said.
  func submit(_ script: String, options: [String]) throws -> Int?

  /// All jobs of this user that the controller remembers; nil when it does not answer.
  func queue() -> [SlurmJob]?

  /// Cancels a job, or all of its name where it is no task; with a signal, only sends it to the script.
  ///
  /// - Returns: whether the controller took it.
  func cancel(_ job: SlurmJobName, signal: String?) -> Bool
}

/// What an attempt is in the queue: jobs of a name, or a task of an array.
package struct SlurmJobName: Sendable, Hashable {
  package var name: String
  /// Of an array that several attempts share.
  package var array: Int?
  package var task: Int?

  package init(_ name: String, array: Int? = nil, task: Int? = nil) {
    self.name = name
    self.array = array
    self.task = task
  }

  /// Whether a line of the queue is about it: parts of a stage do not count.
  func names(_ job: SlurmJob) -> Bool {
    job.name == name && job.task == task && (array == nil || array == job.number)
  }
}

/// A job, or one task of an array, as `squeue` tells it.
package struct SlurmJob: Sendable, Hashable {
  /// Of the array, for a task of one.
  package var number: Int
  package var task: Int?
  /// `RUNNING`, `PENDING`, `NODE_FAIL`, …
  package var state: String
  package var name: String
  /// Why it waits: `Resources`, `Priority`, `BeginTime`, …
  package var reason: String

  package init(
    number: Int, task: Int? = nil, state: String, name: String = "", reason: String = ""
  ) {
    self.number = number
    self.task = task
    self.state = state
    self.name = name
    self.reason = reason
  }

  /// The states a job does not leave (squeue(1), JOB STATE CODES); every other one, a newer
  /// version's among them, counts as alive.
  private static let ends: Set<String> = [
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
    "PREEMPTED", "REVOKED", "TIMEOUT",
  ]

  package var hasEnded: Bool {
    Self.ends.contains(state) || (state == "PENDING" && reason == "DependencyNeverSatisfied")
  }

  /// What `squeue --format` is asked for: fields without spaces before the two that may hold any.
  static let format = "%F|%K|%T|%j|%r"

  /// Reads what `squeue` printed in ``format``; lines of another shape are left out.
  package static func read(_ output: String) -> [SlurmJob] {
    output.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false)
      guard fields.count == 5, let number = Int(fields[0]) else { return nil }
      return SlurmJob(
        number: number, task: Int(fields[1]), state: String(fields[2]), name: String(fields[3]),
        reason: String(fields[4]))
    }
  }
}

/// The programs on this machine.
package struct InstalledSlurm: SlurmCommands {
  /// A controller that is down lets its programs wait.
  private static let seconds = 15.0

  package init() {}

  package func submit(_ script: String, options: [String]) throws -> Int? {
    let command = CapturedCommand(["sbatch", "--parsable"] + options + [script], seconds: 60)
    let answer = try command.run()
    // With clusters, `--parsable` prints NUMBER;CLUSTER.
    let number = answer.output.split { $0 == ";" || $0.isNewline }.first.flatMap { Int($0) }
    if answer.status == 0, let number { return number }
    if answer.status == 127 {
      throw Diagnostic(
        "slurm.absent", "there is no 'sbatch' on this machine, and a stage says 'executor: slurm'",
        fix: "run from a machine of the cluster, or with '--executor local'"
      ).failure(.badInput)
    }
    if answer.status == 124 || Self.isSilence(answer.complaint) { return nil }
    let words = answer.complaint.split(separator: "\n").last.map(String.init) ?? "nothing"
    throw Diagnostic(
      "slurm.submit",
      "sbatch did not take the job (status \(answer.status)): "
        + SafeText.escaped(words, limit: 300),
      fix: "see 'slurm:' of the stage; 'sinfo' lists what the cluster has"
    ).failure(.badInput)
  }

  /// What Slurm's programs say when nobody answers (slurm_errno.c).
  private static func isSilence(_ complaint: String) -> Bool {
    ["Unable to contact slurm controller", "Socket timed out", "Connection refused"]
      .contains { complaint.contains($0) }
  }

  package func queue() -> [SlurmJob]? {
    let command = CapturedCommand(
      [
        "squeue", "--noheader", "--array", "--states=all", "--user=\(geteuid())",
        "--format=\(SlurmJob.format)",
      ], seconds: Self.seconds)
    guard let answer = try? command.run(), answer.status == 0 else { return nil }
    return SlurmJob.read(answer.output)
  }

  package func cancel(_ job: SlurmJobName, signal: String?) -> Bool {
    let how = signal.map { ["--signal=\($0)", "--batch"] } ?? []
    var which = ["--name=\(job.name)"]
    if let array = job.array, let task = job.task { which = ["\(array)_\(task)"] }
    let command = CapturedCommand(
      ["scancel", "--quiet", "--user=\(geteuid())"] + how + which,
      seconds: Self.seconds)
    return (try? command.run().status) == 0
  }
}
