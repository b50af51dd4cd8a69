/// Reads the text of a regular expression; anything outside the subset is refused by name, never
/// ignored. Nesting is bounded.
struct PatternParser {
  private let scalars: [UInt32]
  private var at = 0
  private var depth = 0
  private var ignoresCase = false
  static let depthMax = 32

  init(_ source: String) { scalars = source.unicodeScalars.map(\.value) }

  mutating func parse() throws(PatternProblem) -> PatternNode {
    let node = try alternatives()
    if at < scalars.count { throw problem("an unmatched ')'") }
    return node
  }

  private func problem(_ message: String) -> PatternProblem {
    PatternProblem(message: message, offset: at)
  }

  private func peek(_ offset: Int = 0) -> UInt32? {
    at + offset < scalars.count ? scalars[at + offset] : nil
  }

  private mutating func accept(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= scalars.count else { return false }
    for index in 0..<count where scalars[at + index] != UInt32(text.utf8Start[index]) {
      return false
    }
    at += count
    return true
  }

  private mutating func alternatives() throws(PatternProblem) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else {
      throw problem("groups nested deeper than \(Self.depthMax)")
    }
    var branches: [PatternNode] = [try sequence()]
    while accept("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(PatternProblem) -> PatternNode {
    var parts: [PatternNode] = []
    while let next = peek(), next != 0x7C, next != 0x29 {
      let atom = try self.atom()
      parts.append(try quantified(atom))
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  private mutating func quantified(_ atom: PatternNode) throws(PatternProblem) -> PatternNode {
    var node = atom
    while let next = peek() {
      let bounds: (Int, Int?)
      switch next {
      case 0x2A: bounds = (0, nil)
      case 0x2B: bounds = (1, nil)
      case 0x3F: bounds = (0, 1)
      case 0x7B:
        guard let counted = try countedBounds() else { return node }
        bounds = counted
        at -= 1
      default: return node
      }
      at += 1
      var greedy = true
      if accept("?") {
        greedy = false
      } else if next != 0x7B, accept("+") {
        node = try possessive(node, min: bounds.0, max: bounds.1)
        continue
      }
      node = .repetition(node, min: bounds.0, max: bounds.1, greedy: greedy)
    }
    return node
  }

  /// What never gives back: of one set `x?+` is `x|(?!x)`, `x++` is `x+(?!x)`, and `x*+` alike.
  private func possessive(_ node: PatternNode, min: Int, max: Int?) throws(PatternProblem)
    -> PatternNode
  {
    guard case .set(let set) = node else {
      throw problem("a possessive quantifier over more than one character, which is not supported")
    }
    let other = PatternNode.lookahead(set, negative: true)
    if max != nil { return .alternatives([node, other]) }
    return .sequence([.repetition(node, min: min, max: nil, greedy: true), other])
  }

  /// `{m}`, `{m,}`, `{m,n}` or `{,n}`; nil when the brace is a plain character.
  private mutating func countedBounds() throws(PatternProblem) -> (Int, Int?)? {
    var index = at + 1
    func number() -> Int? {
      var value: Int?
      while index < scalars.count, scalars[index] &- 0x30 < 10, (value ?? 0) < 100_000 {
        value = (value ?? 0) * 10 + Int(scalars[index] - 0x30)
        index += 1
      }
      return value
    }
    let low = number()
    var high = low
    if index < scalars.count, scalars[index] == 0x2C {
      index += 1
      high = number()
      if low == nil && high == nil { return nil }
    } else if low == nil {
      return nil
    }
    guard index < scalars.count, scalars[index] == 0x7D else { return nil }
    at = index + 1
    if let low, let high, low > high { throw problem("a repetition {\(low),\(high)}") }
    return (low ?? 0, high)
  }

  private mutating func atom() throws(PatternProblem) -> PatternNode {
    let next = scalars[at]
    switch next {
    case 0x28 where !scalars[at...].starts(with: [0x28, 0x3F, 0x69, 0x29]): return try group()
    case 0x5B:
      at += 1
      return .set(try characterClass())
    case 0x2E:
      at += 1
      return .set(ScalarSet(items: [.range(0x0A, 0x0A)], isNegated: true))
    case 0x24:
      at += 1
      return .lineEnd
    case 0x5E: throw problem("'^', which is not supported")
    case 0x28 where scalars[at...].starts(with: [0x28, 0x3F, 0x69, 0x29]):
      at += 4
      ignoresCase = true
      return .empty
    case 0x2A, 0x2B, 0x3F: throw problem("a quantifier with nothing before it")
    case 0x5C:
      if accept("\\z") { return .textEnd }
      return .set(try escape(inClass: false))
    default:
      at += 1
      return .set(literal(next))
    }
  }

  private mutating func group() throws(PatternProblem) -> PatternNode {
    let open = at
    let caseBefore = ignoresCase
    defer { ignoresCase = caseBefore }
    var lookahead: Bool?
    if accept("(?i:") {
      ignoresCase = true
    } else if accept("(?=") {
      lookahead = false
    } else if accept("(?!") {
      lookahead = true
    } else if !accept("(?:") {
      at += 1
      if peek() == 0x3F { throw problem("a group of a kind that is not supported") }
    }
    let body = try alternatives()
    guard accept(")") else {
      at = open
      throw problem("a '(' that is never closed")
    }
    guard let negative = lookahead else { return body }
    guard case .set(let set) = body else {
      at = open
      throw problem("a lookahead over more than one character, which is not supported")
    }
    return .lookahead(set, negative: negative)
  }

  private func literal(_ scalar: UInt32) -> ScalarSet {
    var items: [ScalarSet.Item] = [.range(scalar, scalar)]
    if ignoresCase { items += Self.otherCases(scalar).map { .range($0, $0) } }
    return ScalarSet(items: items)
  }

  /// Scalars that fold to the same one (Unicode CaseFolding, simple); beyond U+007F those that the
  /// simple case mappings lead to.
  private static func otherCases(_ scalar: UInt32) -> [UInt32] {
    if scalar >= 0x80 { return mappedCases(scalar) }
    let lower = scalar | 0x20
    guard lower >= 0x61, lower <= 0x7A else { return [] }
    let extra: [UInt32] = lower == 0x73 ? [0x17F] : lower == 0x6B ? [0x212A] : []
    return [scalar ^ 0x20] + extra
  }

  private static func mappedCases(_ value: UInt32) -> [UInt32] {
    guard let properties = Unicode.Scalar(value)?.properties else { return [] }
    return [properties.lowercaseMapping, properties.uppercaseMapping].compactMap {
      let scalars = $0.unicodeScalars
      guard scalars.count == 1, let other = scalars.first?.value, other != value else {
        return nil
      }
      return other
    }
  }

  private mutating func characterClass() throws(PatternProblem) -> ScalarSet {
    var set = ScalarSet()
    var parts: [ScalarSet] = []
    let open = at - 1
    let isNegated = peek() == 0x5E
    if isNegated { at += 1 }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax else {
      throw problem("classes nested deeper than \(Self.depthMax)")
    }
    var isFirst = true
    while true {
      guard let next = peek() else {
        at = open
        throw problem("a '[' that is never closed")
      }
      if next == 0x5D, !isFirst {
        at += 1
        if !parts.isEmpty { set = ScalarSet(items: [.all(parts + [set])]) }
        set.isNegated = isNegated
        return set
      }
      isFirst = false
      if next == 0x5B {
        if peek(1) == 0x3A { throw problem("a POSIX bracket, which is not supported") }
        at += 1
        set.items.append(.all([try characterClass()]))
        continue
      }
      if accept("&&") {
        parts.append(set)
        set = ScalarSet()
        continue
      }
      let low = try classItem()
      guard peek() == 0x2D, let after = peek(1), after != 0x5D, let start = low.single else {
        set.items += low.items
        continue
      }
      at += 1
      guard let end = try classItem().single, end >= start else {
        throw problem("a range that ends before it starts")
      }
      set.items.append(.range(start, end))
      if ignoresCase { set.items += Self.casePartners(start, end) }
    }
  }

  private static func casePartners(_ start: UInt32, _ end: UInt32) -> [ScalarSet.Item] {
    guard start < 0x80 else { return [] }
    return (start...min(end, 0x7F)).flatMap { otherCases($0) }.map { .range($0, $0) }
  }

  private mutating func classItem() throws(PatternProblem) -> ScalarSet {
    guard let next = peek() else { throw problem("a '[' that is never closed") }
    if next == 0x5C { return try escape(inClass: true) }
    at += 1
    return literal(next)
  }

  private mutating func escape(inClass: Bool) throws(PatternProblem) -> ScalarSet {
    at += 1
    guard let next = peek() else { throw problem("a '\\' at the end") }
    at += 1
    switch next {
    case 0x73: return .whitespace
    case 0x53:
      return inClass
        ? ScalarSet(items: [.notWhitespace])
        : ScalarSet(items: ScalarSet.whitespace.items, isNegated: true)
    case 0x64: return ScalarSet(items: [.categories(ScalarCategories.mask(.decimalNumber))])
    case 0x44: return ScalarSet(items: [.notCategories(ScalarCategories.mask(.decimalNumber))])
    case 0x77, 0x57: return Self.word(isNegated: next == 0x57, inClass: inClass)
    case 0x70, 0x50: return try property(negated: next == 0x50)
    case 0x6E: return literal(0x0A)
    case 0x72: return literal(0x0D)
    case 0x74: return literal(0x09)
    case 0x66: return literal(0x0C)
    case 0x76: return literal(0x0B)
    case 0x78, 0x75: return literal(try hexadecimal(digits: next == 0x78 ? 2 : 4))
    default:
      let isAlphanumeric =
        next < 0x80 && (next | 0x20 >= 0x61 && next | 0x20 <= 0x7A || next &- 0x30 < 10)
      if isAlphanumeric {
        at -= 2
        throw problem("an escape that is not supported")
      }
      return literal(next)
    }
  }

  /// Oniguruma's `\w`: Alphabetic, marks, decimal digits, connectors; outside of
  /// classes the superscripts and fractions of Latin-1 too.
  private static func word(isNegated: Bool, inClass: Bool) -> ScalarSet {
    let categories =
      ScalarCategories.letters | ScalarCategories.marks
      | ScalarCategories.mask(.decimalNumber, .letterNumber, .connectorPunctuation)
    let others: [ClosedRange<UInt32>] = [0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE]
    let ranges = ScalarCategories.circledLetters + (inClass ? [] : others)
    let set = ScalarSet(
      items: [.categories(categories)]
        + ranges.map { .range($0.lowerBound, $0.upperBound) }, isNegated: isNegated)
    return isNegated ? ScalarSet(items: [.all([set])]) : set
  }

  private mutating func hexadecimal(digits: Int) throws(PatternProblem) -> UInt32 {
    var value: UInt32 = 0
    let braced = accept("{")
    var read = 0
    while read < (braced ? 8 : digits), let next = peek(), let scalar = Unicode.Scalar(next),
      let digit = Character(scalar).hexDigitValue
    {
      value = value << 4 | UInt32(digit)
      at += 1
      read += 1
    }
    if braced, !accept("}") { throw problem("an escape that is never closed") }
    guard read > 0, Unicode.Scalar(value) != nil else { throw problem("an escape of no character") }
    return value
  }

  private mutating func property(negated: Bool) throws(PatternProblem) -> ScalarSet {
    var name = ""
    if accept("{") {
      while let next = peek(), next != 0x7D, let scalar = Unicode.Scalar(next) {
        name.unicodeScalars.append(scalar)
        at += 1
      }
      guard accept("}") else { throw problem("a property that is never closed") }
    } else if let next = peek(), let scalar = Unicode.Scalar(next) {
      name.unicodeScalars.append(scalar)
      at += 1
    }
    let inverted = name.hasPrefix("^")
    if inverted { name.removeFirst() }
    if let mask = ScalarCategories.mask(named: name) {
      return ScalarSet(items: [negated != inverted ? .notCategories(mask) : .categories(mask)])
    }
    guard let ranges = ScriptTable.ranges(named: name) else {
      throw problem("the property '\(name)', which is not supported")
    }
    let script = ScalarSet(
      items: ranges.map { .range($0.lowerBound, $0.upperBound) }, isNegated: negated != inverted)
    return ScalarSet(items: [.all([script])])
  }
}
