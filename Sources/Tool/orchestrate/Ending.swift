import ArgumentParser
import Diagnostics
import Foundation

/// How an error that reached the top ends the process.
enum Ending {
  /// Prints what the user should know and returns the exit status.
  static func status(of error: any Error) -> Int32 {
    switch error {
    case let failure as Failure:
      Terminal.show(failure)
      return failure.failureClass.rawValue
    case is CancellationError:
      return FailureClass.interrupted.rawValue
    case let code as ExitCode:
      return code.rawValue == ExitCode.validationFailure.rawValue
        ? FailureClass.usage.rawValue : code.rawValue
    default: break
    }
    // What is left came from the parser of arguments, or is a bug.
    let code = Orchestrate.exitCode(for: error)
    let text = Orchestrate.fullMessage(for: error)
    if code == .success {
      Console.output.line(text)
      return 0
    }
    if !text.isEmpty { Console.errors.line(text) }
    return code == .validationFailure
      ? FailureClass.usage.rawValue : FailureClass.internal.rawValue
  }
}
