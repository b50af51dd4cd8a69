internal import Records
internal import Scoring

extension RowMetric {
  /// How its numbers are put together.
  ///
  /// - Parameter classes: names of classes in the test set; of `macro_f1`.
  func taskMetric(classes: Int) -> TaskMetric {
    TaskMetric(
      rawValue, higherIsBetter: higherIsBetter, aggregation(classes: classes),
      comparesModels: comparesModels)
  }

  private func aggregation(classes: Int) -> MetricAggregation {
    switch self {
    case .exactMatch, .accuracy, .tokenF1, .preferenceAccuracy: .mean
    case .macroF1: .sums(width: classes * 3) { Classification.macroF1(sums: $0) }
    case .perplexity, .bytePerplexity, .perplexityRatio:
      .sums(width: 2) { sums in
        sums[1] == 0 ? 1 : Summary.perplexity(negativeLogLikelihood: sums[0], units: sums[1])
      }
    case .meanKLD: .sums(width: 2) { $0[1] == 0 ? 0 : $0[0] / $0[1] }
    case .sameTopP: .sums(width: 2) { $0[1] == 0 ? 1 : $0[0] / $0[1] }
    }
  }
}

extension RowTask {
  package func values(for item: Int, _ answers: [ModelAnswer]) throws -> [ItemValue] {
    precondition(answers.count == 1, "one request an item, one answer")
    return rowMetrics.map { metric in
      switch answers[0] {
      case .completion(let written):
        return value(metric, written.first?.text ?? "", references[item])
      case .likelihood(let likelihood): return Self.value(metric, likelihood)
      case .preference(let measure): return .right(measure.chosen > measure.rejected)
      case .continuation: preconditionFailure("no task on rows asks for continuations")
      }
    }
  }

  private func value(_ metric: RowMetric, _ answer: String, _ reference: String) -> ItemValue {
    switch metric {
    case .exactMatch: return .right(settings.exactMatch.matches(answer, reference))
    case .accuracy:
      return .right(TextNormalization.label(answer) == TextNormalization.label(reference))
    case .macroF1:
      return .sums(
        Classification.counts(
          TextNormalization.label(answer), TextNormalization.label(reference), classes))
    case .tokenF1: return .number(TokenF1.score(answer, reference))
    default: preconditionFailure("'\(metric.rawValue)' is not made of answers")
    }
  }

  private static func value(_ metric: RowMetric, _ likelihood: Likelihood) -> ItemValue {
    let (tokens, bytes) = (Double(likelihood.tokens), Double(likelihood.bytes))
    if metric == .bytePerplexity { return .sums([-likelihood.logProbability, bytes]) }
    if metric == .perplexity { return .sums([-likelihood.logProbability, tokens]) }
    // Of a model measured alone, whose comparison is never read.
    guard let divergence = likelihood.divergence else { return .sums([0, 0]) }
    switch metric {
    case .meanKLD: return .sums([divergence.kld, tokens])
    case .sameTopP: return .sums([Double(divergence.sameTop), tokens])
    default:
      return .sums([divergence.baselineLogProbability - likelihood.logProbability, tokens])
    }
  }
}
