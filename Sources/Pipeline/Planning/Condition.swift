internal import Diagnostics
internal import Documents

/// The expression of an `if:`, decided when the run is planned.
///
/// ```
/// expression := and ( 'or' and )*            and := unary ( 'and' unary )*
/// unary      := 'not' unary | comparison     comparison := value ( ('==' | '!=') value )?
/// value      := '(' expression ')' | ${params.x} | ${env.X} | 'text' | "text" | word
/// ```
///
/// `||`, `&&` and `!` mean the same as the words. Two numbers are compared as numbers, everything
/// else as text. False, null, 0 and the empty text are false.
struct Condition {
  private enum Token: Equatable {
    case open, close, equal, unequal, and, or, not, end
    case value(Value)
  }

  struct Value: Equatable {
    var text: String
    var isPlain: Bool

    var isTrue: Bool {
      let node = self.node
      if !isPlain { return !text.isEmpty }
      if node.isNull { return false }
      if let flag = CoreSchema.bool(node) { return flag }
      return CoreSchema.number(node).map { $0 != 0 } ?? true
    }

    func equals(_ other: Value) -> Bool {
      if let a = CoreSchema.number(node), let b = CoreSchema.number(other.node) { return a == b }
      return text.hasSameBytes(as: other.text)
    }

    private var node: Node {
      Node(.scalar(.init(text, isPlain: isPlain)), at: SourceSpan(file: "", line: 1))
    }
  }

  private var tokens: [(token: Token, span: SourceSpan)] = []
  private var at = 0
  private var depth = 0
  private var interpolation: Interpolation
  private let node: Node

  private init(_ node: Node, _ interpolation: Interpolation) {
    self.node = node
    self.interpolation = interpolation
  }

  /// Whether the condition holds; problems go to `interpolation`'s like everywhere else.
  static func evaluate(_ node: Node, _ interpolation: Interpolation)
    -> (holds: Bool, diagnostics: [Diagnostic])
  {
    guard let scalar = node.scalar, !node.isNull else {
      let problem = Diagnostic(
        "spec.wrong-type", "'if' is \(node.kindName), expected an expression", at: node.span)
      return (true, [problem])
    }
    var condition = Condition(node, interpolation)
    let before = interpolation.diagnostics.count
    do throws(Problem) {
      try condition.tokenize(scalar.text)
      let value = try condition.or()
      guard condition.current.token == .end else { throw condition.unexpected() }
      return (value.isTrue, [])
    } catch {
      let found = condition.interpolation.diagnostics.dropFirst(before)
      return (true, found.isEmpty ? [error.diagnostic] : Array(found))
    }
  }

  private struct Problem: Error { var diagnostic: Diagnostic }

  // MARK: - Grammar

  private var current: (token: Token, span: SourceSpan) { tokens[at] }

  private mutating func or() throws(Problem) -> Value {
    var left = try and()
    while current.token == .or {
      at += 1
      let right = try and()
      left = Self.flag(left.isTrue || right.isTrue)
    }
    return left
  }

  private mutating func and() throws(Problem) -> Value {
    var left = try unary()
    while current.token == .and {
      at += 1
      let right = try unary()
      left = Self.flag(left.isTrue && right.isTrue)
    }
    return left
  }

  private mutating func unary() throws(Problem) -> Value {
    depth += 1
    defer { depth -= 1 }
    guard depth < 64 else { throw problem("the expression is nested too deep", current.span) }
    guard current.token == .not else { return try comparison() }
    at += 1
    return Self.flag(!(try unary().isTrue))
  }

  private mutating func comparison() throws(Problem) -> Value {
    let left = try value()
    let isEqual = current.token == .equal
    guard isEqual || current.token == .unequal else { return left }
    at += 1
    return Self.flag(left.equals(try value()) == isEqual)
  }

  private mutating func value() throws(Problem) -> Value {
    switch current.token {
    case .open:
      at += 1
      let inner = try or()
      guard current.token == .close else { throw problem("expected ')'", current.span) }
      at += 1
      return inner
    case .value(let value):
      at += 1
      return value
    default: throw unexpected()
    }
  }

