package import Artifacts
private import Foundation
private import Glibc
private import Reproducibility
internal import StageKit

/// Starts attempts as jobs of a Slurm cluster that shares the project's folder.
///
/// Every execution of a job (a requeue is another one) writes into a folder of its own and leaves
/// its exit status there; the engine takes the first that ended and publishes it alone, so that a
/// copy which lives on after a lost node changes nothing.
package final class SlurmLauncher: StageLauncher {
  private let monitor: SlurmMonitor
  private let executable: String
  private let project: ProjectFolder
  private let commands: any SlurmCommands

  /// - Parameters:
  ///   - executable: this program, where every node finds it.
  ///   - pollSeconds: between two looks at the files of executions.
  ///   - queueSeconds: between two questions to the controller.
  package init(
    _ project: ProjectFolder, commands: any SlurmCommands = InstalledSlurm(),
    executable: String? = nil, pollSeconds: Double = 0.25, queueSeconds: Double = 3,
    settleSeconds: Double = 10
  ) {
    self.project = project
    self.commands = commands
    self.executable = executable ?? Self.ownPath
    monitor = SlurmMonitor(
      commands, pollSeconds: pollSeconds, queueSeconds: queueSeconds, settleSeconds: settleSeconds)
  }

  package func launch(_ ticket: Ticket, ticketPath: String, log: String) throws
    -> any StageProcess
  {
    try SlurmLeftovers.mark(project)
    if let attempt = try adopted(by: ticket, in: DurableFile.parent(of: ticketPath), log) {
      return attempt
    }
    let folder = DurableFile.parent(of: ticketPath)
    let name = SlurmLeftovers.jobName(project, attempt: ticket.attempt)
    var ticket = ticket
    // The parent is a script on some node.
    ticket.parenting = .anybody
    var submission = SlurmSubmission()
    if ticket.shards > 1 {
      try writeParts(of: ticket, in: folder)
      ticket.partsFolder = folder + "/parts"
      submission.parts = .init(
        script: try write(
          SlurmScript(executable: executable, folder: folder, isArray: true), "parts.sh"),
        options: SlurmScript.options(
          name: name, ticket: ticket, log: log,
          own: ticket.slurm + ["--array=0-\(ticket.shards - 1)"]))
    }
    try DurableFile.writeFleeting(ticket.bytes, to: ticketPath)
    submission.stage = .init(
      script: try write(SlurmScript(executable: executable, folder: folder), "job.sh"),
      options: SlurmScript.options(name: name, ticket: ticket, log: log, own: ticket.slurm))
    submission.word = SlurmHandedIn(
      name: name, number: 0, task: nil, checkpoints: ticket.checkpoints, parts: ticket.partsFolder,
      program: SlurmHandedIn.stamp(executable))
    let attempt = try SlurmAttempt(
      folder: folder, job: SlurmJobName(name), parts: ticket.partsFolder)
    (submission.executable, submission.log) = (executable, log)
    monitor.watch(attempt, submission)
    return attempt
  }

  /// Jobs of dead engines that nobody has asked for again are ended.
  package func finish() {
    monitor.finish()
    for (name, word) in SlurmHandedIn.all(of: project) {
      _ = commands.cancel(word.job, signal: nil)
      try? DurableFile.remove("\(project.attempts)/\(name)")
    }
  }

  /// The job of an engine that died, when it does what is asked for with this very program, and lives
  /// or has ended well. Its execution writes into the folder it was given; what it made is published
  /// by this engine, under its own attempt and token.
  private func adopted(by ticket: Ticket, in folder: String, _ log: String) throws -> SlurmAttempt?
  {
    let program = SlurmHandedIn.stamp(executable)
    let fitting = SlurmHandedIn.all(of: project).filter {
      $0.word.checkpoints == ticket.checkpoints && $0.word.program == program
        && "\(project.attempts)/\($0.folder)" != folder
    }
    guard let (name, word) = fitting.last else { return nil }
    let old = "\(project.attempts)/\(name)"
    // A controller that does not answer keeps its jobs.
    let isAlive = commands.queue()?.contains { word.job.names($0) && !$0.hasEnded } ?? true
    guard isAlive || word.hasEnded(old) else { return nil }
    if let number = Int64(name) { link(project.log(ofAttempt: number), log) }
    let attempt = try SlurmAttempt(folder: old, job: word.job, parts: word.parts, target: folder)
    monitor.watch(attempt, SlurmSubmission(adopted: word.number))
    return attempt
  }

  /// A task per part; the stage itself only puts together what they made.
  private func writeParts(of ticket: Ticket, in folder: String) throws {
    for index in 0..<ticket.shards {
      var part = ticket
      let own = "\(folder)/parts/\(index)"
      part.shard = index
      part.temporary = own + "/tmp"
      for port in ticket.outputs { part.outputFolders[port.name] = "\(own)/out/\(port.name)" }
      try DurableFile.makeFolder(own)
      try DurableFile.writeFleeting(part.bytes, to: own + "/ticket.json")
    }
  }

  private func write(_ script: SlurmScript, _ name: String) throws -> String {
    let path = "\(script.folder)/\(name)"
    try DurableFile.writeFleeting(Array(script.text.utf8), to: path)
    return path
  }

  /// Where this program lies, for other machines.
  private static var ownPath: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? "orchestrate"
  }
}

/// What is handed in for one attempt: a job, and before it an array of parts where there are any.
struct SlurmSubmission: Sendable {
  struct Job: Sendable {
    var script: String
    var options: [String]
  }

  /// The number of a job that was handed in by an engine that died.
  var adopted: Int?
  /// To be left when it is handed in.
  var word: SlurmHandedIn?
  var parts: Job?
  var stage = Job(script: "", options: [])
  /// Of the attempt, where it may become a task of an array.
  var executable = ""
  var log = ""

  /// The options of `sbatch` that tasks of one array share; nil: it goes alone.
  var arrayKey: [String]? {
    guard parts == nil, adopted == nil, !executable.isEmpty else { return nil }
    return stage.options.filter { option in
      !["--job-name=", "--output=", "--array="].contains { option.hasPrefix($0) }
    }
  }

  /// - Returns: the number of the job; nil when the controller does not answer.
  func submit(by commands: any SlurmCommands) throws -> Int? {
    var options = stage.options
    if let parts {
      guard let array = try commands.submit(parts.script, options: parts.options) else {
        return nil
      }
      options += ["--dependency=afterok:\(array)", "--kill-on-invalid-dep=yes"]
    }
    return try commands.submit(stage.script, options: options)
  }
}
