/// Expressions, lowest precedence first, in Jinja's order.
extension TemplateParser {
  /// An expression, or several with commas between them.
  mutating func tuple(withConditional: Bool = true) throws(TemplateError) -> TemplateExpression {
    let first = withConditional ? try expression() : try or()
    guard isSymbol(",") else { return first }
    var items = [first]
    while accept(",") {
      if token == .blockEnd || token == .printEnd || isSymbol(")") { break }
      items.append(withConditional ? try expression() : try or())
    }
    return .tuple(items)
  }

  mutating func expression() throws(TemplateError) -> TemplateExpression {
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    guard expressionDepth <= TemplateLimits.depth else {
      throw TemplateError(
        .limit, "an expression nested deeper than \(TemplateLimits.depth)", line: line)
    }
    let value = try or()
    guard acceptName("if") else { return value }
    softDepth += 1
    defer { softDepth -= 1 }
    let condition = try or()
    guard acceptName("else") else { return .conditional(condition, then: value, else: nil) }
    return .conditional(condition, then: value, else: try expression())
  }

  mutating func or() throws(TemplateError) -> TemplateExpression {
    var parts = [try and()]
    while acceptName("or") { parts.append(try and()) }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func and() throws(TemplateError) -> TemplateExpression {
    var parts = [try not()]
    while acceptName("and") { parts.append(try not()) }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func not() throws(TemplateError) -> TemplateExpression {
    guard acceptName("not") else { return try compare() }
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    guard expressionDepth <= TemplateLimits.depth else {
      throw TemplateError(.limit, "more than \(TemplateLimits.depth) times 'not'", line: line)
    }
    return .not(try not())
  }

  private mutating func compare() throws(TemplateError) -> TemplateExpression {
    let left = try sum()
    var rest: [(op: TemplateExpression.CompareOperator, right: TemplateExpression)] = []
    while true {
      if case .symbol(let text) = token,
        let op = TemplateExpression.CompareOperator(rawValue: text)
      {
        advance()
        rest.append((op, try sum()))
      } else if acceptName("in") {
        rest.append((.in, try sum()))
      } else if isName("not"), peek(1) == .name("in") {
        advance()
        advance()
        rest.append((.notIn, try sum()))
      } else {
        return rest.isEmpty ? left : .compare(left, rest)
      }
    }
  }

  private mutating func sum() throws(TemplateError) -> TemplateExpression {
    let left = try concat()
    var rest: [(op: TemplateExpression.ArithmeticOperator, right: TemplateExpression)] = []
    while isSymbol("+") || isSymbol("-") {
      let op: TemplateExpression.ArithmeticOperator = isSymbol("+") ? .add : .subtract
      advance()
      rest.append((op, try concat()))
    }
    return rest.isEmpty ? left : .arithmetic(left, rest)
  }

  private mutating func concat() throws(TemplateError) -> TemplateExpression {
    var parts = [try product()]
    while accept("~") { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : .concat(parts)
  }

  private mutating func product() throws(TemplateError) -> TemplateExpression {
    let left = try power()
    var rest: [(op: TemplateExpression.ArithmeticOperator, right: TemplateExpression)] = []
    while case .symbol(let text) = token, ["*", "/", "//", "%"].contains(text),
      let op = TemplateExpression.ArithmeticOperator(rawValue: text)
    {
      advance()
      rest.append((op, try power()))
    }
    return rest.isEmpty ? left : .arithmetic(left, rest)
  }

  private mutating func power() throws(TemplateError) -> TemplateExpression {
    let left = try unary()
    var rest: [(op: TemplateExpression.ArithmeticOperator, right: TemplateExpression)] = []
    while accept("**") { rest.append((.power, try unary())) }
    return rest.isEmpty ? left : .arithmetic(left, rest)
  }

  private mutating func unary(withFilters: Bool = true) throws(TemplateError) -> TemplateExpression
  {
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    guard expressionDepth <= 2 * TemplateLimits.depth else {
      throw TemplateError(.limit, "too many signs", line: line)
    }
    var node: TemplateExpression
    if accept("-") {
      node = .negative(try unary(withFilters: false))
    } else if accept("+") {
      node = .positive(try unary(withFilters: false))
    } else {
      node = try primary()
    }
    let postfix = try self.postfix(withFilters: withFilters)
    if !postfix.isEmpty { node = .chain(node, postfix) }
    return node
  }

  private mutating func primary() throws(TemplateError) -> TemplateExpression {
    let line = self.line
    switch token {
    case .name(let text):
      advance()
      switch text {
      case "true", "True": return .bool(true)
      case "false", "False": return .bool(false)
      case "none", "None": return .none
      default: return .name(text, line: line)
      }
    case .string(var bytes):
      advance()
      while case .string(let more) = token {
        bytes += more
        advance()
      }
      return .string(bytes)
    case .int(let value):
      advance()
      return .int(value)
    case .double(let value):
      advance()
      return .double(value)
    case .symbol("("):
      advance()
      if accept(")") { return .tuple([]) }
      let inner = try tuple()
      try expect(")")
      return inner
    case .symbol("["): return .list(try listItems())
    case .symbol("{"): return try dict()
    default: throw unexpected("an expression")
    }
  }

  private mutating func listItems() throws(TemplateError) -> [TemplateExpression] {
    advance()
    var items: [TemplateExpression] = []
    while !accept("]") {
      if !items.isEmpty { try expect(",") }
      if accept("]") { break }
      items.append(try expression())
    }
    return items
  }

  private mutating func dict() throws(TemplateError) -> TemplateExpression {
    advance()
    var members: [(key: TemplateExpression, value: TemplateExpression)] = []
    while !accept("}") {
      if !members.isEmpty { try expect(",") }
      if accept("}") { break }
      let key = try expression()
      try expect(":")
      members.append((key, try expression()))
    }
    return .dict(members)
  }

  // MARK: - What follows

  private mutating func postfix(withFilters: Bool) throws(TemplateError) -> [TemplatePostfix] {
    var chain: [TemplatePostfix] = []
    var filtered = false
    while true {
      let line = self.line
      if isSymbol("(") {
        chain.append(TemplatePostfix(kind: .call(try arguments()), line: line))
      } else if !filtered, accept(".") {
        if case .int(let index) = token {
          advance()
          chain.append(TemplatePostfix(kind: .item(.int(index)), line: line))
        } else {
          chain.append(TemplatePostfix(kind: .attribute(try name()), line: line))
        }
      } else if !filtered, accept("[") {
        chain.append(TemplatePostfix(kind: try subscriptItem(), line: line))
      } else if withFilters, accept("|") {
        filtered = true
        chain.append(try filter(line))
      } else if withFilters, isName("is") {
        filtered = true
        advance()
        chain.append(try test(line))
      } else {
        return chain
      }
    }
  }

  private mutating func subscriptItem() throws(TemplateError) -> TemplatePostfix.Kind {
    var parts: [TemplateExpression?] = []
    var isSlice = false
    if !isSymbol(":") { parts.append(try tuple()) } else { parts.append(nil) }
    while accept(":") {
      isSlice = true
      parts.append(isSymbol(":") || isSymbol("]") ? nil : try expression())
    }
    try expect("]")
    if !isSlice, let item = parts[0] { return .item(item) }
    guard parts.count <= 3 else { throw unexpected("a slice of at most three parts") }
    return .slice(parts[0], parts.count > 1 ? parts[1] : nil, parts.count > 2 ? parts[2] : nil)
  }

  private mutating func arguments() throws(TemplateError) -> TemplateArguments {
    try expect("(")
    var arguments = TemplateArguments()
    var isFirst = true
    while !accept(")") {
      if !isFirst { try expect(",") }
      if accept(")") { break }
      isFirst = false
      if isSymbol("*") || isSymbol("**") {
        throw TemplateError(.syntax, "spread arguments are not supported", line: line)
      }
      if case .name(let name) = token, peek(1) == .symbol("=") {
        advance()
        advance()
        arguments.named.append((name, try expression()))
      } else {
        arguments.positional.append(try expression())
      }
    }
    return arguments
  }

  mutating func filter(_ line: Int) throws(TemplateError) -> TemplatePostfix {
    let name = try self.name()
    if softDepth == 0, !TemplateFilters.names.contains(name) {
      throw TemplateError(.syntax, "no filter is named '\(name)'", line: line)
    }
    let arguments = isSymbol("(") ? try self.arguments() : TemplateArguments()
    return TemplatePostfix(kind: .filter(name, arguments), line: line)
  }

  private mutating func test(_ line: Int) throws(TemplateError) -> TemplatePostfix {
    let negated = acceptName("not")
    let name: String
    if isSymbol("==") || isSymbol("!=") {
      name = isSymbol("==") ? "eq" : "ne"
      advance()
    } else {
      name = try self.name()
    }
    if softDepth == 0, !TemplatePredicates.names.contains(name) {
      throw TemplateError(.syntax, "no test is named '\(name)'", line: line)
    }
    var arguments = TemplateArguments()
    if isSymbol("(") {
      arguments = try self.arguments()
    } else if startsTestArgument {
      let primary = try self.primary()
      let postfix = try self.postfix(withFilters: false)
      arguments.positional = [postfix.isEmpty ? primary : .chain(primary, postfix)]
    }
    return TemplatePostfix(kind: .test(name, arguments, negated: negated), line: line)
  }

  private var startsTestArgument: Bool {
    switch token {
    case .name(let text): !["else", "or", "and", "is", "if", "in", "not"].contains(text)
    case .string, .int, .double, .symbol("["), .symbol("{"): true
    default: false
    }
  }
}
