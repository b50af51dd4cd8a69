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

/// One of several bounds that are decided together.
package struct BoundCheck: Sendable, Hashable {
  package enum Side: Sendable, Hashable {
    /// The value is at least the bound; strictly: above it.
    case atLeast(strictly: Bool)
    case atMost
  }

  package var interval: ConfidenceInterval
  package var bound: Double
  package var side: Side

  package init(_ interval: ConfidenceInterval, _ bound: Double, _ side: Side) {
    self.interval = interval
    self.bound = bound
    self.side = side
  }

  /// Decided alone.
  package var decision: GateDecision {
    switch side {
    case .atLeast(let strictly): .atLeast(bound, interval, strictly: strictly)
    case .atMost: .atMost(bound, interval)
    }
  }
}

extension GateDecision {
  /// Each of several bounds decided at the level of its interval, corrected for their number: passes
  /// among themselves, refusals among themselves. A corrected decision is the one of the bound
  /// alone, or inconclusive.
  package static func corrected(_ checks: [BoundCheck], by correction: MultipleTesting)
    -> [GateDecision]
  {
    let passing = correction.adjusted(
      checks.map { check in
        check.side == .atMost
          ? check.interval.pValue(below: check.bound) : check.interval.pValue(above: check.bound)
      })
    let refusing = correction.adjusted(
      checks.map { check in
        check.side == .atMost
          ? check.interval.pValue(above: check.bound) : check.interval.pValue(below: check.bound)
      })
    return checks.indices.map { index in
      let alone = checks[index].decision
      // Of the bound alone the interval decides, without the rounding of p.
      if correction == .none || checks.count == 1 { return alone }
      let level = (1 - checks[index].interval.confidence) / 2
      switch alone {
      case .pass: return passing[index] <= level ? .pass : .inconclusive
      case .refused: return refusing[index] <= level ? .refused : .inconclusive
      case .inconclusive: return .inconclusive
      }
    }
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
