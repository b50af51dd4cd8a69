private import Foundation

/// RLOO's loss (Ahmadian et al. 2024), as TRL 1.16's RLOOTrainer computes it: the clipped ratio of
/// whole completions.
///
///     rho  = exp(sum over tokens of lp - old)
///     loss = -min(rho A, clamp(rho, 1 - low, 1 + high) A), mean over completions
///
/// with A from ``GroupAdvantages/leaveOneOut(_:normalizes:)`` over rewards that the divergence from
/// the reference was taken off, see ``reward(_:sampled:reference:)``.
package struct LeaveOneOutLoss: Sendable, Hashable {
  package var epsilonLow: Double
  package var epsilonHigh: Double
  /// What the divergence weighs in the reward.
  package var beta: Double

  package init(epsilonLow: Double = 0.2, epsilonHigh: Double? = nil, beta: Double = 0.05) {
    self.epsilonLow = epsilonLow
    self.epsilonHigh = epsilonHigh ?? epsilonLow
    self.beta = beta
  }

  /// R - beta sum(old - ref) over the tokens: the first-order estimate, which may be negative.
  package func reward(_ reward: Double, sampled: [Double], reference: [Double]) -> Double {
    guard beta != 0 else { return reward }
    return reward - beta * zip(sampled, reference).reduce(0) { $0 + $1.0 - $1.1 }
  }

  package struct Value: Sendable, Hashable {
    package var loss: Double
    /// d loss / d lp, the same for each token of the completion.
    package var slope: Double
    package var isCutBelow: Bool
    package var isCutAbove: Bool
  }

  /// - Parameters:
  ///   - policy: lp summed over the tokens of the completion.
  ///   - old: the same when it was sampled.
  package func value(policy: Double, old: Double, advantage: Double) -> Value {
    let ratio = exp(policy - old)
    let clamped = min(max(ratio, 1 - epsilonLow), 1 + epsilonHigh)
    let isCut = clamped * advantage < ratio * advantage
    return Value(
      loss: -min(ratio * advantage, clamped * advantage),
      slope: isCut ? 0 : -ratio * advantage,
      isCutBelow: ratio < 1 - epsilonLow && advantage < 0,
      isCutAbove: ratio > 1 + epsilonHigh && advantage > 0)
  }
}
