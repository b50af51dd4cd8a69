package import Models
package import Tensors

/// What the loop and the objectives need of a model.
package protocol TrainableModel: AnyObject {
  /// log p(label) at every position with a label, in order.
  func logProbabilities(_ batch: TokenBatch) -> [Float]

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
}

extension LanguageModel: TrainableModel {}
