private import Foundation

/// Wins, ties and losses of one model against another on the same prompts.
package struct WinRate: Sendable, Hashable {
  package var wins: Int
  package var ties: Int
  package var losses: Int

  package init(wins: Int, ties: Int, losses: Int) {
    precondition(wins >= 0 && ties >= 0 && losses >= 0, "no such count")
    self.wins = wins
    self.ties = ties
    self.losses = losses
  }

  package var count: Int { wins + ties + losses }

  /// (wins + ties / 2) / all, with the interval that Tango's for (wins - losses) / all gives:
  /// the rate is half of that difference above one half.
  package func rate(confidence: Double) -> ConfidenceInterval {
    precondition(count > 0, "a rate of nothing")
    let difference = ConfidenceInterval.tango(
      gained: wins, lost: losses, of: count, confidence: confidence)
    return ConfidenceInterval(
      estimate: 0.5 + difference.estimate / 2, lower: 0.5 + difference.lower / 2,
      upper: 0.5 + difference.upper / 2, confidence: confidence, method: "Tango")
  }

  /// The difference in Elo ratings that predicts the rate, 400 log₁₀(p / (1 - p)) (Elo 1978), ends
  /// from the ends of the rate; infinite at rates of 0 and 1.
  package func elo(confidence: Double) -> ConfidenceInterval {
    let rate = rate(confidence: confidence)
    return ConfidenceInterval(
      estimate: Self.elo(rate.estimate), lower: Self.elo(rate.lower), upper: Self.elo(rate.upper),
      confidence: confidence, method: rate.method)
  }

  package static func elo(_ rate: Double) -> Double {
    if rate <= 0 { return -.infinity }
    if rate >= 1 { return .infinity }
    return 400 * log10(rate / (1 - rate))
  }
}
