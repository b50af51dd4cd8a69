internal import Documents

/// `is-json`: the answer is one JSON value; `contains-json`: the first object or array in it, a
/// fence around it or not. With a value: that a JSON Schema accepts.
struct JSONAssertion: AssertionCheck {
  static let names = ["is-json", "contains-json"]
  static let keys = ["value"]

  private let schema: JSONSchema?
  private let searches: Bool

  init(_ settings: AssertionSettings) throws {
    searches = settings.name == "contains-json"
    schema = try settings.value("value").map { try JSONSchema($0) }
  }

  func check(_ answer: String, _ variables: JSONValue) -> Assertion.Outcome {
    let value = searches ? JSONText.first(in: answer) : JSONText.strict(answer)
    guard let value else { return .init(false) }
    return .init(schema?.violation(in: value) == nil)
  }
}
