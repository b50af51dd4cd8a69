package import Models
package import Records
package import Tokenization

/// Odds-ratio preference optimisation (Hong et al. 2024): likelihood of the chosen answer and its
/// odds over the rejected one, without a reference.
package final class ORPOObjective: LabelObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let pairs: AnswerPairs
  private let loss: ORPOLoss

  package init(_ examples: [PreferenceExample], _ loss: ORPOLoss) {
    pairs = AnswerPairs(examples, labelsPrompt: loss.likelihood == .promptAndAnswer)
    self.loss = loss
    rowIDs = examples.map(\.row)
    batchTokens = pairs.batchTokens
    trainedTokens = pairs.labels.map(\.total)
  }

  package func batch(_ rows: [Int]) -> TokenBatch { pairs.batch(rows) }

  package func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare)
    -> ObjectiveValue
  {
    let parts = pairs.parts(rows, logProbabilities)
    let pooledTokens = parts.reduce(0) { $0 + $1.prompt.count + $1.chosen.count }
    var gradient: [Float] = []
    gradient.reserveCapacity(logProbabilities.count)
    var total = 0.0
    var (odds, ratios, likelihood) = (0.0, 0.0, 0.0)
    var rewards = RewardSums()
    for part in parts {
      let n = Double(max(1, part.chosen.count))
      let k = Double(max(1, part.rejected.count))
      let (chosen, rejected) = (part.chosen.total / n, part.rejected.total / k)
      let value = loss.value(chosen: chosen, rejected: rejected)
      // The weight of a token in the likelihood of the mean row.
      let weight =
        loss.likelihood == .answer ? 1 / n : Double(rows.count) / Double(max(1, pooledTokens))
      let negative = -weight * (part.prompt.total + part.chosen.total)
      total += share.row * (negative + value.loss)
      gradient += repeatElement(Float(-share.row * weight), count: part.prompt.count)
      gradient += repeatElement(
        Float(share.row * (value.dChosen / n - weight)), count: part.chosen.count)
      gradient += repeatElement(
        Float(share.row * value.dRejected / k), count: part.rejected.count)
      likelihood += negative
      odds += value.logOdds
      ratios += value.logOddsRatio
      rewards.add(
        rewards: (loss.beta * chosen, loss.beta * rejected), logProbabilities: (chosen, rejected))
    }
    return ObjectiveValue(
      loss: total, dLogProbabilities: gradient,
      statistics: rewards.statistics + [
        .init(name: "nll_loss", sum: likelihood), .init(name: "log_odds_ratio", sum: ratios),
        .init(name: "log_odds_chosen", sum: odds),
      ])
  }
}
