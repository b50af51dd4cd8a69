/// An expression of a template, resolved as far as it can be when it is read.
///
/// Nodes are never changed once the parser has made them.
class TemplateNode: @unchecked Sendable {  // proof: all fields of all nodes are `let`
  func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> TemplateValue {
    preconditionFailure("every node says its value")
  }

  /// Python's truth of the value, where that is all that is asked for.
  func isTrue(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> Bool {
    try value(run, scope).isTrue
  }

  /// The constant text it is, or nil.
  var constantText: TemplateText? { nil }
}

/// A node that knows its line, for what may fail.
class TemplatePlacedNode: TemplateNode, @unchecked Sendable {  // as above
  let line: Int

  init(line: Int) { self.line = line }

  func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> TemplateValue {
    preconditionFailure("every placed node says its value")
  }

  final override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    do throws(TemplateError) {
      try run.step()
      return try compute(run, scope)
    } catch {
      throw error.placed(line)
    }
  }
}

final class ConstantNode: TemplateNode, @unchecked Sendable {  // as above
  let constant: TemplateValue

  init(_ constant: TemplateValue) { self.constant = constant }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { constant }

  override var constantText: TemplateText? { constant.text }
}

final class NameNode: TemplateNode, @unchecked Sendable {  // as above
  let id: Int
  let missing: TemplateValue
  let function: TemplateFunction?

  init(_ name: String, id: Int) {
    self.id = id
    missing = .undefined("'\(name)' is undefined")
    function = TemplateFunction(rawValue: name)
  }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    if let value = scope.find(id) { return value }
    if let function, function != .strftimeNow || run.date != nil { return .function(function) }
    return missing
  }
}

final class SequenceNode: TemplateNode, @unchecked Sendable {  // as above
  let items: [TemplateNode]
  let isTuple: Bool

  init(_ items: [TemplateNode], isTuple: Bool) {
    self.items = items
    self.isTuple = isTuple
  }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    try run.step(items.count)
    var values: [TemplateValue] = []
    values.reserveCapacity(items.count)
    for item in items { values.append(try item.value(run, scope)) }
    return isTuple ? .tuple(values) : .list(values)
  }
}

final class DictNode: TemplateNode, @unchecked Sendable {  // as above
  let members: [(key: TemplateNode, value: TemplateNode)]

  init(_ members: [(key: TemplateNode, value: TemplateNode)]) { self.members = members }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    try run.step(members.count)
    var dict = TemplateDictBuilder(capacity: members.count)
    for member in members {
      let key = try member.key.value(run, scope)
      try TemplateRun.checkHashable(key)
      dict.set(key, try member.value.value(run, scope))
    }
    return .dict(dict.dict)
  }
}

final class SignNode: TemplatePlacedNode, @unchecked Sendable {  // as above
  let operand: TemplateNode
  let negative: Bool

  init(_ operand: TemplateNode, negative: Bool, line: Int) {
    self.operand = operand
    self.negative = negative
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { try run.sign(try operand.value(run, scope), negative: negative) }
}

final class NotNode: TemplateNode, @unchecked Sendable {  // as above
  let operand: TemplateNode

  init(_ operand: TemplateNode) { self.operand = operand }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { .bool(!(try operand.isTrue(run, scope))) }

  override func isTrue(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> Bool {
    !(try operand.isTrue(run, scope))
  }
}

final class ArithmeticNode: TemplatePlacedNode, @unchecked Sendable {  // as above
  let first: TemplateNode
  let rest: [(op: TemplateArithmetic, right: TemplateNode)]

  init(_ first: TemplateNode, _ rest: [(op: TemplateArithmetic, right: TemplateNode)], line: Int) {
    self.first = first
    self.rest = rest
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    var value = try first.value(run, scope)
    var index = 0
    while index < rest.count {
      let right = try rest[index].right.value(run, scope)
      if rest[index].op == .add, case .string(var text) = value, case .string(let more) = right,
        text.isMarkup == more.isMarkup
      {
        // A chain of texts grows in place.
        value = .none
        try run.charge(text.count + more.count)
        text.append(more)
        value = .string(text)
      } else {
        value = try run.arithmetic(rest[index].op, value, right)
      }
      index += 1
    }
    return value
  }
}

/// `~`.
final class ConcatNode: TemplateNode, @unchecked Sendable {  // as above
  let parts: [TemplateNode]

  init(_ parts: [TemplateNode]) { self.parts = parts }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    var text = TemplateText()
    for part in parts {
      text.append(try part.value(run, scope).printed(run))
      try run.check(text.count)
    }
    text.isMarkup = false
    try run.charge(text.count)
    return .string(text)
  }
}

final class CompareNode: TemplatePlacedNode, @unchecked Sendable {  // as above
  let first: TemplateNode
  let rest: [(op: TemplateComparison, right: TemplateNode)]
  /// The right side of a single comparison with a constant text.
  private let text: TemplateText?
  private let negated: Bool

  init(_ first: TemplateNode, _ rest: [(op: TemplateComparison, right: TemplateNode)], line: Int) {
    self.first = first
    self.rest = rest
    let isEquality = rest.count == 1 && (rest[0].op == .equal || rest[0].op == .notEqual)
    text = isEquality ? rest[0].right.constantText : nil
    negated = rest.first?.op == .notEqual
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { .bool(try isTrue(run, scope)) }

  override func isTrue(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> Bool {
    var left = try first.value(run, scope)
    if let text {
      guard case .string(let found) = left else { return negated }
      return found.equals(text) != negated
    }
    do throws(TemplateError) {
      for (op, node) in rest {
        let right = try node.value(run, scope)
        if !(try run.holds(op, left, right)) { return false }
        left = right
      }
      return true
    } catch {
      throw error.placed(line)
    }
  }
}

/// `and` and `or`, with the value of the part that settles it.
final class LogicNode: TemplateNode, @unchecked Sendable {  // as above
  let parts: [TemplateNode]
  let isAnd: Bool

  init(_ parts: [TemplateNode], isAnd: Bool) {
    self.parts = parts
    self.isAnd = isAnd
  }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    var value = TemplateValue.none
    for part in parts {
      value = try part.value(run, scope)
      if value.isTrue != isAnd { return value }
    }
    return value
  }

  override func isTrue(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> Bool {
    for part in parts where try part.isTrue(run, scope) != isAnd { return !isAnd }
    return isAnd
  }
}

final class ConditionalNode: TemplateNode, @unchecked Sendable {  // as above
  let condition: TemplateNode
  let then: TemplateNode
  let other: TemplateNode?

  init(_ condition: TemplateNode, then: TemplateNode, else other: TemplateNode?) {
    self.condition = condition
    self.then = then
    self.other = other
  }

  override func value(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    if try condition.isTrue(run, scope) { return try then.value(run, scope) }
    return try other?.value(run, scope) ?? .undefined(.noElse)
  }
}

enum TemplateArithmetic: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

enum TemplateComparison: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case `in` = "in"
  case notIn = "not in"
}
