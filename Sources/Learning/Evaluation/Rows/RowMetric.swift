/// A number measured on rows of records, by lm-evaluation-harness' name where it has one.
package enum RowMetric: String, Sendable, Hashable, CaseIterable {
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

  /// The metrics that answers, likelihoods or preferences of one task give together.
  package static func all(of kind: Kind) -> [RowMetric] { allCases.filter { $0.kind == kind } }
}
