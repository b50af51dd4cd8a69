package import Models
package import Tensors

/// What the loop and the objectives need of a model.
package protocol TrainableModel: AnyObject {
  /// log p(label) at every position with a label, in order, of logits divided by `temperature`.
  func logProbabilities(_ batch: TokenBatch, temperature: Double) -> [Float]

  /// Forward, loss, backward; adds to the gradients of the parameters and returns the
  /// log-probabilities of the labels.
  @discardableResult
  func forwardBackward(_ batch: TokenBatch, _ options: PassOptions, _ slopes: LabelSlopes)
    -> [Float]

  /// What the last ``forwardBackward(_:_:_:)`` adds to the loss beside the objective: the load
  /// balance of experts.
  var auxiliaryLoss: Double { get }

  /// Runs `body` with the adapter switched off.
  func withoutAdapter<Result>(_ body: () throws -> Result) rethrows -> Result

  /// Always in the same order.
  var parameters: [TrainableParameter] { get }
  func zeroGradients()
  /// Where the parameters live.
  var backend: any Backend { get }
  /// What can change bits: backend, dtype, instruction-set level, BLAS.
  var arithmeticClass: String { get }
}

extension TrainableModel {
  package var auxiliaryLoss: Double { 0 }

  package func logProbabilities(_ batch: TokenBatch) -> [Float] {
    logProbabilities(batch, temperature: 1)
  }
}

/// A model that gives each sequence a score.
package protocol ScoringModel: TrainableModel {
  func scores(_ batch: TokenBatch, positions: [Int]) -> [Float]

  /// Adds to the gradients; returns the scores.
  @discardableResult
  func forwardBackwardScores(
    _ batch: TokenBatch, positions: [Int], _ options: PassOptions,
    _ objective: ([Float]) -> [Float]
  ) -> [Float]
}

/// A model whose logits can be compared with a teacher's.
package protocol ComparableModel: TrainableModel {
  /// Adds to the gradients where there are options.
  func compareLogits(
    _ batch: TokenBatch, with teacher: LanguageModel, _ options: PassOptions?,
    _ comparison: LogitComparison
  ) throws -> [Double]
}

extension LanguageModel: ScoringModel, ComparableModel {}
