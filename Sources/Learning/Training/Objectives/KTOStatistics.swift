/// What is worth knowing of a micro-batch of answers with verdicts.
///
/// TRL's `kl`, and `rewards/` and `logps/` of `chosen` (desirable) and `rejected` (undesirable)
/// answers are means over the answers of that verdict; a mean over all rows would blur them.
package struct KTOStatistics: Sendable, Hashable {
  private struct Side: Sendable, Hashable {
    var reward = 0.0
    var logProbability = 0.0
    var count = 0.0
  }

  private let divergence: Double
  private var desirable = Side()
  private var undesirable = Side()

  package init(divergence: Double) { self.divergence = divergence }

  package mutating func add(isDesirable: Bool, reward: Double, logProbability: Double) {
    var side = isDesirable ? desirable : undesirable
    side.reward += reward
    side.logProbability += logProbability
    side.count += 1
    if isDesirable { desirable = side } else { undesirable = side }
  }

  /// By TRL's names; what has no answers is left out, as TRL leaves it out of its means.
  package var means: [NamedValue] {
    var means = [NamedValue("kl", divergence)]
    for (name, side) in [("chosen", desirable), ("rejected", undesirable)] where side.count > 0 {
      means.append(NamedValue("rewards/\(name)", side.reward / side.count))
      means.append(NamedValue("logps/\(name)", side.logProbability / side.count))
    }
    if desirable.count > 0, undesirable.count > 0 {
      let margin = desirable.reward / desirable.count - undesirable.reward / undesirable.count
      means.append(NamedValue("rewards/margins", margin))
    }
    return means
  }
}
