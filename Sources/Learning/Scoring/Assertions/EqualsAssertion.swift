internal import Documents

/// `equals`: the answer is the text, byte for byte; `iequals`: case aside. White space at both ends
/// counts.
struct EqualsAssertion: AssertionCheck {
  static let names = ["equals", "iequals"]
  static let keys = ["value"]

  private let value: AssertionText
  private let ignoreCase: Bool

  init(_ settings: AssertionSettings) throws {
    value = try settings.text("value")
    ignoreCase = settings.name == "iequals"
  }

  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome {
    .init(ContainedText(answer, ignoreCase: ignoreCase).equals(try value.text(variables)))
  }
}
