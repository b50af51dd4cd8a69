internal import Documents

/// The field of a row that holds what a completion is compared with.
struct ReferenceField: Sendable, Hashable {
  static let option = VerifierOption(
    "field", "The field of the row with the right answer or a list of them; default answer.")

  let name: String

  init(_ settings: VerifierSettings) throws {
    name = try settings.string("field") ?? "answer"
  }

  /// Strings, or numbers and truth values as JSON writes them; empty when the row has none.
  func texts(of attempt: Attempt) -> [String] {
    guard let value = attempt.fields[name] else { return [] }
    return (value.arrayValue ?? [value]).compactMap(Self.text)
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .bool, .integer, .number: JSONWriter.compact(value)
    case .null, .array, .object: nil
    }
  }
}
