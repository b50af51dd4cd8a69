package import Documents
package import Records

/// What an evaluation asks of a model. Results come in the order of what was asked and do not
/// depend on how it is cut into calls.
package protocol EvaluatedModel {
  /// Greedy answers, without stop tokens.
  func answers(to prompts: [EvaluationPrompt], maxNewTokens: Int, stops: [String]) throws
    -> [String]
  /// How likely the trained tokens of each row are.
  func likelihoods(of rows: [Row]) throws -> [Likelihood]
  /// How likely both answers of each preference row are.
  func preferences(of rows: [Row]) throws -> [PreferenceMeasure]
}

/// What a model answers to.
package enum EvaluationPrompt: Sendable, Hashable {
  /// Turns up to the one that is to be written; rendered with the chat template.
  case conversation([Message], tools: JSONValue?)
  /// Plain text to go on from.
  case text(String)
}

/// The log-probability of the trained tokens of a row.
package struct Likelihood: Sendable, Hashable {
  /// Sum over tokens, natural logarithm.
  package var logProbability: Double
  package var tokens: Int
  /// UTF-8 bytes of the text that these tokens are.
  package var bytes: Int

  package init(logProbability: Double, tokens: Int, bytes: Int) {
    self.logProbability = logProbability
    self.tokens = tokens
    self.bytes = bytes
  }
}

/// Mean token log-probabilities of the two answers of a preference row.
package struct PreferenceMeasure: Sendable, Hashable {
  package var chosen: Double
  package var rejected: Double

  package init(chosen: Double, rejected: Double) {
    self.chosen = chosen
    self.rejected = rejected
  }
}
