/// How far a number may be from the right one.
package struct NumberTolerance: Sendable, Hashable {
  package var absolute: Double
  /// As a share of the right number; either bound will do.
  package var relative: Double
  /// Whether 12 % is 0.12; otherwise the sign is ignored.
  package var percentIsFraction: Bool

  package init(absolute: Double = 1e-6, relative: Double = 0, percentIsFraction: Bool = true) {
    self.absolute = absolute
    self.relative = relative
    self.percentIsFraction = percentIsFraction
  }

  package func accepts(_ given: Double, _ wanted: Double) -> Bool {
    abs(given - wanted) <= max(absolute, relative * abs(wanted))
  }

  /// What a number found in a text counts as.
  package func value(_ number: DecimalNumber.Found) -> Double {
    percentIsFraction ? number.fraction : number.value
  }

  /// Whether the last number of an answer is one of the right ones; false without a number.
  package func matches(_ answer: String, references: [Double]) -> Bool {
    guard let given = DecimalNumber.last(in: answer).map(value) else { return false }
    return references.contains { accepts(given, $0) }
  }
}
