internal import Diagnostics
internal import Documents

/// The settings of one verifier, read by name and type.
package struct VerifierSettings {
  private let verifier: String
  private let json: JSONValue
  let depth: Int

  /// - Throws: ``Failure`` of class `badInput` for an option the verifier does not have.
  init(_ json: JSONValue, of type: any Verifier.Type, depth: Int) throws {
    verifier = type.name
    self.json = json
    self.depth = depth
    let known = type.options.map(\.name) + ["type", "weight"]
    for member in json.objectValue ?? [] where !known.contains(member.key) {
      let near = NearestName.suggestion(for: member.key, among: known)
      throw Diagnostic(
        "verifier.unknown-option",
        "verifier '\(verifier)' has no option '\(SafeText.escaped(member.key))'",
        fix: near.map { "did you mean '\($0)'?" }
          ?? "its options are \(type.options.map(\.name).joined(separator: ", "))"
      ).failure(.badInput)
    }
  }

  func problem(_ option: String, _ what: String) -> Failure {
    Diagnostic("verifier.option", "option '\(option)' of verifier '\(verifier)' \(what)")
      .failure(.badInput)
  }

  /// Nil when it is not set.
  func value(_ option: String) -> JSONValue? {
    let value = json[option]
    return value?.isNull == true ? nil : value
  }

  func string(_ option: String) throws -> String? {
    guard let value = value(option) else { return nil }
    guard let text = value.stringValue else {
      throw problem(option, "is \(value.kindName), expected a string")
    }
    return text
  }

  func required(_ option: String) throws -> String {
    guard let text = try string(option) else { throw problem(option, "is missing") }
    return text
  }

  func flag(_ option: String, default fallback: Bool) throws -> Bool {
    guard let value = value(option) else { return fallback }
    guard let flag = value.boolValue else {
      throw problem(option, "is \(value.kindName), expected true or false")
    }
    return flag
  }

  func number(_ option: String, default fallback: Double, in range: ClosedRange<Double>) throws
    -> Double
  {
    guard let value = value(option) else { return fallback }
    guard let number = value.doubleValue else {
      throw problem(option, "is \(value.kindName), expected a number")
    }
    guard range.contains(number) else {
      throw problem(
        option, "is \(number), expected \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func integer(_ option: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let value = value(option) else { return nil }
    guard let number = value.integerValue else {
      throw problem(option, "is \(value.kindName), expected an integer")
    }
    guard range.contains(number) else {
      throw problem(
        option, "is \(number), expected \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func strings(_ option: String) throws -> [String]? {
    guard let value = value(option) else { return nil }
    guard let items = value.arrayValue else {
      throw problem(option, "is \(value.kindName), expected a list of strings")
    }
    return try items.map {
      guard let text = $0.stringValue else {
        throw problem(option, "holds \($0.kindName), expected strings")
      }
      return text
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ option: String, default fallback: Choice
  ) throws -> Choice where Choice.RawValue == String {
    guard let text = try string(option) else { return fallback }
    guard let choice = Choice(rawValue: text) else {
      let names = Choice.allCases.map(\.rawValue)
      let near = NearestName.suggestion(for: text, among: names)
      throw Diagnostic(
        "verifier.option",
        "option '\(option)' of verifier '\(verifier)' is '\(SafeText.escaped(text))', expected one "
          + "of \(names.joined(separator: ", "))", fix: near.map { "did you mean '\($0)'?" }
      ).failure(.badInput)
    }
    return choice
  }
}
