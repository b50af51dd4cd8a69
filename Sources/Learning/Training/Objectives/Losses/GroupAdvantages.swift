/// Rewards of completions of the same prompt, made relative to each other.
///
/// Completions of a prompt lie together, `groupSize` of them. A reward that is NaN could not be
/// given: it counts nowhere and its advantage is 0, as is the advantage of a completion that is
/// left with nothing to be compared with.
package struct GroupAdvantages: Sendable, Hashable {
  /// What the distance from the group's mean is divided by (`scale_rewards`).
  package enum Scale: String, Sendable, Hashable, CaseIterable {
    /// The deviation of the group, plus 1e-4.
    case group
    /// The deviation of all rewards, plus 1e-4.
    case batch
    /// Nothing (Liu et al. 2025, "Understanding R1-Zero-like training").
    case none
  }

  package var groupSize: Int

  package init(groupSize: Int) {
    precondition(groupSize > 0, "a group has completions")
    self.groupSize = groupSize
  }

  /// GRPO (Shao et al. 2024): (R - mean of the group) / (deviation + 1e-4), deviation with n - 1.
  package func relative(_ rewards: [Double], scale: Scale) -> [Double] {
    let whole = Self.deviation(rewards)
    return groups(rewards).flatMap { group in
      let mean = Self.mean(group)
      let divisor: Double =
        switch scale {
        case .group: Self.deviation(group) + 1e-4
        case .batch: whole + 1e-4
        case .none: 1
        }
      return group.map { Self.finite(($0 - mean) / divisor) }
    }
  }

  /// GDPO (`normalize_then_sum`): each reward function relative to its group, their weighted sum
  /// relative to the batch.
  ///
  /// - Parameter rewards: of each function, of all completions.
  package func normalizedThenSummed(_ rewards: [[Double]], weights: [Double]) -> [Double] {
    guard let count = rewards.first?.count else { return [] }
    let scaled = rewards.map { function in
      groups(function).flatMap { group in
        let (mean, deviation) = (Self.mean(group), Self.deviation(group))
        return group.map { ($0 - mean) / (deviation + 1e-4) }
      }
    }
    let sums = (0..<count).map { index in
      if rewards.allSatisfy({ $0[index].isNaN }) { return Double.nan }
      return zip(scaled, weights).reduce(0) { $0 + ($1.0[index].isNaN ? 0 : $1.0[index] * $1.1) }
    }
    let (mean, deviation) = (Self.mean(sums), Self.deviation(sums))
    return sums.map { Self.finite(($0 - mean) / (deviation + 1e-4)) }
  }

  /// RLOO (Ahmadian et al. 2024): R minus the mean of the others of its group.
  ///
  /// - Parameter normalizes: then minus the mean of all and divided by their deviation + 1e-4.
  package func leaveOneOut(_ rewards: [Double], normalizes: Bool = false) -> [Double] {
    var advantages = groups(rewards).flatMap { group in
      let known = group.filter { !$0.isNaN }
      let sum = known.reduce(0, +)
      return group.map { $0 - (sum - $0) / Double(known.count - 1) }
    }
    if normalizes {
      let known = advantages.map { $0.isFinite ? $0 : .nan }
      let (mean, deviation) = (Self.mean(known), Self.deviation(known))
      advantages = known.map { ($0 - mean) / (deviation + 1e-4) }
    }
    return advantages.map(Self.finite)
  }

  /// The share of groups whose rewards are all the same and so teach nothing
  /// (`frac_reward_zero_std`).
  package func shareWithoutSpread(_ rewards: [Double]) -> Double {
    let groups = groups(rewards)
    guard !groups.isEmpty else { return 0 }
    return Double(groups.count { Self.deviation($0) <= 1e-8 }) / Double(groups.count)
  }

  private func groups(_ rewards: [Double]) -> [ArraySlice<Double>] {
    precondition(rewards.count % groupSize == 0, "whole groups")
    return stride(from: 0, to: rewards.count, by: groupSize).map { rewards[$0..<$0 + groupSize] }
  }

  /// Of what is not NaN; NaN of nothing.
  static func mean(_ values: some Sequence<Double>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for value in values where !value.isNaN {
      sum += value
      count += 1
    }
    return sum / count
  }

  /// With n - 1, of what is not NaN; NaN of fewer than two.
  package static func deviation(_ values: some Sequence<Double>) -> Double {
    let known = values.filter { !$0.isNaN }
    guard known.count > 1 else { return .nan }
    let mean = mean(known)
    let squares = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(known.count - 1)).squareRoot()
  }

  private static func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }
}
