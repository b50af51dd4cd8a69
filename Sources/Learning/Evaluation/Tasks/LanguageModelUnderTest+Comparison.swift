internal import Diagnostics
private import Foundation
internal import ModelFiles
internal import Models
package import Records
internal import Tokenization

/// Distributions of two models at the same positions.
extension LanguageModelUnderTest: ComparableModel {
  /// One row at a time: both models' logits exist for a chunk of its positions.
  package func comparisons(of rows: [Row], with baseline: LanguageModelUnderTest) throws
    -> [(candidate: Likelihood, baseline: Likelihood)]
  {
    let (own, other) = (
      model.configuration.vocabularySize, baseline.model.configuration.vocabularySize
    )
    guard own == other else {
      throw Self.mismatch("the candidate has \(own) tokens, the baseline \(other)")
    }
    return try rows.map { row in
      let item = try fittedExample(row, limit: min(context, baseline.context))
      guard try baseline.fittedExample(row, limit: min(context, baseline.context)).ids == item.ids
      else { throw Self.mismatch("the models' tokenizers make other tokens of row \(row.id)") }
      let positions = try compare(item.ids, item.labels, with: baseline)
      let (tokens, bytes) = (positions.count, bytes(of: item.labels))
      func sum(_ value: (Position) -> Double) -> Double { positions.reduce(0) { $0 + value($1) } }
      let reference = sum(\.baseline)
      return (
        candidate: Likelihood(
          logProbability: sum(\.candidate), tokens: tokens, bytes: bytes,
          divergence: Divergence(
            kld: sum(\.kld), sameTop: positions.count { $0.sameTop },
            baselineLogProbability: reference)),
        baseline: Likelihood(logProbability: reference, tokens: tokens, bytes: bytes)
      )
    }
  }

  private struct Position {
    var candidate = 0.0
    var baseline = 0.0
    var kld = 0.0
    var sameTop = false
  }

  private func compare(_ ids: [Int32], _ labels: [Int32], with baseline: LanguageModelUnderTest)
    throws -> [Position]
  {
    let batch = TokenBatch(ids: ids, starts: [0, ids.count], labels: labels)
    let wanted = labels.filter { $0 != TokenBatch.ignored }
    if wanted.isEmpty { return [] }
    // Positions are compared by tasks of their own, each of which writes its own element.
    nonisolated(unsafe) let positions = UnsafeMutableBufferPointer<Position>
      .allocate(capacity: wanted.count)
    positions.initialize(repeating: Position())
    defer { positions.deallocate() }
    _ = try model.compareLogits(batch, with: baseline.model, nil) { index, mine, theirs, _ in
      positions[index] = Self.position(mine, theirs, Int(wanted[index]))
      return positions[index].kld
    }
    return Array(positions)
  }

  /// KL(b ‖ c) = Σ b (log b - log c), sums in double precision in the order of the vocabulary.
  private static func position(
    _ candidate: UnsafeBufferPointer<Float>, _ baseline: UnsafeBufferPointer<Float>, _ label: Int
  ) -> Position {
    let (own, other) = (Distribution(candidate), Distribution(baseline))
    var kld = 0.0
    for id in candidate.indices {
      let log = Double(baseline[id]) - other.logSum
      kld += exp(log) * (log - (Double(candidate[id]) - own.logSum))
    }
    return Position(
      candidate: Double(candidate[label]) - own.logSum,
      baseline: Double(baseline[label]) - other.logSum, kld: max(0, kld),
      sameTop: own.best == other.best)
  }

  private struct Distribution {
    /// The likeliest token, the lowest among equals.
    var best = 0
    /// log Σ exp logit.
    var logSum = 0.0

    init(_ logits: UnsafeBufferPointer<Float>) {
      for id in logits.indices where logits[id] > logits[best] { best = id }
      let top = Double(logits[best])
      logSum = top + log(logits.reduce(0.0) { $0 + exp(Double($1) - top) })
    }
  }

  private static func mismatch(_ message: String) -> Failure {
    Diagnostic(
      "eval.other-tokens", "distributions cannot be compared: \(message)",
      fix: "compare a model with one of the same tokenizer, such as the one it was made of"
    ).failure(.badInput)
  }
}
