extension TemplateRun {
  func evaluate(_ expression: TemplateExpression, _ scope: TemplateScope) throws(TemplateError)
    -> TemplateValue
  {
    try step()
    switch expression {
    case .none: return .none
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .double(let value): return .double(value)
    case .string(let bytes): return .string(TemplateText(bytes: bytes))
    case .name(let name, _): return lookUp(name, scope)
    case .list(let items): return .list(try evaluate(items, scope))
    case .tuple(let items): return .tuple(try evaluate(items, scope))
    case .dict(let members):
      var dict = TemplateDict()
      for member in members {
        dict.set(try evaluate(member.key, scope), try evaluate(member.value, scope))
      }
      return .dict(dict)
    case .chain(let base, let postfix): return try chain(base, postfix, scope)
    case .negative(let inner): return try sign(try evaluate(inner, scope), negative: true)
    case .positive(let inner): return try sign(try evaluate(inner, scope), negative: false)
    case .not(let inner): return .bool(!(try evaluate(inner, scope).isTrue))
    case .arithmetic(let first, let rest):
      var value = try evaluate(first, scope)
      for (op, right) in rest { value = try arithmetic(op, value, try evaluate(right, scope)) }
      return value
    case .concat(let parts):
      var text = TemplateText()
      for part in parts { text = text.joined(try evaluate(part, scope).printed(self)) }
      try charge(text.count)
      return .string(text)
    case .compare(let first, let rest): return .bool(try compare(first, rest, scope))
    case .and(let parts):
      var value = TemplateValue.bool(true)
      for part in parts {
        value = try evaluate(part, scope)
        if !value.isTrue { return value }
      }
      return value
    case .or(let parts):
      var value = TemplateValue.bool(false)
      for part in parts {
        value = try evaluate(part, scope)
        if value.isTrue { return value }
      }
      return value
    case .conditional(let condition, let then, let other):
      if try evaluate(condition, scope).isTrue { return try evaluate(then, scope) }
      guard let other else { return .undefined("the value of an 'if' without 'else'") }
      return try evaluate(other, scope)
    }
  }

  private func evaluate(_ items: [TemplateExpression], _ scope: TemplateScope)
    throws(TemplateError) -> [TemplateValue]
  {
    var values: [TemplateValue] = []
    values.reserveCapacity(items.count)
    for item in items { values.append(try evaluate(item, scope)) }
    return values
  }

  private func lookUp(_ name: String, _ scope: TemplateScope) -> TemplateValue {
    if let value = scope.find(name) { return value }
    switch name {
    case "range", "namespace", "raise_exception", "dict": return .function(name)
    case "strftime_now" where date != nil: return .function(name)
    default: return .undefined(name)
    }
  }

  // MARK: - Chains

  private func chain(
    _ base: TemplateExpression, _ postfix: [TemplatePostfix], _ scope: TemplateScope
  ) throws(TemplateError) -> TemplateValue {
    var value = try evaluate(base, scope)
    for part in postfix {
      do throws(TemplateError) {
        value = try apply(part, to: value, scope)
      } catch {
        var error = error
        if error.line == 0 { error.line = part.line }
        throw error
      }
    }
    return value
  }

  func apply(_ part: TemplatePostfix, to value: TemplateValue, _ scope: TemplateScope)
    throws(TemplateError) -> TemplateValue
  {
    try step()
    switch part.kind {
    case .attribute(let name): return try attribute(value, name)
    case .item(let index): return try item(value, try evaluate(index, scope))
    case .slice(let start, let end, let stride):
      return try slice(
        value, try bound(start, scope), try bound(end, scope), try bound(stride, scope))
    case .call(let arguments): return try call(value, try self.arguments(arguments, scope))
    case .filter(let name, let arguments):
      return try TemplateFilters.apply(name, value, try self.arguments(arguments, scope), self)
    case .test(let name, let arguments, let negated):
      let holds = try TemplatePredicates.holds(
        name, value, try self.arguments(arguments, scope), self)
      return .bool(holds != negated)
    }
  }

  private func arguments(_ arguments: TemplateArguments, _ scope: TemplateScope)
    throws(TemplateError) -> TemplateCall
  {
    var named: [(name: String, value: TemplateValue)] = []
    for argument in arguments.named {
      named.append((argument.name, try evaluate(argument.value, scope)))
    }
    return TemplateCall(positional: try evaluate(arguments.positional, scope), named: named)
  }

  private func bound(_ expression: TemplateExpression?, _ scope: TemplateScope)
    throws(TemplateError) -> Int?
  {
    guard let expression else { return nil }
    let value = try evaluate(expression, scope)
    if case .none = value { return nil }
    guard let index = value.integer else {
      throw TemplateError(.type, "a slice index is '\(value.typeName)', expected an integer")
    }
    return index
  }

