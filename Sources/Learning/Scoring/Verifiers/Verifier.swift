package import Documents

/// Scores a completion against what its row says: the reward of a policy, the point of a task.
///
/// A new one is a file of its own, a row in ``Verifiers/all`` and a suite. All but `command` are
/// pure functions.
package protocol Verifier: Sendable {
  /// What `type` names it.
  static var name: String { get }
  /// One line for people.
  static var summary: String { get }
  static var options: [VerifierOption] { get }

  /// - Throws: ``Failure`` of class `badInput` when the settings are not of the options.
  init(_ settings: VerifierSettings) throws

  /// - Throws: what the machine is to blame for, never what the completion is.
  func verify(_ attempt: Attempt) throws -> Verification
}

/// A completion to be scored.
package struct Attempt: Sendable {
  package var prompt: String
  package var completion: String
  /// The row's own fields: an object.
  package var fields: JSONValue

  package init(prompt: String = "", completion: String, fields: JSONValue = .object([])) {
    self.prompt = prompt
    self.completion = completion
    self.fields = fields
  }
}

/// What a verifier says of a completion.
package struct Verification: Sendable, Hashable {
  /// 0 to 1; nil where the row lacks what the score needs, so that it must count nowhere.
  package var score: Double?
  /// Why, as a stable dotted code: `numeric.different`. Never contents.
  package var reason: String
  /// What a sum is made of, in order.
  package var parts: [Verification]

  package init(_ score: Double?, _ reason: String, parts: [Verification] = []) {
    self.score = score
    self.reason = reason
    self.parts = parts
  }
}

/// One setting of a verifier, for its description.
package struct VerifierOption: Sendable, Hashable {
  package var name: String
  package var help: String

  package init(_ name: String, _ help: String) {
    self.name = name
    self.help = help
  }
}
