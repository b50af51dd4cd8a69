package import Diagnostics

/// A command that a stage ran for the user has ended badly: the failure to show, and how it ended,
/// for `retry: on:`.
package struct CommandFailure: Error, Sendable {
  package enum End: Sendable, Hashable, Codable {
    case status(Int32)
    case signal(Int32)
  }

  package var failure: Failure
  package var end: End

  package init(_ failure: Failure, _ end: End) {
    self.failure = failure
    self.end = end
  }
}
