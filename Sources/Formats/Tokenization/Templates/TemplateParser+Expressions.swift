/// Expressions, lowest precedence first, in Jinja's order.
extension TemplateParser {
  /// An expression, or several with commas between them.
  mutating func tuple(withConditional: Bool = true) throws(TemplateError) -> TemplateNode {
    let first = withConditional ? try expression() : try or()
    guard isSymbol(",") else { return first }
    var items = [first]
    while accept(",") {
      if token == .blockEnd || token == .printEnd || isSymbol(")") { break }
      items.append(withConditional ? try expression() : try or())
    }
    return SequenceNode(items, isTuple: true)
  }

  mutating func expression() throws(TemplateError) -> TemplateNode {
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    guard expressionDepth <= TemplateLimits.depth else {
      throw TemplateError(
        .limit, "an expression nested deeper than \(TemplateLimits.depth)", line: line)
    }
    let known = unknown.count
    var value = try or()
    while acceptName("if") {
      unknown.removeSubrange(known...)
      softDepth += 1
      defer { softDepth -= 1 }
      let condition = try or()
      let other = acceptName("else") ? try expression() : nil
      value = ConditionalNode(condition, then: value, else: other)
    }
    return value
  }

  mutating func or() throws(TemplateError) -> TemplateNode {
    var parts = [try and()]
    while acceptName("or") { parts.append(try and()) }
    return parts.count == 1 ? parts[0] : LogicNode(parts, isAnd: false)
  }

  private mutating func and() throws(TemplateError) -> TemplateNode {
    var parts = [try not()]
    while acceptName("and") { parts.append(try not()) }
    return parts.count == 1 ? parts[0] : LogicNode(parts, isAnd: true)
  }

  private mutating func not() throws(TemplateError) -> TemplateNode {
    guard acceptName("not") else { return try compare() }
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    guard expressionDepth <= TemplateLimits.depth else {
      throw TemplateError(.limit, "more than \(TemplateLimits.depth) times 'not'", line: line)
    }
    return NotNode(try not())
  }

