private import Foundation

/// The `orchestrate` program that was built beside the tests.
package struct BuiltTool: Sendable {
  /// What a command left behind.
  package struct Result: Sendable {
    /// The exit status; 128 + signal for a process that a signal ended.
    package var status: Int32
    package var output: String
    package var errors: String
  }

  package static var path: String {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((own ?? "") as NSString).deletingLastPathComponent + "/orchestrate"
  }

  package static var exists: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// A command that runs.
  package final class Running: @unchecked Sendable {
    // Only the thread that started it uses the process; the files are read once it has ended.
    private let process: Process
    private let folder: TemporaryFolder

    fileprivate init(_ process: Process, _ folder: TemporaryFolder) {
      self.process = process
      self.folder = folder
    }

    package var pid: Int32 { process.processIdentifier }
    /// What it has printed so far.
    package var output: String { text("out") }
    package func send(_ signal: Int32) { kill(pid, signal) }

    package func wait() -> Result {
      process.waitUntilExit()
      let status = process.terminationStatus
      return Result(
        status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
        output: text("out"), errors: text("err"))
    }

    private func text(_ name: String) -> String {
      String(decoding: (try? folder.read(name)) ?? [], as: UTF8.self)
    }
  }

  /// Starts `orchestrate` with arguments in a folder.
  package static func start(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> Running {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let streams = try TemporaryFolder()
    for (name, isOutput) in [("out", true), ("err", false)] {
      try streams.write(name, "")
      let handle = try FileHandle(
        forWritingTo: URL(fileURLWithPath: streams.path + "/" + name))
      if isOutput { process.standardOutput = handle } else { process.standardError = handle }
    }
    process.standardInput = FileHandle.nullDevice
    try process.start(path, arguments, in: folder.path)
    return Running(process, streams)
  }

  /// Runs `orchestrate` to its end.
  @discardableResult
  package static func run(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> Result {
    try start(arguments, in: folder, environment: environment).wait()
  }

  /// Name → SHA-256-named bytes of every object of the project in `folder`.
  package static func objects(in folder: TemporaryFolder) throws -> [String: [UInt8]] {
    let root = folder.path + "/.orchestrate/objects"
    var objects: [String: [UInt8]] = [:]
    for prefix in try FileManager.default.contentsOfDirectory(atPath: root) {
      for name in try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(prefix)") {
        objects[name] = try folder.read(".orchestrate/objects/\(prefix)/\(name)")
      }
    }
    return objects
  }
}
