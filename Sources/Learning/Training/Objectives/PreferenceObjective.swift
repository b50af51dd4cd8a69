package import Models
package import Records
package import Tokenization

/// Direct preference optimisation (Rafailov et al. 2023) and its relatives over pairs of answers.
///
/// The reference is the model as it is before the first step: a fresh adapter adds nothing, a
/// continued adapter is its own start, a full model its own copy. So its log-probabilities are
/// computed once, from the model at hand, and no second model is held.
package final class PreferenceObjective: TrainingObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let examples: [PreferenceExample]
  private let loss: PreferenceLoss
  /// Of every row: the tokens that are scored of its answers.
  private let lengths: [(chosen: Int, rejected: Int)]
  /// Of every row: the reference's log-probability of the chosen and of the rejected answer.
  private var reference: [(chosen: Double, rejected: Double)] = []

  package init(_ examples: [PreferenceExample], _ loss: PreferenceLoss) {
    self.examples = examples
    self.loss = loss
    rowIDs = examples.map(\.row)
    batchTokens = examples.map(\.batchTokens)
    lengths = examples.map { ($0.scored($0.chosen), $0.scored($0.rejected)) }
    trainedTokens = lengths.map { $0.chosen + $0.rejected }
  }

  /// For each row two sequences: prompt and chosen answer, prompt and rejected answer; the prompt
  /// is computed once.
  package func batch(_ rows: [Int]) -> TokenBatch {
    TokenBatch(sharingPrefixes: rows.flatMap { examples[$0].sequences })
  }

  package func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare)
    -> ObjectiveValue
  {
    var total = 0.0
    var gradient: [Float] = []
    gradient.reserveCapacity(logProbabilities.count)
    var statistics = PreferenceStatistics()
    for (row, sums) in zip(rows, sums(rows, logProbabilities)) {
      let (n, k) = (lengths[row].chosen, lengths[row].rejected)
      let chosen = PreferenceLoss.Answer(
        policy: sums.chosen, reference: reference[row].chosen, tokens: n)
      let rejected = PreferenceLoss.Answer(
        policy: sums.rejected, reference: reference[row].rejected, tokens: k)
      let value = loss.value(chosen: chosen, rejected: rejected)
      total += value.loss * share.row
      gradient += repeatElement(Float(value.dChosen * share.row), count: n)
      gradient += repeatElement(Float(value.dRejected * share.row), count: k)
      statistics.add(chosen, rejected, beta: loss.beta)
    }
    return ObjectiveValue(
      loss: total, dLogProbabilities: gradient, statistics: statistics.sums)
  }

  // MARK: - Reference

  package func prepare(
    _ model: any TrainableModel, _ batches: [[Int]], _ progress: (Int) throws -> Void
  ) throws {
    reference = [(chosen: Double, rejected: Double)](
      repeating: (0, 0), count: examples.count)
    var done = 0
    for rows in batches {
      try progress(done)
      for (row, sums) in zip(rows, sums(rows, model.logProbabilities(batch(rows)))) {
        reference[row] = sums
      }
      done += rows.count
    }
  }

  package var preparedState: [Double] { reference.flatMap { [$0.chosen, $0.rejected] } }

  package var preparedSize: Int { 2 * examples.count }

  package func restore(preparedState: [Double]) -> Bool {
    guard preparedState.count == 2 * examples.count else { return false }
    reference = examples.indices.map { (preparedState[2 * $0], preparedState[2 * $0 + 1]) }
    return true
  }

  /// Log-probabilities summed over each answer, in double, token by token.
  private func sums(_ rows: [Int], _ logProbabilities: [Float])
    -> [(chosen: Double, rejected: Double)]
  {
    var next = 0
    func take(_ count: Int) -> Double {
      defer { next += count }
      return logProbabilities[next..<(next + count)].reduce(0) { $0 + Double($1) }
    }
    let sums = rows.map { row in
      let chosen = take(lengths[row].chosen)
      return (chosen: chosen, rejected: take(lengths[row].rejected))
    }
    precondition(next == logProbabilities.count, "one log-probability per label")
    return sums
  }
}

extension PreferenceExample {
  /// Tokens of an answer that are predicted: all, unless nothing precedes the first.
  package func scored(_ answer: [Int32]) -> Int {
    prompt.isEmpty ? max(0, answer.count - 1) : answer.count
  }

  fileprivate var sequences: [LabelledSequence] { [sequence(chosen, 0), sequence(rejected, 1)] }

  /// Tokens of both, less what they share.
  fileprivate var batchTokens: Int {
    let both = sequences
    return both[0].ids.count + both[1].ids.count - both[0].sharedPrefix(both[1])
  }

  private func sequence(_ answer: [Int32], _ index: Int) -> LabelledSequence {
    LabelledSequence(
      ids: prompt + answer, labels: [Int32](repeating: -100, count: prompt.count) + answer,
      key: row.key(sequence: index))
  }
}
