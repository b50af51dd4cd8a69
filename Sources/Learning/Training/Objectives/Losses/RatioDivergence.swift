private import Foundation

/// The f-divergence that holds the policy near the reference (Wang et al. 2023, "Beyond reverse
/// KL"): the score of an answer is f'(t) with t = policy / reference, a function of r = log t.
///
/// | name | score | slope by r |
/// |---|---|---|
/// | `reverse_kl` | r | 1 |
/// | `forward_kl` | 1 - exp(-r) | exp(-r) |
/// | `js_divergence` | log 2 + logsigmoid(r) | sigmoid(-r) |
/// | `alpha_divergence` | (exp((a - 1) r) - 1) / (a - 1) | exp((a - 1) r) |
///
/// as TRL 1.16 computes them: (a - 1) r is cut at 80, and a within 1e-6 of 1 is `reverse_kl`.
package enum RatioDivergence: Sendable, Hashable {
  case reverseKL
  case forwardKL
  case jensenShannon
  case alpha(Double)

  /// TRL's names; the coefficient of `alpha_divergence` is set apart.
  package static let names = ["reverse_kl", "forward_kl", "js_divergence", "alpha_divergence"]

  /// - Parameter coefficient: a of `alpha_divergence` (`f_alpha_divergence_coef`).
  package init?(name: String, coefficient: Double = 0.5) {
    switch name {
    case "reverse_kl": self = .reverseKL
    case "forward_kl": self = .forwardKL
    case "js_divergence": self = .jensenShannon
    case "alpha_divergence": self = .alpha(coefficient)
    default: return nil
    }
  }

  /// - Parameter r: policy minus reference log-probability.
  func score(_ r: Double) -> (value: Double, slope: Double) {
    switch self {
    case .reverseKL: return (r, 1)
    case .forwardKL: return (1 - exp(-r), exp(-r))
    case .jensenShannon: return (M_LN2 + Logistic.logSigmoid(r), Logistic.sigmoid(-r))
    case .alpha(let a):
      if abs(a - 1) < 1e-6 { return (r, 1) }
      let power = (a - 1) * r
      let e = exp(min(power, 80))
      return ((e - 1) / (a - 1), power <= 80 ? e : 0)
    }
  }
}
