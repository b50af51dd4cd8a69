package import Models
package import Records
package import Tokenization

/// Direct preference optimisation (Rafailov et al. 2023) and its relatives over pairs of answers.
///
/// The reference is the model as it is before the first step: a fresh adapter adds nothing, a
/// continued adapter is its own start, a full model its own copy. So its log-probabilities are
/// computed once, from the model at hand, and no second model is held.
package final class PreferenceObjective: LabelObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let pairs: AnswerPairs
  private let loss: PreferenceLoss
  /// Of every row: the reference's log-probability of the chosen and of the rejected answer.
  private var reference: [(chosen: Double, rejected: Double)] = []

  package init(_ examples: [PreferenceExample], _ loss: PreferenceLoss) {
    pairs = AnswerPairs(examples)
    self.loss = loss
    rowIDs = examples.map(\.row)
    batchTokens = pairs.batchTokens
    trainedTokens = pairs.labels.map(\.total)
  }

  /// For each row two sequences: prompt and chosen answer, prompt and rejected answer; the prompt
  /// is computed once.
  package func batch(_ rows: [Int]) -> TokenBatch { pairs.batch(rows) }

  package func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare)
    -> ObjectiveValue
  {
    let answers = pairs.parts(rows, logProbabilities).map(answers)
    let values = loss.values(answers)
    var gradient: [Float] = []
    gradient.reserveCapacity(logProbabilities.count)
    var total = 0.0
    var statistics = PreferenceStatistics()
    for (index, value) in values.enumerated() {
      let (chosen, rejected) = answers[index]
      total += value.loss * share.row
      gradient += loss.tokenWeights(chosen.tokens, other: rejected.tokens).map {
        Float((value.dChosen * $0 + value.dChosenPlain) * share.row)
      }
      gradient += loss.tokenWeights(rejected.tokens, other: chosen.tokens).map {
        Float(value.dRejected * $0 * share.row)
      }
      statistics.add(chosen, rejected, beta: loss.beta)
    }
    return ObjectiveValue(
      loss: total, dLogProbabilities: gradient, statistics: statistics.sums)
  }

  private func answers(_ parts: AnswerPairs.Parts) -> PreferenceLoss.Pair {
    let sums = sums(parts)
    return (
      PreferenceLoss.Answer(
        policy: sums.chosen, reference: reference[parts.row].chosen, tokens: parts.chosen.count,
        plainPolicy: parts.chosen.total),
      PreferenceLoss.Answer(
        policy: sums.rejected, reference: reference[parts.row].rejected,
        tokens: parts.rejected.count)
    )
  }

  /// Log-probabilities summed over each answer, in double, token by token.
  private func sums(_ parts: AnswerPairs.Parts) -> (chosen: Double, rejected: Double) {
    func sum(_ answer: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
      zip(answer, loss.tokenWeights(answer.count, other: other.count))
        .reduce(0) { $0 + Double($1.0) * $1.1 }
    }
    return (sum(parts.chosen, parts.rejected), sum(parts.rejected, parts.chosen))
  }

  // MARK: - Reference

  package func prepare(
    _ model: any TrainableModel, _ batches: [[Int]], _ progress: (Int) throws -> Void
  ) throws {
    reference = [(chosen: Double, rejected: Double)](
      repeating: (0, 0), count: rowIDs.count)
    var done = 0
    for rows in batches {
      try progress(done)
      for parts in pairs.parts(rows, model.logProbabilities(batch(rows))) {
        reference[parts.row] = sums(parts)
      }
      done += rows.count
    }
  }

  package var preparedState: [Double] { reference.flatMap { [$0.chosen, $0.rejected] } }

  package var preparedSize: Int { 2 * rowIDs.count }

  package func restore(preparedState: [Double]) -> Bool {
    guard preparedState.count == preparedSize else { return false }
    reference = rowIDs.indices.map { (preparedState[2 * $0], preparedState[2 * $0 + 1]) }
    return true
  }
}
