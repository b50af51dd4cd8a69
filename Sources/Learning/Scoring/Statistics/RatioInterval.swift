package import Parallelism

extension ConfidenceInterval {
  /// How much more the first values are than the second, as a share of these: the mean of the first
  /// over the mean of the second, less 1, both measured on the same items. -0.05 is 5 % less.
  ///
  /// BCa bootstrap of the ratio. Where the mean of the second values is not clearly above 0 (by
  /// Student's interval at this confidence) a share of it means nothing: the ends are infinite.
  package static func relativeChange(
    of first: [Double], over second: [Double], confidence: Double, seed: UInt64,
    replicates: Int = 10_000, pool: ThreadPool
  ) throws -> ConfidenceInterval {
    precondition(first.count == second.count && !first.isEmpty, "values of other items")
    let mean = Summary.mean(second)
    let count = Double(second.count)
    let reach =
      second.count > 1
      ? StudentDistribution.quantile(0.5 + confidence / 2, degrees: count - 1)
        * Summary.standardError(second) : .infinity
    var items = AdditiveItems(width: 2)
    for (a, b) in zip(first, second) { items.append([a, b]) }
    let estimate = mean > 0 ? Summary.mean(first) / mean - 1 : 0
    guard mean > 0, mean > reach else {
      return ConfidenceInterval(
        estimate: estimate, lower: -.infinity, upper: .infinity, confidence: confidence,
        method: "BCa bootstrap")
    }
    return try bca(
      items, confidence: confidence, seed: seed, replicates: replicates, pool: pool
    ) { sums in
      // A sample of only zeros is possible where most values are; it says nothing of the change.
      sums[1] > 0 ? sums[0] / sums[1] - 1 : estimate
    }
  }

  /// Whether the first values are at most a share `margin` below the second (0.05: 5 %), on the
  /// same items: the interval of the mean of first - (1 - margin) × second, which is at or above 0
  /// when they are. Needs no ratio, so that values near 0 do not hurt (Fieller's contrast, 1954).
  package static func relativeContrast(
    of first: [Double], over second: [Double], margin: Double, confidence: Double, seed: UInt64,
    range: ClosedRange<Double>? = nil, replicates: Int = 10_000, pool: ThreadPool
  ) throws -> ConfidenceInterval {
    precondition(first.count == second.count && !first.isEmpty, "values of other items")
    return try mean(
      of: zip(first, second).map { $0 - (1 - margin) * $1 }, confidence: confidence, seed: seed,
      range: range, replicates: replicates, pool: pool)
  }
}
