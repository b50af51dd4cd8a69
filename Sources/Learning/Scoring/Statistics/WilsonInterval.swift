extension ConfidenceInterval {
  /// Wilson's score interval of a proportion (Wilson 1927), without continuity correction.
  package static func wilson(successes: Int, of count: Int, confidence: Double)
    -> ConfidenceInterval
  {
    precondition(count > 0 && (0...count).contains(successes), "a proportion of at least one item")
    let z = criticalValue(confidence)
    let n = Double(count)
    let p = Double(successes) / n
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return ConfidenceInterval(
      estimate: p, lower: successes == 0 ? 0 : max(0, center - half),
      upper: successes == count ? 1 : min(1, center + half), confidence: confidence,
      method: "Wilson")
  }
}
