package import Parallelism
internal import Scoring

/// The standard error that the harness prints beside a metric.
package enum HarnessStandardError {
  /// Draws of its bootstrap.
  package static let draws = 100_000
  private static let chunk = 1_000

  /// The sample deviation over the root of the count for means; for perplexity, F1 and the
  /// correlation the deviation of 100,000 bootstrap samples, drawn as Python draws them, 1,000 for
  /// each seed 0, 1, …; nil, where the harness writes `N/A`: for a single item, and for the
  /// weighted perplexities, bits per byte and the Brier score.
  ///
  /// - Parameters:
  ///   - classes: of the correlation.
  ///   - draws: of the bootstrap; whole thousands.
  package static func of(
    _ values: [ItemValue], _ aggregation: HarnessAggregation, classes: Int, draws: Int = draws,
    pool: ThreadPool
  ) throws -> Double? {
    guard values.count > 1 else { return nil }
    switch aggregation {
    case .mean: return deviation(values.map(\.number)) / Double(values.count).squareRoot()
    case .weightedPerplexity, .bitsPerByte, .brier: return nil
    case .perplexity, .f1, .correlation:
      let chunks = Array(0..<(draws / chunk))
      let results = try pool.map(chunks) { seed in
        var random = PythonRandom(seed: UInt64(seed))
        return (0..<chunk).map { _ in
          let sample = values.indices.map { _ in values[random.choice(of: values.count)] }
          return aggregation.value(sample, classes: classes)
        }
      }
      return deviation(results.flatMap { $0 })
    }
  }

  /// The standard error of a group whose score weighs tasks by their size: pooled variance.
  package static func pooled(_ errors: [Double], sizes: [Int]) -> Double {
    let sum = zip(errors, sizes).reduce(0.0) {
      $0 + Double($1.1 - 1) * $1.0 * $1.0 * Double($1.1)
    }
    let total = sizes.reduce(0, +)
    return (sum / Double(total - sizes.count) / Double(total)).squareRoot()
  }

  /// The same where every task counts alike.
  package static func unweighted(_ errors: [Double]) -> Double {
    errors.reduce(0.0) { $0 + $1 * $1 }.squareRoot() / Double(errors.count)
  }

  /// With n - 1.
  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}
