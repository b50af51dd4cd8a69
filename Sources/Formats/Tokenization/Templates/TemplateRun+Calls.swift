/// The arguments of a call, evaluated.
struct TemplateCall {
  var positional: [TemplateValue] = []
  var named: [(name: String, value: TemplateValue)] = []

  /// The argument at `index`, or the one of the name.
  func argument(_ index: Int, _ name: String) -> TemplateValue? {
    if index < positional.count { return positional[index] }
    return named.first { $0.name == name }?.value
  }

  func text(_ index: Int, _ name: String) throws(TemplateError) -> TemplateText? {
    switch argument(index, name) {
    case nil, .some(.none): return nil
    case .string(let text): return text
    case .some(let value):
      throw TemplateError(.type, "'\(name)' is '\(value.typeName)', expected a string")
    }
  }

  func integer(_ index: Int, _ name: String) throws(TemplateError) -> Int? {
    switch argument(index, name) {
    case nil, .some(.none): return nil
    case .some(let value):
      if let integer = value.integer { return integer }
      throw TemplateError(.type, "'\(name)' is '\(value.typeName)', expected an integer")
    }
  }
}

extension TemplateRun {
  func call(_ value: TemplateValue, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateValue
  {
    switch value {
    case .macro(let macro): return .string(try call(macro, arguments))
    case .function(let name): return try function(name, arguments)
    case .method(let method):
      return try TemplateMethods.call(method.receiver, method.name, arguments, self)
    case .undefined(let hint, let isUnsafe):
      throw TemplateError(isUnsafe ? .unsafe : .undefined, hint)
    default: throw TemplateError(.type, "'\(value.typeName)' object is not callable")
    }
  }

  func call(_ macro: TemplateMacro, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateText
  {
    let definition = macro.definition
    guard arguments.positional.count <= definition.parameters.count else {
      throw TemplateError(
        .type,
        "the macro '\(definition.name)' takes \(definition.parameters.count) arguments, got \(arguments.positional.count)"
      )
    }
    for argument in arguments.named
    where argument.name != "caller"
      && !definition.parameters.contains(where: { $0.name == argument.name })
    {
      throw TemplateError(
        .type, "the macro '\(definition.name)' has no parameter '\(argument.name)'")
    }
    let scope = TemplateScope(parent: macro.scope)
    if let caller = callers.last, definition.name != "caller" {
      scope.set("caller", .macro(caller))
    }
    for (index, parameter) in definition.parameters.enumerated() {
      if let value = arguments.argument(index, parameter.name) {
        scope.set(parameter.name, value)
      } else if let expression = parameter.defaultValue {
        scope.set(parameter.name, try evaluate(expression, scope))
      } else {
        scope.set(parameter.name, .undefined("parameter '\(parameter.name)' was not given"))
      }
    }
    return try nested { () throws(TemplateError) in try capture(definition.body, scope) }
  }

  private func function(_ name: String, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateValue
  {
    switch name {
    case "range": return try range(arguments)
    case "namespace", "dict":
      let namespace = TemplateNamespace()
      var dict = TemplateDict()
      if case .dict(let given)? = arguments.positional.first { dict = given }
      for argument in arguments.named { dict.set(.text(argument.name), argument.value) }
      if name == "dict" { return .dict(dict) }
      for entry in dict.entries { namespace[entry.key.text?.string ?? ""] = entry.value }
      return .namespace(namespace)
    case "raise_exception":
      let message = try arguments.argument(0, "message")?.printed(self) ?? TemplateText()
      throw TemplateError(.raised, Self.withoutContent(message))
    default:
      guard let date, let format = try arguments.text(0, "format") else {
        throw TemplateError(.type, "strftime_now needs a format")
      }
      return .text(try date.formatted(format.string))
    }
  }

  /// A message of the template, with what came from rows left out.
  private static func withoutContent(_ message: TemplateText) -> String {
    var text = ""
    var position = 0
    for origin in message.origins {
      text += message.slice(position, origin.start).string + "…"
      position = origin.end
    }
    return text + message.slice(position, message.count).string
  }

  private func range(_ arguments: TemplateCall) throws(TemplateError) -> TemplateValue {
    let first = try arguments.integer(0, "start") ?? 0
    let second = try arguments.integer(1, "stop")
    let (start, end) = second.map { (first, $0) } ?? (0, first)
    let stride = try arguments.integer(2, "step") ?? 1
    guard stride != 0 else { throw TemplateError(.type, "a range step is zero") }
    let (span, overflow) = end.subtractingReportingOverflow(start)
    guard !overflow, span != .min, stride != .min, abs(span) / abs(stride) < TemplateLimits.range
    else {
      throw TemplateError(.limit, "a range of more than \(TemplateLimits.range) numbers")
    }
    let numbers = Swift.stride(from: start, to: end, by: stride).map { TemplateValue.int($0) }
    try step(numbers.count)
    return .list(numbers)
  }
}
