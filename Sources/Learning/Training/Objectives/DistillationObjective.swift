package import Models
package import Records
package import Tokenization

/// A student learns a teacher's distributions over the vocabulary at the trained tokens, summed over
/// the whole optimizer step and divided by their number.
///
/// Both models are in memory; logits of both exist for a chunk of positions at a time.
package final class DistillationObjective: TrainingObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let tokens: TokenObjective
  private let teacher: LanguageModel
  private let divergence: VocabularyDivergence

  /// - Parameter teacher: of the student's vocabulary; never changed.
  package init(
    _ examples: [TokenExample], teacher: LanguageModel, _ divergence: VocabularyDivergence
  ) {
    tokens = TokenObjective(examples)
    self.teacher = teacher
    self.divergence = divergence
    rowIDs = tokens.rowIDs
    batchTokens = tokens.batchTokens
    trainedTokens = tokens.trainedTokens
  }

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    try value(model, rows, share, PassOptions(dropoutKey: dropoutKey))
  }

  package func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
    -> ObjectiveValue
  {
    try value(model, rows, share, nil)
  }

  private func value(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, _ options: PassOptions?
  ) throws -> ObjectiveValue {
    guard let model = model as? any ComparableModel else {
      preconditionFailure("a distillation objective drives a model with logits")
    }
    let values = try model.compareLogits(tokens.batch(rows), with: teacher, options) {
      [divergence] _, student, teacher, gradient in
      divergence.value(
        student: student, teacher: teacher, gradient: gradient, scale: share.token)
    }
    return ObjectiveValue(loss: values.reduce(0, +) * share.token)
  }
}
