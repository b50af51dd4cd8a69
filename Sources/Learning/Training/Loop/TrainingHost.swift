package import Diagnostics
package import Reproducibility

/// What the loop asks of whoever runs it.
package protocol TrainingHost {
  func stepped(_ report: StepReport)
  /// Values of an evaluation after `step` steps, by name (`eval_loss`, …), in a fixed order.
  func evaluated(step: Int, _ values: [NamedValue])
  /// Something that looks wrong and does not end the run.
  func warned(_ finding: Diagnostic)
  /// How far a pass without learning is: an evaluation, or a reference's log-probabilities.
  func scored(_ rows: Int, of total: Int, _ what: String)

  /// True once the loop should write a checkpoint and end.
  var isStopRequested: Bool { get }
  /// Keeps what `write` puts into an empty folder, all or nothing.
  func save(step: Int, arithmetic: String, _ write: (_ folder: String) throws -> Void) throws
  /// The newest undamaged checkpoint of the same arithmetic.
  func latestCheckpoint(arithmetic: String) throws -> FileTree?
}

/// A value with the name it is reported by.
package struct NamedValue: Sendable, Hashable {
  package var name: String
  package var value: Double

  package init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// One optimizer step, as it was.
package struct StepReport: Sendable, Hashable {
  /// Counts from 1.
  package var step: Int
  package var totalSteps: Int
  /// Passes over the data so far, with the fraction of the current one.
  package var epoch: Double
  package var loss: Double
  package var learningRate: Double
  /// Of all gradients together, before clipping.
  package var gradientNorm: Double
  /// Tokens that went through the model.
  package var tokens: Int
  /// Means over the rows of the step, by name.
  package var statistics: [NamedValue]
}
