/// What a list of rules says of one text.
package struct QualityVerdict: Sendable {
  /// A rule that refused, and the value it saw.
  package struct Refusal: Sendable {
    package var rule: QualityRule
    package var value: Double
  }

  /// In the order of the rules.
  package private(set) var refusals: [Refusal] = []

  /// - Parameter value: of a signal; asked once for each.
  package init(_ rules: [QualityRule], _ value: (QualitySignal) -> Double) {
    for rule in rules {
      let found = value(rule.signal)
      if !rule.accepts(found) { refusals.append(Refusal(rule: rule, value: found)) }
    }
  }
}
