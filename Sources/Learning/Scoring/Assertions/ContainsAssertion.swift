internal import Documents

/// `contains`, `contains-any`, `contains-all`, and the same with `i` before them: case aside. The
/// score of `-all` is the share of the texts that are there.
struct ContainsAssertion: AssertionCheck {
  static let names = [
    "contains", "icontains", "contains-any", "icontains-any", "contains-all", "icontains-all",
  ]
  static let keys = ["value"]

  private let values: [AssertionText]
  private let ignoreCase: Bool
  private let needsAll: Bool

  init(_ settings: AssertionSettings) throws {
    ignoreCase = settings.name.hasPrefix("i")
    needsAll = !settings.name.hasSuffix("-any")
    values =
      settings.name.contains("-") ? try settings.texts("value") : [try settings.text("value")]
  }

  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome {
    let text = ContainedText(answer, ignoreCase: ignoreCase)
    let found = try values.count { text.contains(try $0.text(variables)) }
    if !needsAll { return .init(found > 0) }
    return .init(
      passes: found == values.count, score: Double(found) / Double(values.count))
  }
}
