internal import Artifacts
internal import Diagnostics
internal import Documents
private import Foundation
private import Glibc
package import Processes
internal import Reproducibility
package import StageKit

/// A user's command that runs as an attempt: it says nothing, its end is its exit.
package final class CommandProcess: StageProcess {
  package let events: Int32
  private let child: ChildProcess
  private let guardian: GroupGuard?
  /// What it prints goes through here when it knows secrets.
  private let redacted: RedactedOutput?
  private var exit: ChildProcess.Exit?

  init(
    child: ChildProcess, end: Int32, guardian: GroupGuard?, redacted: RedactedOutput? = nil
  ) {
    self.redacted = redacted
    self.child = child
    self.guardian = guardian
    events = end
  }

  deinit { close(events) }

  package var speaks: Bool { false }

  /// Asked for when it is needed: most commands end before anyone wants to know.
  package var identity: ProcessIdentity? { exit == nil ? ProcessIdentity(of: child.pid) : nil }

  package func requestStop() { if exit == nil { child.send(SIGTERM, toGroup: true) } }
  package func kill() { if exit == nil { child.killGroup() } }

  package func reap() -> ChildProcess.Exit? {
    guard exit == nil, child.hasEnded else { return exit }
    child.killGroup()
    exit = child.reap()
    guardian?.forget(child.pid)
    redacted?.finish()
    return exit
  }
}

/// What a command may ask for before it starts; private folders are made when they are asked for.
final class AttemptPlace: CommandPlace {
  let threads: Int
  /// Its try, its devices.
  let environment: [String: String]
  /// Of the attempt: `attempts/000001`.
  let folder: String
  /// Output ports that have a folder of their own, and where it is.
  private(set) var outputFolders: [String: String] = [:]
  /// Variables of this program that are none of the command's business.
  let withheld: Set<String>
  private let inputs: [String: Digest]
  private let artifacts: ArtifactStore

  init(
    folder: String, threads: Int, environment: [String: String], withheld: Set<String> = [],
    inputs: [String: Digest], artifacts: ArtifactStore
  ) {
    self.withheld = withheld
    self.folder = folder
    self.threads = threads
    self.environment = environment
    self.inputs = inputs
    self.artifacts = artifacts
  }

  func input(_ port: String) throws -> InputArtifact {
    guard let digest = inputs[port], let artifact = try artifacts.artifact(digest) else {
      throw Diagnostic(
        "store.missing-artifact", "the artifact at input '\(port)' is not whole",
        fix: "type 'orchestrate run': what made it runs again"
      ).failure(.io)
    }
    return artifact
  }

  func output(_ port: String) throws -> String {
    let path = "\(folder)/out/\(port)"
    if outputFolders[port] == nil {
      try DurableFile.makeFolder(path)
      outputFolders[port] = path
    }
    return path
  }

  func scratch() throws -> String {
    try DurableFile.makeFolder(folder + "/tmp")
    return folder + "/tmp"
  }

  /// Whether anything was made that has to be removed.
  var hasFolder: Bool { access(folder, F_OK) == 0 }
}

extension ProcessLauncher {
  package func launch(
    _ request: StageRequest, in place: any CommandPlace, folder: String, log: String
  ) throws -> CommandProcess? {
    guard let stage = catalogue?[request.kind], stage.version == request.version else { return nil }
    guard stage is any CommandStage.Type else { return nil }
    let read = stage.read(Node(request.parameters, file: "parameters of \(request.stage)"))
    guard read.diagnostics.isEmpty, let command = read.command else { return nil }
    let withheld = (place as? AttemptPlace)?.withheld ?? []
    return try start(command(place), withheld: withheld, folder: folder, log: log)
  }

  private func start(
    _ command: StageCommand, withheld: Set<String>, folder: String, log: String
  ) throws -> CommandProcess? {
    let logFile = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard logFile >= 0 else { throw SystemError.failure("open", log) }
    defer { close(logFile) }
    let guardian = guards.guardian()
    let redacted =
      command.secrets.isEmpty ? nil : try RedactedOutput(to: logFile, without: command.secrets)
    let output = redacted?.descriptor ?? logFile
    defer { redacted?.didStart() }
    let child = try ChildProcess.spawn(
      command.executable, command.arguments,
      environment: environment(adding: command.environment, withheld), output: output,
      errors: output, diesWithThread: true, in: folder, guardedBy: guardian)
    guard let end = ProcessEnd.descriptor(of: child) else {
      _ = child.end()
      guardian?.forget(child.pid)
      return nil
    }
    return CommandProcess(child: child, end: end, guardian: guardian, redacted: redacted)
  }

  /// This program's own, the marker and what the command adds, which wins.
  private func environment(adding more: [String: String], _ withheld: Set<String>) -> [String] {
    inherited.filter { !more.keys.contains($0.name) && !withheld.contains($0.name) }.map(\.line)
      + more.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + [marker]
  }
}

/// Starts the guard with the first command.
final class GuardOnce {
  private var known: GroupGuard??

  func guardian() -> GroupGuard? {
    if let known { return known }
    let new = GroupGuard()
    known = .some(new)
    return new
  }
}
