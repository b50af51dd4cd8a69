private import Foundation

/// The odds-ratio loss (Hong et al. 2024, eqs. 4 and 7), without a reference.
///
/// With p the mean token log-probability of an answer, c chosen and w rejected:
///
///     log odds = (p_c - p_w) - (log(1 - exp p_c) - log(1 - exp p_w))
///     loss     = NLL - beta logsigmoid(log odds)
///
/// The NLL is where implementations differ; see ``Likelihood``.
package struct ORPOLoss: Sendable, Hashable {
  package enum Likelihood: String, Sendable, Hashable, CaseIterable {
    /// LLaMA-Factory: -p_c, row by row.
    case answer
    /// TRL: the mean over the tokens of all prompts and chosen answers of the micro-batch.
    case promptAndAnswer = "prompt_and_answer"
  }

  package var beta: Double
  package var likelihood: Likelihood

  package init(beta: Double, likelihood: Likelihood) {
    self.beta = beta
    self.likelihood = likelihood
  }

  /// The part without the NLL.
  package struct Value: Sendable, Hashable {
    /// -beta logsigmoid(log odds).
    package var loss: Double
    package var logOdds: Double
    /// logsigmoid(log odds): TRL's `log_odds_ratio`.
    package var logOddsRatio: Double
    /// d loss / d p.
    package var dChosen: Double
    package var dRejected: Double
  }

  /// - Parameters: the mean token log-probabilities. An answer that is certain has infinite odds;
  ///   its mean is taken as the double next below zero that 1 - exp can tell from it.
  package func value(chosen: Double, rejected: Double) -> Value {
    let c = min(chosen, -Double.ulpOfOne)
    let w = min(rejected, -Double.ulpOfOne)
    let (missChosen, missRejected) = (Logistic.log1mexp(c), Logistic.log1mexp(w))
    let logOdds = (c - w) - (missChosen - missRejected)
    let ratio = Logistic.logSigmoid(logOdds)
    // d (p - log(1 - exp p)) / dp = 1 / (1 - exp p)
    let slope = -beta * Logistic.sigmoid(-logOdds)
    return Value(
      loss: -beta * ratio, logOdds: logOdds, logOddsRatio: ratio,
      dChosen: slope * exp(-missChosen), dRejected: -slope * exp(-missRejected))
  }
}