  private mutating func compare() throws(TemplateError) -> TemplateNode {
    let line = self.line
    let left = try sum()
    var rest: [(op: TemplateComparison, right: TemplateNode)] = []
    while true {
      if case .symbol(let text) = token,
        let op = TemplateComparison(rawValue: text)
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
        return rest.isEmpty ? left : CompareNode(left, rest, line: line)
      }
    }
  }

  private mutating func sum() throws(TemplateError) -> TemplateNode {
    let line = self.line
    let left = try concat()
    var rest: [(op: TemplateArithmetic, right: TemplateNode)] = []
    while isSymbol("+") || isSymbol("-") {
      let op: TemplateArithmetic = isSymbol("+") ? .add : .subtract
      advance()
      rest.append((op, try concat()))
    }
    return rest.isEmpty ? left : ArithmeticNode(left, rest, line: line)
  }

  private mutating func concat() throws(TemplateError) -> TemplateNode {
    var parts = [try product()]
    while accept("~") { parts.append(try product()) }
    return parts.count == 1 ? parts[0] : ConcatNode(parts)
  }

  private mutating func product() throws(TemplateError) -> TemplateNode {
    let line = self.line
    let left = try power()
    var rest: [(op: TemplateArithmetic, right: TemplateNode)] = []
    while case .symbol(let text) = token, ["*", "/", "//", "%"].contains(text),
      let op = TemplateArithmetic(rawValue: text)
    {
      advance()
      rest.append((op, try power()))
    }
    return rest.isEmpty ? left : ArithmeticNode(left, rest, line: line)
  }

  private mutating func power() throws(TemplateError) -> TemplateNode {
    let line = self.line
    let left = try unary()
    var rest: [(op: TemplateArithmetic, right: TemplateNode)] = []
    while accept("**") { rest.append((.power, try unary())) }
    return rest.isEmpty ? left : ArithmeticNode(left, rest, line: line)
  }

  private mutating func unary(withFilters: Bool = true) throws(TemplateError) -> TemplateNode {
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    guard expressionDepth <= 2 * TemplateLimits.depth else {
      throw TemplateError(.limit, "too many signs", line: line)
    }
    let line = self.line
    if accept("-") || accept("+") {
      let isNegative = token(at: -1) == .symbol("-")
      let node = SignNode(try unary(withFilters: false), negative: isNegative, line: line)
      return try postfix(node, withFilters: withFilters)
    }
    return try postfix(try primary(), withFilters: withFilters)
  }

  private mutating func primary() throws(TemplateError) -> TemplateNode {
    switch token {
    case .name(let text):
      advance()
      switch text {
      case "true", "True": return ConstantNode(.bool(true))
      case "false", "False": return ConstantNode(.bool(false))
      case "none", "None": return ConstantNode(.none)
      default: return NameNode(text, id: read(text))
      }
    case .string(var bytes):
      advance()
      while case .string(let more) = token {
        bytes += more
        advance()
      }
      return ConstantNode(.string(TemplateText(bytes: bytes)))
    case .int(let value):
      advance()
      return ConstantNode(.int(value))
    case .double(let value):
      advance()
      return ConstantNode(.double(value))
    case .symbol("("):
      advance()
      if accept(")") { return SequenceNode([], isTuple: true) }
      let inner = try tuple()
      try expect(")")
      return inner
    case .symbol("["): return SequenceNode(try listItems(), isTuple: false)
    case .symbol("{"): return try dict()
    default: throw unexpected("an expression")
    }
  }

  private mutating func listItems() throws(TemplateError) -> [TemplateNode] {
    advance()
    var items: [TemplateNode] = []
    while !accept("]") {
      if !items.isEmpty { try expect(",") }
      if accept("]") { break }
      items.append(try expression())
    }
    return items
  }

  private mutating func dict() throws(TemplateError) -> TemplateNode {
    advance()
    var members: [(key: TemplateNode, value: TemplateNode)] = []
    while !accept("}") {
      if !members.isEmpty { try expect(",") }
      if accept("}") { break }
      let key = try expression()
      try expect(":")
      members.append((key, try expression()))
    }
    return DictNode(members)
  }

  // MARK: - What follows

  private mutating func postfix(_ base: TemplateNode, withFilters: Bool) throws(TemplateError)
    -> TemplateNode
  {
    var node = base
    var filtered = false
    var links = 0
    while true {
      let line = self.line
      // Each link makes the tree deeper by one.
      links += 1
      guard links <= 16 * TemplateLimits.depth else {
        throw TemplateError(.limit, "a chain of more than \(links - 1) parts", line: line)
      }
      if isSymbol("(") {
        node = CallNode(node, try arguments(), line: line)
      } else if !filtered, accept(".") {
        if case .int(let index) = token {
          advance()
          node = ItemNode(node, ConstantNode(.int(index)), line: line)
        } else {
          node = AttributeNode(node, TemplateAttribute(try name()), line: line)
        }
      } else if !filtered, accept("[") {
        node = try subscripted(node, line)
      } else if withFilters, accept("|") {
        filtered = true
        node = try filter(node, line)
      } else if withFilters, acceptName("is") {
        filtered = true
        node = try test(node, line)
      } else {
        return node
      }
    }
  }

  private mutating func subscripted(_ base: TemplateNode, _ line: Int) throws(TemplateError)
    -> TemplateNode
  {
    var items: [TemplateNode] = []
    while true {
      var parts: [TemplateNode?] = [isSymbol(":") ? nil : try expression()]
      var isSlice = false
      while accept(":") {
        isSlice = true
        parts.append(isSymbol(":") || isSymbol("]") ? nil : try expression())
      }
      guard parts.count <= 3 else { throw unexpected("a slice of at most three parts") }
      if isSlice {
        guard items.isEmpty, accept("]") else { throw unexpected("']'") }
        return SliceNode(base, parts, line: line)
      }
      if let item = parts[0] { items.append(item) }
      if !accept(",") { break }
    }
    try expect("]")
    return ItemNode(
      base, items.count == 1 ? items[0] : SequenceNode(items, isTuple: true), line: line)
  }

  mutating func arguments() throws(TemplateError) -> TemplateArguments {
    try expect("(")
    var arguments = TemplateArguments()
    var isFirst = true
    while !accept(")") {
      if !isFirst { try expect(",") }
      if accept(")") { break }
      isFirst = false
      if accept("**") {
        guard arguments.spreadNamed == nil else { throw unexpected("')'") }
        arguments.spreadNamed = try expression()
      } else if accept("*") {
        guard arguments.spread == nil, arguments.spreadNamed == nil else {
          throw unexpected("')'")
        }
        arguments.spread = try expression()
      } else if case .name(let name) = token, peek(1) == .symbol("=") {
        advance()
        advance()
        guard arguments.spreadNamed == nil else { throw unexpected("')'") }
        arguments.named.append((TemplateText(name), try expression()))
      } else {
        guard arguments.named.isEmpty, arguments.spread == nil, arguments.spreadNamed == nil else {
          throw unexpected("a keyword argument")
        }
        arguments.positional.append(try expression())
      }
    }
    return arguments
  }

  mutating func filter(_ base: TemplateNode?, _ line: Int) throws(TemplateError) -> FilterNode {
    let name = try dottedName()
    if softDepth == 0, TemplateFilters.Name(rawValue: name) == nil {
      unknown.append(TemplateError(.syntax, "no filter is named '\(name)'", line: line))
    }
    let arguments = isSymbol("(") ? try self.arguments() : TemplateArguments()
    return FilterNode(base, name, arguments, line: line)
  }

  private mutating func dottedName() throws(TemplateError) -> String {
    var name = try self.name()
    while accept(".") { name += "." + (try self.name()) }
    return name
  }

  private mutating func test(_ base: TemplateNode, _ line: Int) throws(TemplateError)
    -> TemplateNode
  {
    let negated = acceptName("not")
    let name = try dottedName()
    if softDepth == 0, TemplatePredicates.Name(rawValue: name) == nil {
      unknown.append(TemplateError(.syntax, "no test is named '\(name)'", line: line))
    }
    var arguments = TemplateArguments()
    if isSymbol("(") {
      arguments = try self.arguments()
    } else if startsTestArgument {
      if isName("is") {
        throw TemplateError(.syntax, "you cannot chain multiple tests with 'is'", line: line)
      }
      arguments.positional = [try postfix(try primary(), withFilters: false)]
    }
    return TestNode(base, name, arguments, negated: negated, line: line)
  }

  private var startsTestArgument: Bool {
    switch token {
    case .name(let text): !["else", "or", "and"].contains(text)
    case .string, .int, .double, .symbol("["), .symbol("{"): true
    default: false
    }
  }
}
