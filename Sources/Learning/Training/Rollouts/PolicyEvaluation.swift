package import Records

/// The mean reward of completions of held-out prompts; the loss is its negative, so that the best
/// weights are those with the highest reward.
package final class PolicyEvaluation: TrainingObjective {
  package let rowIDs: [RowID]
  package let batchTokens: [Int]
  package let trainedTokens: [Int]
  private let settings: PolicySettings
  private let source: any RolloutSource

  /// - Parameter tokensMax: the longest completion, `max_completion_length`.
  package init(
    _ prompts: [(row: RowID, ids: [Int32])], _ settings: PolicySettings,
    _ source: any RolloutSource,
    tokensMax: Int
  ) {
    self.settings = settings
    self.source = source
    rowIDs = prompts.map(\.row)
    batchTokens = prompts.map { $0.ids.count + tokensMax }
    trainedTokens = prompts.map { _ in 1 }
  }

  package func backward(
    _ model: any TrainableModel, _ rows: [Int], _ share: LossShare, dropoutKey: UInt64?
  ) throws -> ObjectiveValue {
    preconditionFailure("held-out prompts are not trained on")
  }

  package func evaluate(_ model: any TrainableModel, _ rows: [Int], _ share: LossShare) throws
    -> ObjectiveValue
  {
    let batch = try source.completions(
      RolloutRequest(step: 0, prompts: rows, completionsPerPrompt: 1)
    ) { _, _, _ in }
    let rewards = rows.indices.map { settings.total(batch.rewards, $0) }
    let sum = rewards.reduce(0) { $0 + ($1.isNaN ? 0 : $1) }
    let lengths = batch.completions.reduce(0) { $0 + $1.count }
    return ObjectiveValue(
      loss: -sum * share.row,
      statistics: [
        .init(name: "reward", sum: sum),
        .init(name: "completions/mean_length", sum: Double(lengths)),
      ])
  }
}
