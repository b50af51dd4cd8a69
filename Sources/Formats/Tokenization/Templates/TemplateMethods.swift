/// Methods of values, as far as they read and do not change.
enum TemplateMethods {
  enum Name: String, CaseIterable {
    case capitalize, casefold, center, count, endswith, expandtabs, find, format, index, isalnum,
      isalpha, isascii, isdecimal, isdigit, islower, isnumeric, isprintable, isspace, istitle,
      isupper, join, ljust, lower, lstrip, partition, removeprefix, removesuffix, replace, rfind,
      rindex, rjust, rpartition, rsplit, rstrip, split, splitlines, startswith, strip, swapcase,
      title, upper, zfill
    case items, keys, values, get, copy, fromkeys
    case cycle, changed, next, reset
    case isInteger = "is_integer"
    case bitLength = "bit_length"
    case append, clear, extend, insert, pop, remove, reverse, sort, popitem, setdefault, update
  }

  static func exists(_ value: TemplateValue, _ name: Name) -> Bool {
    switch value {
    case .string: return ofStrings.contains(name)
    case .dict:
      switch name {
      case .items, .keys, .values, .get, .copy: return true
      default: return false
      }
    case .list: return name == .index || name == .count || name == .copy
    case .tuple: return name == .index || name == .count
    case .view(let view): return view.kind == .range && (name == .index || name == .count)
    case .loop: return name == .cycle || name == .changed
    case .object(let object):
      switch object.kind {
      case .cycler: return name == .next || name == .reset
      case .joiner: return false
      case .group: return name == .index || name == .count
      }
    case .double: return name == .isInteger
    case .int, .bool: return name == .bitLength
    case .function(.dict): return name == .fromkeys
    default: return false
    }
  }

  private static let ofStrings: Set<Name> = Set(
    Name.allCases.prefix { $0 != .items })

  /// Whether the immutable sandbox hides a method because it changes its value.
  static func changing(_ value: TemplateValue, _ name: Name) -> Bool {
    switch (value, name) {
    case (.list, .append), (.list, .clear), (.list, .extend), (.list, .insert), (.list, .pop),
      (.list, .remove), (.list, .reverse), (.list, .sort), (.dict, .clear), (.dict, .pop),
      (.dict, .popitem), (.dict, .setdefault), (.dict, .update):
      true
    default: false
    }
  }

  static func call(
    _ receiver: TemplateValue, _ name: Name, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch receiver {
    case .string(let text):
      try run.step(text.count / 64)
      return try ofString(text, name, arguments, run)
    case .dict(let dict): return try ofDict(dict, name, arguments, run)
    case .loop(let loop): return try ofLoop(loop, name, arguments)
    case .object(let object) where object.kind == .cycler:
      try arguments.check(name.rawValue, most: 0)
      let current = object.items[object.position]
      object.position = name == .reset ? 0 : (object.position + 1) % object.items.count
      return name == .reset ? .none : current
    case .double(let number):
      try arguments.check(name.rawValue, most: 0)
      return .bool(number.rounded() == number)
    case .int, .bool:
      try arguments.check(name.rawValue, most: 0)
      return .int(Int.bitWidth - (receiver.integer ?? 0).magnitude.leadingZeroBitCount)
    case .function: return try fromKeys(arguments, run)
    default: return try ofList(receiver, name, arguments, run)
    }
  }

