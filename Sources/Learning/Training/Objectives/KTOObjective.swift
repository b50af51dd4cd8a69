package import Models
package import Records
internal import Tensors

/// Kahneman-Tversky optimisation (Ethayarajh et al. 2024) over answers with a verdict.
///
/// The divergence of a micro-batch is measured on mismatched answers: each row's prompt with the
/// answer of another row of its block (``KTOLoss/mismatched(rows:microBatchSize:)``). It has no
/// gradient, so those answers go through the model once, without a backward pass. The reference is
/// the model as it is before the first step, for both.
package final class KTOObjective: LabelObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let examples: [UnpairedExample]
  private let loss: KTOLoss
  /// Whose answer each row is given for the divergence; empty where the loss needs none.
  private let partners: [Int]
  /// Of every row: the reference's log-probability of its own and of the mismatched answer.
  private var reference: [(own: Double, mismatched: Double)] = []

  /// - Parameter microBatchSize: of training: the size of the blocks, in the order of the data.
  package init(_ examples: [UnpairedExample], _ loss: KTOLoss, microBatchSize: Int) {
    self.examples = examples
    self.loss = loss
    let partners =
      loss.kind.needsDivergence
      ? KTOLoss.mismatched(rows: examples.count, microBatchSize: microBatchSize) : []
    self.partners = partners
    rowIDs = examples.map(\.row)
    trainedTokens = examples.map { $0.scored($0.completion) }
    batchTokens = examples.enumerated().map { row, example in
      let own = example.prompt.count + example.completion.count
      if partners.isEmpty { return own }
      return own + example.prompt.count + examples[partners[row]].completion.count
    }
  }

  /// The rows' own answers, then the mismatched ones.
  package func batch(_ rows: [Int]) -> TokenBatch {
    TokenBatch(rows.map(own) + mismatched(rows))
  }

  package func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare)
    -> ObjectiveValue
  {
    let sums = sums(rows, logProbabilities)
    let z = KTOLoss.divergence(
      zip(rows, sums.mismatched).map { $0.1 - reference[$0.0].mismatched })
    var gradient: [Float] = []
    gradient.reserveCapacity(logProbabilities.count)
    var total = 0.0
    var statistics = KTOStatistics(divergence: z)
    for (row, policy) in zip(rows, sums.own) {
      let example = examples[row]
      let logRatio = policy - reference[row].own
      let value = loss.value(
        isDesirable: example.isDesirable, logRatio: logRatio, divergence: z)
      total += value.loss * share.row
      gradient += repeatElement(Float(value.slope * share.row), count: trainedTokens[row])
      statistics.add(
        isDesirable: example.isDesirable, reward: loss.beta * logRatio, logProbability: policy)
    }
    gradient += repeatElement(0, count: logProbabilities.count - gradient.count)
    return ObjectiveValue(loss: total, dLogProbabilities: gradient, means: statistics.means)
  }

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    let others = mismatched(rows)
    let known = others.isEmpty ? [] : model.logProbabilities(TokenBatch(others))
    var result = ObjectiveValue(loss: 0, dLogProbabilities: [])
    model.forwardBackward(
      TokenBatch(rows.map(own)),
      PassOptions(dropoutKey: dropoutKey, auxiliaryShare: share.microBatch),
      .computed { own in
        result = self.value(rows, own + known, share)
        result.dLogProbabilities.removeLast(known.count)
        return result.dLogProbabilities
      })
    result.loss += model.auxiliaryLoss
    return result
  }

  private func own(_ row: Int) -> LabelledSequence {
    examples[row].sequence(examples[row].completion, 0)
  }

  private func mismatched(_ rows: [Int]) -> [LabelledSequence] {
    if partners.isEmpty { return [] }
    return rows.map { examples[$0].sequence(examples[partners[$0]].completion, 1) }
  }

  /// Log-probabilities summed over each answer, in double, token by token.
  private func sums(_ rows: [Int], _ logProbabilities: [Float])
    -> (own: [Double], mismatched: [Double])
  {
    var next = 0
    func take(_ count: Int) -> Double {
      defer { next += count }
      return logProbabilities[next..<(next + count)].total
    }
    let own = rows.map { take(trainedTokens[$0]) }
    let others =
      partners.isEmpty
      ? [] : rows.map { take(examples[$0].scored(examples[partners[$0]].completion)) }
    precondition(next == logProbabilities.count, "one log-probability per label")
    return (own, others)
  }

  // MARK: - Reference

  package func prepare(
    _ model: any TrainableModel, _ batches: [[Int]], _ progress: (Int) throws -> Void
  ) throws {
    reference = [(own: Double, mismatched: Double)](repeating: (0, 0), count: examples.count)
    var done = 0
    for rows in batches {
      try progress(done)
      let sums = sums(rows, model.logProbabilities(batch(rows)))
      for (index, row) in rows.enumerated() {
        reference[row].own = sums.own[index]
        if !partners.isEmpty { reference[row].mismatched = sums.mismatched[index] }
      }
      done += rows.count
    }
  }

  package var preparedState: [Double] { reference.flatMap { [$0.own, $0.mismatched] } }

  package var preparedSize: Int { 2 * examples.count }

  package func restore(preparedState: [Double]) -> Bool {
    guard preparedState.count == preparedSize else { return false }
    reference = examples.indices.map { (preparedState[2 * $0], preparedState[2 * $0 + 1]) }
    return true
  }
}

extension UnpairedExample {
  /// Tokens of an answer that are predicted: all, unless nothing precedes the first.
  fileprivate func scored(_ answer: [Int32]) -> Int {
    prompt.isEmpty ? max(0, answer.count - 1) : answer.count
  }

  fileprivate func sequence(_ answer: [Int32], _ index: Int) -> LabelledSequence {
    LabelledSequence(
      ids: prompt + answer,
      labels: [Int32](repeating: TokenBatch.ignored, count: prompt.count) + answer,
      key: row.key(sequence: index))
  }
}
