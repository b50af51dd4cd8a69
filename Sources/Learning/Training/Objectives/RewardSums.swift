/// What TRL logs of pairs whose rewards need no reference, summed over them:
/// `rewards/chosen`, `rewards/rejected`, `rewards/accuracies`, `rewards/margins`, `logps/chosen`,
/// `logps/rejected`.
struct RewardSums {
  private var chosen = 0.0
  private var rejected = 0.0
  private var wins = 0.0
  private var logChosen = 0.0
  private var logRejected = 0.0

  /// - Parameters:
  ///   - rewards: of the chosen and the rejected answer.
  ///   - logProbabilities: what they were computed from, sums or means over tokens.
  mutating func add(
    rewards: (chosen: Double, rejected: Double),
    logProbabilities: (chosen: Double, rejected: Double)
  ) {
    chosen += rewards.chosen
    rejected += rewards.rejected
    if rewards.chosen > rewards.rejected { wins += 1 }
    logChosen += logProbabilities.chosen
    logRejected += logProbabilities.rejected
  }

  var statistics: [ObjectiveValue.Statistic] {
    [
      .init(name: "rewards/chosen", sum: chosen), .init(name: "rewards/rejected", sum: rejected),
      .init(name: "rewards/margins", sum: chosen - rejected),
      .init(name: "rewards/accuracies", sum: wins),
      .init(name: "logps/chosen", sum: logChosen), .init(name: "logps/rejected", sum: logRejected),
    ]
  }
}