  private static func flag(_ flag: Bool) -> Value {
    Value(text: flag ? "true" : "false", isPlain: true)
  }

  private func unexpected() -> Problem {
    current.token == .end
      ? problem("the expression ends where a value is expected", current.span)
      : problem("found something that cannot stand here", current.span)
  }

  private func problem(_ message: String, _ span: SourceSpan, code: String = "spec.condition")
    -> Problem
  {
    Problem(
      diagnostic: Diagnostic(
        code, "'if': \(message)", at: span,
        fix: "for example: if: ${params.quantize} == 'q8_0' and not ${params.draft}"))
  }

  // MARK: - Words

  private mutating func tokenize(_ text: String) throws(Problem) {
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let start = index
      let scalar = scalars[index]
      if scalar == " " || scalar == "\t" || scalar == "\n" {
        index += 1
        continue
      }
      let token = try next(scalars, &index)
      tokens.append((token, node.subspan(start, index - start)))
    }
    tokens.append((.end, node.subspan(scalars.count, 1)))
  }

  private mutating func next(_ scalars: [Unicode.Scalar], _ index: inout Int) throws(Problem)
    -> Token
  {
    let start = index
    let following = index + 1 < scalars.count ? scalars[index + 1] : " "
    let pairs: [(Unicode.Scalar, Unicode.Scalar, Token)] = [
      ("=", "=", .equal), ("!", "=", .unequal), ("&", "&", .and), ("|", "|", .or),
    ]
    if let pair = pairs.first(where: { $0.0 == scalars[start] && $0.1 == following }) {
      index += 2
      return pair.2
    }
    index += 1
    switch scalars[start] {
    case "(": return .open
    case ")": return .close
    case "!": return .not
    case "'", "\"": return try quoted(scalars, &index)
    case "$" where following == "{": return try reference(scalars, &index)
    default: return try word(scalars, &index)
    }
  }

  private func quoted(_ scalars: [Unicode.Scalar], _ index: inout Int) throws(Problem) -> Token {
    let quote = scalars[index - 1]
    let start = index
    while index < scalars.count, scalars[index] != quote { index += 1 }
    guard index < scalars.count else {
      throw problem("a quote is not closed", node.subspan(start - 1, 1))
    }
    index += 1
    return .value(Value(text: Self.text(scalars[start..<(index - 1)]), isPlain: false))
  }

  private mutating func reference(_ scalars: [Unicode.Scalar], _ index: inout Int) throws(Problem)
    -> Token
  {
    let start = index - 1
    while index < scalars.count, scalars[index] != "}" { index += 1 }
    guard index < scalars.count else {
      throw problem("'${' has no '}' after it", node.subspan(start, 2))
    }
    index += 1
    let span = node.subspan(start, index - start)
    let name = Self.text(scalars[(start + 2)..<(index - 1)])
    guard let value = interpolation.value(of: name, span) else {
      throw problem("unknown reference", span)
    }
    guard let scalar = value.scalar else {
      throw problem("'\(SafeText.escaped(name))' is \(value.kindName), expected a text", span)
    }
    return .value(Value(text: scalar.text, isPlain: scalar.isPlain))
  }

  private func word(_ scalars: [Unicode.Scalar], _ index: inout Int) throws(Problem) -> Token {
    let start = index - 1
    let ends: Set<Unicode.Scalar> = [" ", "\t", "\n", "(", ")", "=", "!", "'", "\"", "&", "|"]
    while index < scalars.count, !ends.contains(scalars[index]) { index += 1 }
    let text = Self.text(scalars[start..<index])
    switch text {
    case "and": return .and
    case "or": return .or
    case "not": return .not
    default: break
    }
    let isOperator = ["<", ">", "="].contains(scalars[start])
    let isMetric =
      text.contains(".") && CoreSchema.number(text: text) == nil
      && scalars[start].properties.isAlphabetic
    if isOperator || isMetric {
      throw problem(
        isMetric
          ? "conditions on results of other stages are not supported by this version"
          : "'\(SafeText.escaped(text))' is no operator here, expected == or !=",
        node.subspan(start, index - start), code: isMetric ? "spec.unsupported" : "spec.condition")
    }
    return .value(Value(text: text, isPlain: true))
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
