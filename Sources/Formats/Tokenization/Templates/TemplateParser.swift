/// Reads tokens into the syntax tree. Nesting is bounded by ``TemplateLimits/depth``.
struct TemplateParser {
  private let tokens: [TemplateLexer.Placed]
  private var at = 0
  private var statementDepth = 0
  var expressionDepth = 0
  private var loopDepth = 0
  /// Inside a condition a filter that does not exist is an error only where it is reached, as in
  /// Jinja.
  var softDepth = 0
  /// Filters and tests that do not exist, outside of conditions so far.
  var unknown: [TemplateError] = []
  private(set) var hasGenerationBlocks = false
  /// The number of each name.
  private(set) var names: [String: Int] = [:]
  /// Names read in the bodies of the macros that are being parsed, innermost last.
  private var reads: [Set<Int>] = []

  init(_ source: [UInt8], style: TemplateStyle = .chat) throws(TemplateError) {
    tokens = try TemplateLexer.tokens(of: source, style: style)
  }

  /// The number of a name that is bound.
  mutating func id(_ name: String) -> Int {
    if let id = names[name] { return id }
    names[name] = names.count
    return names.count - 1
  }

  /// The number of a name that is read.
  mutating func read(_ name: String) -> Int {
    let id = self.id(name)
    if !reads.isEmpty { reads[reads.count - 1].insert(id) }
    return id
  }

  mutating func parse() throws(TemplateError) -> [TemplateStatement] {
    let body = try statements(until: [], opened: "", line: 1)
    if let first = unknown.first { throw first }
    return body
  }

  // MARK: - Tokens

  var token: TemplateLexer.Token { tokens[at].token }
  var line: Int { tokens[at].line }

  func token(at offset: Int) -> TemplateLexer.Token { tokens[at + offset].token }

  func peek(_ offset: Int) -> TemplateLexer.Token {
    at + offset < tokens.count ? tokens[at + offset].token : .end
  }

  mutating func advance() { if at + 1 < tokens.count { at += 1 } }

  func isSymbol(_ text: String) -> Bool { token == .symbol(text) }
  func isName(_ text: String) -> Bool { token == .name(text) }

  mutating func accept(_ text: String) -> Bool {
    guard isSymbol(text) else { return false }
    advance()
    return true
  }

  mutating func acceptName(_ text: String) -> Bool {
    guard isName(text) else { return false }
    advance()
    return true
  }

  mutating func expect(_ text: String) throws(TemplateError) {
    guard accept(text) else { throw unexpected("'\(text)'") }
  }

  mutating func name() throws(TemplateError) -> String {
    guard case .name(let text) = token else { throw unexpected("a name") }
    advance()
    return text
  }

  func unexpected(_ expected: String) -> TemplateError {
    let found =
      switch token {
      case .data: "text"
      case .blockBegin: "'{%'"
      case .blockEnd: "'%}'"
      case .printBegin: "'{{'"
      case .printEnd: "'}}'"
      case .name(let text): "'\(text)'"
      case .string: "a string"
      case .int, .double: "a number"
      case .symbol(let text): "'\(text)'"
      case .end: "the end of the template"
      }
    return TemplateError(.syntax, "found \(found) where \(expected) is expected", line: line)
  }

  // MARK: - Statements

  /// Statements up to a block tag whose name is in `until`, which is left to be read (its `{%` and
  /// name are consumed and the name returned through ``closing``).
  private var closing = ""

