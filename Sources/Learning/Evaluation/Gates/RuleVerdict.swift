package import Scoring

/// What became of a rule.
package struct RuleVerdict: Sendable, Hashable {
  /// One line: what was asked.
  package var rule: String
  package var decision: GateDecision
  /// One sentence with the numbers.
  package var sentence: String

  package init(rule: String, decision: GateDecision, sentence: String) {
    self.rule = rule
    self.decision = decision
    self.sentence = sentence
  }

  /// Applies a rule to a score of its task and metric, whose intervals have the rule's confidence.
  package init(_ rule: GateRule, _ score: MetricScore) {
    self.rule = rule.text
    switch rule.bound {
    case .min(let bound):
      decision =
        rule.confidence == nil
        ? score.candidate.estimate >= bound ? .pass : .refused
        : .atLeast(bound, score.candidate, strictly: false)
      sentence = Self.sentence(
        rule, score, score.candidate, bound, decision, wanted: "at least", otherwise: "below")
    case .max(let bound):
      decision =
        rule.confidence == nil
        ? score.candidate.estimate <= bound ? .pass : .refused
        : .atMost(bound, score.candidate)
      sentence = Self.sentence(
        rule, score, score.candidate, bound, decision, wanted: "at most", otherwise: "above")
    case .maxRelativeDrop: preconditionFailure("a share of a number is kept by its own interval")
    case .minGain(let bound):
      guard let gain = score.gain else { preconditionFailure("a rule about no baseline") }
      decision =
        rule.confidence == nil
        ? gain.estimate > bound ? .pass : .refused : .atLeast(bound, gain, strictly: true)
      sentence = Self.gainSentence(rule, score, gain, bound, decision)
    }
  }

  /// Applies a rule about a share of another model's number.
  ///
  /// - Parameter contrast: of the candidate's number and that share, with the rule's confidence.
  package init(_ rule: GateRule, _ score: MetricScore, contrast: ConfidenceInterval) {
    self.rule = rule.text
    decision =
      rule.confidence == nil
      ? contrast.estimate > 0 ? .pass : .refused : .atLeast(0, contrast, strictly: true)
    guard case .maxRelativeDrop(let drop) = rule.bound else {
      preconditionFailure("a rule about another bound")
    }
    let other = score.baseline?.estimate ?? 0
    let change = other == 0 ? 0 : (score.candidate.estimate - other) / abs(other)
    let numbers =
      "\(rule.subject) is \(Figures.number(score.candidate.estimate)) against the "
      + "\(rule.versus ?? "baseline")'s \(Figures.number(other)), \(Figures.signedPercent(change)) "
      + "(\(Figures.rows(score.count))); "
    let reach = "what is kept beyond that has the \(Figures.interval(contrast))"
    sentence =
      switch decision {
      case .pass: numbers + "a loss of \(Figures.percent(drop)) is excluded: \(reach)"
      case .refused: numbers + "that is a loss of \(Figures.percent(drop)) or more: \(reach)"
      case .inconclusive:
        numbers + "a loss of \(Figures.percent(drop)) is not excluded: \(reach); "
          + Self.settle(contrast, 0, score.count)
      }
  }

  /// A rule about items that there are none of.
  package init(_ rule: GateRule, absent slice: MetricScore.Slice) {
    self.rule = rule.text
    decision = .inconclusive
    sentence = "\(rule.subject): no row has this value, so that nothing was measured"
  }

  private static func sentence(
    _ rule: GateRule, _ score: MetricScore, _ interval: ConfidenceInterval, _ bound: Double,
    _ decision: GateDecision, wanted: String, otherwise: String
  ) -> String {
    let name = rule.subject
    let value = Figures.number(interval.estimate)
    let range = Figures.interval(interval)
    let rows = Figures.rows(score.count)
    let asked = Figures.number(bound)
    switch decision {
    case .pass:
      return "\(name) is \(value) (\(range), \(rows)), \(wanted) \(asked) as required"
    case .refused:
      return "\(name) is \(value) (\(range), \(rows)), \(otherwise) the required \(asked)"
    case .inconclusive:
      return "\(name) is \(value) (\(range), \(rows)), and the required \(asked) lies inside the "
        + "interval; \(settle(interval, bound, score.count))"
    }
  }

  private static func gainSentence(
    _ rule: GateRule, _ score: MetricScore, _ gain: ConfidenceInterval, _ bound: Double,
    _ decision: GateDecision
  ) -> String {
    let candidate = Figures.number(score.candidate.estimate)
    let baseline = score.baseline.map { Figures.number($0.estimate) } ?? "unknown"
    let numbers =
      "\(rule.subject) is \(candidate) against the \(rule.versus ?? "baseline")'s \(baseline), "
      + "a gain of \(Figures.signed(gain.estimate)) (\(Figures.interval(gain)), "
      + "\(Figures.rows(score.count)))"
    let asked = Figures.number(bound)
    switch decision {
    case .pass: return "\(numbers), more than the required \(asked)"
    case .refused: return "\(numbers), not more than the required \(asked)"
    case .inconclusive:
      return "\(numbers), and the required \(asked) lies inside the interval; "
        + settle(gain, bound, score.count)
    }
  }

  /// What would help: how many rows would decide.
  private static func settle(_ interval: ConfidenceInterval, _ bound: Double, _ count: Int)
    -> String
  {
    let detectable = Figures.number(TestPower.detectableDifference(interval))
    if let items = TestPower.itemsToSettle(interval, bound: bound, count: count) {
      return "about \(items) rows like these would settle it (\(count) show a difference of "
        + "\(detectable) four times in five)"
    }
    return "no number of rows settles a value that equals its bound (\(count) show a difference "
      + "of \(detectable) four times in five)"
  }
}
