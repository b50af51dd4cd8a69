package import Diagnostics
package import Documents

/// What a stage says of one parameter.
package struct ParameterDeclaration: Sendable, Hashable {
  package enum ValueType: Sendable, Hashable {
    case string, flag, list, mapping, files
    /// Texts and secrets by name.
    case variables
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    case objects([ParameterDeclaration])
    /// Mappings whose members something else knows.
    case openObjects
    /// Anything, as the text says; something else knows its form.
    case open(String)

    /// For messages: "expected …".
    package var expected: String {
      switch self {
      case .string: "a text"
      case .flag: "true or false"
      case .list: "a list of texts"
      case .mapping, .variables: "a mapping"
      case .files: "a path or a glob"
      case .integer(let range): "a whole number\(Self.text(range))"
      case .number(let range): "a number\(Self.text(range))"
      case .choice(let names): "one of \(names.joined(separator: ", "))"
      case .objects, .openObjects: "a list of mappings"
      case .open(let text): text
      }
    }

    /// ` from 0 to 1`, ` of at least 1`, ` of at most 9` or nothing.
    private static func text(_ range: ClosedRange<Int>) -> String {
      let (low, high) = (range.lowerBound, range.upperBound)
      return text(low <= -(1 << 53) ? nil : "\(low)", high >= 1 << 53 ? nil : "\(high)")
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
      let (low, high) = (range.lowerBound, range.upperBound)
      return text(
        low <= -.greatestFiniteMagnitude ? nil : ValueText.number(low),
        high >= .greatestFiniteMagnitude ? nil : ValueText.number(high))
    }

    private static func text(_ low: String?, _ high: String?) -> String {
      switch (low, high) {
      case (let low?, let high?): " from \(low) to \(high)"
      case (let low?, nil): " of at least \(low)"
      case (nil, let high?): " of at most \(high)"
      case (nil, nil): ""
      }
    }
  }

  package var key: String
  package var type: ValueType
  /// Nil: required. `.null`: may be left out.
  package var defaultValue: JSONValue?
  package var help: String
}

/// A parameter that names files outside the store.
package struct FileInput: Sendable, Hashable {
  /// `sources[0].path`
  package var parameter: String
  /// As written: a path or a glob with `*`, `?` and `**`.
  package var pattern: String
  package var span: SourceSpan
  /// Endings of the files that a folder stands for; empty where a folder is no answer.
  package var endings: [String]

  package init(parameter: String, pattern: String, span: SourceSpan, endings: [String] = []) {
    self.parameter = parameter
    self.pattern = pattern
    self.span = span
    self.endings = endings
  }
}

/// What ``ParameterReader/files(_:optional:help:)`` returns: the name to ask the context by.
package struct FilePattern: Sendable, Hashable {
  package var parameter: String
  /// Nil when optional and left out.
  package var pattern: String?
}
