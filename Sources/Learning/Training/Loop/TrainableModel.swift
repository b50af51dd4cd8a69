package import Models

/// What the loop needs of a model.
package protocol TrainableModel: AnyObject {
  /// log p(label) at every position with a label, in order.
  func logProbabilities(_ batch: TokenBatch) -> [Float]

  /// Forward, `objective` from log-probabilities to their gradients, backward; adds to the
  /// gradients of the parameters and returns the log-probabilities.
  func forwardBackward(
    _ batch: TokenBatch, dropoutKey: UInt64?, _ objective: ([Float]) -> [Float]
  ) -> [Float]

  /// Always in the same order.
  var parameters: [TrainableParameter] { get }
  func zeroGradients()
  /// What can change bits: backend, dtype, instruction-set level, BLAS.
  var arithmeticClass: String { get }
}

extension LanguageModel: TrainableModel {}
