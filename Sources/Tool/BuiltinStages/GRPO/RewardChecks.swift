internal import Diagnostics
internal import Parallelism
internal import Scoring
internal import StageKit

/// Whether rewards can teach anything, looked at before the first step: solutions that rows came
/// with should be rewarded.
struct RewardChecks {
  let rewards: [GRPOParameters.Reward]
  let context: StageContext

  /// Solutions that are tried.
  private static let triedMax = 64

  func check(_ prompts: [PromptExample]) throws {
    let tried = prompts.filter { $0.solution != nil }.prefix(Self.triedMax)
    guard !tried.isEmpty else { return }
    for reward in rewards {
      let scores = try context.pool.map(Array(tried)) { prompt in
        try reward.verifier.verify(
          Attempt(
            prompt: prompt.text, completion: prompt.solution ?? "", fields: prompt.fields)
        ).score
      }
      let known = scores.compactMap(\.self)
      if known.isEmpty {
        warn(
          "grpo.no-reference",
          "'\(reward.name)' can score none of \(scores.count) rows: they lack the column it reads",
          fix: "set 'field:' of the reward to a column of the rows")
      } else if known.allSatisfy({ $0 == 0 }) {
        warn(
          "grpo.reward-self-test",
          "'\(reward.name)' gives 0 to all of \(known.count) solutions that the rows came with",
          fix: "check the reward's options with 'orchestrate preview' of these rows")
      }
    }
  }

  private func warn(_ code: String, _ message: String, fix: String) {
    context.warn(Diagnostic(code, message, fix: fix, severity: .warning))
  }
}
