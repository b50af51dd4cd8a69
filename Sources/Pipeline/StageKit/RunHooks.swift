/// What is run after the end of a run, as frozen with it.
package struct RunHooks: Sendable, Hashable, Codable {
  package enum Moment: String, Sendable, Hashable, Codable, CaseIterable {
    case onSuccess = "on_success"
    /// A stage failed or a gate refused.
    case onFailure = "on_failure"
    /// However it ended, an interruption included; after the other one.
    case onFinish = "on_finish"
  }

  package struct Hook: Sendable, Hashable, Codable {
    package var moment: Moment
    /// The program, looked up in PATH, and its arguments; `/bin/sh -c TEXT` for a text.
    package var arguments: [String]

    package init(_ moment: Moment, _ arguments: [String]) {
      self.moment = moment
      self.arguments = arguments
    }
  }

  /// In the order in which they run.
  package var hooks: [Hook]
  /// Variables for all of them: a text, or the name of the variable that holds a secret.
  package var environment: [String: String]?
  package var secrets: [String: String]?
  /// For each.
  package var timeoutSeconds: Double

  package static let timeoutSecondsDefault = 60.0

  package init(_ hooks: [Hook] = [], timeoutSeconds: Double = RunHooks.timeoutSecondsDefault) {
    self.hooks = hooks
    self.timeoutSeconds = timeoutSeconds
  }
}
