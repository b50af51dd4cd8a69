/// What a run did.
package struct TrainingSummary: Sendable, Hashable {
  /// Optimizer steps taken; fewer than planned after an early stop.
  package var steps: Int
  package var totalSteps: Int
  /// Tokens that went through the model in training.
  package var tokens: Int
  /// Evaluation before the first step; empty without validation rows.
  package var before: [NamedValue]
  /// Evaluation of the weights that are kept.
  package var after: [NamedValue]
  /// The step whose weights are kept.
  package var keptStep: Int
  package var stoppedEarly: Bool
}
