package import Parallelism
package import Scoring

/// A metric of one task with its intervals.
package struct MetricScore: Sendable, Hashable {
  package var task: String
  package var metric: EvaluationMetric
  /// Items measured; the same for both models.
  package var count: Int
  package var candidate: ConfidenceInterval
  package var baseline: ConfidenceInterval?
  /// How much better the candidate is, measured on the same items: positive is better, whatever
  /// the metric.
  package var gain: ConfidenceInterval?
  /// Items that only the candidate, and that only the baseline, has right; of shares.
  package var gained: Int?
  package var lost: Int?
  /// McNemar's exact two-sided p; of shares.
  package var pValue: Double?

  /// Scores a metric over the items of a task.
  ///
  /// Shares: Wilson's interval, Tango's for the difference. Everything else: BCa bootstrap over
  /// items, both models drawn together. What compares the models is one number, not two.
  package static func score(
    _ metric: EvaluationMetric, _ prepared: PreparedTask, candidate: TaskOutcomes,
    baseline: TaskOutcomes?, confidence: Double, seed: UInt64, pool: ThreadPool
  ) throws -> MetricScore {
    let first = ItemValues(candidate, metric, prepared)
    let second =
      metric.comparesModels ? nil : baseline.map { ItemValues($0, metric, prepared) }
    let (name, count) = (prepared.task.name, prepared.items.count)
    switch (first, second) {
    case (.right(let flags), nil):
      return MetricScore(
        task: name, metric: metric, count: count,
        candidate: .wilson(successes: flags.count { $0 }, of: count, confidence: confidence))
    case (.right(let flags), .right(let others)?):
      return paired(name, metric, flags, others, confidence)
    case (.additive(let items, let statistic), let other):
      let interval = try ConfidenceInterval.bca(
        items, confidence: confidence, seed: seed, pool: pool, statistic)
      var score = MetricScore(task: name, metric: metric, count: count, candidate: interval)
      guard case .additive(let otherItems, _)? = other else { return score }
      score.baseline = try .bca(
        otherItems, confidence: confidence, seed: seed, pool: pool, statistic)
      let sign = metric.higherIsBetter ? 1.0 : -1.0
      let width = items.width
      score.gain = try .bca(
        sideBySide(items, otherItems), confidence: confidence, seed: seed, pool: pool
      ) { sums in
        sign * (statistic(Array(sums[..<width])) - statistic(Array(sums[width...])))
      }
      return score
    default: preconditionFailure("two models are measured alike")
    }
  }

  private static func paired(
    _ name: String, _ metric: EvaluationMetric, _ first: [Bool], _ second: [Bool],
    _ confidence: Double
  ) -> MetricScore {
    let count = first.count
    let gained = zip(first, second).count { $0 && !$1 }
    let lost = zip(first, second).count { !$0 && $1 }
    return MetricScore(
      task: name, metric: metric, count: count,
      candidate: .wilson(successes: first.count { $0 }, of: count, confidence: confidence),
      baseline: .wilson(successes: second.count { $0 }, of: count, confidence: confidence),
      gain: .tango(gained: gained, lost: lost, of: count, confidence: confidence),
      gained: gained, lost: lost, pValue: McNemar.exact(gained: gained, lost: lost))
  }

  private static func sideBySide(_ first: AdditiveItems, _ second: AdditiveItems) -> AdditiveItems {
    var both = AdditiveItems(width: first.width + second.width)
    for index in 0..<first.count {
      both.append(
        Array(first.values[index * first.width..<(index + 1) * first.width])
          + second.values[index * second.width..<(index + 1) * second.width])
    }
    return both
  }
}
