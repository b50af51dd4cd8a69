package import Models
package import Records
package import Tokenization

/// Contrastive preference optimisation (Xu et al. 2024) and SimPO (Meng et al. 2024): pairs of
/// answers without a reference.
package final class CPOObjective: LabelObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let pairs: AnswerPairs
  private let loss: CPOLoss

  package init(_ examples: [PreferenceExample], _ loss: CPOLoss) {
    pairs = AnswerPairs(examples)
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
    // The likelihood is a mean over the chosen tokens of the micro-batch, said of every row.
    let tokens = Double(max(1, parts.reduce(0) { $0 + $1.chosen.count }))
    let weight = Double(rows.count) / tokens
    var gradient: [Float] = []
    gradient.reserveCapacity(logProbabilities.count)
    var (total, likelihood) = (0.0, 0.0)
    var rewards = RewardSums()
    for part in parts {
      let n = loss.kind.takesMean ? Double(max(1, part.chosen.count)) : 1
      let k = loss.kind.takesMean ? Double(max(1, part.rejected.count)) : 1
      let (chosen, rejected) = (part.chosen.total / n, part.rejected.total / k)
      let value = loss.value(chosen: chosen, rejected: rejected)
      let negative = -weight * part.chosen.total
      total += share.row * (value.loss + loss.likelihoodWeight * negative)
      gradient += repeatElement(
        Float(share.row * (value.dChosen / n - loss.likelihoodWeight * weight)),
        count: part.chosen.count)
      gradient += repeatElement(
        Float(share.row * value.dRejected / k), count: part.rejected.count)
      likelihood += negative
      rewards.add(
        rewards: (value.rewardChosen, value.rewardRejected),
        logProbabilities: (chosen, rejected))
    }
    var statistics = rewards.statistics
    if loss.likelihoodWeight != 0 { statistics.append(.init(name: "nll_loss", sum: likelihood)) }
    return ObjectiveValue(loss: total, dLogProbabilities: gradient, statistics: statistics)
  }
}
