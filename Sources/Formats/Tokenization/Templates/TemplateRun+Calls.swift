/// The arguments of a call, evaluated.
struct TemplateCall {
  var positional: [TemplateValue] = []
  var named: [(name: TemplateText, value: TemplateValue)] = []
  /// The body of a `call` block.
  var caller: TemplateMacro?

  func named(_ name: String) -> TemplateValue? {
    if named.isEmpty { return nil }
    return named.first { $0.name.bytes.elementsEqual(name.utf8) }?.value
  }

  /// The argument at `index`, or the one of the name.
  func argument(_ index: Int, _ name: String) -> TemplateValue? {
    if index < positional.count { return positional[index] }
    return named(name)
  }

  /// Python's refusal of arguments that a function does not have.
  func check(_ function: String, most: Int, _ names: [String] = []) throws(TemplateError) {
    guard positional.count <= most else {
      throw TemplateError(
        .type, "\(function) takes at most \(most) arguments, got \(positional.count)")
    }
    for argument in named
    where !names.dropFirst(positional.count).contains(where: {
      argument.name.bytes.elementsEqual($0.utf8)
    }) {
      throw TemplateError(.type, "\(function) got an unexpected keyword argument")
    }
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

  func flag(_ index: Int, _ name: String) -> Bool { argument(index, name)?.isTrue ?? false }
}

extension TemplateRun {
  func call(_ value: TemplateValue, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateValue
  {
    switch value {
    case .macro(let macro): return .string(try call(macro, arguments))
    case .function(let function): return try call(function, arguments)
    case .method(let method):
      return try TemplateMethods.call(method.receiver, method.name, arguments, self)
    case .loop(let loop): return .string(try call(loop, arguments))
    case .object(let object) where object.kind == .joiner:
      defer { object.position = 1 }
      return object.position == 0 ? .emptyText : object.items[0]
    case .undefined(let undefined): throw undefined.error
    default: throw TemplateError(.type, "'\(value.typeName)' object is not callable")
    }
  }

  /// A recursive loop again over other items.
  private func call(_ loop: TemplateLoop, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateText
  {
    guard let (statement, scope) = loop.recursion, let items = arguments.positional.first else {
      throw TemplateError(.type, "only a recursive loop can be called")
    }
    let values = try iterate(items)
    return try nested { () throws(TemplateError) in
      var out = TemplateText()
      try statement.walk(values, depth: loop.depth + 1, self, scope, &out)
      try charge(out.count)
      return out
    }
  }

  func call(_ macro: TemplateMacro, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateText
  {
    let definition = macro.definition
    let scope = TemplateScope(parent: macro.scope)
    let parameters = definition.parameters
    if arguments.positional.count > parameters.count, definition.varargsID == nil {
      throw TemplateError(
        .type,
        "the macro '\(definition.name)' takes \(parameters.count) arguments, got \(arguments.positional.count)"
      )
    }
    var rest = arguments.named
    for (index, parameter) in parameters.enumerated() {
      if index < arguments.positional.count {
        scope.add(parameter.id, arguments.positional[index])
      } else if let place = rest.firstIndex(where: { $0.name.equals(parameter.name) }) {
        scope.add(parameter.id, rest.remove(at: place).value)
      } else if let expression = parameter.defaultValue {
        scope.add(parameter.id, try expression.value(self, scope))
      } else {
        scope.add(
          parameter.id, .undefined("parameter '\(parameter.name.string)' was not provided"))
      }
    }
    try bindRest(definition, arguments, rest, scope)
    return try nested { () throws(TemplateError) in try capture(definition.body, scope) }
  }

  /// `caller`, `varargs` and `kwargs`, where the macro's body uses them.
  private func bindRest(
    _ definition: TemplateMacroDefinition, _ arguments: TemplateCall,
    _ named: [(name: TemplateText, value: TemplateValue)], _ scope: TemplateScope
  ) throws(TemplateError) {
    var rest = named
    if let id = definition.callerID {
      var caller = TemplateValue.undefined("No caller defined")
      if let macro = arguments.caller {
        caller = .macro(macro)
      } else if let place = rest.firstIndex(where: { $0.name.bytes.elementsEqual("caller".utf8) }) {
        caller = rest.remove(at: place).value
      }
      scope.add(id, caller)
    } else if arguments.caller != nil {
      throw TemplateError(.type, "the macro '\(definition.name)' takes no 'caller'")
    }
    if let id = definition.varargsID {
      scope.add(id, .tuple(Array(arguments.positional.dropFirst(definition.parameters.count))))
    }
    if let id = definition.kwargsID {
      var dict = TemplateDictBuilder()
      for (name, value) in rest { dict.set(.string(name), value) }
      scope.add(id, .dict(dict.dict))
    } else if let first = rest.first {
      throw TemplateError(
        .type, "the macro '\(definition.name)' has no parameter '\(first.name.string)'")
    }
  }

  private func call(_ function: TemplateFunction, _ arguments: TemplateCall) throws(TemplateError)
    -> TemplateValue
  {
    switch function {
    case .range: return try range(arguments)
    case .namespace, .dict:
      let namespace = TemplateNamespace()
      if function == .namespace, arguments.positional.isEmpty {
        for argument in arguments.named { try Self.checkAttribute(argument.name) }
        namespace.values = arguments.named
        return .namespace(namespace)
      }
      let dict = try dict(arguments)
      if function == .dict { return .dict(dict) }
      for (key, value) in dict.entries {
        let name = try key.printed(self)
        try Self.checkAttribute(name)
        namespace.values.append((name, value))
      }
      return .namespace(namespace)
    case .cycler:
      guard !arguments.positional.isEmpty else {
        throw TemplateError(.type, "at least one item has to be provided")
      }
      return .object(TemplateObject(.cycler, arguments.positional))
    case .joiner:
      return .object(TemplateObject(.joiner, [arguments.argument(0, "sep") ?? .text(", ")]))
    case .raiseException:
      let message = try arguments.argument(0, "message")?.printed(self) ?? TemplateText()
      throw TemplateError(.raised, Self.withoutContent(message))
    case .strftimeNow:
      guard let date, let format = try arguments.text(0, "format") else {
        throw TemplateError(.type, "strftime_now needs a format")
      }
      return .text(try date.formatted(format.string))
    }
  }

  /// `dict(mapping or pairs, name=value)`.
  private func dict(_ arguments: TemplateCall) throws(TemplateError) -> TemplateDict {
    try arguments.check("dict", most: 1, arguments.named.map(\.name.string))
    var dict = TemplateDictBuilder()
    if case .dict(let given)? = arguments.positional.first {
      dict = TemplateDictBuilder(copying: given)
    } else if let given = arguments.positional.first {
      for pair in try iterate(given) {
        let parts = try iterate(pair)
        guard parts.count == 2 else { throw TemplateError(.type, "dict needs pairs") }
        try Self.checkHashable(parts[0])
        dict.set(parts[0], parts[1])
      }
    }
    for argument in arguments.named { dict.set(.string(argument.name), argument.value) }
    return dict.dict
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
    try arguments.check("range", most: 3)
    guard let first = try arguments.integer(0, "start") else {
      throw TemplateError(.type, "range needs a number")
    }
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
    return .view(TemplateView(.range, numbers, bounds: (start, end, stride)))
  }
}
