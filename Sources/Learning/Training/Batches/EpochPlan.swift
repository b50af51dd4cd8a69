private import Reproducibility

/// The steps of one pass over the rows: a pure function of row lengths, settings and epoch, so a
/// place in the data is a number and needs no saved state.
package struct EpochPlan: Sendable, Hashable {
  package var steps: [StepPlan]

  /// - Parameters:
  ///   - lengths: tokens that each row puts into a batch.
  ///   - epoch: counts from 0.
  package init(lengths: [Int], _ settings: BatchSettings, epoch: Int) {
    let order =
      settings.shuffles
      ? CounterRandom(seed: settings.seed, stream: "shuffle", UInt64(epoch))
        .permutation(of: lengths.count)
      : Array(0..<lengths.count)
    let batches = Self.microBatches(order, lengths, settings)
    steps = stride(from: 0, to: batches.count, by: settings.gradientAccumulationSteps).map {
      let end = min($0 + settings.gradientAccumulationSteps, batches.count)
      return StepPlan(microBatches: Array(batches[$0..<end]))
    }
  }

  /// The number of steps without the steps themselves, where it does not depend on the order.
  static func stepCount(rows: Int, _ settings: BatchSettings) -> Int {
    precondition(!settings.samplePacking, "packed steps depend on the order of rows")
    let batches = (rows + settings.microBatchSize - 1) / settings.microBatchSize
    return (batches + settings.gradientAccumulationSteps - 1) / settings.gradientAccumulationSteps
  }

  /// Rows in order; a batch is closed before the row that would not fit. Layouts are ragged, so an
  /// unfilled batch costs no padding and a better fit would gain nothing.
  private static func microBatches(
    _ order: [Int], _ lengths: [Int], _ settings: BatchSettings
  ) -> [[Int]] {
    let budget = settings.sequenceLength * settings.microBatchSize
    var batches: [[Int]] = []
    var batch: [Int] = []
    var tokens = 0
    for row in order {
      let isFull =
        settings.samplePacking
        ? tokens + lengths[row] > budget : batch.count == settings.microBatchSize
      if isFull && !batch.isEmpty {
        batches.append(batch)
        batch = []
        tokens = 0
      }
      batch.append(row)
      tokens += lengths[row]
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }
}
