/// Where completions and their rewards come from.
package protocol RolloutSource: AnyObject {
  /// Names of the reward functions, in the order of ``RolloutBatch/rewards``.
  var rewardNames: [String] { get }

  /// Completions of prompts by the model as it is: a pure function of its weights and the request.
  ///
  /// - Parameter progress: completions done; may throw to stop.
  func completions(
    _ request: RolloutRequest,
    _ progress: (_ done: Int, _ total: Int, _ what: String) throws -> Void
  ) throws -> RolloutBatch
}

/// Which completions are wanted.
package struct RolloutRequest: Sendable, Hashable {
  /// What randomness is keyed by, besides the seed: the step that uses the completions first.
  package var step: Int
  /// The rows of the prompts, and how many completions each one gets.
  package var prompts: [Int]
  package var completionsPerPrompt: Int

  package init(step: Int, prompts: [Int], completionsPerPrompt: Int) {
    self.step = step
    self.prompts = prompts
    self.completionsPerPrompt = completionsPerPrompt
  }
}

/// Completions, those of a prompt together.
package struct RolloutBatch: Sendable, Hashable {
  /// Token ids without the prompt, the stop token included.
  package var completions: [[Int32]]
  /// Whether each one ended by itself and not by the limit of tokens.
  package var isFinished: [Bool]
  /// Of each reward function and completion; NaN: none could be given.
  package var rewards: [[Double]]
  /// Advantages that are known already; nil: they follow from the rewards.
  package var advantages: [Double]?

  package init(
    completions: [[Int32]], isFinished: [Bool], rewards: [[Double]], advantages: [Double]? = nil
  ) {
    self.completions = completions
    self.isFinished = isFinished
    self.rewards = rewards
    self.advantages = advantages
  }
}
