internal import Documents

/// `word-count` (between white space) and `length` (Unicode scalars): `value` is the number, or an
/// object with `min`, `max` or both.
struct LengthAssertion: AssertionCheck {
  static let names = ["word-count", "length"]
  static let keys = ["value"]

  private let range: ClosedRange<Int>
  private let countsWords: Bool

  init(_ settings: AssertionSettings) throws {
    countsWords = settings.name == "word-count"
    let most = 1_000_000_000
    guard let value = settings.value("value") else {
      throw settings.problem("value", "is missing, expected a number or min and max")
    }
    if let members = value.objectValue {
      guard !members.isEmpty, members.allSatisfy({ $0.key == "min" || $0.key == "max" }) else {
        throw settings.problem("value", "has other members than min and max")
      }
      let least = try settings.integer("min", of: value, in: 0...most) ?? 0
      let top = try settings.integer("max", of: value, in: 0...most) ?? most
      guard least <= top else { throw settings.problem("value", "has a max below its min") }
      range = least...top
    } else {
      guard let exact = try settings.integer("value", in: 0...most) else {
        throw settings.problem("value", "is missing, expected a number or min and max")
      }
      range = exact...exact
    }
  }

  func check(_ answer: String, _ variables: JSONValue) -> Assertion.Outcome {
    let count =
      countsWords
      ? answer.unicodeScalars.split(whereSeparator: PythonText.isSpace).count
      : answer.unicodeScalars.count
    return .init(range.contains(count))
  }
}
