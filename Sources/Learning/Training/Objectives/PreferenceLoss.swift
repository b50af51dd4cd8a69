private import Foundation

/// The loss of one preference pair, a function of the log-probabilities that the trained model and
/// the reference give to the two answers; all in double.
///
/// With `lp` the sum over the tokens of an answer, n their number, and
/// `d = (lp(chosen) - ref(chosen)) - (lp(rejected) - ref(rejected))`, `s = beta d`:
///
///     sigmoid  -logsigmoid(s)                                          Rafailov et al. 2023, eq. 7
///     cdpo     -(1-e) logsigmoid(s) - e logsigmoid(-s)                 Mitchell 2023
///     robust   (-(1-e) logsigmoid(s) + e logsigmoid(-s)) / (1-2e)      Chowdhury et al. 2024
///     hinge    max(0, 1 - s)                                           Zhao et al. 2023
///     ipo      ((log-ratio per token of chosen - rejected) - 1/(2 beta))^2   Azar et al. 2023
///
/// as TRL 1.16 computes them (cdpo as torchtune does).
package struct PreferenceLoss: Sendable, Hashable {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case sigmoid, hinge, ipo, robust, cdpo
  }

  package var kind: Kind
  package var beta: Double
  /// e: the share of pairs whose order is believed wrong; below 0.5. Read by robust and cdpo only.
  package var labelSmoothing: Double

  package init(_ kind: Kind, beta: Double, labelSmoothing: Double = 0) {
    self.kind = kind
    self.beta = beta
    self.labelSmoothing = labelSmoothing
  }

  /// One answer: its log-probability as a sum over tokens, by both models.
  package struct Answer: Sendable, Hashable {
    package var policy: Double
    package var reference: Double
    package var tokens: Int

    package init(policy: Double, reference: Double, tokens: Int) {
      self.policy = policy
      self.reference = reference
      self.tokens = tokens
    }

    package var logRatio: Double { policy - reference }
  }

  package struct Value: Sendable, Hashable {
    package var loss: Double
    /// d loss / d lp(chosen), the same for each of its tokens.
    package var dChosen: Double
    /// d loss / d lp(rejected).
    package var dRejected: Double
  }

  package func value(chosen: Answer, rejected: Answer) -> Value {
    if kind == .ipo { return ipo(chosen, rejected) }
    let s = beta * (chosen.logRatio - rejected.logRatio)
    let e = labelSmoothing
    let (loss, slope): (Double, Double) =
      switch kind {
      case .sigmoid: (-Self.logSigmoid(s), -Self.sigmoid(-s))
      case .cdpo:
        (
          -(1 - e) * Self.logSigmoid(s) - e * Self.logSigmoid(-s),
          -(1 - e) * Self.sigmoid(-s) + e * Self.sigmoid(s)
        )
      case .robust:
        (
          (-(1 - e) * Self.logSigmoid(s) + e * Self.logSigmoid(-s)) / (1 - 2 * e),
          (-(1 - e) * Self.sigmoid(-s) - e * Self.sigmoid(s)) / (1 - 2 * e)
        )
      case .hinge: (max(0, 1 - s), s < 1 ? -1 : 0)
      case .ipo: preconditionFailure("handled above")
      }
    return Value(loss: loss, dChosen: beta * slope, dRejected: -beta * slope)
  }

  /// The log-ratios are means over tokens, so each token's share is 1 / n.
  private func ipo(_ chosen: Answer, _ rejected: Answer) -> Value {
    let (n, k) = (Double(max(1, chosen.tokens)), Double(max(1, rejected.tokens)))
    let distance = chosen.logRatio / n - rejected.logRatio / k - 1 / (2 * beta)
    return Value(
      loss: distance * distance, dChosen: 2 * distance / n, dRejected: -2 * distance / k)
  }

  /// log(1 / (1 + exp(-x))) without overflow.
  static func logSigmoid(_ x: Double) -> Double { min(x, 0) - log1p(exp(-abs(x))) }

  static func sigmoid(_ x: Double) -> Double {
    let e = exp(-abs(x))
    return x >= 0 ? 1 / (1 + e) : e / (1 + e)
  }
}
