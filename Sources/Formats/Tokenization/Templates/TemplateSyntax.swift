/// The syntax tree of a template. Left-associative chains are flat lists, so that walking the tree
/// goes only as deep as the text is nested.
indirect enum TemplateExpression: Sendable {
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string([UInt8])
  case name(String, line: Int)
  case list([TemplateExpression])
  case tuple([TemplateExpression])
  case dict([(key: TemplateExpression, value: TemplateExpression)])
  case chain(TemplateExpression, [TemplatePostfix])
  case negative(TemplateExpression)
  case positive(TemplateExpression)
  case not(TemplateExpression)
  case arithmetic(TemplateExpression, [(op: ArithmeticOperator, right: TemplateExpression)])
  case concat([TemplateExpression])
  case compare(TemplateExpression, [(op: CompareOperator, right: TemplateExpression)])
  case and([TemplateExpression])
  case or([TemplateExpression])
  case conditional(TemplateExpression, then: TemplateExpression, else: TemplateExpression?)

  enum ArithmeticOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"
  }

  enum CompareOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in` = "in"
    case notIn = "not in"
  }
}

/// What follows a primary expression.
struct TemplatePostfix: Sendable {
  indirect enum Kind: Sendable {
    case attribute(String)
    case item(TemplateExpression)
    case slice(TemplateExpression?, TemplateExpression?, TemplateExpression?)
    case call(TemplateArguments)
    case filter(String, TemplateArguments)
    case test(String, TemplateArguments, negated: Bool)
  }
  var kind: Kind
  var line: Int
}

struct TemplateArguments: Sendable {
  var positional: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []
}

/// What a `set`, a `for` or a macro's call binds.
indirect enum TemplateTarget: Sendable {
  case name(String)
  case attribute(of: String, String)
  case tuple([TemplateTarget])
}

struct TemplateParameter: Sendable {
  var name: String
  var defaultValue: TemplateExpression?
}

struct TemplateMacroDefinition: Sendable {
  var name: String
  var parameters: [TemplateParameter]
  var body: [TemplateStatement]
}

struct TemplateStatement: Sendable {
  indirect enum Kind: Sendable {
    case text([UInt8])
    case print(TemplateExpression)
    case `if`(
      [(condition: TemplateExpression, body: [TemplateStatement])], else: [TemplateStatement])
    case `for`(
      TemplateTarget, in: TemplateExpression, if: TemplateExpression?, [TemplateStatement],
      else: [TemplateStatement])
    case set(TemplateTarget, TemplateExpression)
    case setBlock(TemplateTarget, [TemplatePostfix], [TemplateStatement])
    case macro(TemplateMacroDefinition)
    case call(TemplateMacroDefinition, TemplateExpression)
    case filter([TemplatePostfix], [TemplateStatement])
    case generation([TemplateStatement])
    case with([(TemplateTarget, TemplateExpression)], [TemplateStatement])
    case `break`
    case `continue`
  }
  var kind: Kind
  var line: Int
}
