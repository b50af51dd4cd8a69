internal import Models
package import Records
package import Tokenization

/// A reward model on pairs of answers: the chosen one should have the higher score.
///
/// A score is that of the last token which is no padding, as in transformers'
/// `…ForSequenceClassification`: an answer that ends with the padding token is scored before it.
package final class RewardObjective: TrainingObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  /// Scores, of which each row has two.
  package let trainedTokens: [Int]
  private let examples: [PreferenceExample]
  private let margins: [Double]
  private let loss: RewardLoss
  private let paddingID: Int32?

  /// - Parameters:
  ///   - margins: by how much each chosen answer should lead; empty: no row says.
  ///   - paddingID: the model's padding token, or nil.
  package init(
    _ examples: [PreferenceExample], _ loss: RewardLoss, margins: [Double] = [], paddingID: Int32?
  ) {
    precondition(margins.isEmpty || margins.count == examples.count, "a margin for every row")
    self.examples = examples
    self.margins = margins
    self.loss = loss
    self.paddingID = paddingID
    rowIDs = examples.map(\.row)
    batchTokens = examples.map { 2 * $0.prompt.count + $0.chosen.count + $0.rejected.count }
    trainedTokens = examples.map { _ in 2 }
  }

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    let (batch, positions) = batch(rows)
    var result = ObjectiveValue(loss: 0)
    scoring(model).forwardBackwardScores(
      batch, positions: positions, PassOptions(dropoutKey: dropoutKey)
    ) {
      result = value(rows, $0, share)
      return result.dLogProbabilities
    }
    return result
  }

  package func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
    -> ObjectiveValue
  {
    let (batch, positions) = batch(rows)
    return value(rows, scoring(model).scores(batch, positions: positions), share)
  }

  private func scoring(_ model: any TrainableModel) -> any ScoringModel {
    guard let model = model as? any ScoringModel else {
      preconditionFailure("a reward objective drives a model with a score head")
    }
    return model
  }

  /// Chosen and rejected text of each row, and where their scores are.
  private func batch(_ rows: [Int]) -> (batch: TokenBatch, positions: [Int]) {
    let sequences = rows.flatMap { row in
      let example = examples[row]
      return [example.chosen, example.rejected].enumerated().map { index, answer in
        let ids = example.prompt + answer
        return LabelledSequence(
          ids: ids, labels: [Int32](repeating: TokenBatch.ignored, count: ids.count),
          key: example.row.key(sequence: index))
      }
    }
    let batch = TokenBatch(sequences)
    let positions = zip(batch.starts, sequences).map { start, sequence in
      start + (sequence.ids.lastIndex { $0 != paddingID } ?? 0)
    }
    return (batch, positions)
  }

  /// - Parameter scores: chosen and rejected of each row.
  private func value(_ rows: [Int], _ scores: [Float], _ share: LossShare) -> ObjectiveValue {
    var result = ObjectiveValue(loss: 0)
    var statistics = RewardStatistics()
    for (index, row) in rows.enumerated() {
      let (chosen, rejected) = (Double(scores[2 * index]), Double(scores[2 * index + 1]))
      let value = loss.value(
        chosen: chosen, rejected: rejected, margin: margins.isEmpty ? 0 : margins[row])
      result.loss += value.loss * share.row
      result.dLogProbabilities += [
        Float(value.dChosen * share.row), Float(value.dRejected * share.row),
      ]
      statistics.add(chosen: chosen, rejected: rejected)
    }
    result.means = statistics.means
    return result
  }
}
