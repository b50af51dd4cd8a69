import Diagnostics
import Foundation
import Glibc
import Processes
import Reproducibility
import Webhooks

/// Works on one push at a time, in a process of its own.
struct HookRunner {
  let pipeline: String
  let clone: String?
  let arguments: [String]
  /// Where the output of each run goes.
  let logs: String
  let environment: [String]
  private var running: (event: PushEvent, process: ChildProcess)?

  init(
    pipeline: String, clone: String?, arguments: [String], logs: String, environment: [String]
  ) {
    self.pipeline = pipeline
    self.clone = clone
    self.arguments = arguments
    self.logs = logs
    self.environment = environment
  }

  var isBusy: Bool { running != nil }

  /// $1 the clone, $2 the ref, $3 the commit, $4 this program, the rest its arguments: nothing of a
  /// delivery is ever part of the text.
  private static let withClone = """
    set -e
    cd "$1"
    git fetch --quiet --no-tags origin "$2"
    git checkout --quiet --force --detach "$3"
    program=$4
    shift 4
    exec "$program" ci "$@"
    """

  mutating func start(_ event: PushEvent) throws {
    precondition(running == nil, "one push at a time")
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = logs + "/ci-\(event.commit.prefix(12)).log"
    let log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw SystemError.failure("open", path) }
    defer { close(log) }
    let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(null) }
    let process: ChildProcess
    if let clone {
      process = try ChildProcess.spawn(
        "/bin/sh",
        ["sh", "-c", Self.withClone, "sh", clone, event.ref, event.commit, program, pipeline]
          + arguments, environment: environment, input: null, output: log, errors: log)
    } else {
      process = try ChildProcess.spawn(
        program, ["orchestrate", "ci", pipeline] + arguments, environment: environment,
        input: null, output: log, errors: log)
    }
    running = (event, process)
    Console.output.line("running \(event.ref) at \(event.commit.prefix(12)): \(path)")
  }

  /// The push whose process has ended, and its exit status.
  mutating func ended() -> (PushEvent, Int32)? {
    guard let (event, process) = running, let exit = process.reap() else { return nil }
    running = nil
    return switch exit {
    case .exited(let status): (event, status)
    case .signalled(let signal): (event, 128 + signal)
    }
  }

  func stop(_ signal: Int32) { running?.process.send(signal) }
  func kill() { running?.process.killGroup() }

  /// What an exit status of `orchestrate ci` means.
  static func words(_ status: Int32) -> String {
    switch status {
    case 0: "done"
    case FailureClass.refused.rawValue: "refused"
    case FailureClass.nothingToDo.rawValue: "nothing to do"
    case FailureClass.locked.rawValue: "locked by another run (75)"
    default: "ended with \(status)"
    }
  }
}
