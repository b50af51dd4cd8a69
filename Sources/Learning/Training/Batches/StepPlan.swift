/// The rows of one optimizer step.
package struct StepPlan: Sendable, Hashable {
  /// Row indices of each micro-batch, none of them empty.
  package var microBatches: [[Int]]
  /// The round whose completions the step trains on, where completions are sampled.
  package var round: Round?

  /// Completions that are sampled together and trained on, perhaps several times.
  package struct Round: Sendable, Hashable {
    /// Counts from 0 over the whole run.
    package var number: Int
    /// All rows of the round, in micro-batches.
    package var microBatches: [[Int]]
    /// Whether the policy has moved since the completions were sampled when some of them are used.
    package var isReused: Bool

    package init(number: Int, microBatches: [[Int]], isReused: Bool) {
      self.number = number
      self.microBatches = microBatches
      self.isReused = isReused
    }
  }

  package init(microBatches: [[Int]], round: Round? = nil) {
    self.microBatches = microBatches
    self.round = round
  }

  package var rows: [Int] { microBatches.flatMap { $0 } }
}
