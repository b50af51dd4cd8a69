private import Foundation

/// McNemar's test: whether two models differ on the items where exactly one is right.
package enum McNemar {
  /// Two-sided p by the binomial distribution; 1 when nothing differs.
  ///
  /// - Parameters:
  ///   - gained: items right for the first alone.
  ///   - lost: items right for the second alone.
  package static func exact(gained: Int, lost: Int) -> Double {
    let n = gained + lost
    if n == 0 { return 1 }
    let few = min(gained, lost)
    // Terms C(n, k) / 2^n by logarithms: factorials of thousands overflow.
    var sum = 0.0
    for k in 0...few {
      let logTerm =
        lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
        - Double(n) * log(2.0)
      sum += exp(logTerm)
    }
    return min(1, 2 * sum)
  }

  /// (|b - c| - 1)² / (b + c), Edwards' continuity correction, and its p with one degree of
  /// freedom.
  package static func chiSquared(gained: Int, lost: Int) -> (statistic: Double, p: Double) {
    let n = gained + lost
    if n == 0 { return (0, 1) }
    let distance = max(0, Double(abs(gained - lost)) - 1)
    let statistic = distance * distance / Double(n)
    return (statistic, erfc((statistic / 2).squareRoot()))
  }
}
