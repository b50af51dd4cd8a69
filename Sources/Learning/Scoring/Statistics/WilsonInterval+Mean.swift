extension ConfidenceInterval {
  /// Wilson's interval (Wilson 1927) around the mean of values from 0 to 1, such as a win rate with
  /// ties as halves. Such values vary at most as much as zeros and ones of the same mean, so the
  /// interval is never too narrow for that reason, and it is none of width 0 where all are equal.
  package static func wilson(mean p: Double, of count: Int, confidence: Double)
    -> ConfidenceInterval
  {
    precondition(count > 0 && (0...1).contains(p), "a mean of at least one value from 0 to 1")
    let z = criticalValue(confidence)
    let n = Double(count)
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return ConfidenceInterval(
      estimate: p, lower: p == 0 ? 0 : max(0, center - half),
      upper: p == 1 ? 1 : min(1, center + half), confidence: confidence, method: "Wilson")
  }
}
