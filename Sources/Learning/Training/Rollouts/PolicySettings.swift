/// How sampled completions are turned into a loss.
package struct PolicySettings: Sendable, Hashable {
  package enum Rule: Sendable, Hashable {
    /// GRPO and its relatives; advantages relative to the group.
    case relative(PolicyLoss, GroupAdvantages.Scale)
    /// RLOO: advantages relative to the others of the group, perhaps normalised over the round.
    case leaveOneOut(LeaveOneOutLoss, normalizes: Bool)
  }

  package var rule: Rule
  /// `num_generations`
  package var completionsPerPrompt: Int
  /// What logits are divided by, in sampling and in log-probabilities alike.
  package var temperature = 1.0
  /// Of each reward function, in the order of the source; empty: 1 each.
  package var rewardWeights: [Double] = []
  /// Completions that ended by the limit of tokens count nowhere (`mask_truncated_completions`).
  package var masksTruncated = false

  package init(_ rule: Rule, completionsPerPrompt: Int) {
    self.rule = rule
    self.completionsPerPrompt = completionsPerPrompt
  }

  /// What the divergence from the reference weighs.
  var beta: Double {
    switch rule {
    case .relative(let loss, _): loss.beta
    case .leaveOneOut(let loss, _): loss.beta
    }
  }

  /// Rewards of all functions together; NaN where no function gave one.
  func total(_ rewards: [[Double]], _ index: Int) -> Double {
    let known = rewards.indices.filter { !rewards[$0][index].isNaN }
    if known.isEmpty { return .nan }
    return known.reduce(0) { sum, function in
      sum + rewards[function][index] * (rewardWeights.isEmpty ? 1 : rewardWeights[function])
    }
  }
}
