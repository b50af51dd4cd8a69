private import Reproducibility

/// The steps of one pass over the rows: a pure function of row lengths, settings and epoch, so a
/// place in the data is a number and needs no saved state.
package struct EpochPlan: Sendable, Hashable {
  package var steps: [StepPlan]

  /// - Parameters:
  ///   - lengths: tokens that each row puts into a batch.
  ///   - epoch: counts from 0.
  package init(lengths: [Int], _ settings: BatchSettings, epoch: Int) {
    if let rounds = settings.rounds {
      steps = Self.rounds(rows: lengths.count, settings, rounds, epoch)
      return
    }
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
    if let rounds = settings.rounds {
      return roundCount(rows: rows, settings, rounds) * rounds.steps(settings)
    }
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

  /// Whole rounds of prompts in order, as TRL's sampler makes them: prompts that fill no round wait
  /// for another epoch.
  private static func rounds(
    rows: Int, _ settings: BatchSettings, _ rounds: BatchSettings.RoundSettings, _ epoch: Int
  ) -> [StepPlan] {
    let prompts = rows / rounds.completions
    let order =
      settings.shuffles
      ? CounterRandom(seed: settings.seed, stream: "shuffle", UInt64(epoch))
        .permutation(of: prompts)
      : Array(0..<prompts)
    let count = roundCount(rows: rows, settings, rounds)
    let size = settings.microBatchSize * rounds.microBatches / rounds.completions
    return (0..<count).flatMap { round in
      let members = order[round * size..<(round + 1) * size].flatMap { prompt in
        prompt * rounds.completions..<(prompt + 1) * rounds.completions
      }
      let batches = stride(from: 0, to: members.count, by: settings.microBatchSize).map {
        Array(members[$0..<$0 + settings.microBatchSize])
      }
      let plan = StepPlan.Round(
        number: epoch * count + round, microBatches: batches,
        isReused: rounds.steps(settings) > 1)
      return (0..<rounds.iterations).flatMap { _ in
        stride(from: 0, to: batches.count, by: settings.gradientAccumulationSteps).map {
          StepPlan(
            microBatches: Array(batches[$0..<$0 + settings.gradientAccumulationSteps]),
            round: plan)
        }
      }
    }
  }

  private static func roundCount(
    rows: Int, _ settings: BatchSettings, _ rounds: BatchSettings.RoundSettings
  ) -> Int {
    let size = settings.microBatchSize * rounds.microBatches
    precondition(
      rows % rounds.completions == 0 && size % rounds.completions == 0
        && rounds.microBatches % settings.gradientAccumulationSteps == 0,
      "a round is whole groups and whole steps")
    precondition(rows >= size, "there is a round of prompts")
    return rows / size
  }
}

extension BatchSettings.RoundSettings {
  /// Optimizer steps of a round.
  func steps(_ settings: BatchSettings) -> Int {
    microBatches / settings.gradientAccumulationSteps * iterations
  }
}
