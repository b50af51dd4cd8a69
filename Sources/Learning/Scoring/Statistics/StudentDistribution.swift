private import Foundation

/// Student's t distribution.
package enum StudentDistribution {
  /// P(T ≤ x) with `degrees` degrees of freedom, which need not be whole.
  package static func cumulative(_ x: Double, degrees: Double) -> Double {
    precondition(degrees > 0, "no degree of freedom")
    let tail = 0.5 * incompleteBeta(degrees / (degrees + x * x), degrees / 2, 0.5)
    return x > 0 ? 1 - tail : tail
  }

  /// The x with P(T ≤ x) = p, for 0 < p < 1: by bisection on the upper tail, to the last bits.
  package static func quantile(_ p: Double, degrees: Double) -> Double {
    precondition(p > 0 && p < 1, "a probability between 0 and 1")
    if p == 0.5 { return 0 }
    let tail = min(p, 1 - p)
    var (low, high) = (0.0, 1.0)
    while cumulative(-high, degrees: degrees) > tail, high < 1e300 { high *= 2 }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if cumulative(-middle, degrees: degrees) > tail { low = middle } else { high = middle }
    }
    return p < 0.5 ? -high : high
  }

  /// The regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22),
  /// evaluated as Lentz does.
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast below the mean.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let scale =
      exp(
        lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1), tiny)
    var fraction = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonzero(1 + even * d, tiny)
      c = nonzero(1 + even / c, tiny)
      fraction *= c * d
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d, tiny)
      c = nonzero(1 + odd / c, tiny)
      fraction *= c * d
      if abs(c * d - 1) < 1e-15 { break }
    }
    return scale * fraction
  }

  private static func nonzero(_ value: Double, _ tiny: Double) -> Double {
    abs(value) < tiny ? tiny : value
  }
}
