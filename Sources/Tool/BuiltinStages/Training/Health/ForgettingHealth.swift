internal import Diagnostics
internal import Models
internal import Tokenization
internal import Training

/// Whether training on answers cost the model what it knew of other text: the likelihood of the
/// prompts, which are not trained, before and after.
enum ForgettingHealth {
  static let rowsMax = 64
  /// Nats per token; a doubling of perplexity is 0.69.
  static let riseMax = 0.5

  /// Mean negative log-likelihood of the prompts of the first rows; nil without prompts.
  static func promptLoss(_ model: LanguageModel, _ examples: [TokenExample]) -> Double? {
    var (sum, count) = (0.0, 0)
    for example in examples.prefix(rowsMax) {
      let first = example.labels.firstIndex { $0 != -100 } ?? 0
      guard first > 1 else { continue }
      let prompt = Array(example.ids[..<first])
      let logp = model.logProbabilities(TokenBatch(predictingNextIn: [prompt]))
      sum -= logp.reduce(0) { $0 + Double($1) }
      count += logp.count
    }
    return count == 0 ? nil : sum / Double(count)
  }

  /// `health.forgetting`.
  static func findings(before: Double, after: Double) -> [Diagnostic] {
    guard after - before > riseMax else { return [] }
    return [
      TrainingHealth.warning(
        "forgetting",
        "the loss on prompts, which are not trained, rose from \(Figures.decimal(before, 2)) to "
          + "\(Figures.decimal(after, 2)) per token: the model is losing what it knew",
        fix: "lower learning_rate or num_epochs, or mix 5 to 10 % of general text into the rows")
    ]
  }
}
