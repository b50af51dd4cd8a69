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
  /// Equal in SQuAD's normal form: case, marks, articles and white space do not count.
  case normalizedMatch = "normalized_match"
  /// The expected answer stands somewhere in the answer, whatever the case.
  case contains
  /// The last number of the answer is the expected one, within `tolerance`.
  case numericMatch = "numeric_match"
  /// `pattern` is found in the answer.
  case regexMatch = "regex_match"
  /// F1 of ROUGE-1, -2, -L and -Lsum, as rouge_score computes them.
  case rouge1, rouge2, rougeL, rougeLsum
  /// Of the whole set, 0 to 100, as sacrebleu computes it.
  case bleu
  case chrf
  case chrfPlusPlus = "chrf++"
  /// The answer is JSON; JSON once a fence around it is taken off; JSON that fits `json_schema`.
  case jsonValid = "json_valid"
  case jsonValidLenient = "json_valid_lenient"
  case jsonSchema = "json_schema"
  /// The assertions in the row's column `assert` hold, in promptfoo's form.
  case assertions
  /// That at least one of `k` samples equals the expected answer (Chen et al. 2021).
  case passAtK = "pass_at_k"
  /// exp of the mean negative log-likelihood per trained token.
  case perplexity
  /// The same per UTF-8 byte: comparable between tokenizers.
  case bytePerplexity = "byte_perplexity"
  /// The negative log-likelihood in bits per UTF-8 byte.
  case bitsPerByte = "bits_per_byte"
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
    case .perplexity, .bytePerplexity, .bitsPerByte, .meanKLD, .sameTopP, .perplexityRatio:
      .likelihood
    case .preferenceAccuracy: .preference
    default: .generation
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

  /// Whether an answer is judged without an expected one.
  package var needsNoReference: Bool {
    switch self {
    case .regexMatch, .jsonValid, .jsonValidLenient, .jsonSchema, .assertions: true
    default: false
    }
  }

  /// The metrics that answers, likelihoods or preferences of one task give together.
  package static func all(of kind: Kind) -> [RowMetric] { allCases.filter { $0.kind == kind } }
}
