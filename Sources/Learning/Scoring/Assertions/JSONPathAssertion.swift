internal import Documents

/// `json-path`: the answer is JSON, fenced or not, whose value at `path` equals `value`; without a
/// value: has one.
struct JSONPathAssertion: AssertionCheck {
  static let names = ["json-path"]
  static let keys = ["path", "value"]

  private enum Wanted: Sendable {
    case anything
    case text(AssertionText)
    case value(JSONValue)
  }

  private let path: JSONPath
  private let wanted: Wanted

  init(_ settings: AssertionSettings) throws {
    guard let path = settings.value("path")?.stringValue else {
      throw settings.problem("path", "is missing, expected a text such as $.items[0].name")
    }
    guard let parsed = JSONPath(path) else {
      throw settings.problem(
        "path", "is no path", fix: "write $ and then .name, ['name'] or [0] for each step")
    }
    self.path = parsed
    switch settings.value("value") {
    case nil: wanted = .anything
    case .string: wanted = .text(try settings.text("value"))
    case let value?: wanted = .value(value)
    }
  }

  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome {
    guard let value = JSONText.lenient(answer).flatMap(path.value) else { return .init(false) }
    switch wanted {
    case .anything: return .init(true)
    case .text(let text):
      return .init(try JSONSchemaCheck.isEqual(value, .string(text.text(variables))))
    case .value(let wanted): return .init(JSONSchemaCheck.isEqual(value, wanted))
    }
  }
}
