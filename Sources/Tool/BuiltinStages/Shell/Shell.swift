internal import Diagnostics
private import Foundation
private import Glibc
private import Parallelism
private import Processes
private import Reproducibility
internal import StageKit

/// Runs a user's own command with declared inputs and outputs.
///
/// The command runs in the folder of the pipeline file. It reads the files of `deps` and writes those
/// of `outs` under their own names there; every input port is a folder named by `INPUT_<PORT>`, every
/// output port an empty folder named by `OUTPUT_<PORT>` (upper case, `_` for anything but letters and
/// digits). What it prints is in `orchestrate logs`. `ORCHESTRATE_ATTEMPT` is the number of the try,
/// from 1.
struct Shell: CommandStage {
  static let kind: StageKind = "shell"
  static let version = 1
  static let summary = "Runs your own command with declared inputs and outputs."

  struct Parameters: StageParameters {
    let command: String
    let inputs: [String]
    let outputs: [String]
    let outs: [WorkspacePath]
    let types: [String: ArtifactType]
    let environment: CommandVariables

    init(_ read: inout ParameterReader) {
      command = read.string(
        "command",
        help: "Given to /bin/sh -c in the pipeline's folder. Reads 'deps' and folders "
          + "$INPUT_<PORT>, writes 'outs' and folders $OUTPUT_<PORT>.")
      _ = read.workspaceReads(
        "deps",
        help: "Files, folders or globs the command reads; one that another stage writes makes this "
          + "stage depend on it.")
      outs = read.workspaceWrites(
        "outs",
        help: "Files or folders the command writes below the pipeline's folder: removed before it "
          + "runs, copied into the store, put back when they are gone or changed.")
      inputs = read.strings("inputs", default: [], help: "Names of the input ports.")
      outputs = read.strings(
        "outputs", default: outs.isEmpty ? ["files"] : [],
        help: "Names of the output ports; none by default when there are 'outs'.")
      let named = read.pairs(
        "types", help: "Types of outputs that are not 'files', by port: 'rows: records'.")
      var types: [String: ArtifactType] = [:]
      for (port, name) in named {
        if let type = ArtifactType(rawValue: name) {
          types[port] = type
        } else {
          let names = ArtifactType.allCases.map(\.rawValue).joined(separator: ", ")
          read.problem("types", "'\(SafeText.escaped(name))' is none of \(names)")
        }
        if !outputs.contains(port) {
          read.problem("types", "'\(SafeText.escaped(port))' is not among 'outputs'")
        }
      }
      self.types = types
      environment = read.variables(
        "environment",
        help: "Variables for the command. 'NAME: { secret: { env: NAME } }' hands on a secret that "
          + "is stored nowhere and taken out of what the command prints.")
      _ = read.list("files", optional: true, help: "Files the command reads: scripts, settings.") {
        $0.files("path", help: "A path or glob; a change of the file runs the stage again.")
      }
      if Set(inputs).count != inputs.count { read.problem("inputs", "a name is written twice") }
      if Set(outputs).count != outputs.count { read.problem("outputs", "a name is written twice") }
      if let both = outs.first(where: { outputs.contains($0.name) }) {
        read.problem("outputs", "'\(SafeText.escaped(both.name))' is among 'outs' already")
      }
    }
  }

