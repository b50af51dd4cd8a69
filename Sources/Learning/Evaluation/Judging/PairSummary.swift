private import Foundation
package import Scoring

/// What a judge's comparisons say together, and how far they can be trusted.
package struct PairSummary: Sendable {
  package var wins = 0
  package var ties = 0
  package var losses = 0
  /// Pairs whose orders differ: ties by the rule, but no equal answers.
  package var inconsistent = 0
  package var invalid = 0
  /// Replies that had to be asked for again.
  package var retried = 0
  /// Verdicts for the answer shown first, the one shown second, neither; over both orders.
  package var firstChosen = 0
  package var secondChosen = 0
  package var neitherChosen = 0
  /// Points of the pairs in which the candidate's answer is longer, and shorter, by characters.
  package var longer = PointCount()
  package var shorter = PointCount()
  package var equallyLong = PointCount()
  /// Mean length of the candidate's answers over the baseline's; nil where that is empty.
  package var lengthRatio: Double?

  /// Pairs and their points.
  package struct PointCount: Sendable, Hashable {
    package var pairs = 0
    package var points = 0.0

    package var rate: Double? { pairs == 0 ? nil : points / Double(pairs) }

    mutating func add(_ points: Double) {
      pairs += 1
      self.points += points
    }
  }

  package init(_ items: [JudgeItem], _ comparisons: [Judge.Comparison]) {
    var lengths = (candidate: 0, baseline: 0)
    for (item, comparison) in zip(items, comparisons) {
      add(item, comparison)
      lengths.candidate += item.candidateAnswer.unicodeScalars.count
      lengths.baseline += item.baselineAnswer.unicodeScalars.count
    }
    if lengths.baseline > 0 {
      lengthRatio = Double(lengths.candidate) / Double(lengths.baseline)
    }
  }

  private mutating func add(_ item: JudgeItem, _ comparison: Judge.Comparison) {
    retried += [comparison.forward, comparison.backward].count { $0.isRetried }
    let outcome = PairOutcome(comparison)
    guard let points = outcome.points else {
      invalid += 1
      return
    }
    for verdict in [comparison.forwardVerdict, comparison.backwardVerdict] {
      switch verdict {
      case .first: firstChosen += 1
      case .second: secondChosen += 1
      case .tie: neitherChosen += 1
      case nil: break
      }
    }
    switch outcome {
    case .win: wins += 1
    case .loss: losses += 1
    case .tie, .invalid: ties += 1
    }
    if comparison.agrees == false { inconsistent += 1 }
    let (own, other) = (
      item.candidateAnswer.unicodeScalars.count, item.baselineAnswer.unicodeScalars.count
    )
    if own > other {
      longer.add(points)
    } else if own < other {
      shorter.add(points)
    } else {
      equallyLong.add(points)
    }
  }

  /// Pairs with verdicts in both orders.
  package var count: Int { wins + ties + losses }
  package var pairs: Int { count + invalid }

  /// (wins + ½ ties) / pairs, with Wilson's interval; nil without pairs.
  package func winRate(confidence: Double) -> ConfidenceInterval? {
    guard count > 0 else { return nil }
    let mean = (Double(wins) + Double(ties) / 2) / Double(count)
    return .wilson(mean: mean, of: count, confidence: confidence)
  }

  /// Share of pairs whose orders say the same.
  package var agreement: Double? {
    count == 0 ? nil : Double(count - inconsistent) / Double(count)
  }

  package var invalidRate: Double { pairs == 0 ? 0 : Double(invalid) / Double(pairs) }

  /// Share of the verdicts for an answer that chose the one shown first: ½ without a bias.
  package var firstShare: Double? {
    let decided = firstChosen + secondChosen
    return decided == 0 ? nil : Double(firstChosen) / Double(decided)
  }

  /// Share of decided pairs of different length that the longer answer won.
  package var longerWins: Double? {
    let pairs = longer.pairs + shorter.pairs
    guard pairs > 0 else { return nil }
    return (longer.points + Double(shorter.pairs) - shorter.points) / Double(pairs)
  }

  /// The win rate as both lengths weigh the same: the mean of the rates among longer and among
  /// shorter answers; nil unless both occur.
  package var lengthBalancedRate: Double? {
    guard let long = longer.rate, let short = shorter.rate else { return nil }
    return (long + short) / 2
  }

  /// The difference of Elo ratings that a win rate stands for: 400 · log10(p / (1 - p)).
  package static func elo(_ rate: Double) -> Double { 400 * log10(rate / (1 - rate)) }
}
