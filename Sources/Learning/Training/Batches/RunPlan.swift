/// Which rows each optimizer step of a whole run sees.
///
/// Accumulation never crosses the end of an epoch; the last, incomplete window of one is a step of
/// its own, as in the Hugging Face Trainer.
package struct RunPlan {
  package let totalSteps: Int

  /// Where a step lies.
  package struct Cursor: Sendable, Hashable {
    /// Counts from 0.
    package var epoch: Int
    /// The index of the step in its epoch.
    package var index: Int
    /// Whether the epoch ends with this step.
    package var endsEpoch: Bool
  }

  let lengths: [Int]
  private let settings: BatchSettings
  /// Steps before each epoch, as far as known; the first is 0.
  private var starts = [0]
  private var current: (epoch: Int, plan: EpochPlan)?

  /// - Parameters:
  ///   - lengths: tokens that each row puts into a batch; at least one row.
  ///   - epochs: passes over the data, may end within one: `ceil(share * steps)` of its steps.
  ///   - stepsMax: replaces `epochs` (`max_steps`).
  package init(lengths: [Int], _ settings: BatchSettings, epochs: Double, stepsMax: Int? = nil) {
    precondition(!lengths.isEmpty, "a run needs a row")
    self.lengths = lengths
    self.settings = settings
    if let stepsMax {
      totalSteps = stepsMax
      return
    }
    var total = 0
    for epoch in 0..<Int(epochs.rounded(.up)) {
      let count = Self.stepCount(lengths, settings, epoch: epoch)
      let share = min(1, epochs - Double(epoch))
      total += Int((Double(count) * share).rounded(.up))
      starts.append(starts[epoch] + count)
    }
    totalSteps = total
  }

  /// The place of step `step`, counted from 1.
  package mutating func cursor(of step: Int) -> Cursor {
    let position = step - 1
    while position >= starts[starts.count - 1] {
      let epoch = starts.count - 1
      starts.append(starts[epoch] + Self.stepCount(lengths, settings, epoch: epoch))
    }
    var (low, high) = (0, starts.count - 1)  // starts[low] <= position < starts[high]
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= position { low = middle } else { high = middle }
    }
    return Cursor(
      epoch: low, index: position - starts[low], endsEpoch: position + 1 == starts[low + 1])
  }

  /// Steps of an epoch that ``cursor(of:)`` has named.
  package func stepCount(ofEpoch epoch: Int) -> Int { starts[epoch + 1] - starts[epoch] }

  /// The rows of step `step`, counted from 1. Cost: one pass over the rows when the epoch changes.
  package mutating func rows(of step: Int) -> StepPlan {
    let place = cursor(of: step)
    if current?.epoch != place.epoch {
      current = (place.epoch, EpochPlan(lengths: lengths, settings, epoch: place.epoch))
    }
    guard let current else { preconditionFailure("set above") }
    return current.plan.steps[place.index]
  }

  private static func stepCount(_ lengths: [Int], _ settings: BatchSettings, epoch: Int) -> Int {
    settings.samplePacking
      ? EpochPlan(lengths: lengths, settings, epoch: epoch).steps.count
      : EpochPlan.stepCount(rows: lengths.count, settings)
  }
}
