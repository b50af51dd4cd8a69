internal import Diagnostics
private import Glibc
internal import Processes
internal import StageKit

/// Why an attempt ended badly, as `retry: on:` names it, and what it is given of the machine.
extension Engine {
  /// Of a stage that said why. Nil: another try cannot help, since the input, the request or this
  /// program is at fault.
  static func reason(_ failure: Failure, _ command: CommandFailure.End?) -> RetryReason? {
    switch failure.failureClass {
    case .io: return .io
    case .stageFailed:
      switch command {
      case .status(let status)?: return .exitStatus(status)
      case .signal?: return .signal
      case nil: return .failed
      }
    default: return nil
    }
  }

  /// Of an attempt that ended without a word.
  static func reason(_ exit: ChildProcess.Exit, _ kills: MemoryKills) -> RetryReason {
    switch exit {
    // A kernel that does not count its kills leaves the likeliest cause.
    case .signalled(SIGKILL): kills.sawOne ?? true ? .outOfMemory : .signal
    case .signalled: .signal
    case .exited: .lost
    }
  }

  /// Whether the command of a `shell` stage was killed by the kernel: it, or the last thing its
  /// shell ran, ended by SIGKILL while the count of such kills rose.
  static func isKilledForMemory(_ command: CommandFailure.End?, _ kills: MemoryKills) -> Bool {
    switch command {
    case .signal(SIGKILL)?, .status(128 + SIGKILL)?: kills.sawOne == true
    default: false
    }
  }

  static func outOfMemory(_ stage: String, isCertain: Bool) -> Failure {
    Diagnostic(
      "stage.out-of-memory",
      isCertain
        ? "the kernel killed stage '\(stage)' because memory ran out (SIGKILL)"
        : "stage '\(stage)' was killed (SIGKILL), most likely because memory ran out",
      fix: "let less run beside it ('resources: { memory: 4GB }', '--jobs 1'), or let it use less"
    ).failure(.stageFailed)
  }

  /// Variables of an attempt.
  static func environment(_ allotment: Allotment, try number: Int) -> [String: String] {
    var variables = ["ORCHESTRATE_ATTEMPT": String(number)]
    if !allotment.gpus.isEmpty {
      variables["CUDA_VISIBLE_DEVICES"] = allotment.gpus.joined(separator: ",")
    }
    return variables
  }
}
