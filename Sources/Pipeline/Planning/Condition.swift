internal import Diagnostics
internal import Documents
internal import StageKit

/// The expression of an `if:`, decided when the run is planned, or while it goes on where it reads
/// metrics of other stages.
///
/// ```
/// expression := and ( 'or' and )*            and := unary ( 'and' unary )*
/// unary      := 'not' unary | comparison     comparison := value ( sign value )?
/// sign       := '==' | '!=' | '<' | '<=' | '>' | '>='
/// value      := '(' expression ')' | ${params.x} | ${env.X} | 'text' | "text" | word
///             | STAGE.METRIC
/// ```
///
/// `||`, `&&` and `!` mean the same as the words. Two numbers are compared as numbers, everything
/// else as text; the signs of order take numbers only. False, null, 0 and the empty text are false.
struct Condition {
  enum Token: Equatable {
    case open, close, and, or, not, end
    case comparison(Comparison)
    case value(Value)
    /// Stands for 0 until its value is known.
    case metric(stage: String, name: String)
  }

  enum Comparison: String, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
  }

  /// What reading an `if:` comes to.
  enum Outcome {
    case decided(Bool)
    /// Reads metrics; where it names each stage.
    case open(RunCondition, [(stage: String, span: SourceSpan)])
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
      if let a = number, let b = other.number { return a == b }
      return text.hasSameBytes(as: other.text)
    }

    var number: Double? { CoreSchema.number(node) }

    private var node: Node {
      Node(.scalar(.init(text, isPlain: isPlain)), at: SourceSpan(file: "", line: 1))
    }
  }

  var tokens: [(token: Token, span: SourceSpan)] = []
  private var at = 0
  private var depth = 0
  private var interpolation: Interpolation
  let node: Node

  init(_ node: Node, _ interpolation: Interpolation) {
    self.node = node
    self.interpolation = interpolation
  }

  /// Whether the condition holds; problems go to `interpolation`'s like everywhere else.
  static func evaluate(_ node: Node, _ interpolation: Interpolation)
    -> (outcome: Outcome, diagnostics: [Diagnostic])
  {
    guard let scalar = node.scalar, !node.isNull else {
      let problem = Diagnostic(
        "spec.wrong-type", "'if' is \(node.kindName), expected an expression", at: node.span)
      return (.decided(true), [problem])
    }
    var condition = Condition(node, interpolation)
    let before = interpolation.diagnostics.count
    do throws(Problem) {
      try condition.tokenize(scalar.text)
      let holds = try condition.result()
      return (condition.open(scalar.text) ?? .decided(holds), [])
    } catch {
      let found = condition.interpolation.diagnostics.dropFirst(before)
      return (.decided(true), found.isEmpty ? [error.diagnostic] : Array(found))
    }
  }

  /// The value of the whole expression.
  mutating func result() throws(Problem) -> Bool {
    let value = try or()
    guard current.token == .end else { throw unexpected() }
    return value.isTrue
  }

  struct Problem: Error { var diagnostic: Diagnostic }

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
    let (left, leftSpan) = (try value(), tokens[at - 1].span)
    guard case .comparison(let comparison) = current.token else { return left }
    at += 1
    let (right, rightSpan) = (try value(), tokens[at - 1].span)
    switch comparison {
    case .equal: return Self.flag(left.equals(right))
    case .unequal: return Self.flag(!left.equals(right))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: break
    }
    guard let a = left.number, let b = right.number else {
      let (wrong, span) = left.number == nil ? (left, leftSpan) : (right, rightSpan)
      throw problem(
        "'\(SafeText.escaped(wrong.text, limit: 40))' is no number, and '\(comparison.rawValue)' "
          + "compares numbers", span)
    }
    switch comparison {
    case .less: return Self.flag(a < b)
    case .lessOrEqual: return Self.flag(a <= b)
    case .greater: return Self.flag(a > b)
    default: return Self.flag(a >= b)
    }
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
    case .metric:
      at += 1
      return Value(text: "0", isPlain: true)
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

  private func problem(_ message: String, _ span: SourceSpan) -> Problem {
    Problem(
      diagnostic: Diagnostic(
        "spec.condition", "'if': \(message)", at: span,
        fix:
          "for example: if: ${params.quantize} == 'q8_0' and not ${params.draft}, or eval.accuracy "
          + "> 0.8"))
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
    for (text, token) in [("&&", Token.and), ("||", .or)]
    where Self.text([scalars[start], following]) == text {
      index += 2
      return token
    }
    // Longer signs come first in the list.
    for sign in Comparison.allCases {
      let length = sign.rawValue.unicodeScalars.count
      guard Self.text(scalars[start..<min(scalars.count, start + length)]) == sign.rawValue
      else { continue }
      index += length
      return .comparison(sign)
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
    let ends: Set<Unicode.Scalar> = [
      " ", "\t", "\n", "(", ")", "=", "!", "'", "\"", "&", "|", "<", ">",
    ]
    while index < scalars.count, !ends.contains(scalars[index]) { index += 1 }
    let text = Self.text(scalars[start..<index])
    switch text {
    case "and": return .and
    case "or": return .or
    case "not": return .not
    default: break
    }
    if scalars[start] == "=" {
      let signs = Comparison.allCases.map(\.rawValue).joined(separator: ", ")
      throw problem(
        "'\(SafeText.escaped(text))' is no operator here, expected one of \(signs)",
        node.subspan(start, index - start))
    }
    let isName = scalars[start].properties.isAlphabetic || scalars[start] == "_"
    if isName, CoreSchema.number(text: text) == nil, let dot = text.firstIndex(of: ".") {
      let name = String(text[text.index(after: dot)...])
      if !name.isEmpty { return .metric(stage: String(text[..<dot]), name: name) }
    }
    return .value(Value(text: text, isPlain: true))
  }

  private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
