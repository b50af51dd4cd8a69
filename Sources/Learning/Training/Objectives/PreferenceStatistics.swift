/// What is worth knowing of preference pairs, summed over them; names are TRL's.
///
/// | name | mean over pairs of |
/// |---|---|
/// | `rewards/chosen`, `rewards/rejected` | beta times the log-ratio to the reference |
/// | `rewards/margins` | the difference of the two |
/// | `rewards/accuracies` | 1 where the chosen reward is the higher one |
/// | `logps/chosen`, `logps/rejected` | the policy's log-probability of the answer |
/// | `preference_accuracy` | 1 where the chosen answer has the higher mean token log-probability |
package struct PreferenceStatistics: Sendable, Hashable {
  private var chosen = 0.0
  private var rejected = 0.0
  private var wins = 0.0
  private var preferred = 0.0
  private var logChosen = 0.0
  private var logRejected = 0.0

  package init() {}

  package mutating func add(
    _ chosen: PreferenceLoss.Answer, _ rejected: PreferenceLoss.Answer, beta: Double
  ) {
    self.chosen += beta * chosen.logRatio
    self.rejected += beta * rejected.logRatio
    if chosen.logRatio > rejected.logRatio { wins += 1 }
    if chosen.mean > rejected.mean { preferred += 1 }
    logChosen += chosen.policy
    logRejected += rejected.policy
  }

  package var sums: [ObjectiveValue.Statistic] {
    [
      .init(name: "rewards/chosen", sum: chosen), .init(name: "rewards/rejected", sum: rejected),
      .init(name: "rewards/margins", sum: chosen - rejected),
      .init(name: "rewards/accuracies", sum: wins),
      .init(name: "logps/chosen", sum: logChosen), .init(name: "logps/rejected", sum: logRejected),
      .init(name: "preference_accuracy", sum: preferred),
    ]
  }
}

extension PreferenceLoss.Answer {
  /// The mean log-probability of a token.
  var mean: Double { policy / length }
}
