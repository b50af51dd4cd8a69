package import Artifacts
private import Foundation
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
    self.executable = executable ?? Self.ownPath
    monitor = SlurmMonitor(
      commands, pollSeconds: pollSeconds, queueSeconds: queueSeconds, settleSeconds: settleSeconds)
  }

  package func launch(_ ticket: Ticket, ticketPath: String, log: String) throws
    -> any StageProcess
  {
    try SlurmLeftovers.mark(project)
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
    let attempt = try SlurmAttempt(folder: folder, name: name, parts: ticket.partsFolder)
    monitor.watch(attempt, submission)
    return attempt
  }

  package func finish() { monitor.finish() }

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

  var parts: Job?
  var stage = Job(script: "", options: [])

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