  /// `value.name`: members of mappings and namespaces, and the methods the sandbox allows.
  func attribute(_ value: TemplateValue, _ name: String) throws(TemplateError) -> TemplateValue {
    switch value {
    case .undefined(let hint, let isUnsafe):
      throw TemplateError(isUnsafe ? .unsafe : .undefined, hint)
    case .namespace(let namespace): return namespace[name] ?? .undefined(name)
    case .loop(let loop):
      if let found = loop[name] { return found }
      if ["cycle", "changed"].contains(name) { return .method(TemplateMethod(value, name)) }
    default: break
    }
    if name.hasPrefix("_") {
      return .undefined(
        hint: "access to attribute '\(name)' of '\(value.typeName)' is unsafe", isUnsafe: true)
    }
    if TemplateMethods.changing(value, name) {
      return .undefined(
        hint:
          "access to attribute '\(name)' of '\(value.typeName)' is unsafe: it changes the value",
        isUnsafe: true)
    }
    if TemplateMethods.exists(value, name) { return .method(TemplateMethod(value, name)) }
    if case .dict(let dict) = value, let found = dict.find(name) { return found }
    return .undefined(hint: "'\(value.typeName)' has no attribute '\(name)'", isUnsafe: false)
  }

  func item(_ value: TemplateValue, _ key: TemplateValue) throws(TemplateError) -> TemplateValue {
    switch value {
    case .undefined(let hint, let isUnsafe):
      throw TemplateError(isUnsafe ? .unsafe : .undefined, hint)
    case .dict(let dict):
      if let found = dict.find(key) { return found }
    case .list(let items), .tuple(let items):
      if let index = key.integer {
        let place = index < 0 ? index + items.count : index
        if items.indices.contains(place) { return items[place] }
        return .undefined(hint: "\(value.typeName) has no element \(index)", isUnsafe: false)
      }
    case .string(let text):
      if let index = key.integer {
        let offsets = text.scalarOffsets
        let place = index < 0 ? index + offsets.count - 1 : index
        if place >= 0, place + 1 < offsets.count {
          return .string(text.slice(offsets[place], offsets[place + 1]))
        }
        return .undefined(hint: "str has no element \(index)", isUnsafe: false)
      }
    default: break
    }
    if case .string(let name) = key { return try attribute(value, name.string) }
    return .undefined(hint: "'\(value.typeName)' has no such element", isUnsafe: false)
  }

  // MARK: - Slices

  private func slice(_ value: TemplateValue, _ start: Int?, _ end: Int?, _ stride: Int?)
    throws(TemplateError) -> TemplateValue
  {
    let stride = stride ?? 1
    guard stride != 0 else { throw TemplateError(.type, "a slice step is zero") }
    switch value {
    case .list(let items): return .list(try pick(items, start, end, stride))
    case .tuple(let items): return .tuple(try pick(items, start, end, stride))
    case .string(let text):
      let offsets = text.scalarOffsets
      try charge(text.count)
      let range = Self.indices(offsets.count - 1, start, end, stride)
      if stride == 1 {
        return .string(
          range.start < range.end
            ? text.slice(offsets[range.start], offsets[range.end]) : TemplateText())
      }
      var out = TemplateText()
      for index in Swift.stride(from: range.start, to: range.end, by: stride) {
        try step()
        out.append(text.slice(offsets[index], offsets[index + 1]))
      }
      return .string(out)
    case .undefined(let hint, let isUnsafe):
      throw TemplateError(isUnsafe ? .unsafe : .undefined, hint)
    case .none: return .undefined(hint: "None has no element", isUnsafe: false)
    default: throw TemplateError(.type, "'\(value.typeName)' object cannot be sliced")
    }
  }

  private func pick(_ items: [TemplateValue], _ start: Int?, _ end: Int?, _ stride: Int)
    throws(TemplateError) -> [TemplateValue]
  {
    let range = Self.indices(items.count, start, end, stride)
    try step(items.count)
    return Swift.stride(from: range.start, to: range.end, by: stride).map { items[$0] }
  }

  /// Python's rule for the ends of a slice (`slice.indices`).
  private static func indices(_ count: Int, _ start: Int?, _ end: Int?, _ stride: Int)
    -> (start: Int, end: Int)
  {
    let low = stride > 0 ? 0 : -1
    let high = stride > 0 ? count : count - 1
    func place(_ index: Int?, _ fallback: Int) -> Int {
      guard var index else { return fallback }
      if index < 0 {
        index = index.addingReportingOverflow(count).partialValue
        return max(index, low)
      }
      return min(index, high)
    }
    return stride > 0
      ? (place(start, 0), place(end, count)) : (place(start, count - 1), place(end, -1))
  }
}
