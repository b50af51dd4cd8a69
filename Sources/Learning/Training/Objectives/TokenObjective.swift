package import Models
package import Records
package import Tokenization

/// Cross-entropy of the trained tokens, summed over the whole optimizer step and divided by their
/// number: rows weigh the same whether packed, padded or accumulated.
package final class TokenObjective: LabelObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let examples: [TokenExample]

  package init(_ examples: [TokenExample]) {
    self.examples = examples
    rowIDs = examples.map(\.row)
    batchTokens = examples.map(\.ids.count)
    trainedTokens = examples.map(\.trainedTokens)
  }

  package func batch(_ rows: [Int]) -> TokenBatch {
    TokenBatch(
      rows.map { row in
        let example = examples[row]
        return LabelledSequence(
          ids: example.ids, labels: example.labels, key: example.row.key())
      })
  }

  package func value(_ rows: [Int], _ logProbabilities: [Float], _ share: LossShare)
    -> ObjectiveValue
  {
    let sum = logProbabilities.reduce(0) { $0 + Double($1) }
    return ObjectiveValue(
      loss: -sum * share.token,
      dLogProbabilities: [Float](repeating: Float(-share.token), count: logProbabilities.count))
  }

  package func knownSlopes(_ rows: [Int], _ share: LossShare) -> [Float]? {
    let labels = rows.reduce(0) { $0 + trainedTokens[$1] }
    return [Float](repeating: Float(-share.token), count: labels)
  }
}

extension TokenExample {
  /// Labels that count: all but -100, and never the first token, which nothing precedes.
  package var trainedTokens: Int { labels.dropFirst().count { $0 != -100 } }
}
