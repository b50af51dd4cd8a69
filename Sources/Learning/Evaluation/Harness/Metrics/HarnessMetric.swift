/// A metric of a task, from `metric_list`.
package struct HarnessMetric: Sendable {
  package var name: String
  package var higherIsBetter: Bool
  package var aggregation: HarnessAggregation
  /// Of `exact_match`.
  package var exactMatch = HarnessExactMatch()
  var kind: HarnessMetricKind

  /// By the harness' name; nil where no row has it.
  package init?(_ name: String, exactMatch: HarnessExactMatch = HarnessExactMatch()) {
    guard let kind = HarnessMetricKind.all.first(where: { $0.name == name }) else { return nil }
    self.init(kind)
    self.exactMatch = exactMatch
  }

  init(_ kind: HarnessMetricKind) {
    name = kind.name
    higherIsBetter = kind.higherIsBetter
    aggregation = kind.aggregation
    self.kind = kind
  }
}

/// A row of the list of metrics: what it is called, what it measures and how.
struct HarnessMetricKind: Sendable {
  var name: String
  var outputs: Set<HarnessOutput>
  var higherIsBetter = true
  var aggregation = HarnessAggregation.mean
  /// An item's part. Called for outcomes of ``outputs`` only.
  var value: @Sendable (HarnessOutcome, HarnessMetric) throws -> ItemValue

  static let all: [HarnessMetricKind] = ofChoices + ofLikelihoods + ofAnswers
}

/// What a model made of an item, in the terms of metrics.
enum HarnessOutcome: Sendable {
  case choice(ChoiceOutcome)
  case likelihood(logProbability: Double, isGreedy: Bool)
  case rolling(logProbability: Double, words: Int, bytes: Int)
  case answer(AnswerOutcome)
  /// Log-probabilities of choices, and which of them are true.
  case truths([Double], [Bool])
  /// Programs that passed their tests.
  case tests(passed: Int, of: Int)
}

/// An answered multiple-choice question.
struct ChoiceOutcome: Sendable {
  var logProbabilities: [Double]
  /// Without context; for `acc_mutual_info`.
  var unconditional: [Double]
  var isGreedy: [Bool]
  var choices: [String]
  /// Right choices; empty where the label is none of them.
  var gold: [Int]
  /// Classes that predictions and labels are of, over all items.
  var classes: Int

  func isGold(_ choice: Int) -> Bool { gold.contains(choice) }

  /// The first of the largest, as numpy's argmax: NaN counts as the largest.
  static func best(_ values: [Double]) -> Int {
    var best = 0
    for (index, value) in values.enumerated() {
      if values[best].isNaN { break }
      if value.isNaN || value > values[best] { best = index }
    }
    return best
  }

  var best: Int { Self.best(logProbabilities) }
}

/// A written answer behind the filters.
struct AnswerOutcome: Sendable {
  /// Nil where a filter maps it to nothing.
  var text: String?
  var references: [String]
}
