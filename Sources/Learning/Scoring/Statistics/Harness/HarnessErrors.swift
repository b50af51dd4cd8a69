private import Foundation
package import Parallelism

/// Standard errors as lm-evaluation-harness 0.4.13 gives them. ``Summary/standardError(_:)`` is its
/// `mean_stderr`.
package enum HarnessErrors {
  /// `bootstrap_stderr` of a statistic of sums: the deviation (n - 1) over `draws` samples of the
  /// items, with the harness' own random numbers: chunk i of 1,000 samples (or of `draws`, if
  /// fewer) is seeded with i.
  ///
  /// The harness takes 100,000 draws, of BLEU, chrF and TER 100.
  package static func bootstrap(
    _ items: AdditiveItems, draws: Int, pool: ThreadPool,
    _ statistic: @escaping @Sendable ([Double]) -> Double
  ) throws -> Double {
    precondition(items.count > 0 && draws > 1, "a bootstrap of nothing")
    let chunk = min(1000, draws)
    let values = try pool.map(Array(0..<draws / chunk)) { seed in
      var random = PythonRandom(seed: UInt64(seed))
      return (0..<chunk).map { _ in
        var sums = [Double](repeating: 0, count: items.width)
        for _ in 0..<items.count {
          let row = random.choice(of: items.count) * items.width
          for k in 0..<items.width { sums[k] += items.values[row + k] }
        }
        return statistic(sums)
      }
    }.flatMap { $0 }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// `pooled_sample_stderr`: of a group's mean weighted by size, from those of its tasks. Nil when
  /// no task has two items.
  package static func pooled(_ standardErrors: [Double], sizes: [Int]) -> Double? {
    precondition(standardErrors.count == sizes.count, "one size for each error")
    let total = sizes.reduce(0, +)
    guard total > sizes.count else { return nil }
    let variance =
      zip(standardErrors, sizes).reduce(0) { $0 + Double($1.1 - 1) * $1.0 * $1.0 * Double($1.1) }
      / Double(total - sizes.count)
    return (variance / Double(total)).squareRoot()
  }

  /// `unweighted_mean_stderr`: of the plain mean of the tasks' scores.
  package static func unweighted(_ standardErrors: [Double]) -> Double {
    precondition(!standardErrors.isEmpty, "the error of nothing")
    let squares = standardErrors.reduce(0) { $0 + $1 * $1 }
    return squares.squareRoot() / Double(standardErrors.count)
  }

  /// `aggregate_subtask_metrics`: the mean of scores, weighted by size or plain.
  package static func groupMean(_ scores: [Double], sizes: [Int]?) -> Double {
    precondition(!scores.isEmpty, "the mean of nothing")
    let weights = sizes?.map(Double.init) ?? [Double](repeating: 1, count: scores.count)
    return zip(scores, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
}
