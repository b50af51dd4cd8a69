internal import Documents
private import Foundation
internal import Patterns
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
    case .bleu: .sums(width: Bleu.width) { Bleu().score($0) }
    case .chrf: .sums(width: ChrF().width) { ChrF().score($0) }
    case .chrfPlusPlus: .sums(width: ChrF.plusPlus.width) { ChrF.plusPlus.score($0) }
    case .bitsPerByte: .sums(width: 2) { $0[1] == 0 ? 0 : $0[0] / $0[1] / log(2.0) }
    case .macroF1: .sums(width: classes * 3) { Classification.macroF1(sums: $0) }
    case .perplexity, .bytePerplexity, .perplexityRatio:
      .sums(width: 2) { sums in
        sums[1] == 0 ? 1 : Summary.perplexity(negativeLogLikelihood: sums[0], units: sums[1])
      }
    case .meanKLD: .sums(width: 2) { $0[1] == 0 ? 0 : $0[0] / $0[1] }
    case .sameTopP: .sums(width: 2) { $0[1] == 0 ? 1 : $0[0] / $0[1] }
    default: .mean
    }
  }
}

extension RowTask {
  package func values(for item: Int, _ answers: [ModelAnswer]) throws -> [ItemValue] {
    precondition(answers.count == 1, "one request an item, one answer")
    return try rowMetrics.map { metric in
      switch answers[0] {
      case .completion(let written):
        return try value(metric, written, item)
      case .likelihood(let likelihood): return Self.value(metric, likelihood)
      case .preference(let measure): return .right(measure.chosen > measure.rejected)
      case .continuation: preconditionFailure("no task on rows asks for continuations")
      }
    }
  }

  private func value(_ metric: RowMetric, _ written: [CompletionAnswer], _ item: Int) throws
    -> ItemValue
  {
    let (answer, reference) = (written.first?.text ?? "", references[item])
    let rules = settings.rules
    switch metric {
    case .exactMatch: return .right(rules.exactMatch.matches(answer, reference))
    case .accuracy:
      return .right(TextNormalization.label(answer) == TextNormalization.label(reference))
    case .macroF1:
      return .sums(
        Classification.counts(
          TextNormalization.label(answer), TextNormalization.label(reference), classes))
    case .tokenF1: return .number(TokenF1.score(answer, reference))
    case .normalizedMatch: return .right(TokenF1.exact(answer, reference))
    case .contains: return .right(ContainedText(answer, ignoreCase: true).contains(reference))
    case .numericMatch:
      let wanted = DecimalNumber.last(in: reference).map(rules.tolerance.value)
      return .right(wanted.map { rules.tolerance.matches(answer, references: [$0]) } ?? false)
    case .regexMatch: return .right(rules.pattern?.isFound(in: answer) ?? false)
    case .jsonValid: return .right(JSONText.strict(answer) != nil)
    case .jsonValidLenient: return .right(JSONText.lenient(answer) != nil)
    case .jsonSchema:
      guard let json = JSONText.strict(answer), let schema = rules.schema else {
        return .right(false)
      }
      return .right(schema.violation(in: json) == nil)
    case .assertions:
      let variables = JSONValue.object(rows[item].fields)
      return .right(try assertions[item].evaluate(answer, variables: variables).passes)
    case .passAtK:
      let right = written.count { rules.exactMatch.matches($0.text, reference) }
      return .number(
        Summary.passAtK(
          samples: max(1, written.count), correct: right, k: min(rules.k, max(1, written.count))))
    default: return Self.overlap(metric, answer, reference, stems: rules.stems)
    }
  }

  private static func overlap(
    _ metric: RowMetric, _ answer: String, _ reference: String, stems: Bool
  ) -> ItemValue {
    switch metric {
    case .bleu: return .sums(Bleu().sums(answer, [reference]))
    case .chrf: return .sums(ChrF().sums(answer, [reference]))
    case .chrfPlusPlus: return .sums(ChrF.plusPlus.sums(answer, [reference]))
    default:
      guard let variant = Rouge.Variant(name: metric.rawValue) else {
        preconditionFailure("'\(metric.rawValue)' is not made of answers")
      }
      return .number(Rouge(variant, stems: stems).score(answer, reference).f1)
    }
  }

  private static func value(_ metric: RowMetric, _ likelihood: Likelihood) -> ItemValue {
    let (tokens, bytes) = (Double(likelihood.tokens), Double(likelihood.bytes))
    if metric == .bytePerplexity || metric == .bitsPerByte {
      return .sums([-likelihood.logProbability, bytes])
    }
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