  private static func fromKeys(_ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateValue
  {
    guard let keys = arguments.positional.first else {
      throw TemplateError(.type, "fromkeys needs keys")
    }
    var dict = TemplateDictBuilder()
    for key in try run.iterate(keys) {
      try TemplateRun.checkHashable(key)
      dict.set(key, arguments.argument(1, "value") ?? .none)
    }
    return .dict(dict.dict)
  }

  private static func ofDict(
    _ dict: TemplateDict, _ name: Name, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    try run.step(dict.count / 4)
    if name != .get { try arguments.check(name.rawValue, most: 0) }
    switch name {
    case .items:
      return .view(TemplateView(.items, dict.entries.map { .tuple([$0, $1]) }))
    case .keys: return .view(TemplateView(.keys, dict.keys))
    case .values: return .view(TemplateView(.values, dict.values))
    case .get:
      try arguments.check("get", most: 2)
      guard let key = arguments.positional.first else {
        throw TemplateError(.type, "get expected at least 1 argument, got 0")
      }
      try TemplateRun.checkHashable(key)
      return dict.find(key) ?? (arguments.positional.count > 1 ? arguments.positional[1] : .none)
    default: return .dict(dict)
    }
  }

  private static func ofLoop(_ loop: TemplateLoop, _ name: Name, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    if name == .cycle {
      guard !arguments.positional.isEmpty else { throw TemplateError(.type, "nothing to cycle") }
      return arguments.positional[loop.index % arguments.positional.count]
    }
    let same = loop.changed.map { before in
      before.count == arguments.positional.count
        && zip(before, arguments.positional).allSatisfy { $0.equals($1) }
    }
    if same == true { return .bool(false) }
    loop.changed = arguments.positional
    return .bool(true)
  }

  private static func ofList(
    _ value: TemplateValue, _ name: Name, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    if name == .copy { return value }
    let items = try run.iterate(value)
    guard let wanted = arguments.positional.first else {
      throw TemplateError(.type, "'\(name.rawValue)' needs a value")
    }
    if name == .count {
      try arguments.check("count", most: 1)
      return .int(items.count { $0.equals(wanted) })
    }
    guard let index = items.firstIndex(where: { $0.equals(wanted) }) else {
      throw TemplateError(.type, "the value is not in the list")
    }
    return .int(index)
  }

  // MARK: - Strings

  private static func ofString(
    _ text: TemplateText, _ name: Name, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch name {
    case .strip, .lstrip, .rstrip:
      try arguments.check(name.rawValue, most: 1)
      return .string(
        trim(text, try arguments.text(0, "chars"), left: name != .rstrip, right: name != .lstrip))
    case .split, .rsplit:
      try arguments.check(name.rawValue, most: 2, ["sep", "maxsplit"])
      return .list(
        try split(
          text, by: try arguments.text(0, "sep"), most: try arguments.integer(1, "maxsplit") ?? -1,
          fromRight: name == .rsplit, run))
    case .startswith, .endswith: return .bool(try affix(text, name == .startswith, arguments))
    case .replace:
      try arguments.check("replace", most: 3)
      guard let old = try arguments.text(0, "old"), let new = try arguments.text(1, "new") else {
        throw TemplateError(.type, "replace needs two strings")
      }
      return .string(try replace(text, old, new, try arguments.integer(2, "count") ?? -1, run))
    case .join:
      try arguments.check("join", most: 1)
      guard let items = arguments.positional.first else {
        throw TemplateError(.type, "join needs an iterable")
      }
      return .string(try join(text, items, run))
    case .format: return .string(try TemplateFormat.braces(text, arguments, run))
    case .find, .rfind, .index, .rindex, .count: return try search(text, name, arguments)
    case .removeprefix, .removesuffix: return .string(try removeAffix(text, name, arguments))
    case .partition, .rpartition: return try partition(text, name, arguments)
    case .splitlines:
      try arguments.check("splitlines", most: 1, ["keepends"])
      return .list(
        lines(text, keepsEnds: arguments.flag(0, "keepends")).map { .string($0) })
    case .center, .ljust, .rjust, .zfill: return .string(try padded(text, name, arguments, run))
    case .expandtabs:
      return .string(try expandTabs(text, try arguments.integer(0, "tabsize") ?? 8, run))
    case .upper, .lower, .title, .capitalize, .casefold, .swapcase:
      try arguments.check(name.rawValue, most: 0)
      return .string(cased(text, name))
    default:
      try arguments.check(name.rawValue, most: 0)
      return .bool(isAll(text, name))
    }
  }

  private static func removeAffix(_ text: TemplateText, _ name: Name, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateText
  {
    try arguments.check(name.rawValue, most: 1)
    guard let part = try arguments.text(0, "affix") else {
      throw TemplateError(.type, "\(name.rawValue) needs a string")
    }
    if name == .removeprefix {
      return text.bytes.starts(with: part.bytes) ? text.slice(part.count, text.count) : text
    }
    let ends = text.bytes.suffix(part.count).elementsEqual(part.bytes)
    return ends ? text.slice(0, text.count - part.count) : text
  }
}
