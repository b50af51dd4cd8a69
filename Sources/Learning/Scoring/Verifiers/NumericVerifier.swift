/// The number that a completion gives against the right one.
package struct NumericVerifier: Verifier {
  package static let name = "numeric"
  package static let summary = "The last number of the answer equals the right one."
  package static let options = [
    ReferenceField.option, AnswerPart.option,
    VerifierOption("tolerance", "The largest difference that counts as equal; default 1e-6."),
    VerifierOption(
      "relative_tolerance", "The same as a share of the right number; either will do; default 0."),
    VerifierOption(
      "percent",
      "fraction: 12% is 0.12 (default); plain: the sign is ignored."),
  ]

  private enum Percent: String, CaseIterable { case fraction, plain }

  private let field: ReferenceField
  private let part: AnswerPart
  private let tolerance: NumberTolerance

  package init(_ settings: VerifierSettings) throws {
    field = try ReferenceField(settings)
    part = try settings.choice("part", default: .auto)
    let percent: Percent = try settings.choice("percent", default: .fraction)
    tolerance = NumberTolerance(
      absolute: try settings.number("tolerance", default: 1e-6, in: 0...1e300),
      relative: try settings.number("relative_tolerance", default: 0, in: 0...1),
      percentIsFraction: percent == .fraction)
  }

  package func verify(_ attempt: Attempt) -> Verification {
    // A worked solution may stand for its answer, as in GSM8K.
    let references = field.texts(of: attempt).compactMap { text in
      (DecimalNumber.only(text) ?? AnswerPart.auto.extract(from: text).flatMap(DecimalNumber.last))
        .map(tolerance.value)
    }
    if references.isEmpty { return Verification(nil, "numeric.no-reference") }
    guard let answer = part.extract(from: attempt.completion) else {
      return Verification(0, "numeric.no-answer")
    }
    guard let given = DecimalNumber.last(in: answer).map(tolerance.value) else {
      return Verification(0, "numeric.no-number")
    }
    let isClose = references.contains { tolerance.accepts(given, $0) }
    return isClose ? Verification(1, "numeric.equal") : Verification(0, "numeric.different")
  }
}
