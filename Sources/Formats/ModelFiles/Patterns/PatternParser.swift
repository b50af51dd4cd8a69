/// A parsed expression.
indirect enum PatternNode {
  case characters(PatternSet)
  case sequence([PatternNode])
  case either([PatternNode])
  case repeated(PatternNode, Int, Int?)
  case assertion(PatternInstruction)
  case look(PatternNode, isNegated: Bool)
}

/// Reads the subset of Python's `re` that ``PathPattern`` describes.
struct PatternParser {
  private let text: [Unicode.Scalar]
  private var at = 0
  private var depth = 0

  /// Deeper groups are refused: nobody writes them by hand.
  private static let depthMax = 32
  /// Repetitions beyond this are refused; a path has no thousand of anything.
  private static let countMax = 1000

  init(_ source: String) { text = Array(source.unicodeScalars) }

  mutating func parse() throws(PathPattern.Problem) -> PatternNode {
    let node = try alternatives()
    if let next = peek { throw problem("an unexpected '\(next)'") }
    return node
  }

  private var peek: Unicode.Scalar? { at < text.count ? text[at] : nil }

  private func problem(_ what: String) -> PathPattern.Problem {
    PathPattern.Problem(message: "\(what) at character \(at + 1)")
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    at += 1
    return true
  }

  /// `a|b|…`, up to a closing parenthesis or the end.
  private mutating func alternatives() throws(PathPattern.Problem) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else { throw problem("more than \(Self.depthMax) groups deep") }
    var branches: [PatternNode] = []
    repeat {
      var items: [PatternNode] = []
      while let next = peek, next != "|", next != ")" { items.append(try repetition()) }
      branches.append(.sequence(items))
    } while take("|")
    return branches.count == 1 ? branches[0] : .either(branches)
  }

  /// An atom with what follows it.
  private mutating func repetition() throws(PathPattern.Problem) -> PatternNode {
    let start = at
    var node = try atom()
    while let (low, high) = try quantifier() {
      switch node {
      case .assertion, .look:
        at = start
        throw problem("a repeated assertion")
      case .repeated:
        throw problem("a repetition of a repetition")
      default: node = .repeated(node, low, high)
      }
      if take("?") { continue }
      if peek == "+" { throw problem("a possessive repetition, which is not supported,") }
    }
    return node
  }

  private mutating func quantifier() throws(PathPattern.Problem) -> (Int, Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard peek == "{" else { return nil }
    let start = at
    at += 1
    let low = number()
    var high = low
    let hasComma = take(",")
    if hasComma { high = number() }
    guard take("}"), low != nil || hasComma else {
      at = start  // Python takes such a brace literally.
      return nil
    }
    guard low ?? 0 <= Self.countMax, high ?? 0 <= Self.countMax, (low ?? 0) <= (high ?? .max) else {
      throw problem("a repetition beyond \(Self.countMax) or backwards")
    }
    return (low ?? 0, high)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let next = peek, ("0"..."9").contains(next) {
      value = min((value ?? 0) * 10 + Int(next.value - 0x30), Self.countMax + 1)
      at += 1
    }
    return value
  }

  private mutating func atom() throws(PathPattern.Problem) -> PatternNode {
    guard let next = peek else { throw problem("an end too early") }
    at += 1
    switch next {
    case ".": return .characters(.any)
    case "^": return .assertion(.start)
    case "$": return .assertion(.end)
    case "(": return try group()
    case "[": return .characters(try characterClass())
    case "\\": return try escape()
    case "*", "+", "?":
      at -= 1
      throw problem("nothing to repeat")
    default: return .characters(PatternSet(ranges: [next.value...next.value]))
    }
  }

  /// After the opening parenthesis.
  private mutating func group() throws(PathPattern.Problem) -> PatternNode {
    var look: Bool?
    if take("?") {
      if take("=") {
        look = false
      } else if take("!") {
        look = true
      } else if take("P") {
        guard take("<") else { throw problem("a back reference, which is not supported,") }
        while let next = peek, next != ">" {
          guard PatternSet.words.contains(next) else { throw problem("an odd group name") }
          at += 1
        }
        guard take(">") else { throw problem("an unfinished group name") }
      } else if !take(":") {
        throw problem("a kind of group that is not supported")
      }
    }
    let node = try alternatives()
    guard take(")") else { throw problem("a missing ')'") }
    return look.map { .look(node, isNegated: $0) } ?? .sequence([node])
  }

  /// After the backslash, outside a class.
  private mutating func escape() throws(PathPattern.Problem) -> PatternNode {
    switch peek {
    case "b", "B":
      at += 1
      return .assertion(.wordBoundary(isNegated: text[at - 1] == "B"))
    case "A":
      at += 1
      return .assertion(.start)
    case "Z":
      at += 1
      return .assertion(.end)
    default: return .characters(try escapedSet())
    }
  }

  /// After a backslash: a set, or one character.
  private mutating func escapedSet() throws(PathPattern.Problem) -> PatternSet {
    guard let next = peek else { throw problem("an unfinished escape") }
    at += 1
    func set(_ set: PatternSet, negated: Bool) -> PatternSet {
      PatternSet(ranges: set.ranges, isNegated: negated)
    }
    func one(_ value: UInt32) -> PatternSet { PatternSet(ranges: [value...value]) }
    switch next {
    case "d", "D": return set(.digits, negated: next == "D")
    case "w", "W": return set(.words, negated: next == "W")
    case "s", "S": return set(.spaces, negated: next == "S")
    case "t": return one(9)
    case "n": return one(10)
    case "r": return one(13)
    default:
      // Letters and digits that mean nothing here mean something in Python, or are errors there.
      if PatternSet.words.contains(next), next != "_" {
        at -= 1
        throw problem("the escape '\\\(next)', which is not supported,")
      }
      return one(next.value)
    }
  }

  /// After the opening bracket.
  private mutating func characterClass() throws(PathPattern.Problem) -> PatternSet {
    var result = PatternSet(isNegated: take("^"))
    var isFirst = true
    while let next = peek, isFirst || next != "]" {
      isFirst = false
      let low = try member(&result)
      guard let low, peek == "-", at + 1 < text.count, text[at + 1] != "]" else {
        if let low { result.ranges.append(low...low) }
        continue
      }
      at += 1
      guard let high = try member(&result), high >= low else {
        throw problem("a backward range")
      }
      result.ranges.append(low...high)
    }
    guard take("]") else { throw problem("a missing ']'") }
    return result
  }

  /// One character of a class; nil after a set such as `\d`, which is added to `result`.
  private mutating func member(_ result: inout PatternSet) throws(PathPattern.Problem) -> UInt32? {
    guard let next = peek else { throw problem("a missing ']'") }
    at += 1
    guard next == "\\" else { return next.value }
    let set = try escapedSet()
    if set.isNegated { throw problem("a negated set in a class, which is not supported,") }
    if set.ranges.count == 1, set.ranges[0].count == 1 { return set.ranges[0].lowerBound }
    result.ranges += set.ranges
    return nil
  }
}
