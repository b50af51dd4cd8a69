package import Documents
package import Parallelism
package import Reproducibility
package import Scoring

/// A metric of one task with its intervals, alone or against one other model.
package struct MetricScore: Sendable, Hashable {
  package var task: String
  /// ``TaskMetric/label``.
  package var metric: String
  package var higherIsBetter: Bool
  /// The items that it is about; nil: all.
  package var slice: Slice?
  /// Items measured; the same for both models.
  package var count: Int
  package var candidate: ConfidenceInterval
  /// The harness' `stderr` of the candidate's number: of means only.
  package var standardError: Double?
  /// Who the candidate is compared with: `baseline` or `champion`.
  package var versus: String?
  package var baseline: ConfidenceInterval?
  /// How much better the candidate is, measured on the same items: positive is better, whatever
  /// the metric.
  package var gain: ConfidenceInterval?
  /// Items that only the candidate, and that only the baseline, has right; of shares.
  package var gained: Int?
  package var lost: Int?
  /// McNemar's exact two-sided p; of shares.
  package var pValue: Double?
  /// Of models, templates, data and settings: the same one means the same measurement.
  package var fingerprint: Digest?

  /// Items whose column has a value.
  package struct Slice: Sendable, Hashable {
    package var column: String
    package var value: String

    package init(column: String, value: String) {
      self.column = column
      self.value = value
    }
  }
}

/// How metrics are scored.
package struct ScoreSettings: Sendable {
  package var confidence: Double
  /// Of bootstrap samples.
  package var seed: UInt64
  package var pool: ThreadPool
  /// What each model is, by its name in reports; part of fingerprints.
  package var models: [String: JSONValue]

  package init(
    confidence: Double = 0.95, seed: UInt64, pool: ThreadPool, models: [String: JSONValue] = [:]
  ) {
    self.confidence = confidence
    self.seed = seed
    self.pool = pool
    self.models = models
  }

  /// The fingerprint of what these models did in a task.
  func fingerprint(of task: any MeasuredTask) -> Digest {
    let known = models.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value) }
    return Digest(
      canonical: .object([
        "models": .object(known), "seed": .integer(Int64(bitPattern: seed)),
        "task": task.fingerprint,
      ]))
  }
}

extension MetricScore {
  /// Scores a metric over the items of a task.
  ///
  /// Shares: Wilson's interval, Tango's for the difference. Means: the studentised bootstrap, of the
  /// differences too. Everything else: BCa bootstrap over items, both models drawn together. What compares the models is one number, not two.
  ///
  /// - Parameters:
  ///   - candidate: a value for each item, at least one.
  ///   - baseline: of the same items.
  static func score(
    _ metric: TaskMetric, task: String, candidate: [ItemValue], baseline: [ItemValue]?,
    versus: String? = nil, slice: Slice? = nil, _ settings: ScoreSettings
  ) throws -> MetricScore {
    let first = ItemColumn(metric, candidate)
    let second = metric.comparesModels ? nil : baseline.map { ItemColumn(metric, $0) }
    var score = MetricScore(
      task: task, metric: metric.label, higherIsBetter: metric.higherIsBetter, slice: slice,
      count: candidate.count, candidate: try interval(first, settings),
      standardError: standardError(metric, candidate))
    guard let second else { return score }
    score.versus = versus
    score.baseline = try interval(second, settings)
    if case (.right(let flags), .right(let others)) = (first, second) {
      let gained = zip(flags, others).count { $0 && !$1 }
      let lost = zip(flags, others).count { !$0 && $1 }
      let gain = ConfidenceInterval.tango(
        gained: gained, lost: lost, of: flags.count, confidence: settings.confidence)
      score.gain = metric.higherIsBetter ? gain : gain.negated
      score.gained = gained
      score.lost = lost
      score.pValue = McNemar.exact(gained: gained, lost: lost)
    } else {
      score.gain = try contrast(first, second, metric, baselineShare: 1, settings)
    }
    return score
  }

  /// The interval of candidate - share · baseline (both signs turned where lower is better): above
  /// zero, the candidate keeps at least that share of the baseline's number. A share of 1 is the
  /// gain. Linear in the two numbers, so that a baseline near zero does no harm as in a ratio.
  static func contrast(
    _ first: ItemColumn, _ second: ItemColumn, _ metric: TaskMetric, baselineShare: Double,
    _ settings: ScoreSettings
  ) throws -> ConfidenceInterval {
    let sign = metric.higherIsBetter ? 1.0 : -1.0
    if case (.numbers(let own), .numbers(let theirs)) = (first, second) {
      let isShare = ItemColumn.areShares(own) && ItemColumn.areShares(theirs)
      let ends = sign > 0 ? -baselineShare...1 : -1...baselineShare
      return try .mean(
        of: zip(own, theirs).map { sign * ($0 - baselineShare * $1) },
        confidence: settings.confidence, seed: settings.seed, range: isShare ? ends : nil,
        pool: settings.pool)
    }
    let (items, statistic) = first.additive
    let (others, _) = second.additive
    let width = items.width
    return try .bca(
      sideBySide(items, others), confidence: settings.confidence, seed: settings.seed,
      pool: settings.pool
    ) { sums in
      sign * (statistic(Array(sums[..<width])) - baselineShare * statistic(Array(sums[width...])))
    }
  }

  private static func interval(_ column: ItemColumn, _ settings: ScoreSettings) throws
    -> ConfidenceInterval
  {
    switch column {
    case .right(let flags):
      .wilson(
        successes: flags.count { $0 }, of: flags.count, confidence: settings.confidence)
    case .numbers(let values):
      try .mean(
        of: values, confidence: settings.confidence, seed: settings.seed,
        range: ItemColumn.areShares(values) ? 0...1 : nil, pool: settings.pool)
    case .additive(let items, let statistic):
      try .bca(
        items, confidence: settings.confidence, seed: settings.seed, pool: settings.pool,
        statistic)
    }
  }

  private static func standardError(_ metric: TaskMetric, _ values: [ItemValue]) -> Double? {
    guard case .mean = metric.aggregation else { return nil }
    return Summary.standardError(values.map(\.double))
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

extension ConfidenceInterval {
  /// Of the number with its sign turned.
  var negated: ConfidenceInterval {
    ConfidenceInterval(
      estimate: 0 - estimate, lower: 0 - upper, upper: 0 - lower, confidence: confidence,
      method: method)
  }
}
