import ModelFiles
import Reproducibility
import Tensors

extension LanguageModel {
  /// Gives the model the head of a reward model, which learns where anything does.
  ///
  /// - Parameters:
  ///   - values: C of them; nil: normal(0, 0.02), as transformers starts a new head.
  ///   - seed: of fresh values.
  package func addScoreHead(_ values: [Float]? = nil, seed: UInt64 = 0) {
    let size = configuration.hiddenSize
    let head = ScoreHead(
      (adapter == nil ? "" : AdapterFiles.prefix) + "score.weight", size: size,
      learns: !parameters.isEmpty, backend: backend)
    let random = CounterRandom(seed: seed, stream: "score")
    let start = values ?? (0..<size).map { Float(0.02 * random.normal(UInt64($0))) }
    precondition(start.count == size, "the head has a weight for every hidden unit")
    head.values.write(start)
    decoder.score = head
    guard let parameter = head.tensor.parameter else { return }
    parameters = (parameters + [parameter])
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The values of the score head, or nil.
  package var scoreHead: [Float]? { decoder.score?.values.values() }

  /// The score at each of `positions` of the batch's tokens. Needs ``addScoreHead(_:seed:)``.
  package func scores(_ batch: TokenBatch, positions: [Int]) -> [Float] {
    step(batch, positions, DecoderStep.Options(adapterIsOn: adapterIsOn)).scores()
  }

  /// Forward, loss, backward, which ADDS to the gradients. Returns the scores.
  ///
  /// - Parameter objective: from the scores to the derivative of the loss by each.
  @discardableResult
  package func forwardBackwardScores(
    _ batch: TokenBatch, positions: [Int], _ options: PassOptions,
    _ objective: ([Float]) -> [Float]
  ) -> [Float] {
    let step = step(batch, positions, stepOptions(options))
    let scores = step.scores()
    let slopes = objective(scores)
    precondition(slopes.count == scores.count, "an objective has a slope for every score")
    step.backward(scoreSlopes: slopes)
    return scores
  }
}
