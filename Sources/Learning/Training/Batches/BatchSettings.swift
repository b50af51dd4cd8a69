/// How rows become micro-batches and micro-batches become optimizer steps.
package struct BatchSettings: Sendable, Hashable {
  /// Rows of a micro-batch; with packing, the number of full-length rows whose tokens it may hold.
  package var microBatchSize: Int
  /// Micro-batches of an optimizer step; the last step of an epoch may have fewer.
  package var gradientAccumulationSteps: Int
  /// The longest row, in tokens.
  package var sequenceLength: Int
  /// Fill a micro-batch with short rows up to `sequenceLength * microBatchSize` tokens.
  package var samplePacking: Bool
  /// Visit rows in an order keyed by (seed, epoch); otherwise in the order given.
  package var shuffles: Bool
  package var seed: UInt64
  /// Rows are completions to sample; nil: they are there.
  package var rounds: RoundSettings?

  /// How completions are sampled and used, by TRL's names.
  package struct RoundSettings: Sendable, Hashable {
    /// Completions of each prompt (`num_generations`): rows p * n ..< (p + 1) * n are prompt p's.
    package var completions: Int
    /// Micro-batches that are sampled together (`steps_per_generation`), a multiple of the
    /// accumulation steps.
    package var microBatches: Int
    /// How often the completions of a round are trained on (`num_iterations`).
    package var iterations: Int

    package init(completions: Int, microBatches: Int, iterations: Int = 1) {
      self.completions = completions
      self.microBatches = microBatches
      self.iterations = iterations
    }
  }

  /// Prompts of a round.
  package var promptsPerRound: Int? {
    rounds.map { microBatchSize * $0.microBatches / $0.completions }
  }

  package init(
    microBatchSize: Int, gradientAccumulationSteps: Int = 1, sequenceLength: Int,
    samplePacking: Bool = false, shuffles: Bool = true, seed: UInt64 = 42
  ) {
    self.microBatchSize = microBatchSize
    self.gradientAccumulationSteps = gradientAccumulationSteps
    self.sequenceLength = sequenceLength
    self.samplePacking = samplePacking
    self.shuffles = shuffles
    self.seed = seed
  }
}
