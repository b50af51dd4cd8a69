private import Foundation
internal import Scoring

extension HarnessMetricKind {
  /// Metrics of `multiple_choice`, by the harness' definitions.
  static let ofChoices: [HarnessMetricKind] = [
    row("acc") { $0.isGold($0.best) },
    row("acc_norm") { item in
      item.isGold(per(item) { Double($0.unicodeScalars.count) })
    },
    row("acc_bytes") { item in item.isGold(per(item) { Double($0.utf8.count) }) },
    row("acc_mutual_info") { item in
      item.isGold(ChoiceOutcome.best(zip(item.logProbabilities, item.unconditional).map(-)))
    },
    HarnessMetricKind(
      name: "f1", outputs: [.multipleChoice], aggregation: .f1,
      value: choice { item in
        let (wanted, given) = (item.gold.first == 1, item.best == 1)
        return .sums([
          wanted && given ? 1 : 0, !wanted && given ? 1 : 0, wanted && !given ? 1 : 0,
        ])
      }),
    HarnessMetricKind(
      name: "mcc", outputs: [.multipleChoice], aggregation: .correlation,
      value: choice { item in
        var counts = [Double](repeating: 0, count: item.classes * item.classes)
        counts[(item.gold.first ?? item.classes - 1) * item.classes + item.best] = 1
        return .sums(counts)
      }),
    HarnessMetricKind(
      name: "brier_score", outputs: [.multipleChoice], higherIsBetter: false, aggregation: .brier,
      value: choice { item in
        let top = item.logProbabilities.max() ?? 0
        let masses = item.logProbabilities.map { exp($0 - top) }
        let total = masses.reduce(0, +)
        return .number(
          masses.enumerated().reduce(0) { sum, mass in
            let miss = mass.element / total - (item.isGold(mass.offset) ? 1 : 0)
            return sum + miss * miss
          })
      }),
  ]

  /// Metrics of `loglikelihood` and `loglikelihood_rolling`.
  static let ofLikelihoods: [HarnessMetricKind] = [
    HarnessMetricKind(
      name: "perplexity", outputs: [.likelihood], higherIsBetter: false, aggregation: .perplexity,
      value: { outcome, _ in
        guard case .likelihood(let sum, _) = outcome else { preconditionFailure("no likelihood") }
        return .sums([sum, 1])
      }),
    rolling("word_perplexity", .weightedPerplexity) { sum, words, _ in [sum, Double(words)] },
    rolling("byte_perplexity", .weightedPerplexity) { sum, _, bytes in [sum, Double(bytes)] },
    rolling("bits_per_byte", .bitsPerByte) { sum, _, bytes in [sum, Double(bytes)] },
  ]

  /// Metrics of `generate_until`, and what is of several kinds.
  static let ofAnswers: [HarnessMetricKind] = [
    HarnessMetricKind(
      name: "exact_match", outputs: [.generation, .multipleChoice],
      value: { outcome, metric in
        switch outcome {
        case .answer(let item):
          guard let text = item.text else { return .right(false) }
          return .right(item.references.contains { metric.exactMatch.matches(text, $0) })
        case .choice(let item): return .right(item.gold.contains { item.isGreedy[$0] })
        default: preconditionFailure("no answer")
        }
      })
  ]

  private static func row(_ name: String, _ isRight: @escaping @Sendable (ChoiceOutcome) -> Bool)
    -> HarnessMetricKind
  {
    HarnessMetricKind(
      name: name, outputs: name == "acc" ? [.multipleChoice, .likelihood] : [.multipleChoice],
      value: { outcome, _ in
        if case .likelihood(_, let isGreedy) = outcome { return .right(isGreedy) }
        if case .truths(let logs, let truths) = outcome {
          return .number(MultipleChoice.trueMass(logs, isTrue: truths))
        }
        guard case .choice(let item) = outcome else { preconditionFailure("no choice") }
        return .right(isRight(item))
      })
  }

  private static func choice(_ value: @escaping @Sendable (ChoiceOutcome) -> ItemValue)
    -> @Sendable (HarnessOutcome, HarnessMetric) -> ItemValue
  {
    { outcome, _ in
      guard case .choice(let item) = outcome else { preconditionFailure("no choice") }
      return value(item)
    }
  }

  private static func rolling(
    _ name: String, _ aggregation: HarnessAggregation,
    _ sums: @escaping @Sendable (Double, Int, Int) -> [Double]
  ) -> HarnessMetricKind {
    HarnessMetricKind(
      name: name, outputs: [.rollingLikelihood], higherIsBetter: false, aggregation: aggregation,
      value: { outcome, _ in
        guard case .rolling(let sum, let words, let bytes) = outcome else {
          preconditionFailure("no rolling likelihood")
        }
        return .sums(sums(sum, words, bytes))
      })
  }

  /// The best choice by log-probability over length; an empty choice has none, as in numpy.
  private static func per(_ item: ChoiceOutcome, _ length: (String) -> Double) -> Int {
    ChoiceOutcome.best(zip(item.logProbabilities, item.choices).map { $0 / length($1) })
  }
}

extension HarnessMetric {
  /// The share of problems that one of `k` answers solves, without bias (Chen et al. 2021).
  static func passAtK(_ k: Int) -> HarnessMetric {
    HarnessMetric(
      HarnessMetricKind(
        name: "pass@\(k)", outputs: [.generation],
        value: { outcome, _ in
          guard case .tests(let passed, let count) = outcome else {
            preconditionFailure("no tests")
          }
          return .number(Summary.passAtK(samples: count, correct: passed, k: min(k, count)))
        }))
  }
}