  private mutating func statements(until: Set<String>, opened: String, line openLine: Int)
    throws(TemplateError) -> [TemplateStatement]
  {
    statementDepth += 1
    defer { statementDepth -= 1 }
    guard statementDepth <= TemplateLimits.depth else {
      throw TemplateError(
        .limit, "blocks nested deeper than \(TemplateLimits.depth)", line: openLine)
    }
    var body: [TemplateStatement] = []
    while true {
      let line = self.line
      switch token {
      case .data(let text):
        advance()
        body.append(TextStatement(text, line: line))
      case .printBegin:
        advance()
        let value = try tuple()
        guard token == .printEnd else { throw unexpected("'}}'") }
        advance()
        body.append(PrintStatement(value, line: line))
      case .blockBegin:
        advance()
        let name = try self.name()
        if until.contains(name) {
          closing = name
          return body
        }
        body.append(try statement(name, line))
      case .end:
        if opened.isEmpty { return body }
        throw TemplateError(.syntax, "the block '\(opened)' is never closed", line: openLine)
      default: throw unexpected("text or a tag")
      }
    }
  }

  private mutating func endTag() throws(TemplateError) {
    guard token == .blockEnd else { throw unexpected("'%}'") }
    advance()
  }

  /// The body of a block up to its end tag, both consumed.
  private mutating func block(_ name: String, _ line: Int) throws(TemplateError)
    -> [TemplateStatement]
  {
    try endTag()
    let soft = softDepth
    softDepth = 0
    defer { softDepth = soft }
    let body = try statements(until: ["end\(name)"], opened: name, line: line)
    if case .name = token { advance() }  // `endmacro name`
    try endTag()
    return body
  }

  private mutating func statement(_ name: String, _ line: Int) throws(TemplateError)
    -> TemplateStatement
  {
    switch name {
    case "if": return try ifStatement(line)
    case "for": return try forStatement(line)
    case "set": return try setStatement(line)
    case "macro":
      let name = try self.name()
      let definition = try macro(name: name, try parameters(), block: "macro", line)
      return MacroStatement(definition, line: line)
    case "call": return try callStatement(line)
    case "filter":
      var filters = [try filter(nil, line)]
      while accept("|") { filters.append(try filter(nil, line)) }
      return CaptureStatement(nil, filters, try block("filter", line), line: line)
    case "generation":
      hasGenerationBlocks = true
      // In transformers the body is a function: no loop around it can be left from inside.
      let loops = loopDepth
      loopDepth = 0
      defer { loopDepth = loops }
      return GenerationStatement(try block("generation", line), line: line)
    case "with": return try withStatement(line)
    case "break", "continue":
      guard loopDepth > 0 else {
        throw TemplateError(.syntax, "'\(name)' outside of a loop", line: line)
      }
      try endTag()
      return LeaveStatement(name == "break" ? .leave : .again, line: line)
    case "include", "import", "from", "extends", "block", "autoescape", "do", "debug", "trans":
      throw TemplateError(
        .syntax, "the tag '\(name)' is not supported: chat templates stand alone", line: line)
    default: throw TemplateError(.syntax, "unknown tag '\(name)'", line: line)
    }
  }

  private mutating func ifStatement(_ line: Int) throws(TemplateError) -> TemplateStatement {
    softDepth += 1
    defer { softDepth -= 1 }
    var branches: [IfStatement.Branch] = []
    var condition = try tuple(withConditional: false)
    while true {
      try endTag()
      let body = try statements(until: ["elif", "else", "endif"], opened: "if", line: line)
      branches.append((condition, body))
      switch closing {
      case "elif": condition = try tuple(withConditional: false)
      case "else":
        try endTag()
        let other = try statements(until: ["endif"], opened: "if", line: line)
        try endTag()
        return IfStatement(branches, else: other, line: line)
      default:
        try endTag()
        return IfStatement(branches, else: [], line: line)
      }
    }
  }

  private mutating func forStatement(_ line: Int) throws(TemplateError) -> TemplateStatement {
    let target = try self.target()
    guard acceptName("in") else { throw unexpected("'in'") }
    let items = try tuple(withConditional: false)
    let filter = acceptName("if") ? try expression() : nil
    let isRecursive = acceptName("recursive")
    try endTag()
    let soft = softDepth
    softDepth = 0
    defer { softDepth = soft }
    loopDepth += 1
    let body = try statements(until: ["else", "endfor"], opened: "for", line: line)
    loopDepth -= 1
    var other: [TemplateStatement] = []
    if closing == "else" {
      try endTag()
      other = try statements(until: ["endfor"], opened: "for", line: line)
    }
    try endTag()
    return TemplateForStatement(
      target, in: items, if: filter, body, else: other, isRecursive: isRecursive,
      loopID: id("loop"), line: line)
  }

