extension PatternParser {
  /// `\d`, `\.`, `\n`, `\b` and the like.
  mutating func escape() throws -> PatternNode {
    at += 1
    guard let scalar = next else { throw problem("a '\\' at the end") }
    switch scalar {
    case "b": return assertion(.wordBorder)
    case "B": return assertion(.noWordBorder)
    case "A": return assertion(.textStart)
    case "z", "Z": return assertion(.textEnd)
    case "1"..."9", "k": throw unsupported("a back-reference")
    default: break
    }
    if let member = shortClass(scalar) {
      at += 1
      return .set(PatternSet(classes: [member], dialect: dialect))
    }
    return literal(try escapedScalar())
  }

  private mutating func assertion(_ assertion: PatternAssertion) -> PatternNode {
    at += 1
    return .assertion(assertion)
  }

  private func shortClass(_ scalar: Unicode.Scalar) -> PatternSet.Member? {
    switch scalar {
    case "d": .init(kind: .digit, isNegated: false)
    case "D": .init(kind: .digit, isNegated: true)
    case "w": .init(kind: .word, isNegated: false)
    case "W": .init(kind: .word, isNegated: true)
    case "s": .init(kind: .space, isNegated: false)
    case "S": .init(kind: .space, isNegated: true)
    default: nil
    }
  }

  /// The character after a backslash, with the reader on it.
  private mutating func escapedScalar() throws -> Unicode.Scalar {
    guard let scalar = next else { throw problem("a '\\' at the end") }
    at += 1
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "f": return "\u{0C}"
    case "v": return "\u{0B}"
    case "0": return "\u{00}"
    case "x": return try hexadecimal(2)
    case "u":
      if take("{") {
        let value = try hexadecimal(nil)
        guard take("}") else { throw problem("a \\u{ without end") }
        return value
      }
      return try hexadecimal(4)
    case "p", "P": throw unsupported("a Unicode property")
    default:
      if scalar.isASCII, scalar.properties.isAlphabetic {
        at -= 1
        throw problem("an unknown escape '\\\(scalar)'")
      }
      return scalar
    }
  }

  /// - Parameter count: digits to read; nil: one to six.
  private mutating func hexadecimal(_ count: Int?) throws -> Unicode.Scalar {
    var (value, digits): (UInt32, Int) = (0, 0)
    while digits < count ?? 6, let scalar = next, let digit = Character(scalar).hexDigitValue,
      scalar.isASCII
    {
      value = value * 16 + UInt32(digit)
      digits += 1
      at += 1
    }
    guard digits == count ?? max(1, digits), let scalar = Unicode.Scalar(value) else {
      throw problem("an escape that is no character")
    }
    return scalar
  }

  /// `[a-z\d_]`; the reader is on the bracket.
  mutating func set() throws -> PatternSet {
    let open = at
    at += 1
    var set = PatternSet(folds: flags.contains(.ignoreCase), dialect: dialect)
    set.isNegated = take("^")
    var isFirst = true
    while true {
      guard let scalar = next else {
        at = open
        throw problem("a '[' that is not closed")
      }
      if scalar == "]", !isFirst {
        at += 1
        return set
      }
      isFirst = false
      try member(into: &set)
    }
  }

  /// One character, short class or range.
  private mutating func member(into set: inout PatternSet) throws {
    guard let low = try memberScalar(into: &set) else { return }
    guard next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" else {
      set.ranges.append(low.value...low.value)
      return
    }
    at += 1
    guard let high = try memberScalar(into: &set) else {
      throw problem("a range that ends in a class")
    }
    guard low.value <= high.value else { throw problem("a range that is upside down") }
    set.ranges.append(low.value...high.value)
  }

  /// Nil when it was a short class, which is added.
  private mutating func memberScalar(into set: inout PatternSet) throws -> Unicode.Scalar? {
    guard let scalar = next else { throw problem("a '[' that is not closed") }
    at += 1
    guard scalar == "\\" else { return scalar }
    guard let escaped = next else { throw problem("a '\\' at the end") }
    if escaped == "b" {
      at += 1
      return "\u{08}"
    }
    if let member = shortClass(escaped) {
      at += 1
      set.classes.append(member)
      return nil
    }
    return try escapedScalar()
  }
}
