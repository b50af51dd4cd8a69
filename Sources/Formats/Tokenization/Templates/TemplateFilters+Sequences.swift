extension TemplateFilters {
  static func ofSequence(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch name {
    case "items": return try items(value)
    case "list": return .list(try iterated(value, run))
    case "join": return .string(try join(value, arguments, run))
    case "first", "last":
      let all = try iterated(value, run)
      return (name == "first" ? all.first : all.last)
        ?? .undefined("the \(name) item of nothing")
    case "reverse":
      if case .string(let text) = value {
        var out = TemplateText()
        for item in try run.iterate(.string(text)).reversed() { out.append(try item.printed(run)) }
        return .string(out)
      }
      return .generator(try iterated(value, run).reversed())
    case "map": return .generator(try map(value, arguments, run))
    case "select", "reject", "selectattr", "rejectattr":
      return .generator(try select(name, value, arguments, run))
    case "sort": return .list(try sorted(value, arguments, run))
    case "unique": return .generator(try unique(value, arguments, run))
    case "dictsort": return .list(try dictsort(value, arguments, run))
    case "min", "max": return try extreme(name, value, arguments, run)
    case "sum":
      var total = arguments.argument(1, "start") ?? .int(0)
      for item in try keyed(value, try attributeName(arguments, 0), run) {
        total = try run.arithmetic(.add, total, item.key)
      }
      return total
    default: throw TemplateError(.syntax, "no filter is named '\(name)'")
    }
  }

  private static func iterated(_ value: TemplateValue, _ run: TemplateRun) throws(TemplateError)
    -> [TemplateValue]
  {
    let items = try run.iterate(value)
    try run.step(items.count)
    return items
  }

  private static func items(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
    switch value {
    case .undefined: return .generator([])
    case .dict(let dict): return .generator(dict.entries.map { .tuple([$0.key, $0.value]) })
    default: throw TemplateError(.type, "Can only get item pairs from a mapping.")
    }
  }

  private static func attributeName(_ arguments: TemplateCall, _ index: Int)
    throws(TemplateError) -> TemplateValue?
  {
    switch arguments.argument(index, "attribute") {
    case nil, .some(.none): nil
    case .some(let name): name
    }
  }

  /// `item.a.b` or `item.0` by a dotted path.
  static func member(_ item: TemplateValue, _ path: TemplateValue, _ run: TemplateRun)
    throws(TemplateError) -> TemplateValue
  {
    guard case .string(let text) = path else { return try run.item(item, path) }
    var value = item
    for part in text.string.split(separator: ".", omittingEmptySubsequences: false) {
      try run.step()
      value = try run.item(value, Int(part).map { .int($0) } ?? .text(String(part)))
    }
    return value
  }

  private static func keyed(
    _ value: TemplateValue, _ attribute: TemplateValue?, _ run: TemplateRun
  ) throws(TemplateError) -> [(key: TemplateValue, item: TemplateValue)] {
    var keyed: [(key: TemplateValue, item: TemplateValue)] = []
    for item in try iterated(value, run) {
      keyed.append((try tested(item, attribute, run), item))
    }
    return keyed
  }

  /// The item's member, or the item itself where no attribute is asked for.
  private static func tested(
    _ item: TemplateValue, _ attribute: TemplateValue?, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    guard let attribute else { return item }
    return try member(item, attribute, run)
  }

  private static func join(_ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    let separator = try arguments.argument(0, "d")?.printed(run) ?? TemplateText()
    var out = TemplateText()
    for (index, item) in try keyed(value, try attributeName(arguments, 1), run).enumerated() {
      if index > 0 { out.append(separator) }
      out.append(try item.key.printed(run))
      try run.check(out.count)
    }
    try run.charge(out.count)
    return out
  }

  /// `map(attribute='x', default=y)` or `map('filter', …)`.
  private static func map(_ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> [TemplateValue]
  {
    var out: [TemplateValue] = []
    // Jinja looks at the items only where there are any: none is as good as empty.
    let items = value.isTrue ? try iterated(value, run) : []
    if let attribute = arguments.named.first(where: { $0.name == "attribute" })?.value {
      let fallback = arguments.named.first { $0.name == "default" }?.value
      for item in items {
        let found = try member(item, attribute, run)
        if case .undefined = found, let fallback { out.append(fallback) } else { out.append(found) }
      }
      return out
    }
    guard let name = try arguments.text(0, "filter")?.string, names.contains(name) else {
      throw TemplateError(.syntax, "map needs the name of a filter or an attribute")
    }
    let rest = TemplateCall(
      positional: Array(arguments.positional.dropFirst()), named: arguments.named)
    for item in items { out.append(try apply(name, item, rest, run)) }
    return out
  }

  private static func select(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    let keeps = name.hasPrefix("select")
    let byAttribute = name.hasSuffix("attr")
    var rest = arguments.positional[...]
    let attribute = byAttribute ? rest.popFirst() : nil
    if byAttribute, attribute == nil {
      throw TemplateError(.type, "\(name) needs the name of an attribute")
    }
    var test: String?
    if let given = rest.popFirst() {
      guard case .string(let text) = given else {
        throw TemplateError(.type, "\(name) needs the name of a test")
      }
      test = text.string
    }
    let call = TemplateCall(positional: Array(rest), named: arguments.named)
    var out: [TemplateValue] = []
    for item in value.isTrue ? try iterated(value, run) : [] {
      let value = try tested(item, attribute, run)
      var holds = value.isTrue
      if let test { holds = try TemplatePredicates.holds(test, value, call, run) }
      if holds == keeps { out.append(item) }
    }
    return out
  }

  /// Strings compare without case unless asked otherwise.
  private static func folded(_ value: TemplateValue, _ keepsCase: Bool) -> TemplateValue {
    if !keepsCase, case .string(let text) = value {
      return .string(TemplateMethods.cased(text, "lower"))
    }
    return value
  }

  /// A stable sort; the order may throw, so it is an insertion into a binary-searched list.
  private static func ordered(
    _ pairs: [(key: TemplateValue, item: TemplateValue)], reverse: Bool, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    var sorted: [(key: TemplateValue, item: TemplateValue)] = []
    for pair in pairs {
      var low = 0
      var high = sorted.count
      while low < high {
        try run.step()
        let middle = (low + high) / 2
        let order = try run.order(sorted[middle].key, pair.key)
        if reverse ? order >= 0 : order <= 0 { low = middle + 1 } else { high = middle }
      }
      try run.step(sorted.count / 64)
      sorted.insert(pair, at: low)
    }
    return sorted.map(\.item)
  }

  private static func sorted(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    let reverse = arguments.argument(0, "reverse")?.isTrue ?? false
    let keepsCase = arguments.argument(1, "case_sensitive")?.isTrue ?? false
    let pairs = try keyed(value, try attributeName(arguments, 2), run)
    return try ordered(
      pairs.map { (folded($0.key, keepsCase), $0.item) }, reverse: reverse, run)
  }

  private static func unique(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    let keepsCase = arguments.argument(0, "case_sensitive")?.isTrue ?? false
    var seen: [TemplateValue] = []
    var out: [TemplateValue] = []
    for (key, item) in try keyed(value, try attributeName(arguments, 1), run) {
      let key = folded(key, keepsCase)
      try run.step(seen.count)
      if seen.contains(where: { $0.equals(key) }) { continue }
      seen.append(key)
      out.append(item)
    }
    return out
  }

  /// `dictsort(case_sensitive=false, by='key', reverse=false)`.
  private static func dictsort(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    guard case .dict(let dict) = value else {
      throw TemplateError(.type, "dictsort of '\(value.typeName)'")
    }
    let keepsCase = arguments.argument(0, "case_sensitive")?.isTrue ?? false
    let byValue = try arguments.text(1, "by")?.string == "value"
    let reverse = arguments.argument(2, "reverse")?.isTrue ?? false
    return try ordered(
      dict.entries.map {
        (folded(byValue ? $0.value : $0.key, keepsCase), .tuple([$0.key, $0.value]))
      }, reverse: reverse, run)
  }

  private static func extreme(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let keepsCase = arguments.argument(0, "case_sensitive")?.isTrue ?? false
    var best: (key: TemplateValue, item: TemplateValue)?
    for (key, item) in try keyed(value, try attributeName(arguments, 1), run) {
      let key = folded(key, keepsCase)
      guard let current = best else {
        best = (key, item)
        continue
      }
      let order = try run.order(key, current.key)
      if name == "min" ? order < 0 : order > 0 { best = (key, item) }
    }
    return best?.item ?? .undefined("the \(name) of nothing")
  }
}
