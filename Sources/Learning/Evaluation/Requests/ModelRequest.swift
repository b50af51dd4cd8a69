package import Records

/// What a task asks a model about an item: lm-evaluation-harness' request types.
package enum ModelRequest: Sendable, Hashable {
  /// `loglikelihood`: how likely `continuation` is after `context`. Trailing white space of the
  /// context belongs to the continuation; an empty context is the beginning-of-text token.
  case continuation(context: String, continuation: String)
  /// The same where the context is a conversation, rendered with the model's chat template up to
  /// the turn that is to be written. Answered by ``ModelAnswer/continuation(_:)``.
  case reply(to: [Message], continuation: String)
  /// `loglikelihood_rolling`: how likely a whole text is, cut into windows of the model's context,
  /// every token predicted once.
  case text(String)
  /// `generate_until`: what the model writes.
  case completion(EvaluationPrompt, CompletionSettings)
  /// How likely the trained tokens of a row are, rendered as training renders it.
  case row(Row)
  /// How likely both answers of a preference row are.
  case preference(Row)
}

/// How an answer is written: `generation_kwargs` of the harness.
package struct CompletionSettings: Sendable, Hashable {
  /// `max_gen_toks`.
  package var maxNewTokens: Int
  /// `until`: the answer is cut at the first occurrence of each, in list order.
  package var stops: [String]
  /// 0: greedy.
  package var temperature: Double
  package var topK: Int
  package var topP: Double
  /// Part of what sampling is keyed by.
  package var seed: UInt64
  /// Answers to the same prompt (`repeats`).
  package var samples: Int
  /// What the answer must be, kept by the sampler.
  package var constraint: AnswerConstraint

  package init(
    maxNewTokens: Int = 256, stops: [String] = [], temperature: Double = 0, topK: Int = 0,
    topP: Double = 1, seed: UInt64 = 0, samples: Int = 1, constraint: AnswerConstraint = .none
  ) {
    self.maxNewTokens = maxNewTokens
    self.stops = stops
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
    self.samples = samples
    self.constraint = constraint
  }
}

package enum AnswerConstraint: Sendable, Hashable {
  case none
  /// One JSON value, by RFC 8259.
  case json
}

/// What a model answered to a ``ModelRequest``.
package enum ModelAnswer: Sendable, Hashable {
  /// To ``ModelRequest/continuation(context:continuation:)`` and ``ModelRequest/reply(to:continuation:)``.
  case continuation(ContinuationMeasure)
  /// To ``ModelRequest/text(_:)`` and ``ModelRequest/row(_:)``.
  case likelihood(Likelihood)
  case preference(PreferenceMeasure)
  /// One for each of the samples.
  case completion([CompletionAnswer])
}

/// How likely a continuation is.
package struct ContinuationMeasure: Sendable, Hashable {
  /// Sum over its tokens, natural logarithm.
  package var logProbability: Double
  package var tokens: Int
  /// Whether each of its tokens is the likeliest one.
  package var isGreedy: Bool

  package init(logProbability: Double, tokens: Int, isGreedy: Bool) {
    self.logProbability = logProbability
    self.tokens = tokens
    self.isGreedy = isGreedy
  }
}

/// A written answer.
package struct CompletionAnswer: Sendable, Hashable {
  package var text: String
  package var tokens: Int
  /// Whether the model ended it (a stop token or text), not the room it had.
  package var ended: Bool

  package init(text: String, tokens: Int, ended: Bool) {
    self.text = text
    self.tokens = tokens
    self.ended = ended
  }
}

/// A model that answers requests. Answers come in the order of the requests and do not depend on
/// how these are cut into calls.
package protocol RequestModel {
  /// - Parameter progress: called with the number of requests answered so far; may throw to stop.
  /// - Throws: ``Failure`` for requests that no answer fits.
  func answers(to requests: [ModelRequest], progress: (Int) throws -> Void) throws -> [ModelAnswer]
}
