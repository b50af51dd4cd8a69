/// What a test set of a size can show, before anything is measured.
extension TestPower {
  /// The smallest true difference of two shares on the same items that ends above 0 with the given
  /// power: the δ with √n δ = z₁₋α/₂ √d + z_power √(d - δ²) (Connor 1987, "Sample size for testing
  /// differences in proportions for the paired-sample design").
  ///
  /// - Parameter discordance: the share of items that exactly one of the models has right, d.
  /// - Returns: nil where the items do not suffice even when all that differ speak for one model.
  package static func detectableDifference(
    items: Int, discordance: Double, confidence: Double = 0.95, power: Double = 0.8
  ) -> Double? {
    precondition(items > 0 && discordance > 0 && discordance <= 1, "no test set")
    let z = ConfidenceInterval.criticalValue(confidence)
    let zPower = NormalDistribution.quantile(power)
    let root = Double(items).squareRoot()
    let shows = { (difference: Double) in
      root * difference >= z * discordance.squareRoot()
        + zPower * max(0, discordance - difference * difference).squareRoot()
    }
    // A share of items cannot differ by more than all that differ.
    guard shows(discordance) else { return nil }
    var (low, high) = (0.0, discordance)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if shows(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// Items that show a true difference of two shares with the given power: the n of
  /// ``detectableDifference(items:discordance:confidence:power:)``.
  package static func items(
    toDetect difference: Double, discordance: Double, confidence: Double = 0.95,
    power: Double = 0.8
  ) -> Int {
    let difference = abs(difference)
    precondition(difference > 0 && difference <= discordance && discordance <= 1, "no difference")
    let z = ConfidenceInterval.criticalValue(confidence)
    let zPower = NormalDistribution.quantile(power)
    let root =
      (z * discordance.squareRoot()
        + zPower * max(0, discordance - difference * difference).squareRoot()) / difference
    return count(root * root)
  }

  /// Items that show two equal models to differ by less than `margin` to the worse, with the given
  /// power: (z₁₋α/₂ + z_power)² d / margin².
  package static func items(
    forMargin margin: Double, discordance: Double, confidence: Double = 0.95, power: Double = 0.8
  ) -> Int {
    precondition(margin > 0 && discordance > 0 && discordance <= 1, "no margin")
    let z = ConfidenceInterval.criticalValue(confidence) + NormalDistribution.quantile(power)
    return count(z * z * discordance / (margin * margin))
  }

  /// The half-width to expect of the interval of a difference near 0: z √(d / n).
  package static func expectedHalfWidth(
    items: Int, discordance: Double, confidence: Double = 0.95
  ) -> Double {
    precondition(items > 0 && (0...1).contains(discordance), "no test set")
    return ConfidenceInterval.criticalValue(confidence) * (discordance / Double(items)).squareRoot()
  }

  /// The same as ``detectableDifference(items:discordance:confidence:power:)`` of means of values
  /// whose differences have this standard deviation.
  package static func detectableDifference(
    items: Int, deviation: Double, confidence: Double = 0.95, power: Double = 0.8
  ) -> Double {
    precondition(items > 0 && deviation >= 0, "no test set")
    let z = ConfidenceInterval.criticalValue(confidence) + NormalDistribution.quantile(power)
    return z * deviation / Double(items).squareRoot()
  }

  private static func count(_ items: Double) -> Int {
    items < 1e15 ? max(1, Int(items.rounded(.up))) : .max
  }
}
