/// One rendering: walks the syntax tree, bounded in steps, output and depth.
final class TemplateRun {
  enum Flow { case next, leave, again }

  let root = TemplateScope()
  /// Ranges of the output that `{% generation %}` blocks made.
  private(set) var generated: [Range<Int>] = []
  private var steps = 0
  private var bytesMade = 0
  private var depth = 0
  private var loops = 0
  /// > 0 while output goes into a variable.
  private var captures = 0
  /// What `strftime_now` says, or nil when it is not defined.
  let date: TemplateDate?

  init(date: TemplateDate?) { self.date = date }

  func render(_ body: [TemplateStatement]) throws(TemplateError) -> TemplateText {
    var out = TemplateText()
    _ = try run(body, root, &out)
    return out
  }

  // MARK: - Bounds

  func step(_ count: Int = 1) throws(TemplateError) {
    steps += count
    if steps > TemplateLimits.steps {
      throw TemplateError(.limit, "the template takes more than \(TemplateLimits.steps) steps")
    }
  }

  /// Checks the length of a text before or while it is made; long ones count as steps.
  func check(_ bytes: Int) throws(TemplateError) {
    if bytes > TemplateLimits.textBytes {
      throw TemplateError(
        .limit, "the template makes a text of more than \(TemplateLimits.textBytes) bytes")
    }
  }

  /// Checks a text that is being made, and all that were made before it.
  func charge(_ bytes: Int) throws(TemplateError) {
    try check(bytes)
    bytesMade += bytes
    if bytesMade > 64 * TemplateLimits.textBytes {
      throw TemplateError(.limit, "the template makes too much text")
    }
  }

  func nested<Result>(_ body: () throws(TemplateError) -> Result) throws(TemplateError) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= TemplateLimits.depth else {
      throw TemplateError(.limit, "macros call each other deeper than \(TemplateLimits.depth)")
    }
    return try body()
  }

  // MARK: - Statements

  func run(_ body: [TemplateStatement], _ scope: TemplateScope, _ out: inout TemplateText)
    throws(TemplateError) -> Flow
  {
    for statement in body {
      do throws(TemplateError) {
        let flow = try run(statement, scope, &out)
        if flow != .next { return flow }
      } catch {
        var error = error
        if error.line == 0 { error.line = statement.line }
        throw error
      }
    }
    return .next
  }

  private func run(
    _ statement: TemplateStatement, _ scope: TemplateScope, _ out: inout TemplateText
  ) throws(TemplateError) -> Flow {
    try step()
    switch statement.kind {
    case .text(let bytes):
      try check(out.count + bytes.count)
      out.append(bytes)
    case .print(let expression):
      let text = try evaluate(expression, scope).printed(self)
      try check(out.count + text.count)
      out.append(text)
    case .if(let branches, let other):
      for branch in branches where try evaluate(branch.condition, scope).isTrue {
        return try run(branch.body, scope, &out)
      }
      return try run(other, scope, &out)
    case .for: return try loop(statement, scope, &out)
    case .set(let target, let value): try bind(target, try evaluate(value, scope), scope)
    case .setBlock(let target, let filters, let body):
      var value = TemplateValue.string(try capture(body, TemplateScope(parent: scope)))
      for filter in filters { value = try apply(filter, to: value, scope) }
      try bind(target, value, scope)
    case .macro(let definition):
      scope.set(definition.name, .macro(TemplateMacro(definition, scope: scope)))
    case .call(let definition, let expression):
      let inner = TemplateScope(parent: scope)
      inner.set("caller", .macro(TemplateMacro(definition, scope: scope)))
      callers.append(TemplateMacro(definition, scope: scope))
      defer { callers.removeLast() }
      out.append(try evaluate(expression, inner).printed(self))
    case .filter(let filters, let body):
      var value = TemplateValue.string(try capture(body, TemplateScope(parent: scope)))
      for filter in filters { value = try apply(filter, to: value, scope) }
      out.append(try value.printed(self))
    case .generation(let body):
      let start = out.count
      let flow = try run(body, scope, &out)
      if captures == 0, out.count > start { generated.append(start..<out.count) }
      return flow
    case .with(let bindings, let body):
      let inner = TemplateScope(parent: scope)
      for (target, value) in bindings { try bind(target, try evaluate(value, scope), inner) }
      return try run(body, inner, &out)
    case .break: return .leave
    case .continue: return .again
    }
    return .next
  }

  /// Macros given by `call` blocks that are running, innermost last.
  var callers: [TemplateMacro] = []

  func capture(_ body: [TemplateStatement], _ scope: TemplateScope) throws(TemplateError)
    -> TemplateText
  {
    captures += 1
    defer { captures -= 1 }
    var out = TemplateText()
    _ = try run(body, scope, &out)
    try charge(out.count)
    return out
  }

  private func loop(
    _ statement: TemplateStatement, _ scope: TemplateScope, _ out: inout TemplateText
  ) throws(TemplateError) -> Flow {
    guard case .for(let target, let expression, let filter, let body, let other) = statement.kind
    else { return .next }
    var items = try iterate(try evaluate(expression, scope))
    if let filter {
      var kept: [TemplateValue] = []
      for item in items {
        try step()
        let inner = TemplateScope(parent: scope)
        try bind(target, item, inner)
        if try evaluate(filter, inner).isTrue { kept.append(item) }
      }
      items = kept
    }
    if items.isEmpty { return try run(other, TemplateScope(parent: scope), &out) }
    loops += 1
    defer { loops -= 1 }
    let loop = TemplateLoop(items, depth: loops)
    for (index, item) in items.enumerated() {
      try step()
      loop.index = index
      let inner = TemplateScope(parent: scope)
      inner.set("loop", .loop(loop))
      try bind(target, item, inner)
      if try run(body, inner, &out) == .leave { break }
    }
    return .next
  }

  private func bind(_ target: TemplateTarget, _ value: TemplateValue, _ scope: TemplateScope)
    throws(TemplateError)
  {
    switch target {
    case .name(let name): scope.set(name, value)
    case .attribute(let object, let name):
      guard case .namespace(let namespace)? = scope.find(object) else {
        throw TemplateError(.type, "cannot set an attribute of '\(object)': it is no namespace")
      }
      namespace[name] = value
    case .tuple(let targets):
      let items = try iterate(value)
      guard items.count == targets.count else {
        throw TemplateError(
          .type, "\(items.count) values for \(targets.count) names")
      }
      for (target, item) in zip(targets, items) { try bind(target, item, scope) }
    }
  }

  /// What a `for` walks over.
  func iterate(_ value: TemplateValue) throws(TemplateError) -> [TemplateValue] {
    switch value {
    case .list(let items), .tuple(let items), .generator(let items): return items
    case .undefined(let hint, let isUnsafe):
      if isUnsafe { throw TemplateError(.unsafe, hint) }
      return []
    case .dict(let dict): return dict.entries.map(\.key)
    case .string(let text):
      let offsets = text.scalarOffsets
      try step(offsets.count)
      return zip(offsets, offsets.dropFirst()).map { .string(text.slice($0, $1)) }
    default: throw TemplateError(.type, "'\(value.typeName)' object is not iterable")
    }
  }
}
