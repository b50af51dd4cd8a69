/// Members, elements and slices of values, as the sandbox allows them.
extension TemplateRun {
  /// `value.name`: methods before members; for namespaces and loops members before methods.
  func attribute(_ value: TemplateValue, _ attribute: TemplateAttribute) throws(TemplateError)
    -> TemplateValue
  {
    switch value {
    case .dict(let dict):
      if attribute.method == nil, let found = dict.find(attribute.text, mark: attribute.mark) {
        return found
      }
    case .undefined(let undefined):
      if attribute.name == "__class__" { break }
      throw undefined.error
    case .namespace(let namespace):
      if let found = namespace.find(attribute.text) { return found }
    case .loop(let loop):
      if let found = loop.find(attribute) { return found }
    case .object(let object):
      if let found = object.member(attribute.name) { return found }
    case .macro(let macro) where attribute.name == "name": return .text(macro.definition.name)
    default: break
    }
    if let found = method(value, attribute) { return found }
    if case .dict(let dict) = value, let found = dict.find(attribute.text, mark: attribute.mark) {
      return found
    }
    return .undefined(attribute.missing)
  }

  /// A method, what the sandbox hides, or nil.
  private func method(_ value: TemplateValue, _ attribute: TemplateAttribute) -> TemplateValue? {
    if let name = attribute.method {
      if TemplateMethods.exists(value, name) { return .method(TemplateMethod(value, name)) }
      if TemplateMethods.changing(value, name) {
        return .undefined(
          TemplateUndefined(
            "access to attribute '\(attribute.name)' of '\(value.typeName)' is unsafe: it changes "
              + "the value", isUnsafe: true))
      }
    }
    guard attribute.name.hasPrefix("__") else { return nil }
    if case .dict(let dict) = value, dict.find(attribute.text, mark: attribute.mark) != nil {
      return nil
    }
    return .undefined(
      TemplateUndefined(
        "access to attribute '\(attribute.name)' of '\(value.typeName)' is unsafe", isUnsafe: true))
  }

  /// `value['name']`: members before methods.
  func item(_ value: TemplateValue, _ attribute: TemplateAttribute) throws(TemplateError)
    -> TemplateValue
  {
    if case .dict(let dict) = value, let found = dict.find(attribute.text, mark: attribute.mark) {
      return found
    }
    return try self.attribute(value, attribute)
  }

  func item(_ value: TemplateValue, _ key: TemplateValue) throws(TemplateError) -> TemplateValue {
    switch value {
    case .undefined(let undefined): throw undefined.error
    case .dict(let dict):
      if let found = dict.find(key) { return found }
    case .list(let items), .tuple(let items):
      if let index = key.integer { return element(items, index) }
    case .view(let view) where view.kind == .range:
      if let index = key.integer { return element(view.items, index) }
    case .object(let object) where object.kind == .group:
      if let index = key.integer { return element(object.items, index) }
    case .string(let text):
      if let index = key.integer { return element(text, index) }
    default: break
    }
    if case .string(let name) = key {
      return try attribute(value, TemplateAttribute(name.string))
    }
    return .undefined(.noElement)
  }

  private func element(_ items: [TemplateValue], _ index: Int) -> TemplateValue {
    let place = index < 0 ? index + items.count : index
    return items.indices.contains(place) ? items[place] : .undefined(.noElement)
  }

  private func element(_ text: TemplateText, _ index: Int) -> TemplateValue {
    let offsets = text.scalarOffsets
    let place = index < 0 ? index + offsets.count - 1 : index
    guard place >= 0, place + 1 < offsets.count else { return .undefined(.noElement) }
    return .string(text.slice(offsets[place], offsets[place + 1]))
  }

  // MARK: - Slices

  func slice(_ value: TemplateValue, _ start: Int?, _ end: Int?, _ stride: Int?)
    throws(TemplateError) -> TemplateValue
  {
    let stride = stride ?? 1
    switch value {
    case .list(let items): return .list(try pick(items, start, end, stride))
    case .tuple(let items): return .tuple(try pick(items, start, end, stride))
    case .string(let text): return .string(try slice(text, start, end, stride))
    case .view(let view) where view.kind == .range:
      let items = try pick(view.items, start, end, stride)
      let first = items.first?.integer ?? 0
      let step = view.bounds.step * stride
      return .view(
        TemplateView(.range, items, bounds: (first, first + items.count * step, step)))
    default: throw TemplateError(.type, "'\(value.typeName)' object cannot be sliced")
    }
  }

  private func slice(_ text: TemplateText, _ start: Int?, _ end: Int?, _ stride: Int)
    throws(TemplateError) -> TemplateText
  {
    guard stride != 0 else { throw TemplateError(.type, "slice step cannot be zero") }
    let offsets = text.scalarOffsets
    try charge(text.count)
    let range = Self.indices(offsets.count - 1, start, end, stride)
    if stride == 1 {
      return range.start < range.end
        ? text.slice(offsets[range.start], offsets[range.end]) : TemplateText()
    }
    var out = TemplateText()
    for index in Swift.stride(from: range.start, to: range.end, by: stride) {
      try step()
      out.append(text.slice(offsets[index], offsets[index + 1]))
    }
    return out
  }

  private func pick(_ items: [TemplateValue], _ start: Int?, _ end: Int?, _ stride: Int)
    throws(TemplateError) -> [TemplateValue]
  {
    guard stride != 0 else { throw TemplateError(.type, "slice step cannot be zero") }
    let range = Self.indices(items.count, start, end, stride)
    try step(items.count)
    if stride == 1 {
      return range.start < range.end ? Array(items[range.start..<range.end]) : []
    }
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
