/// The rows of one optimizer step.
package struct StepPlan: Sendable, Hashable {
  /// Row indices of each micro-batch, none of them empty.
  package var microBatches: [[Int]]

  package init(microBatches: [[Int]]) { self.microBatches = microBatches }

  package var rows: [Int] { microBatches.flatMap { $0 } }
}
