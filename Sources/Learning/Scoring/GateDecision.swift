/// What an interval says about a bound.
package enum GateDecision: String, Sendable, Hashable {
  case pass, refused, inconclusive

  /// For a bound from below: all of the interval above it passes, all below is refused, a bound
  /// inside is inconclusive.
  ///
  /// - Parameter strictly: whether an end equal to the bound is not enough: "better than" needs it,
  ///   "at least" does not.
  package static func atLeast(_ bound: Double, _ interval: ConfidenceInterval, strictly: Bool)
    -> GateDecision
  {
    if strictly ? interval.lower > bound : interval.lower >= bound { return .pass }
    return interval.upper < bound ? .refused : .inconclusive
  }

  /// The same from above.
  package static func atMost(_ bound: Double, _ interval: ConfidenceInterval) -> GateDecision {
    if interval.upper <= bound { return .pass }
    return interval.lower > bound ? .refused : .inconclusive
  }

  /// The worst of several: refused before inconclusive before pass.
  package static func worst(_ decisions: [GateDecision]) -> GateDecision {
    if decisions.contains(.refused) { return .refused }
    return decisions.contains(.inconclusive) ? .inconclusive : .pass
  }
}

/// How far a test set reaches.
package enum TestPower {
  /// Items at which an interval of this shape would end at the bound: its half-width falls with the
  /// square root of their number. Nil when the estimate is the bound, where no number helps.
  package static func itemsToSettle(_ interval: ConfidenceInterval, bound: Double, count: Int)
    -> Int?
  {
    let distance = abs(interval.estimate - bound)
    // The end that faces the bound decides.
    let reach =
      interval.estimate >= bound
      ? interval.estimate - interval.lower : interval.upper - interval.estimate
    guard distance > 0, reach > 0 else { return nil }
    let ratio = reach / distance
    let items = (Double(count) * ratio * ratio).rounded(.up)
    return items < 1e12 ? max(count + 1, Int(items)) : nil
  }

  /// The smallest true difference that this many items would show with the given power (0.8) in an
  /// interval of this width: (z₁₋α/₂ + z_power) standard errors.
  package static func detectableDifference(_ interval: ConfidenceInterval, power: Double = 0.8)
    -> Double
  {
    let z = ConfidenceInterval.criticalValue(interval.confidence)
    let standardError = interval.halfWidth / z
    return (z + NormalDistribution.quantile(power)) * standardError
  }
}