  static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: parameters.inputs.map { name in
        var port = Port(name, help: "A folder for the command to read.")
        port.types = ArtifactType.allCases
        return port
      },
      outputs: parameters.outs.map { path in
        var port = Port(path.name, .files, help: "What the command writes there.")
        port.workspace = path
        return port
      }
        + parameters.outputs.map {
          Port($0, parameters.types[$0] ?? .files, help: "A folder the command fills.")
        })
  }

  static func command(_ parameters: Parameters, in place: any CommandPlace) throws -> StageCommand {
    var environment = place.environment
    environment["THREADS"] = String(place.threads)
    for port in parameters.inputs {
      let folder = "\(try place.scratch())/inputs/\(port)"
      try link(place.input(port).tree, into: folder)
      environment[variable("INPUT", port)] = folder
    }
    for port in parameters.outputs {
      environment[variable("OUTPUT", port)] = try place.output(port)
    }
    if !parameters.inputs.isEmpty || !parameters.outputs.isEmpty {
      environment["TMPDIR"] = try place.scratch()
    }
    for (key, value) in parameters.environment.texts { environment[key] = value }
    var command = StageCommand(
      executable: "/bin/sh", arguments: ["sh", "-c", parameters.command])
    for (key, variable) in parameters.environment.secrets {
      let value = try SecretReference.value(variable)
      environment[key] = value
      command.secrets.append(value)
    }
    command.environment = environment
    return command
  }

  /// Where another process than the engine runs the stage.
  func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    let scratch = NSTemporaryDirectory() + "/shell-\(UUID().uuidString)"
    defer { try? DurableFile.remove(scratch) }
    let command = try Self.command(
      parameters, in: ContextPlace(context: context, folder: scratch))
    let environment = ProcessInfo.processInfo.environment.merging(command.environment) { $1 }
    let redacted =
      command.secrets.isEmpty ? nil : try RedactedOutput(to: 2, without: command.secrets)
    let child = try {
      defer { redacted?.didStart() }
      return try ChildProcess.spawn(
        command.executable, command.arguments,
        environment: environment.map { "\($0.key)=\($0.value)" }.sorted(),
        output: redacted?.descriptor ?? 1, errors: redacted?.descriptor ?? 2,
        group: false, diesWithThread: true)
    }()
    defer { redacted?.finish() }
    switch try Self.wait(for: child, context) {
    case .exited(0): return .succeeded
    case .exited(let status):
      throw Self.failure("ended with status \(status)", .status(status))
    case .signalled(let signal):
      throw Self.failure("was ended by \(ChildProcess.signalName(signal))", .signal(signal))
    }
  }

  private static func failure(_ how: String, _ end: CommandFailure.End) -> CommandFailure {
    CommandFailure(
      Diagnostic(
        "stage.command-failed", "the command \(how)",
        fix: "'orchestrate logs' shows what it printed"
      ).failure(.stageFailed), end)
  }

  private struct ContextPlace: CommandPlace {
    let context: StageContext
    let folder: String

    var threads: Int { context.pool.threads }
    /// Of the process that this runs in.
    var environment: [String: String] { [:] }
    func input(_ port: String) -> InputArtifact { context.input(port) }
    func output(_ port: String) -> String { context.output(port) }
    func scratch() throws -> String {
      try DurableFile.makeFolder(folder)
      return folder
    }
  }

  /// `INPUT_MY_PORT` for `my-port`.
  static func variable(_ prefix: String, _ port: String) -> String {
    let name = port.uppercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
        ? String(scalar) : "_"
    }.joined()
    return "\(prefix)_\(name)"
  }

  private static func link(_ tree: FileTree, into folder: String) throws {
    try DurableFile.makeFolder(folder)
    for name in tree.names {
      let path = folder + "/" + name
      try DurableFile.makeFolder(DurableFile.parent(of: path))
      if symlink(try tree.path(name), path) != 0 { throw SystemError.failure("link", path) }
    }
  }

  /// Waits; a request to stop ends the command, after 5 s with force.
  private static func wait(for child: ChildProcess, _ context: StageContext) throws
    -> ChildProcess.Exit
  {
    var pauseMicroseconds: UInt32 = 500
    var killAt: ContinuousClock.Instant?
    while true {
      if let exit = child.reap() {
        if killAt != nil { throw CancellationError() }
        return exit
      }
      if context.isStopRequested, killAt == nil {
        child.send(SIGTERM)
        killAt = .now + .seconds(5)
      }
      if let killAt, killAt < .now { child.send(SIGKILL) }
      usleep(pauseMicroseconds)
      pauseMicroseconds = min(20_000, pauseMicroseconds * 2)
    }
  }
}
