private import Foundation

/// How the harness makes one number of a metric's items.
package enum HarnessAggregation: String, Sendable, Hashable, CaseIterable {
  case mean
  case perplexity
  case weightedPerplexity = "weighted_perplexity"
  case bitsPerByte = "bits_per_byte"
  case f1
  case correlation = "matthews_corrcoef"
  case brier = "brier_score"

  /// The same for gates and reports.
  ///
  /// - Parameter classes: of ``correlation``.
  func metricAggregation(classes: Int) -> MetricAggregation {
    switch self {
    case .mean, .brier: .mean
    case .correlation: .sums(width: classes * classes) { Self.correlation($0, classes) }
    case .f1: .sums(width: 3) { statistic($0) }
    case .perplexity, .weightedPerplexity, .bitsPerByte: .sums(width: 2) { statistic($0) }
    }
  }

  /// The number of a whole task.
  func value(_ values: [ItemValue], classes: Int) -> Double {
    precondition(!values.isEmpty, "a metric of nothing")
    if self == .mean || self == .brier {
      return values.reduce(0.0) { $0 + $1.number } / Double(values.count)
    }
    let rows = values.map(\.terms)
    var sums = [Double](repeating: 0, count: rows[0].count)
    for row in rows { for (k, term) in row.enumerated() { sums[k] += term } }
    return self == .correlation ? Self.correlation(sums, classes) : statistic(sums)
  }

  private func statistic(_ sums: [Double]) -> Double {
    switch self {
    case .perplexity, .weightedPerplexity:
      return min(exp(-sums[0] / sums[1]), .greatestFiniteMagnitude)
    case .bitsPerByte: return -sums[0] / sums[1] / log(2)
    case .f1:
      // 2 tp / (2 tp + fp + fn) of the class 1; scikit-learn's f1_score.
      let weight = 2 * sums[0] + sums[1] + sums[2]
      return weight == 0 ? 0 : 2 * sums[0] / weight
    case .mean, .brier, .correlation: preconditionFailure("not a statistic of sums")
    }
  }

  /// The correlation of labels and predictions (Gorodkin 2004), from the counts of each pair, label
  /// by label.
  private static func correlation(_ counts: [Double], _ classes: Int) -> Double {
    let total = counts.reduce(0, +)
    var (right, cross, labels, predictions) = (0.0, 0.0, 0.0, 0.0)
    for k in 0..<classes {
      let label = (0..<classes).reduce(0.0) { $0 + counts[k * classes + $1] }
      let prediction = (0..<classes).reduce(0.0) { $0 + counts[$1 * classes + k] }
      right += counts[k * classes + k]
      cross += label * prediction
      labels += label * label
      predictions += prediction * prediction
    }
    let spread = (total * total - predictions) * (total * total - labels)
    return spread == 0 ? 0 : (right * total - cross) / spread.squareRoot()
  }
}

extension ItemValue {
  /// A mean's term.
  var number: Double {
    switch self {
    case .right(let isRight): isRight ? 1 : 0
    case .number(let number): number
    case .sums: preconditionFailure("sums have no mean")
    }
  }

  /// A statistic's terms.
  var terms: [Double] {
    guard case .sums(let terms) = self else { preconditionFailure("a number is no sums") }
    return terms
  }
}
