/// Filters of sequences and mappings.
extension TemplateFilters {
  typealias Keyed = (key: TemplateValue, item: TemplateValue)

  static func ofSequence(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch name {
    case .items:
      try arguments.check("items", most: 0)
      return try items(value)
    case .list:
      try arguments.check("list", most: 0)
      return .list(try iterated(value, run))
    case .join:
      try arguments.check("join", most: 2, ["d", "attribute"])
      return .string(try join(value, arguments, run))
    case .first:
      try arguments.check("first", most: 0)
      return try iterated(value, run).first ?? .undefined("No first item, sequence was empty.")
    case .last:
      try arguments.check("last", most: 0)
      if case .view(let view) = value, view.kind == .iterator {
        throw TemplateError(.type, "'generator' object is not reversible")
      }
      return try iterated(value, run).last ?? .undefined("No last item, sequence was empty.")
    case .reverse:
      try arguments.check("reverse", most: 0)
      return try reversed(value, run)
    case .map: return iterator(try map(value, arguments, run))
    case .select, .reject, .selectattr, .rejectattr:
      return iterator(try select(name, value, arguments, run))
    case .sort:
      try arguments.check("sort", most: 3, ["reverse", "case_sensitive", "attribute"])
      return .list(try sorted(value, arguments, run))
    case .unique:
      try arguments.check("unique", most: 2, ["case_sensitive", "attribute"])
      return iterator(try unique(value, arguments, run))
    case .dictsort:
      try arguments.check("dictsort", most: 3, ["case_sensitive", "by", "reverse"])
      return .list(try dictsort(value, arguments, run))
    case .min, .max:
      try arguments.check(name.rawValue, most: 2, ["case_sensitive", "attribute"])
      return try extreme(name, value, arguments, run)
    case .batch, .slice: return iterator(try cut(name, value, arguments, run))
    case .groupby:
      try arguments.check("groupby", most: 3, ["attribute", "default", "case_sensitive"])
      return .list(try grouped(value, arguments, run))
    default:
      try arguments.check("sum", most: 2, ["attribute", "start"])
      var total = arguments.argument(1, "start") ?? .int(0)
      for item in try keyed(value, attribute(arguments, 0), run) {
        total = try run.arithmetic(.add, total, item.key)
      }
      return total
    }
  }

