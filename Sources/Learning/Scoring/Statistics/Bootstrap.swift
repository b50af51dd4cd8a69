private import Foundation
package import Parallelism

extension ConfidenceInterval {
  /// The bias-corrected and accelerated bootstrap (Efron 1987, "Better bootstrap confidence
  /// intervals"), items drawn with replacement, of any statistic of sums; of a mean,
  /// ``mean(of:confidence:seed:range:replicates:pool:)`` does better.
  ///
  /// Quantiles are taken a little further out, by Student's t in place of the normal distribution
  /// and the factor √(n / (n - 1)) that the bootstrap's variance lacks (Hesterberg 2015, "What
  /// teachers should know about the bootstrap", expanded percentiles): without that few items cover
  /// too little. One item says nothing: the ends are infinite, or those of `range`.
  ///
  /// The same interval for any number of threads. Cost: replicates × items draws of a few
  /// nanoseconds each and thread; see ``Resampling``.
  ///
  /// - Parameters:
  ///   - range: what the statistic can be at most and at least, where that is known.
  ///   - statistic: from sums over items; must be finite for any sample of them.
  package static func bca(
    _ items: AdditiveItems, confidence: Double, seed: UInt64, replicates: Int = 10_000,
    range: ClosedRange<Double>? = nil, pool: ThreadPool,
    _ statistic: @escaping @Sendable ([Double]) -> Double
  ) throws -> ConfidenceInterval {
    let count = items.count
    precondition(count > 0 && replicates > 0, "a bootstrap of nothing")
    let sums = items.sums
    let estimate = statistic(sums)
    let method = "BCa bootstrap"
    let jackknife = (0..<count).map { index in
      statistic(sums.indices.map { sums[$0] - items.values[index * items.width + $0] })
    }
    guard count > 1, jackknife.contains(where: { $0 != jackknife[0] }) else {
      return withoutSpread(
        estimate, count: count, confidence: confidence, range: range, method: method)
    }
    let blocks = Array(stride(from: 0, to: replicates, by: 250))
    let draws = try pool.map(blocks) { first in
      (first..<min(first + 250, replicates)).map { replicate in
        statistic(Resampling(seed: seed, replicate: replicate, count: count).sums(items))
      }
    }.flatMap { $0 }.sorted()

    let below = Double(draws.count { $0 < estimate })
    let equal = Double(draws.count { $0 == estimate })
    let share = (below + equal / 2) / Double(replicates)
    let edge = 0.5 / Double(replicates)
    let bias = NormalDistribution.quantile(min(1 - edge, max(edge, share)))
    let acceleration = Self.acceleration(jackknife)
    let reach = expandedValue(confidence, count: count)
    let end = { (z: Double) in
      let z = bias + z
      let place = NormalDistribution.cumulative(bias + z / (1 - acceleration * z))
      return Resampling.quantile(draws, place)
    }
    return ConfidenceInterval(
      estimate: estimate, lower: end(-reach), upper: end(reach), confidence: confidence,
      method: method
    ).within(range)
  }

  /// √(n / (n - 1)) times Student's t with n - 1 degrees of freedom; at most 8.
  static func expandedValue(_ confidence: Double, count: Int) -> Double {
    let n = Double(count)
    let t = StudentDistribution.quantile(0.5 + confidence / 2, degrees: n - 1)
    return min(8, (n / (n - 1)).squareRoot() * t)
  }

  /// What items that are all alike tell: nothing when it is one; a point when the range of values
  /// is unknown; else what Clopper and Pearson say of as many successes or failures (1934, the
  /// "rule of three"): a share of at most 1 - (α/2)^(1/n) of the items may be at the other end.
  static func withoutSpread(
    _ estimate: Double, count: Int, confidence: Double, range: ClosedRange<Double>?, method: String
  ) -> ConfidenceInterval {
    var interval = ConfidenceInterval(
      estimate: estimate, lower: estimate, upper: estimate, confidence: confidence, method: method)
    if count == 1 {
      interval.lower = range?.lowerBound ?? -.infinity
      interval.upper = range?.upperBound ?? .infinity
    } else if let range {
      let share = 1 - pow((1 - confidence) / 2, 1 / Double(count))
      interval.lower -= share * max(0, estimate - range.lowerBound)
      interval.upper += share * max(0, range.upperBound - estimate)
    }
    return interval
  }

  func within(_ range: ClosedRange<Double>?) -> ConfidenceInterval {
    guard let range else { return self }
    var interval = self
    interval.lower = min(max(lower, range.lowerBound), estimate)
    interval.upper = max(min(upper, range.upperBound), estimate)
    return interval
  }

  /// Σ(m - x)³ / (6 (Σ(m - x)²)^1.5) over the jackknife values x with mean m.
  private static func acceleration(_ jackknife: [Double]) -> Double {
    let mean = jackknife.reduce(0, +) / Double(jackknife.count)
    var (squares, cubes) = (0.0, 0.0)
    for value in jackknife {
      let distance = mean - value
      squares += distance * distance
      cubes += distance * distance * distance
    }
    return squares == 0 ? 0 : cubes / (6 * pow(squares, 1.5))
  }
}
