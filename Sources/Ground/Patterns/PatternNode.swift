/// The tree of a regular expression.
indirect enum PatternNode: Sendable {
  case empty
  case scalar(Unicode.Scalar, folds: Bool)
  case any(lineFeed: Bool)
  case set(PatternSet)
  case assertion(PatternAssertion)
  case group(PatternNode, number: Int)
  case sequence([PatternNode])
  /// From the most to the least preferred.
  case choice([PatternNode])
  case repeated(PatternNode, min: Int, max: Int?, lazy: Bool)
}

enum PatternAssertion: Sendable, Hashable {
  case textStart, textEnd
  /// The end, or before a line feed that ends the text.
  case textEndOrLastLine
  case lineStart, lineEnd
  case wordBorder, noWordBorder
}

/// A class of characters.
struct PatternSet: Sendable, Hashable {
  enum Class: Sendable, Hashable { case digit, word, space }

  struct Member: Sendable, Hashable {
    var kind: Class
    var isNegated: Bool
  }

  var ranges: [ClosedRange<UInt32>] = []
  var classes: [Member] = []
  var isNegated = false
  var folds = false
  var dialect: Pattern.Dialect

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var isFound = holds(scalar)
    if !isFound, folds {
      isFound = PatternFold.forms(scalar).contains { holds($0) }
    }
    return isFound != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) }
      || classes.contains { Self.holds($0.kind, scalar, dialect) != $0.isNegated }
  }

  static func holds(_ kind: Class, _ scalar: Unicode.Scalar, _ dialect: Pattern.Dialect) -> Bool {
    let value = scalar.value
    let isDigit = value >= 0x30 && value <= 0x39
    switch kind {
    case .digit:
      if dialect == .ecma || scalar.isASCII { return isDigit }
      return scalar.properties.generalCategory == .decimalNumber
    case .word:
      if dialect == .ecma || scalar.isASCII {
        return isDigit || value == 0x5F
          || (value | 0x20 >= 0x61 && value | 0x20 <= 0x7A)
            && scalar.isASCII
      }
      return isWordBeyondASCII(scalar)
    case .space: return scalar.properties.isWhitespace || value == 0xFEFF && dialect == .ecma
    }
  }

  /// Letters and numbers of any script, as Python's `str.isalnum`.
  private static func isWordBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}

/// Letters that are equal when case is ignored: one scalar for one scalar.
enum PatternFold {
  static func forms(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    [single(scalar.properties.lowercaseMapping), single(scalar.properties.uppercaseMapping)]
      .compactMap { $0 }
  }

  static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
      return (0x41...0x5A).contains(scalar.value)
        ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar
    }
    return single(scalar.properties.lowercaseMapping) ?? scalar
  }

  private static func single(_ mapped: String) -> Unicode.Scalar? {
    let scalars = mapped.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }
}
