internal import Diagnostics
internal import Documents

/// The keys of one assertion, read by name and type.
struct AssertionSettings {
  /// The type without `not-`.
  let name: String
  private let json: JSONValue
  private let position: Int

  /// - Throws: ``Failure`` of class `badInput` for a key the type does not have.
  init(_ json: JSONValue, name: String, keys: [String], position: Int) throws {
    self.name = name
    self.json = json
    self.position = position
    let known = ["type", "weight"] + keys
    for member in json.objectValue ?? [] where !known.contains(member.key) {
      let near = NearestName.suggestion(for: member.key, among: known)
      throw Diagnostic(
        "assertion.unknown-key",
        "assertion \(position + 1) '\(name)' has no key '\(SafeText.escaped(member.key))'",
        fix: near.map { "did you mean '\($0)'?" } ?? "its keys are \(known.joined(separator: ", "))"
      ).failure(.badInput)
    }
  }

  /// A failure that names the assertion and the key.
  func problem(_ key: String, _ what: String, fix: String? = nil) -> Failure {
    Diagnostic(
      "assertion.key", "'\(key)' of assertion \(position + 1) '\(name)' \(what)", fix: fix
    ).failure(.badInput)
  }

  /// Nil when it is not set.
  func value(_ key: String) -> JSONValue? {
    let value = json[key]
    return value?.isNull == true ? nil : value
  }

  func number(_ key: String, default fallback: Double, in range: ClosedRange<Double>) throws
    -> Double
  {
    guard let value = value(key) else { return fallback }
    guard let number = value.doubleValue else {
      throw problem(key, "is \(value.kindName), expected a number")
    }
    guard range.contains(number) else {
      throw problem(key, "is \(number), expected \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func integer(_ key: String, of object: JSONValue? = nil, in range: ClosedRange<Int>) throws
    -> Int?
  {
    guard let value = (object ?? json)[key], !value.isNull else { return nil }
    guard let number = value.integerValue else {
      throw problem(key, "is \(value.kindName), expected a whole number")
    }
    guard range.contains(number) else {
      throw problem(key, "is \(number), expected \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A text with `{{ name }}` in it; numbers and truth values as JSON writes them.
  func text(_ key: String) throws -> AssertionText {
    guard let value = value(key) else { throw problem(key, "is missing, expected a string") }
    return try text(value, key)
  }

  /// One or several texts.
  func texts(_ key: String) throws -> [AssertionText] {
    guard let value = value(key) else {
      throw problem(key, "is missing, expected a list of strings")
    }
    guard let items = value.arrayValue else { return [try text(value, key)] }
    if items.isEmpty { throw problem(key, "is empty, expected a list of strings") }
    return try items.map { try text($0, key) }
  }

  private func text(_ value: JSONValue, _ key: String) throws -> AssertionText {
    guard let text = AssertionText.text(of: value) else {
      throw problem(key, "is \(value.kindName), expected a string")
    }
    guard let parsed = AssertionText(text) else {
      throw problem(
        key, "holds '{{' that is no name in '}}'",
        fix: "write {{ name }} with the name of a field of the row: letters, digits, _ and -")
    }
    return parsed
  }
}
