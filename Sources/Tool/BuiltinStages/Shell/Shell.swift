internal import Diagnostics
private import Foundation
private import Glibc
private import Parallelism
private import Processes
private import Reproducibility
internal import StageKit

/// Runs a user's own command with declared inputs and outputs.
///
/// Every input port is a folder named by `INPUT_<PORT>`, every output port an empty folder named by
/// `OUTPUT_<PORT>` (upper case, `_` for anything but letters and digits). The command runs in the
/// folder of the pipeline file; what it prints is in `orchestrate logs`. `ORCHESTRATE_ATTEMPT` is
/// the number of the try, from 1.
struct Shell: Stage {
  static let kind: StageKind = "shell"
  static let version = 1
  static let summary = "Runs your own command with declared inputs and outputs."

  struct Parameters: StageParameters {
    let command: String
    let inputs: [String]
    let outputs: [String]
    let types: [String: ArtifactType]
    let environment: [(key: String, value: String)]

    init(_ read: inout ParameterReader) {
      command = read.string(
        "command",
        help: "Given to /bin/sh -c. Reads folders $INPUT_<PORT>, fills folders $OUTPUT_<PORT>.")
      inputs = read.strings("inputs", default: [], help: "Names of the input ports.")
      outputs = read.strings("outputs", default: ["files"], help: "Names of the output ports.")
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
      environment = read.pairs("environment", help: "Variables for the command.")
      _ = read.list("files", optional: true, help: "Files the command reads: scripts, settings.") {
        $0.files("path", help: "A path or glob; a change of the file runs the stage again.")
      }
      if Set(inputs).count != inputs.count { read.problem("inputs", "a name is written twice") }
      if Set(outputs).count != outputs.count { read.problem("outputs", "a name is written twice") }
    }
  }

  static func ports(for parameters: Parameters) -> Ports {
    Ports(
      inputs: parameters.inputs.map { name in
        var port = Port(name, help: "A folder for the command to read.")
        port.types = ArtifactType.allCases
        return port
      },
      outputs: parameters.outputs.map {
        Port($0, parameters.types[$0] ?? .files, help: "A folder the command fills.")
      })
  }

  func run(_ parameters: Parameters, in context: StageContext) throws -> StageOutcome {
    var environment = ProcessInfo.processInfo.environment
    let scratch = try Self.makeScratch()
    defer { try? DurableFile.remove(scratch) }
    for port in parameters.inputs {
      let folder = "\(scratch)/\(port)"
      try Self.link(context.input(port).tree, into: folder)
      environment[Self.variable("INPUT", port)] = folder
    }
    for port in parameters.outputs {
      environment[Self.variable("OUTPUT", port)] = context.output(port)
    }
    environment["THREADS"] = String(context.pool.threads)
    for (key, value) in parameters.environment { environment[key] = value }
    let child = try ChildProcess.spawn(
      "/bin/sh", ["sh", "-c", parameters.command],
      environment: environment.map { "\($0.key)=\($0.value)" }.sorted(), output: 1, errors: 2,
      group: false, diesWithThread: true)
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

  /// `INPUT_MY_PORT` for `my-port`.
  static func variable(_ prefix: String, _ port: String) -> String {
    let name = port.uppercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value))
        ? String(scalar) : "_"
    }.joined()
    return "\(prefix)_\(name)"
  }

  private static func makeScratch() throws -> String {
    let folder = NSTemporaryDirectory() + "/shell-\(UUID().uuidString)"
    try DurableFile.makeFolder(folder)
    return folder
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
