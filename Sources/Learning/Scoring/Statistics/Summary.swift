private import Foundation

/// Small summaries that reports use.
package enum Summary {
  package static func mean(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "the mean of nothing")
    return values.reduce(0, +) / Double(values.count)
  }

  /// The harness' `mean_stderr`: sample deviation (n - 1) over √n.
  package static func standardError(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot() / Double(values.count).squareRoot()
  }

  /// exp of the mean negative log-likelihood per unit (tokens or bytes).
  package static func perplexity(negativeLogLikelihood: Double, units: Double) -> Double {
    exp(negativeLogLikelihood / units)
  }

  /// The unbiased share of problems solved by at least one of k samples, c of n being right:
  /// 1 - C(n - c, k) / C(n, k) (Chen et al. 2021).
  package static func passAtK(samples n: Int, correct c: Int, k: Int) -> Double {
    precondition(n >= 1 && (0...n).contains(c) && (1...n).contains(k), "no such sample")
    if n - c < k { return 1 }
    var miss = 1.0
    for i in (n - c + 1)..<(n + 1) { miss *= 1 - Double(k) / Double(i) }
    return 1 - miss
  }
}
