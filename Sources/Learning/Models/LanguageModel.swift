package import ModelFiles
package import Parallelism

/// A decoder with its weights, its adapter and its gradients.
///
/// One owner thread; the pool works inside each call.
package final class LanguageModel {
  package let configuration: ModelConfiguration
  package private(set) var adapter: LoRASettings?
  /// Stable order: by name.
  package private(set) var parameters: [TrainableParameter] = []

  init(configuration: ModelConfiguration) { self.configuration = configuration }

  /// Random weights: normal(0, 0.02), norms 1, biases 0.
  package static func initialized(
    _ configuration: ModelConfiguration, seed: UInt64, trainable: Trainable, pool: ThreadPool
  ) -> LanguageModel {
    LanguageModel(configuration: configuration)
  }

  /// log p(label) at every position with a label, in order. No gradients, nothing kept.
  package func logProbabilities(_ batch: TokenBatch) -> [Float] {
    preconditionFailure("the decoder is not built")
  }

  /// Forward; `objective` maps the log-probabilities of the labels to the loss's derivative by
  /// each; backward ADDS to the gradients. Returns the log-probabilities.
  ///
  /// - Parameter dropoutKey: what names this step's masks; nil: no dropout.
  @discardableResult
  package func forwardBackward(
    _ batch: TokenBatch, dropoutKey: UInt64?, _ objective: ([Float]) -> [Float]
  ) -> [Float] {
    preconditionFailure("the decoder is not built")
  }

  /// Runs `body` with the adapter switched off: the reference model of preference objectives.
  package func withoutAdapter<Result>(_ body: () throws -> Result) rethrows -> Result {
    try body()
  }

  package func zeroGradients() {
    for parameter in parameters { parameter.gradient.update(repeating: 0) }
  }

  /// Full form with Hugging Face's names; an adapter is merged in, in single precision.
  package func weights() -> [(name: String, shape: [Int], values: [Float])] { [] }

  /// The adapter with PEFT's names; empty without one.
  package func adapterWeights() -> [(name: String, shape: [Int], values: [Float])] { [] }

  /// Logits at `positions` of the batch's tokens.
  package func logits(_ batch: TokenBatch, positions: [Int]) -> [[Float]] {
    preconditionFailure("the decoder is not built")
  }

  /// Backend, dtype, instruction-set level, BLAS core and version: runs with the same class give
  /// the same bits.
  package var arithmeticClass: String { "" }
}
