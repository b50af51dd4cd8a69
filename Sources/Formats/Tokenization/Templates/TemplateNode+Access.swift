/// A name behind a dot, with all that is looked up by it.
final class TemplateAttribute: Sendable {
  let name: String
  let text: TemplateText
  let mark: UInt32
  let ofLoop: TemplateLoop.Member?
  let method: TemplateMethods.Name?
  let missing: TemplateUndefined

  init(_ name: String) {
    self.name = name
    text = TemplateText(name)
    mark = TemplateDict.mark(text)
    ofLoop = TemplateLoop.Member(rawValue: name)
    method = TemplateMethods.Name(rawValue: name)
    missing = TemplateUndefined("the value has no attribute '\(name)'")
  }
}

final class AttributeNode: TemplatePlacedNode, @unchecked Sendable {  // as TemplateNode
  let base: TemplateNode
  let attribute: TemplateAttribute

  init(_ base: TemplateNode, _ attribute: TemplateAttribute, line: Int) {
    self.base = base
    self.attribute = attribute
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { try run.attribute(try base.value(run, scope), attribute) }
}

/// `value[index]`.
final class ItemNode: TemplatePlacedNode, @unchecked Sendable {  // as TemplateNode
  let base: TemplateNode
  let index: TemplateNode
  /// The index as a name, where it is a constant text.
  private let attribute: TemplateAttribute?

  init(_ base: TemplateNode, _ index: TemplateNode, line: Int) {
    self.base = base
    self.index = index
    attribute = index.constantText.map { TemplateAttribute($0.string) }
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    let value = try base.value(run, scope)
    if let attribute { return try run.item(value, attribute) }
    return try run.item(value, try index.value(run, scope))
  }
}

final class SliceNode: TemplatePlacedNode, @unchecked Sendable {  // as TemplateNode
  let base: TemplateNode
  let start: TemplateNode?
  let end: TemplateNode?
  let stride: TemplateNode?

  init(_ base: TemplateNode, _ bounds: [TemplateNode?], line: Int) {
    self.base = base
    start = bounds[0]
    end = bounds.count > 1 ? bounds[1] : nil
    stride = bounds.count > 2 ? bounds[2] : nil
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    let value = try base.value(run, scope)
    var bounds: [Int?] = []
    for node in [start, end, stride] {
      let bound = try node?.value(run, scope) ?? .none
      if !bound.isNone, bound.integer == nil {
        if case .undefined(let undefined) = bound { throw undefined.error }
        throw TemplateError(.type, "slice indices must be integers or none")
      }
      bounds.append(bound.integer)
    }
    if case .undefined(let undefined) = value { throw undefined.error }
    return try run.slice(value, bounds[0], bounds[1], bounds[2])
  }
}

struct TemplateArguments: @unchecked Sendable {  // as TemplateNode
  var positional: [TemplateNode] = []
  var named: [(name: TemplateText, value: TemplateNode)] = []
  /// `*more` and `**more`.
  var spread: TemplateNode?
  var spreadNamed: TemplateNode?

  func evaluate(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> TemplateCall {
    var call = TemplateCall()
    if !positional.isEmpty {
      call.positional.reserveCapacity(positional.count)
      for node in positional { call.positional.append(try node.value(run, scope)) }
    }
    for (name, node) in named { call.named.append((name, try node.value(run, scope))) }
    if let spread { call.positional += try run.iterate(try spread.value(run, scope)) }
    if let spreadNamed {
      guard case .dict(let dict) = try spreadNamed.value(run, scope) else {
        throw TemplateError(.type, "an argument after ** is no mapping")
      }
      for (key, value) in dict.entries {
        guard let name = key.text else { throw TemplateError(.type, "keywords are strings") }
        if call.named.contains(where: { $0.name.equals(name) }) {
          throw TemplateError(.type, "two values for one keyword argument")
        }
        call.named.append((name, value))
      }
    }
    return call
  }
}

final class CallNode: TemplatePlacedNode, @unchecked Sendable {  // as TemplateNode
  let callee: TemplateNode
  let arguments: TemplateArguments
  /// The `caller` that a `call` block gives.
  let caller: TemplateMacroDefinition?
  private let method: AttributeNode?

  init(
    _ callee: TemplateNode, _ arguments: TemplateArguments, caller: TemplateMacroDefinition? = nil,
    line: Int
  ) {
    self.callee = callee
    self.arguments = arguments
    self.caller = caller
    method = callee as? AttributeNode
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    if let method, let name = method.attribute.method {
      let receiver = try method.base.value(run, scope)
      if TemplateMethods.exists(receiver, name) {
        let call = try arguments.evaluate(run, scope)
        return try TemplateMethods.call(receiver, name, call, run)
      }
      let callee = try run.attribute(receiver, method.attribute)
      return try run.call(callee, try evaluated(run, scope))
    }
    let callee = try self.callee.value(run, scope)
    return try run.call(callee, try evaluated(run, scope))
  }

  private func evaluated(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateCall
  {
    var call = try arguments.evaluate(run, scope)
    if let caller { call.caller = TemplateMacro(caller, scope: scope) }
    return call
  }
}

final class FilterNode: TemplatePlacedNode, @unchecked Sendable {  // as TemplateNode
  /// Nil in a block: its text is given.
  let base: TemplateNode?
  let filter: TemplateFilters.Name?
  /// As written, for the message where no filter has the name.
  let name: String
  let arguments: TemplateArguments

  init(_ base: TemplateNode?, _ name: String, _ arguments: TemplateArguments, line: Int) {
    self.base = base
    self.name = name
    filter = TemplateFilters.Name(rawValue: name)
    self.arguments = arguments
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { try apply(try base?.value(run, scope) ?? .none, run, scope) }

  func apply(_ value: TemplateValue, _ run: TemplateRun, _ scope: TemplateScope)
    throws(TemplateError) -> TemplateValue
  {
    guard let filter else { throw TemplateError(.syntax, "no filter is named '\(name)'") }
    return try TemplateFilters.apply(filter, value, try arguments.evaluate(run, scope), run)
  }
}

final class TestNode: TemplatePlacedNode, @unchecked Sendable {  // as TemplateNode
  let base: TemplateNode
  let predicate: TemplatePredicates.Name?
  let name: String
  let arguments: TemplateArguments
  let negated: Bool

  init(
    _ base: TemplateNode, _ name: String, _ arguments: TemplateArguments, negated: Bool, line: Int
  ) {
    self.base = base
    self.name = name
    predicate = TemplatePredicates.Name(rawValue: name)
    self.arguments = arguments
    self.negated = negated
    super.init(line: line)
  }

  override func compute(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  { .bool(try isTrue(run, scope)) }

  override func isTrue(_ run: TemplateRun, _ scope: TemplateScope) throws(TemplateError) -> Bool {
    do throws(TemplateError) {
      guard let predicate else { throw TemplateError(.syntax, "no test is named '\(name)'") }
      let value = try base.value(run, scope)
      let call = try arguments.evaluate(run, scope)
      return try TemplatePredicates.holds(predicate, value, call, run) != negated
    } catch {
      throw error.placed(line)
    }
  }
}
