package import Documents
package import Records

/// A model whose distributions can be compared with those of another one of its kind.
package protocol ComparableModel: RequestModel {
  /// The likelihoods of both models, the candidate's with its ``Likelihood/divergence``.
  ///
  /// - Throws: ``Failure`` where the models do not share their tokens.
  func comparisons(of rows: [Row], with baseline: Self) throws
    -> [(candidate: Likelihood, baseline: Likelihood)]
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
  /// From the baseline, where both were measured together.
  package var divergence: Divergence?

  package init(
    logProbability: Double, tokens: Int, bytes: Int, divergence: Divergence? = nil
  ) {
    self.logProbability = logProbability
    self.tokens = tokens
    self.bytes = bytes
    self.divergence = divergence
  }
}

/// How what a model expects at the trained tokens of a row differs from a baseline.
package struct Divergence: Sendable, Hashable {
  /// Sum over tokens of KL(baseline ‖ candidate), natural logarithm.
  package var kld: Double
  /// Tokens before which both expect the same most.
  package var sameTop: Int
  /// The baseline's sum of log-probabilities of the same tokens.
  package var baselineLogProbability: Double

  package init(kld: Double, sameTop: Int, baselineLogProbability: Double) {
    self.kld = kld
    self.sameTop = sameTop
    self.baselineLogProbability = baselineLogProbability
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
