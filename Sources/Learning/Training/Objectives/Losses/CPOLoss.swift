private import Foundation

/// Preference losses without a reference: CPO (Xu et al. 2024) and SimPO (Meng et al. 2024), as
/// TRL 1.16's CPOTrainer computes them.
///
/// With a the log-probability of an answer (its sum over tokens for `sigmoid` and `hinge`, its mean
/// for `ipo` and `simpo`), c chosen and w rejected, m = a_c - a_w, e the label smoothing:
///
///     sigmoid  -(1-e) logsigmoid(beta m) - e logsigmoid(-beta m)
///     hinge    max(0, 1 - beta m)
///     ipo      (m - 1/(2 beta))^2
///     simpo    sigmoid at beta m - gamma
///
/// plus `cpo_alpha` times the mean negative log-probability of the chosen tokens of the micro-batch
/// (pure SimPO: 0). With alpha other than 0 the rewards are those of AlphaPO (Gupta et al. 2025):
/// a becomes (1 - exp(-alpha a)) / alpha.
package struct CPOLoss: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case sigmoid, hinge, ipo, simpo

    /// Whether an answer counts by the mean of its tokens and not by their sum.
    package var takesMean: Bool { self == .ipo || self == .simpo }
    package var readsSmoothing: Bool { self == .sigmoid || self == .simpo }
  }

  package var kind: Kind
  package var beta: Double
  package var labelSmoothing = 0.0
  /// The target margin of `simpo`, after beta (`simpo_gamma`).
  package var gamma = 0.5
  /// What the likelihood of the chosen answers weighs (`cpo_alpha`).
  package var likelihoodWeight = 1.0
  /// alpha of AlphaPO; 0: log-probabilities themselves.
  package var alpha = 0.0

  package init(_ kind: Kind, beta: Double) {
    self.kind = kind
    self.beta = beta
  }

  /// The part without the likelihood.
  package struct Value: Sendable, Hashable {
    package var loss: Double
    /// By the log-probability given: a sum or a mean.
    package var dChosen: Double
    package var dRejected: Double
    /// beta times what the answers are compared by.
    package var rewardChosen: Double
    package var rewardRejected: Double
  }

  /// - Parameters: a of both answers, a sum or a mean by ``Kind/takesMean``.
  package func value(chosen: Double, rejected: Double) -> Value {
    let (c, w) = (reward(chosen), reward(rejected))
    let margin = c.value - w.value
    let (loss, slope) = curve(margin)
    return Value(
      loss: loss, dChosen: slope * c.slope, dRejected: -slope * w.slope,
      rewardChosen: beta * c.value, rewardRejected: beta * w.value)
  }

  private func reward(_ a: Double) -> (value: Double, slope: Double) {
    if alpha == 0 { return (a, 1) }
    let e = exp(-alpha * a)
    return ((1 - e) / alpha, e)
  }

  /// The loss and its slope by the margin.
  private func curve(_ margin: Double) -> (loss: Double, slope: Double) {
    switch kind {
    case .sigmoid, .simpo:
      let x = beta * margin - (kind == .simpo ? gamma : 0)
      let e = labelSmoothing
      return (
        -(1 - e) * Logistic.logSigmoid(x) - e * Logistic.logSigmoid(-x),
        beta * (-(1 - e) * Logistic.sigmoid(-x) + e * Logistic.sigmoid(x))
      )
    case .hinge:
      let x = beta * margin
      return (max(0, 1 - x), x < 1 ? -beta : 0)
    case .ipo:
      let error = margin - 1 / (2 * beta)
      return (error * error, 2 * error)
    }
  }
}