  private mutating func setStatement(_ line: Int) throws(TemplateError) -> TemplateStatement {
    let target = try self.target(allowsAttribute: true)
    if accept("=") {
      let value = try tuple()
      try endTag()
      return SetStatement(target, value, line: line)
    }
    var filters: [FilterNode] = []
    while accept("|") { filters.append(try filter(nil, line)) }
    return CaptureStatement(target, filters, try block("set", line), line: line)
  }

  private mutating func withStatement(_ line: Int) throws(TemplateError) -> TemplateStatement {
    var bindings: [(target: TemplateTarget, value: TemplateNode)] = []
    while token != .blockEnd {
      if !bindings.isEmpty { try expect(",") }
      let target = try self.target()
      try expect("=")
      bindings.append((target, try expression()))
    }
    return WithStatement(bindings, try block("with", line), line: line)
  }

  private mutating func target(allowsAttribute: Bool = false) throws(TemplateError)
    -> TemplateTarget
  {
    var parts: [TemplateTarget] = []
    var isTuple = false
    repeat {
      if accept("(") {
        parts.append(try target())
        try expect(")")
      } else if isName("in") || token == .blockEnd {
        break
      } else {
        let name = try self.name()
        if allowsAttribute, accept(".") {
          parts.append(.attribute(of: read(name), TemplateText(try self.name())))
        } else {
          parts.append(.name(id(name)))
        }
      }
      if isSymbol(",") { isTuple = true }
    } while accept(",")
    guard let first = parts.first else { throw unexpected("a name") }
    return isTuple ? .tuple(parts) : first
  }

  /// `{% call(x) name(…) %}…{% endcall %}`.
  private mutating func callStatement(_ line: Int) throws(TemplateError) -> TemplateStatement {
    let parameters = isSymbol("(") ? try self.parameters() : []
    guard let call = try expression() as? CallNode else {
      throw TemplateError(.syntax, "a 'call' block needs a call", line: line)
    }
    let caller = try macro(name: "caller", parameters, block: "call", line)
    return PrintStatement(
      CallNode(call.callee, call.arguments, caller: caller, line: line), line: line)
  }

  private mutating func macro(
    name: String, _ parameters: [TemplateParameter], block: String, _ line: Int
  ) throws(TemplateError) -> TemplateMacroDefinition {
    let id = self.id(name)
    // A macro's body is its own: no loop around it can be left from inside.
    let loops = loopDepth
    loopDepth = 0
    reads.append([])
    defer {
      loopDepth = loops
      let inside = reads.removeLast()
      if !reads.isEmpty { reads[reads.count - 1].formUnion(inside) }
    }
    let body = try self.block(block, line)
    let known = reads[reads.count - 1]
    func used(_ name: String) -> Int? { names[name].flatMap { known.contains($0) ? $0 : nil } }
    return TemplateMacroDefinition(
      name: name, id: id, parameters: parameters, body: body, callerID: used("caller"),
      varargsID: used("varargs"), kwargsID: used("kwargs"))
  }

  private mutating func parameters() throws(TemplateError) -> [TemplateParameter] {
    try expect("(")
    var parameters: [TemplateParameter] = []
    while !accept(")") {
      if !parameters.isEmpty { try expect(",") }
      if accept(")") { break }
      let name = try self.name()
      let value = accept("=") ? try expression() : nil
      if value == nil, parameters.last?.defaultValue != nil {
        throw TemplateError(.syntax, "a parameter without a default follows one with", line: line)
      }
      parameters.append(
        TemplateParameter(name: TemplateText(name), id: id(name), defaultValue: value))
    }
    return parameters
  }
}
