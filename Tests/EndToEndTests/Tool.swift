import Foundation
import TestSupport

/// The programs as a user runs them, from the build that the tests belong to.
struct Tool {
  struct Ended {
    var status: Int32
    var output: String
    var errors: String
  }

  let name: String

  static let orchestrate = Tool(name: "orchestrate")
  static let tickets = Tool(name: "support-tickets")

  /// Beside the test bundle, which SwiftPM starts from the package's folder.
  private var url: URL {
    URL(fileURLWithPath: ".build/release/\(name)").absoluteURL
  }

  /// Runs to the end.
  @discardableResult
  func run(_ arguments: String..., in folder: String) throws -> Ended {
    let process = try start(arguments, in: folder)
    return try finish(process)
  }

  /// Starts in a process group's worth of silence; output is collected by ``finish(_:)``.
  func start(_ arguments: [String], in folder: String) throws -> Started {
    let process = Process()
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_CORETYPE"] = nil
    environment["NO_COLOR"] = "1"
    process.environment = environment
    // Files rather than pipes: nobody has to drain them, and a killed program leaves what it said.
    let stem = NSTemporaryDirectory() + UUID().uuidString
    for end in [".out", ".err"] {
      _ = FileManager.default.createFile(atPath: stem + end, contents: nil)
    }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: stem + ".out"))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: stem + ".err"))
    process.standardInput = FileHandle.nullDevice
    try process.start(url.path, arguments, in: folder)
    return Started(process: process, stem: stem)
  }

  struct Started {
    let process: Process
    let stem: String
  }

  func finish(_ started: Started) throws -> Ended {
    started.process.waitUntilExit()
    func text(_ end: String) throws -> String {
      let url = URL(fileURLWithPath: started.stem + end)
      defer { try? FileManager.default.removeItem(at: url) }
      return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }
    return Ended(
      status: started.process.terminationStatus, output: try text(".out"),
      errors: try text(".err"))
  }
}
