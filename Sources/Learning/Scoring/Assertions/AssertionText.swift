internal import Diagnostics
internal import Documents

/// A text in which `{{ name }}` stands for a field of the row.
struct AssertionText: Sendable, Hashable {
  private enum Part: Sendable, Hashable {
    case literal(String)
    case field(String)
  }

  private var parts: [Part] = []

  /// Nil when `{{` is followed by anything but a name and `}}`.
  init?(_ source: String) {
    var rest = source[...]
    while let open = rest.firstRange(of: "{{") {
      if open.lowerBound > rest.startIndex {
        parts.append(.literal(String(rest[..<open.lowerBound])))
      }
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else { return nil }
      let name = TextNormalization.trimmed(String(rest[open.upperBound..<close.lowerBound]))
      let isName = name.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
          || scalar == "-"
      }
      guard isName, !name.isEmpty else { return nil }
      parts.append(.field(name))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { parts.append(.literal(String(rest))) }
  }

  /// Whether it is the same for every row.
  var isLiteral: Bool {
    parts.allSatisfy { if case .literal = $0 { true } else { false } }
  }

  /// - Throws: ``Failure`` of class `badInput` for a field the row lacks, or that is no text.
  func text(_ variables: JSONValue) throws -> String {
    try parts.map { part -> String in
      switch part {
      case .literal(let text): return text
      case .field(let name):
        guard let value = variables[name] else {
          throw Diagnostic(
            "assertion.no-field", "a row has no field '\(name)', which an assertion names",
            fix: "correct the name, or give every row the field"
          ).failure(.badInput)
        }
        guard let text = Self.text(of: value) else {
          throw Diagnostic(
            "assertion.field",
            "the field '\(name)' of a row is \(value.kindName), expected a text or a number"
          ).failure(.badInput)
        }
        return text
      }
    }.joined()
  }

  /// Strings, or numbers and truth values as JSON writes them.
  static func text(of value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .bool, .integer, .number: JSONWriter.compact(value)
    case .null, .array, .object: nil
    }
  }
}