  private static func iterator(_ items: [TemplateValue]) -> TemplateValue {
    .view(TemplateView(.iterator, items))
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
    case .undefined: return iterator([])
    case .dict(let dict): return iterator(dict.entries.map { .tuple([$0, $1]) })
    default: throw TemplateError(.type, "Can only get item pairs from a mapping.")
    }
  }

  private static func reversed(_ value: TemplateValue, _ run: TemplateRun) throws(TemplateError)
    -> TemplateValue
  {
    switch value {
    case .string(let text):
      var out = TemplateText()
      for item in try run.iterate(.string(text)).reversed() { out.append(try item.printed(run)) }
      return .string(out)
    case .view(let view) where view.kind == .iterator: return .list(view.take().reversed())
    default: return iterator(try iterated(value, run).reversed())
    }
  }

  private static func attribute(_ arguments: TemplateCall, _ index: Int) -> TemplateValue? {
    switch arguments.argument(index, "attribute") {
    case nil, .some(.none): nil
    case .some(let name): name
    }
  }

  /// `item.a.b` or `item.0` by a dotted path; where a part is not there, `fallback` stands for it.
  static func member(
    _ item: TemplateValue, _ path: TemplateValue, _ run: TemplateRun,
    fallback: TemplateValue? = nil
  ) throws(TemplateError) -> TemplateValue {
    func found(_ value: TemplateValue) -> TemplateValue {
      guard value.isUndefined, let fallback, !fallback.isNone else { return value }
      return fallback
    }
    guard case .string(let text) = path else { return found(try run.item(item, path)) }
    var value = item
    for part in text.string.split(separator: ".", omittingEmptySubsequences: false) {
      try run.step()
      let index = part.utf8.allSatisfy { $0 &- 0x30 < 10 } ? Int(part) : nil
      value = found(try run.item(value, index.map { .int($0) } ?? .text(String(part))))
    }
    return value
  }

  private static func keyed(
    _ value: TemplateValue, _ attribute: TemplateValue?, _ run: TemplateRun
  ) throws(TemplateError) -> [Keyed] {
    var keyed: [Keyed] = []
    for item in try iterated(value, run) {
      if let attribute {
        keyed.append((try member(item, attribute, run), item))
      } else {
        keyed.append((item, item))
      }
    }
    return keyed
  }

  private static func join(_ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    let separator = try arguments.argument(0, "d")?.plain(run) ?? TemplateText()
    var out = TemplateText()
    for (index, item) in try keyed(value, attribute(arguments, 1), run).enumerated() {
      if index > 0 { out.append(separator) }
      out.append(try item.key.plain(run))
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
    if arguments.positional.isEmpty, let attribute = arguments.named("attribute") {
      let fallback = arguments.named("default")
      guard arguments.named.count == (fallback == nil ? 1 : 2) else {
        throw TemplateError(.type, "map got an unexpected keyword argument")
      }
      for item in items { out.append(try member(item, attribute, run, fallback: fallback)) }
      return out
    }
    guard case .string(let name)? = arguments.positional.first,
      let filter = Name(rawValue: name.string)
    else {
      // Jinja makes the iterator first, and looks for the filter with the first item.
      if items.isEmpty { return [] }
      throw TemplateError(.syntax, "map needs the name of a filter or an attribute")
    }
    let rest = TemplateCall(
      positional: Array(arguments.positional.dropFirst()), named: arguments.named)
    for item in items { out.append(try apply(filter, item, rest, run)) }
    return out
  }

  private static func select(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    let keeps = name == .select || name == .selectattr
    let byAttribute = name == .selectattr || name == .rejectattr
    let items = value.isTrue ? try iterated(value, run) : []
    if items.isEmpty { return [] }
    var rest = arguments.positional[...]
    let attribute = byAttribute ? rest.popFirst() : nil
    if byAttribute, attribute == nil {
      throw TemplateError(.type, "\(name.rawValue) needs the name of an attribute")
    }
    var test: TemplatePredicates.Name?
    if let given = rest.popFirst() {
      guard let text = given.text, let known = TemplatePredicates.Name(rawValue: text.string)
      else { throw TemplateError(.syntax, "\(name.rawValue) needs the name of a test") }
      test = known
    }
    let call = TemplateCall(positional: Array(rest), named: arguments.named)
    var out: [TemplateValue] = []
    for item in items {
      var value = item
      if let attribute { value = try member(item, attribute, run) }
      var holds = value.isTrue
      if let test { holds = try TemplatePredicates.holds(test, value, call, run) }
      if holds == keeps { out.append(item) }
    }
    return out
  }

  // MARK: - Order

  /// Strings compare without case unless asked otherwise.
  private static func folded(_ value: TemplateValue, _ keepsCase: Bool) -> TemplateValue {
    if !keepsCase, case .string(let text) = value {
      return .string(TemplateMethods.cased(text, .lower))
    }
    return value
  }

  /// A stable sort; the order may throw, so it is an insertion into a binary-searched list.
  static func ordered(_ pairs: [Keyed], reverse: Bool, _ run: TemplateRun) throws(TemplateError)
    -> [TemplateValue]
  {
    var sorted: [Keyed] = []
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
    let keepsCase = arguments.flag(1, "case_sensitive")
    let path = attribute(arguments, 2)
    var pairs: [Keyed] = []
    for item in try iterated(value, run) {
      // Several attributes with commas between them are compared one after the other.
      if case .string(let text)? = path {
        var keys: [TemplateValue] = []
        for part in text.string.split(separator: ",", omittingEmptySubsequences: false) {
          keys.append(folded(try member(item, .text(String(part)), run), keepsCase))
        }
        pairs.append((.list(keys), item))
      } else if let path {
        pairs.append((folded(try member(item, path, run), keepsCase), item))
      } else {
        pairs.append((folded(item, keepsCase), item))
      }
    }
    return try ordered(pairs, reverse: arguments.flag(0, "reverse"), run)
  }

  private static func unique(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    let keepsCase = arguments.flag(0, "case_sensitive")
    var seen: [TemplateValue] = []
    var out: [TemplateValue] = []
    for (key, item) in try keyed(value, attribute(arguments, 1), run) {
      let key = folded(key, keepsCase)
      try TemplateRun.checkHashable(key)
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
    let by = try arguments.text(1, "by")?.string ?? "key"
    guard by == "key" || by == "value" else {
      throw TemplateError(.type, "You can only sort by either \"key\" or \"value\"")
    }
    guard case .dict(let dict) = value else {
      if case .undefined(let undefined) = value { throw undefined.error }
      throw TemplateError(.type, "dictsort of '\(value.typeName)'")
    }
    let keepsCase = arguments.flag(0, "case_sensitive")
    return try ordered(
      dict.entries.map { (folded(by == "value" ? $1 : $0, keepsCase), .tuple([$0, $1])) },
      reverse: arguments.flag(2, "reverse"), run)
  }

  private static func extreme(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    let keepsCase = arguments.flag(0, "case_sensitive")
    var best: Keyed?
    for (key, item) in try keyed(value, attribute(arguments, 1), run) {
      let key = folded(key, keepsCase)
      guard let current = best else {
        best = (key, item)
        continue
      }
      let order = try run.order(key, current.key)
      if name == .min ? order < 0 : order > 0 { best = (key, item) }
    }
    return best?.item ?? .undefined("No aggregated item, sequence was empty.")
  }

  // MARK: - Groups

  /// `batch(linecount, fill_with)` and `slice(slices, fill_with)`.
  private static func cut(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    let parameter = name == .batch ? "linecount" : "slices"
    try arguments.check(name.rawValue, most: 2, [parameter, "fill_with"])
    guard let count = try arguments.integer(0, parameter) else {
      throw TemplateError(.type, "\(name.rawValue) needs a number")
    }
    let fill = arguments.argument(1, "fill_with").flatMap { $0.isNone ? nil : $0 }
    let items = try iterated(value, run)
    guard count != 0 || name == .batch, count <= TemplateLimits.range else {
      throw TemplateError(.type, "integer division or modulo by zero")
    }
    try run.step(Swift.max(0, count))
    var parts: [[TemplateValue]] = []
    if name == .batch {
      for item in items {
        if parts.last.map({ $0.count == count }) ?? true { parts.append([]) }
        parts[parts.count - 1].append(item)
      }
      while let fill, let last = parts.last, last.count < count {
        parts[parts.count - 1].append(fill)
      }
      return parts.map { .list($0) }
    }
    guard count > 0 else { return [] }
    let (size, extra) = (items.count / count, items.count % count)
    var start = 0
    for number in 0..<count {
      let end = start + size + (number < extra ? 1 : 0)
      var part = Array(items[start..<end])
      if let fill, number >= extra { part.append(fill) }
      parts.append(part)
      start = end
    }
    return parts.map { .list($0) }
  }

  /// `groupby(attribute, default=none, case_sensitive=false)`: sorted by the key, groups with the
  /// key of their first item.
  private static func grouped(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> [TemplateValue] {
    guard let path = arguments.argument(0, "attribute") else {
      throw TemplateError(.type, "groupby needs an attribute")
    }
    let keepsCase = arguments.flag(2, "case_sensitive")
    var pairs: [Keyed] = []
    for item in try iterated(value, run) {
      let key = try member(item, path, run, fallback: arguments.argument(1, "default"))
      pairs.append((folded(key, keepsCase), .tuple([key, item])))
    }
    let order = try ordered(pairs, reverse: false, run)
    var groups: [(key: TemplateValue, first: TemplateValue, items: [TemplateValue])] = []
    for pair in order {
      guard let parts = pair.items else { continue }
      let key = folded(parts[0], keepsCase)
      if let last = groups.last, last.key.equals(key) {
        groups[groups.count - 1].items.append(parts[1])
      } else {
        groups.append((key, parts[0], [parts[1]]))
      }
    }
    return groups.map { .object(TemplateObject(.group, [$0.first, .list($0.items)])) }
  }
}
