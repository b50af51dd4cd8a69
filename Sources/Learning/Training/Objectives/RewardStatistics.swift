/// What TRL's RewardTrainer logs of a micro-batch of pairs of scores.
package struct RewardStatistics: Sendable, Hashable {
  private var least = Double.infinity
  private var largest = -Double.infinity
  private var sum = 0.0
  private var margin = 0.0
  private var wins = 0.0
  private var pairs = 0.0

  package init() {}

  package mutating func add(chosen: Double, rejected: Double) {
    least = min(least, chosen, rejected)
    largest = max(largest, chosen, rejected)
    sum += chosen + rejected
    margin += chosen - rejected
    if chosen > rejected { wins += 1 }
    pairs += 1
  }

  /// By TRL's names, over the pairs added.
  package var means: [NamedValue] {
    let count = max(1, pairs)
    return [
      NamedValue("min_reward", pairs > 0 ? least : 0),
      NamedValue("mean_reward", sum / (2 * count)),
      NamedValue("max_reward", pairs > 0 ? largest : 0),
      NamedValue("accuracy", wins / count), NamedValue("margin", margin / count),
    ]
  }
}
