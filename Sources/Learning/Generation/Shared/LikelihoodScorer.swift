package import Models
package import Tensors

/// How likely labels are in texts, what texts share computed once.
///
/// An answer is a function of the model, the text before its position and the label: never of the
/// other texts, of calls before, or of threads. The model's weights do not change while a scorer
/// lives.
package final class LikelihoodScorer {
  private let model: LanguageModel
  private let kept: KeptPrefix
  private let limits: SharingPlan.Limits

  /// - Parameters:
  ///   - tokensPerPass: a matter of memory and speed alone.
  ///   - keptBytes: keys and values that stay between passes, at most.
  package init(
    model: LanguageModel, tokensPerPass: Int = 2048, keptBytes: Int = 512 << 20
  ) {
    self.model = model
    kept = KeptPrefix(model.configuration, backend: model.backend)
    limits = SharingPlan.Limits(
      tokensPerPass: tokensPerPass,
      keptTokens: KeptPrefix.tokens(in: keptBytes, of: model.configuration))
  }

  /// Of each text, a measure of each of its labels, in order.
  package func measure(_ texts: [LabelledText]) -> [[LabelMeasure]] {
    measure(texts) { _ in }
  }

  /// Of each text, a measure of each of its labels, in order.
  ///
  /// - Parameter progress: called after each pass with which texts are done; may throw to stop.
  package func measure(
    _ texts: [LabelledText], progress: (_ done: [Bool]) throws -> Void
  ) rethrows -> [[LabelMeasure]] {
    let plan = SharingPlan(
      texts, model.configuration, limits, kept: kept.ids, keptClass: kept.angleClass)
    let nothing = LabelMeasure(logProbability: 0, isLikeliest: true)
    var results = texts.map { text in
      Array(
        repeating: nothing, count: text.labels.count { $0 != TokenBatch.ignored })
    }
    var left = results.map(\.count)
    for (pass, owners) in zip(plan.passes, plan.owners) {
      for (owner, measure) in zip(owners, model.measure(pass, kept)) {
        results[owner.text][owner.label] = measure
        left[owner.text] -= 1
      }
      try progress(left.map { $0 == 0 })
    }
    return results
  }
}
