/// A part of a template's body. Never changed once the parser has made it.
class TemplateStatement: @unchecked Sendable {  // proof: all fields of all statements are `let`
  enum Flow { case next, leave, again }
  let line: Int

  init(line: Int) { self.line = line }

  func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    preconditionFailure("every statement does something")
  }
}

final class TextStatement: TemplateStatement, @unchecked Sendable {  // as above
  let text: [UInt8]

  init(_ text: [UInt8], line: Int) {
    self.text = text
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    try run.check(out.count + text.count)
    out.append(text)
    return .next
  }
}

final class PrintStatement: TemplateStatement, @unchecked Sendable {  // as above
  let value: TemplateNode
  /// The sum of texts that is printed, piece by piece where all are texts.
  private let constant: TemplateText?

  init(_ value: TemplateNode, line: Int) {
    self.value = value
    constant = value.constantText
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    if let constant {
      try run.check(out.count + constant.count)
      out.append(constant)
      return .next
    }
    let text = try value.value(run, scope).printed(run)
    try run.check(out.count + text.count)
    out.append(text)
    return .next
  }
}

final class IfStatement: TemplateStatement, @unchecked Sendable {  // as above
  typealias Branch = (condition: TemplateNode, body: [TemplateStatement])
  let branches: [Branch]
  let other: [TemplateStatement]

  init(_ branches: [Branch], else other: [TemplateStatement], line: Int) {
    self.branches = branches
    self.other = other
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    for branch in branches where try branch.condition.isTrue(run, scope) {
      return try run.execute(branch.body, scope, &out)
    }
    return other.isEmpty ? .next : try run.execute(other, scope, &out)
  }
}

final class TemplateForStatement: TemplateStatement, @unchecked Sendable {  // as above
  let target: TemplateTarget
  let items: TemplateNode
  let filter: TemplateNode?
  let body: [TemplateStatement]
  let other: [TemplateStatement]
  let isRecursive: Bool
  /// The name `loop`.
  let loopID: Int

  init(
    _ target: TemplateTarget, in items: TemplateNode, if filter: TemplateNode?,
    _ body: [TemplateStatement], else other: [TemplateStatement], isRecursive: Bool, loopID: Int,
    line: Int
  ) {
    self.target = target
    self.items = items
    self.filter = filter
    self.body = body
    self.other = other
    self.isRecursive = isRecursive
    self.loopID = loopID
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    try walk(try run.iterate(try items.value(run, scope)), depth: 1, run, scope, &out)
    return .next
  }

  /// - Parameter depth: how often a recursive loop has called itself, and one.
  func walk(
    _ given: [TemplateValue], depth: Int, _ run: TemplateRun, _ scope: TemplateScope,
    _ out: inout TemplateText
  ) throws(TemplateError) {
    var items = given
    if let filter {
      var kept: [TemplateValue] = []
      let inner = TemplateScope(parent: scope)
      for item in items {
        try run.step()
        inner.reset()
        try run.bind(target, item, inner)
        if try filter.isTrue(run, inner) { kept.append(item) }
      }
      items = kept
    }
    if items.isEmpty {
      if !other.isEmpty { _ = try run.execute(other, TemplateScope(parent: scope), &out) }
      return
    }
    let loop = TemplateLoop(items, depth: depth, recursion: isRecursive ? (self, scope) : nil)
    var inner = TemplateScope(parent: scope)
    for index in items.indices {
      try run.step()
      loop.index = index
      // A macro of the body may have kept the names of the round before.
      if isKnownUniquelyReferenced(&inner) {
        inner.reset()
      } else {
        inner = TemplateScope(parent: scope)
      }
      inner.add(loopID, .loop(loop))
      try run.bind(target, items[index], inner)
      if try run.execute(body, inner, &out) == .leave { break }
    }
  }
}

final class SetStatement: TemplateStatement, @unchecked Sendable {  // as above
  let target: TemplateTarget
  let value: TemplateNode

  init(_ target: TemplateTarget, _ value: TemplateNode, line: Int) {
    self.target = target
    self.value = value
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    try run.bind(target, try value.value(run, scope), scope)
    return .next
  }
}

/// `{% set name %}…{% endset %}`, `{% filter name %}…{% endfilter %}`.
final class CaptureStatement: TemplateStatement, @unchecked Sendable {  // as above
  /// Nil: what comes out is printed.
  let target: TemplateTarget?
  let filters: [FilterNode]
  let body: [TemplateStatement]

  init(_ target: TemplateTarget?, _ filters: [FilterNode], _ body: [TemplateStatement], line: Int) {
    self.target = target
    self.filters = filters
    self.body = body
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    var value = TemplateValue.string(try run.capture(body, TemplateScope(parent: scope)))
    for filter in filters { value = try filter.apply(value, run, scope) }
    if let target {
      try run.bind(target, value, scope)
    } else {
      let text = try value.printed(run)
      try run.check(out.count + text.count)
      out.append(text)
    }
    return .next
  }
}

final class MacroStatement: TemplateStatement, @unchecked Sendable {  // as above
  let definition: TemplateMacroDefinition

  init(_ definition: TemplateMacroDefinition, line: Int) {
    self.definition = definition
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    scope.set(definition.id, .macro(TemplateMacro(definition, scope: scope)))
    return .next
  }
}

/// `{% generation %}`: what the model writes itself. Names set inside stay inside, as in the call
/// block that transformers makes of it.
final class GenerationStatement: TemplateStatement, @unchecked Sendable {  // as above
  let body: [TemplateStatement]

  init(_ body: [TemplateStatement], line: Int) {
    self.body = body
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    let start = out.count
    let flow = try run.execute(body, TemplateScope(parent: scope), &out)
    run.noteGenerated(start..<out.count)
    return flow
  }
}

final class WithStatement: TemplateStatement, @unchecked Sendable {  // as above
  let bindings: [(target: TemplateTarget, value: TemplateNode)]
  let body: [TemplateStatement]

  init(
    _ bindings: [(target: TemplateTarget, value: TemplateNode)], _ body: [TemplateStatement],
    line: Int
  ) {
    self.bindings = bindings
    self.body = body
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    let inner = TemplateScope(parent: scope)
    for (target, value) in bindings {
      try run.bind(target, try value.value(run, scope), inner)
    }
    return try run.execute(body, inner, &out)
  }
}

final class LeaveStatement: TemplateStatement, @unchecked Sendable {  // as above
  let flow: Flow

  init(_ flow: Flow, line: Int) {
    self.flow = flow
    super.init(line: line)
  }

  override func execute(_ run: TemplateRun, _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  { flow }
}

/// What a `set`, a `for` or a macro's call binds.
indirect enum TemplateTarget: Sendable {
  case name(Int)
  case attribute(of: Int, TemplateText)
  case tuple([TemplateTarget])
}

struct TemplateParameter: Sendable {
  var name: TemplateText
  var id: Int
  var defaultValue: TemplateNode?
}

final class TemplateMacroDefinition: @unchecked Sendable {  // as above
  let name: String
  let id: Int
  let parameters: [TemplateParameter]
  let body: [TemplateStatement]
  /// The ids of the names `caller`, `varargs` and `kwargs` where the body uses them.
  let callerID: Int?
  let varargsID: Int?
  let kwargsID: Int?

  init(
    name: String, id: Int, parameters: [TemplateParameter], body: [TemplateStatement],
    callerID: Int?, varargsID: Int?, kwargsID: Int?
  ) {
    self.name = name
    self.id = id
    self.parameters = parameters
    self.body = body
    self.callerID = callerID
    self.varargsID = varargsID
    self.kwargsID = kwargsID
  }
}
