/// A two-sided interval around an estimate.
package struct ConfidenceInterval: Sendable, Hashable {
  package var estimate: Double
  package var lower: Double
  package var upper: Double
  /// Such as 0.95.
  package var confidence: Double
  /// The name of the method, for reports.
  package var method: String

  package init(
    estimate: Double, lower: Double, upper: Double, confidence: Double, method: String
  ) {
    self.estimate = estimate
    self.lower = lower
    self.upper = upper
    self.confidence = confidence
    self.method = method
  }

  /// Half of its width.
  package var halfWidth: Double { (upper - lower) / 2 }

  /// z with P(|Z| ≤ z) = confidence.
  static func criticalValue(_ confidence: Double) -> Double {
    precondition(confidence > 0 && confidence < 1, "a confidence between 0 and 1")
    return NormalDistribution.quantile(0.5 + confidence / 2)
  }
}
