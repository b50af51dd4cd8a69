internal import Documents

/// `levenshtein`: at most `threshold` (5) scalars inserted, deleted or replaced make the answer the
/// text. The score is 1 less the distance as a share of the longer text.
struct EditAssertion: AssertionCheck {
  static let names = ["levenshtein"]
  static let keys = ["value", "threshold"]

  private let value: AssertionText
  private let threshold: Int

  init(_ settings: AssertionSettings) throws {
    value = try settings.text("value")
    threshold = try settings.integer("threshold", in: 0...1_000_000) ?? 5
  }

  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome {
    let value = try value.text(variables)
    let distance = EditDistance.between(answer, value)
    let longer = max(answer.unicodeScalars.count, value.unicodeScalars.count)
    return .init(
      passes: distance <= threshold, score: 1 - Double(distance) / Double(max(1, longer)))
  }
}
