internal import Diagnostics

/// Regular expressions as text → tree, by recursive descent; nesting is bounded.
struct PatternParser {
  static let depthMax = 100
  static let countMax = 1000

  let scalars: [Unicode.Scalar]
  let dialect: Pattern.Dialect
  var flags: Pattern.Flags
  var at = 0
  var groupCount = 0
  var groupNames: [Int: String] = [:]
  private var depth = 0

  init(_ source: String, flags: Pattern.Flags, dialect: Pattern.Dialect) {
    scalars = Array(source.unicodeScalars)
    self.flags = flags
    self.dialect = dialect
  }

  mutating func parse() throws -> PatternNode {
    let tree = try choice()
    if at < scalars.count { throw problem("an unmatched ')'") }
    return tree
  }

  var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard at + wanted.count <= scalars.count,
      scalars[at..<at + wanted.count].elementsEqual(wanted)
    else { return false }
    at += wanted.count
    return true
  }

  func problem(_ what: String, fix: String? = nil) -> Failure {
    Diagnostic(
      "regex.syntax",
      "the regular expression has \(what) at character \(min(at, scalars.count) + 1)", fix: fix
    ).failure(.badInput)
  }

  func unsupported(_ what: String) -> Failure {
    Diagnostic(
      "regex.unsupported",
      "the regular expression uses \(what) at character \(at + 1), which is not supported: "
        + "matching must take linear time",
      fix: "write the pattern without it, or use a 'command' verifier"
    ).failure(.badInput)
  }

  // MARK: - Grammar

  private mutating func choice() throws -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthMax { throw problem("groups nested deeper than \(Self.depthMax)") }
    // Flags set inside a group end with it.
    let outer = flags
    defer { flags = outer }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let start = at
      let item = try atom()
      parts.append(try quantified(item, from: start))
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func atom() throws -> PatternNode {
    guard let scalar = next else { return .empty }
    switch scalar {
    case "(": return try group()
    case "[": return .set(try set())
    case ".":
      at += 1
      return .any(lineFeed: flags.contains(.dotAll))
    case "^":
      at += 1
      return .assertion(flags.contains(.multiline) ? .lineStart : .textStart)
    case "$":
      at += 1
      if flags.contains(.multiline) { return .assertion(.lineEnd) }
      return .assertion(dialect == .python ? .textEndOrLastLine : .textEnd)
    case "\\": return try escape()
    case "*", "+", "?": throw problem("nothing to repeat")
    default:
      at += 1
      return literal(scalar)
    }
  }

  func literal(_ scalar: Unicode.Scalar) -> PatternNode {
    let folds = flags.contains(.ignoreCase)
    return .scalar(folds ? PatternFold.lower(scalar) : scalar, folds: folds)
  }

  private mutating func group() throws -> PatternNode {
    let open = at
    at += 1
    if take("?") {
      if next == "=" || next == "!" { throw unsupported("look-ahead") }
      if take("<=") || take("<!") { throw unsupported("look-behind") }
      if next == ">" { throw unsupported("an atomic group") }
      if take("P=") { throw unsupported("a back-reference") }
      if take("#") {
        while let scalar = next, scalar != ")" { _ = take(scalar) }
        return try closed(.empty, open)
      }
      if take("P<") || take("<") { return try capture(open, name: try groupName()) }
      return try flagged(open)
    }
    return try capture(open, name: nil)
  }

  /// `(?:…)`, `(?i:…)`, `(?i)`.
  private mutating func flagged(_ open: Int) throws -> PatternNode {
    var letters = ""
    while let scalar = next, scalar.properties.isAlphabetic {
      letters.unicodeScalars.append(scalar)
      at += 1
    }
    guard let added = Pattern.Flags(letters: letters) else {
      throw problem("an unknown flag among '\(SafeText.escaped(letters))' (i, m and s are known)")
    }
    if take(":") {
      let outer = flags
      flags.formUnion(added)
      defer { flags = outer }
      return try closed(try choice(), open)
    }
    guard next == ")", !letters.isEmpty else { throw problem("an unknown kind of group") }
    flags.formUnion(added)
    return try closed(.empty, open)
  }

  private mutating func capture(_ open: Int, name: String?) throws -> PatternNode {
    groupCount += 1
    let number = groupCount
    if number > Pattern.groupsMax {
      throw problem("more than \(Pattern.groupsMax) groups", fix: "write (?:…) for some")
    }
    if let name { groupNames[number] = name }
    return try closed(.group(try choice(), number: number), open)
  }

  private mutating func groupName() throws -> String {
    var name = String.UnicodeScalarView()
    while let scalar = next, scalar != ">" {
      guard scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      else { throw problem("a group name with a strange character") }
      name.append(scalar)
      at += 1
    }
    guard take(">"), !name.isEmpty else { throw problem("a group name without end") }
    return String(name)
  }

  private mutating func closed(_ node: PatternNode, _ open: Int) throws -> PatternNode {
    if take(")") { return node }
    at = open
    throw problem("a '(' that is not closed")
  }

  // MARK: - Quantifiers

  private mutating func quantified(_ item: PatternNode, from start: Int) throws -> PatternNode {
    guard let range = try quantifier() else { return item }
    if case .assertion = item { throw problem("nothing to repeat") }
    let lazy = take("?")
    if next == "+" { throw unsupported("a possessive quantifier") }
    if try quantifier() != nil { throw problem("a quantifier after a quantifier") }
    return .repeated(item, min: range.min, max: range.max, lazy: lazy)
  }

  /// Nil, taking nothing, where no quantifier stands; `{` that starts none is a literal.
  private mutating func quantifier() throws -> (min: Int, max: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard next == "{" else { return nil }
    let start = at
    at += 1
    let low = number()
    var high = low
    if take(",") { high = number() ?? (next == "}" ? .max : nil) }
    guard take("}"), let low = low ?? (high == .max ? nil : high.map { _ in 0 }), let high else {
      at = start
      return nil
    }
    let isOpen = high == .max
    guard low <= Self.countMax, isOpen || (high >= low && high <= Self.countMax) else {
      at = start
      throw problem("a count that is upside down or above \(Self.countMax)")
    }
    return (low, isOpen ? nil : high)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, scalar.value >= 0x30, scalar.value <= 0x39 {
      value = min(1_000_000, (value ?? 0) * 10 + Int(scalar.value - 0x30))
      at += 1
    }
    return value
  }
}
