import Diagnostics
import Documents

/// Reads fields of a `config.json` or `adapter_config.json` and collects every problem.
struct ConfigurationReader {
  let json: JSONValue
  let file: String
  private(set) var diagnostics: [Diagnostic] = []

  init(_ json: JSONValue, file: String) {
    self.json = json
    self.file = SafeText.path(file)
    if json.objectValue == nil {
      problem("config.not-object", "the file holds \(json.kindName), expected an object")
    }
  }

  mutating func problem(_ code: String, _ message: String, fix: String? = nil) {
    diagnostics.append(Diagnostic(code, "\(file): \(message)", fix: fix))
  }

  /// Adds a problem found by a reader of an inner object.
  mutating func adopt(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Throws when there was a problem.
  func finish() throws {
    if !diagnostics.isEmpty { throw Failure(diagnostics, .badInput) }
  }

  /// The value of `key`; null counts as absent.
  func value(_ key: String) -> JSONValue? { json[key].flatMap { $0.isNull ? nil : $0 } }

  mutating func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil)
    -> Int
  {
    guard let value = value(key) else {
      if fallback == nil { problem("config.missing", "'\(key)' is missing") }
      return fallback ?? range.lowerBound
    }
    guard let integer = value.integerValue, range.contains(integer) else {
      let found = value.doubleValue.map { String($0) } ?? value.kindName
      problem(
        "config.out-of-range",
        "'\(key)' is \(value.integerValue.map(String.init) ?? found), expected a whole number from "
          + "\(range.lowerBound) to \(range.upperBound)")
      return fallback ?? range.lowerBound
    }
    return integer
  }

  mutating func number(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil
  ) -> Double {
    guard let value = value(key) else {
      if fallback == nil { problem("config.missing", "'\(key)' is missing") }
      return fallback ?? range.lowerBound
    }
    guard let number = value.doubleValue, range.contains(number) else {
      problem(
        "config.out-of-range",
        "'\(key)' is \(value.doubleValue.map { String($0) } ?? value.kindName), expected a number "
          + "from \(range.lowerBound) to \(range.upperBound)")
      return fallback ?? range.lowerBound
    }
    return number
  }

  mutating func flag(_ key: String, default fallback: Bool) -> Bool {
    guard let value = value(key) else { return fallback }
    guard let flag = value.boolValue else {
      problem("config.wrong-type", "'\(key)' is \(value.kindName), expected true or false")
      return fallback
    }
    return flag
  }

  mutating func string(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.stringValue else {
      problem("config.wrong-type", "'\(key)' is \(value.kindName), expected a string")
      return nil
    }
    return text
  }

  mutating func strings(_ key: String) -> [String]? {
    guard let value = value(key) else { return nil }
    guard let items = value.arrayValue, case let texts = items.compactMap(\.stringValue),
      texts.count == items.count
    else {
      problem("config.wrong-type", "'\(key)' is \(value.kindName), expected a list of strings")
      return nil
    }
    return texts
  }
}
