internal import Documents
internal import Patterns

/// `regex`: the expression is found in the answer; see ``Pattern`` for what it may hold. `{{` is no
/// field here.
struct RegexAssertion: AssertionCheck {
  static let names = ["regex"]
  static let keys = ["value"]

  private let pattern: Pattern

  init(_ settings: AssertionSettings) throws {
    guard let value = settings.value("value") else {
      throw settings.problem("value", "is missing, expected a regular expression")
    }
    guard let source = value.stringValue else {
      throw settings.problem("value", "is \(value.kindName), expected a regular expression")
    }
    pattern = try Pattern(source)
  }

  func check(_ answer: String, _ variables: JSONValue) -> Assertion.Outcome {
    .init(pattern.isFound(in: answer))
  }
}
