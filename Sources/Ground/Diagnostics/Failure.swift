/// What kind of end a failure is; the raw value is the exit status (DESIGN §5).
package enum FailureClass: Int32, Sendable, Codable {
  /// A stage failed; `orchestrate resume` may continue.
  case stageFailed = 1
  case usage = 2
  /// A gate said no, or was inconclusive where that fails.
  case refused = 3
  case nothingToDo = 4
  /// Bad input data, pipeline file or preflight.
  case badInput = 65
  /// Our bug.
  case `internal` = 70
  /// Disk full, unreadable device and the like.
  case io = 74
  /// Another run holds the lock.
  case locked = 75
  case permission = 77
  case interrupted = 130
  case terminated = 143
}

/// The one error type that crosses module borders for things a user can cause.
package struct Failure: Error, Sendable, Codable {
  package var diagnostics: [Diagnostic]
  package var failureClass: FailureClass

  package init(_ diagnostics: [Diagnostic], _ failureClass: FailureClass) {
    self.diagnostics = diagnostics
    self.failureClass = failureClass
  }
}

extension Failure: CustomStringConvertible {
  package var description: String {
    diagnostics.map { "\($0.code): \($0.message)" }.joined(separator: "\n")
  }
}
