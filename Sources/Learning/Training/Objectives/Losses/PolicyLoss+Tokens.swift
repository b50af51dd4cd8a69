private import Foundation

extension PolicyLoss {
  /// The tokens of one completion before they are weighed.
  struct Parts {
    /// The loss of each token, without the divergence.
    var loss: [Double]
    /// beta times the divergence of each token.
    var divergence: [Double]
    /// d (sum of both over the completion) / d lp.
    var slopes: [Double]
    /// One ratio per token, all of them equal at the level of sequences, cut at delta.
    var ratios: [Double]
  }

  func parts(_ completion: Completion) -> Parts {
    let logRatios = logRatios(completion)
    let isKept = isKept(completion)
    let phi = kind == .vespo ? vespoWeight(completion) : 1
    let count = completion.policy.count
    var parts = Parts(
      loss: [], divergence: [Double](repeating: 0, count: count),
      slopes: [Double](repeating: 0, count: count), ratios: [])
    /// d (sum) / d (log of a token's ratio).
    var byRatio = [Double](repeating: 0, count: count)
    for (t, logRatio) in logRatios.enumerated() {
      let ratio = exp(logRatio)
      let token = token(ratio, completion.policy[t], completion.advantage, phi)
      parts.loss.append(isKept ? token.loss : 0)
      parts.ratios.append(kind.clips ? min(ratio, delta ?? .infinity) : ratio)
      if isKept {
        byRatio[t] += token.byRatio
        parts.slopes[t] += token.byPolicy
      }
      guard beta != 0 else { continue }
      // k3 of Schulman 2020, "Approximating KL divergence".
      let d = completion.reference[t] - completion.policy[t]
      let estimate = exp(d) - d - 1
      let correction = correctsDivergence ? ratio : 1
      parts.divergence[t] = beta * estimate * correction
      parts.slopes[t] += beta * (1 - exp(d)) * correction
      if correctsDivergence { byRatio[t] += beta * estimate * ratio }
    }
    spread(byRatio, into: &parts.slopes)
    return parts
  }

  /// Adds the slopes by log-ratios to those by log-probabilities: token by token, or, where the
  /// ratio is that of the mean, the n-th part of all of them to each.
  private func spread(_ byRatio: [Double], into slopes: inout [Double]) {
    let mean = level == .sequence ? byRatio.reduce(0, +) / Double(max(1, byRatio.count)) : 0
    for t in slopes.indices { slopes[t] += level == .token ? byRatio[t] : mean }
  }

  private func logRatios(_ completion: Completion) -> [Double] {
    guard let old = completion.old else {
      return [Double](repeating: 0, count: completion.policy.count)
    }
    let ratios = zip(completion.policy, old).map { $0 - $1 }
    guard level == .sequence, !ratios.isEmpty else { return ratios }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    return [Double](repeating: mean, count: ratios.count)
  }

  /// The loss of a token and its slopes by log rho and, with rho held, by lp.
  private func token(_ ratio: Double, _ policy: Double, _ advantage: Double, _ phi: Double)
    -> (loss: Double, byRatio: Double, byPolicy: Double)
  {
    switch kind {
    case .grpo, .bnpo, .drGRPO, .dapo, .luspo:
      let (loss, slope) = clipped(ratio, advantage)
      return (loss, slope, 0)
    case .cispo:
      let factor = min(ratio, epsilonHigh) * advantage
      return (-factor * policy, 0, -factor)
    case .sapo:
      let tau = advantage > 0 ? sapoTemperaturePositive : sapoTemperatureNegative
      let gate = Logistic.sigmoid(tau * (ratio - 1))
      return (-gate * 4 / tau * advantage, -4 * gate * (1 - gate) * ratio * advantage, 0)
    case .vespo: return (-phi * advantage * policy, 0, -phi * advantage)
    }
  }

  private func clipped(_ ratio: Double, _ advantage: Double) -> (loss: Double, slope: Double) {
    let (low, high) = (1 - epsilonLow, 1 + epsilonHigh)
    let cut = min(ratio, delta ?? .infinity)
    let clamped = min(max(ratio, low), high)
    let (first, second) = (cut * advantage, clamped * advantage)
    let firstSlope = cut == ratio ? ratio * advantage : 0
    let secondSlope = clamped == ratio ? ratio * advantage : 0
    // Equal branches share the slope, as torch.min does; inside the clip both have it.
    let slope =
      first < second
      ? firstSlope : second < first ? secondSlope : (firstSlope + secondSlope) / 2
    return (-min(first, second), -slope)
  }

  private func isKept(_ completion: Completion) -> Bool {
    guard let offPolicyThreshold, let old = completion.old, completion.advantage < 0 else {
      return true
    }
    let drift = zip(old, completion.policy).reduce(0) { $0 + $1.0 - $1.1 }
    return drift / Double(max(1, old.count)) <= offPolicyThreshold
  }

  /// phi of the whole completion, in logarithms, within TRL's bounds.
  private func vespoWeight(_ completion: Completion) -> Double {
    let old = completion.old ?? completion.policy
    let sum = zip(completion.policy, old).reduce(0) { $0 + min(max($1.0 - $1.1, -20), 20) }
    let logW = min(max(sum, log(1e-8)), 20)
    let isPositive = completion.advantage >= 0
    let k = isPositive ? vespo.kPositive : vespo.kNegative
    let lambda = max(isPositive ? vespo.lambdaPositive : vespo.lambdaNegative, 1e-4)
    return exp(lambda + k * logW - lambda * exp(logW))
  }
}
