extension ConfidenceInterval {
  /// Tango's score interval for the difference of two proportions measured on the same items
  /// (Tango 1998, "Equivalence test and confidence interval for the difference in proportions for
  /// the paired-sample design", Statistics in Medicine 17).
  ///
  /// - Parameters:
  ///   - gained: items right for the first alone (b).
  ///   - lost: items right for the second alone (c).
  ///   - count: all items.
  /// - Returns: the interval of (gained - lost) / count. Unlike Wald's it does not collapse when
  ///   nothing differs, and keeps its coverage for few items.
  package static func tango(gained: Int, lost: Int, of count: Int, confidence: Double)
    -> ConfidenceInterval
  {
    precondition(count > 0 && gained >= 0 && lost >= 0 && gained + lost <= count, "no table")
    let estimate = Double(gained - lost) / Double(count)
    let z = criticalValue(confidence)
    let score = { (delta: Double) in
      tangoScore(Double(gained), Double(lost), Double(count), delta)
    }
    // The score falls as the hypothesised difference grows: one crossing on each side.
    let lower = estimate <= -1 ? -1 : bisect(-1, estimate) { score($0) > z }
    let upper = estimate >= 1 ? 1 : bisect(estimate, 1) { score($0) > -z }
    return ConfidenceInterval(
      estimate: estimate, lower: lower, upper: upper, confidence: confidence, method: "Tango")
  }

  /// (b - c - nΔ) / √(n (2 q + Δ (1 - Δ))) with q the maximum-likelihood estimate of the second
  /// off-diagonal probability under the difference Δ.
  static func tangoScore(_ b: Double, _ c: Double, _ n: Double, _ delta: Double) -> Double {
    let top = b - c - n * delta
    let linear = -b - c + (2 * n - b + c) * delta
    let constant = -c * delta * (1 - delta)
    let root = max(0, linear * linear - 8 * n * constant).squareRoot()
    let q = (root - linear) / (4 * n)
    let variance = n * (2 * q + delta * (1 - delta))
    if variance <= 0 { return top == 0 ? 0 : top > 0 ? .infinity : -.infinity }
    return top / variance.squareRoot()
  }

  /// Where `holds` turns from true to false between the two ends.
  private static func bisect(_ low: Double, _ high: Double, _ holds: (Double) -> Bool) -> Double {
    var (low, high) = (low, high)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if holds(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
