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
