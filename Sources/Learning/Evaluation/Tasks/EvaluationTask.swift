package import Scoring

/// What is measured on the rows of a test set.
package struct EvaluationTask: Sendable, Hashable {
  package var name: String
  /// What the task is for; other metrics of the same kind come for free.
  package var metric: EvaluationMetric
  /// Of generation tasks.
  package var maxNewTokens: Int
  /// Texts that end a generated answer (`until`).
  package var stops: [String]
  /// What `exact_match` overlooks.
  package var exactMatch: ExactMatch
  /// Rows measured at most, taken by their identity; nil: all.
  package var limit: Int?
  /// Further metrics of the same kind that are told with it.
  package var others: [EvaluationMetric]

  package init(
    name: String, metric: EvaluationMetric, maxNewTokens: Int = 256, stops: [String] = [],
    exactMatch: ExactMatch = ExactMatch(), limit: Int? = nil, others: [EvaluationMetric] = []
  ) {
    self.name = name
    self.metric = metric
    self.maxNewTokens = maxNewTokens
    self.stops = stops
    self.exactMatch = exactMatch
    self.limit = limit
    self.others = others
  }
}

/// A number measured over rows, by lm-evaluation-harness' name where it has one.
package enum EvaluationMetric: String, Sendable, Hashable, CaseIterable {
  /// The greedy answer equals the last assistant turn.
  case exactMatch = "exact_match"
  /// The same as names of classes: case, white space and marks at the ends do not count.
  case accuracy
  /// The mean F1 over the classes of the test set; an answer that is none of them is a miss.
  case macroF1 = "macro_f1"
  /// Overlap of words with the last assistant turn.
  case tokenF1 = "token_f1"
  /// exp of the mean negative log-likelihood per trained token.
  case perplexity
  /// The same per UTF-8 byte: comparable between tokenizers.
  case bytePerplexity = "byte_perplexity"
  /// The share of preference rows whose chosen answer has the higher mean token log-probability.
  case preferenceAccuracy = "preference_accuracy"
  /// The mean of KL(baseline ‖ candidate) over trained tokens: how far what the candidate expects
  /// next is from what the baseline expects (llama.cpp's term for quantized models).
  case meanKLD = "mean_kld"
  /// The share of trained tokens before which both models expect the same token most.
  case sameTopP = "same_top_p"
  /// The candidate's perplexity over the baseline's, on the same tokens.
  case perplexityRatio = "perplexity_ratio"

  /// What a model must do for it.
  package enum Kind: Sendable { case generation, likelihood, preference }

  package var kind: Kind {
    switch self {
    case .exactMatch, .accuracy, .macroF1, .tokenF1: .generation
    case .perplexity, .bytePerplexity, .meanKLD, .sameTopP, .perplexityRatio: .likelihood
    case .preferenceAccuracy: .preference
    }
  }

  package var higherIsBetter: Bool { kind != .likelihood || self == .sameTopP }

  /// Whether it is a number about two models, not about each of them.
  package var comparesModels: Bool {
    switch self {
    case .meanKLD, .sameTopP, .perplexityRatio: true
    default: false
    }
  }
}
