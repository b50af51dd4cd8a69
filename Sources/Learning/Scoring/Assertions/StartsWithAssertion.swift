internal import Documents

/// `starts-with`: the answer begins with the text, byte for byte.
struct StartsWithAssertion: AssertionCheck {
  static let names = ["starts-with"]
  static let keys = ["value"]

  private let value: AssertionText

  init(_ settings: AssertionSettings) throws { value = try settings.text("value") }

  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome {
    .init(ContainedText(answer).starts(with: try value.text(variables)))
  }
}
