/// The filters of Jinja that chat templates use, and the few beside them that they might.
enum TemplateFilters {
  static let names: Set<String> = [
    "abs", "attr", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape",
    "first", "float", "forceescape", "format", "indent", "int", "items", "join", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
    "safe", "select", "selectattr", "sort", "string", "sum", "title", "tojson", "trim", "unique",
    "upper", "wordcount",
  ]

  static func apply(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let hint, isUnsafe: true) = value, name != "default", name != "d" {
      throw TemplateError(.unsafe, hint)
    }
    switch name {
    case "default", "d": return try fallback(value, arguments)
    case "tojson": return .string(try TemplateJSON.text(value, arguments, run))
    case "length", "count": return .int(try length(value))
    case "string": return .string(try value.printed(run))
    case "safe":
      var text = try value.printed(run)
      text.isMarkup = true
      return .string(text)
    case "trim":
      return .string(
        TemplateMethods.trim(
          try value.printed(run), try arguments.text(0, "chars"), left: true, right: true))
    case "lower", "upper", "title", "capitalize":
      return .string(TemplateMethods.cased(try value.printed(run), name))
    case "replace": return try replace(value, arguments, run)
    case "indent": return .string(try indent(try value.printed(run), arguments, run))
    case "center": return .string(try center(try value.printed(run), arguments, run))
    case "escape", "e", "forceescape":
      let text = try value.printed(run)
      try run.charge(text.count * 6)
      return .string(text.isMarkup && name != "forceescape" ? text : text.escaped())
    case "format":
      return try run.arithmetic(.modulo, value, .tuple(arguments.positional))
    case "wordcount":
      let words = try TemplateMethods.split(
        try value.printed(run), by: nil, most: -1, fromRight: false, run)
      return .int(words.count)
    case "attr":
      guard let attribute = try arguments.text(0, "name") else {
        throw TemplateError(.type, "attr needs a name")
      }
      return try run.attribute(value, attribute.string)
    case "int", "float", "abs", "round": return try number(name, value, arguments)
    default: return try ofSequence(name, value, arguments, run)
    }
  }

  private static func fallback(_ value: TemplateValue, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    let other = arguments.argument(0, "default_value") ?? .string(TemplateText())
    if case .undefined = value { return other }
    let falsy = arguments.argument(1, "boolean")?.isTrue ?? false
    return falsy && !value.isTrue ? other : value
  }

  private static func length(_ value: TemplateValue) throws(TemplateError) -> Int {
    switch value {
    case .undefined: return 0
    case .string(let text): return text.scalarCount
    case .list(let items), .tuple(let items): return items.count
    case .dict(let dict): return dict.entries.count
    default: throw TemplateError(.type, "object of type '\(value.typeName)' has no len()")
    }
  }

  private static func replace(
    _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    guard let old = arguments.argument(0, "old"), let new = arguments.argument(1, "new") else {
      throw TemplateError(.type, "replace needs two strings")
    }
    return .string(
      try TemplateMethods.replace(
        try value.printed(run), try old.printed(run), try new.printed(run),
        try arguments.integer(2, "count") ?? -1, run))
  }

  /// `indent(width=4, first=false, blank=false)`.
  private static func indent(
    _ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    let pad: TemplateText
    if case .string(let given)? = arguments.argument(0, "width") {
      pad = given
    } else {
      let width = try arguments.integer(0, "width") ?? 4
      try run.charge(max(0, width))
      pad = TemplateText(bytes: Array(repeating: 0x20, count: max(0, width)))
    }
    let first = arguments.argument(1, "first")?.isTrue ?? false
    let blank = arguments.argument(2, "blank")?.isTrue ?? false
    var out = TemplateText()
    var position = 0
    var isFirst = true
    while true {
      let end = text.find([0x0A], from: position) ?? text.count
      if isFirst ? first : (blank || end > position) { out.append(pad) }
      out.append(text.slice(position, min(end + 1, text.count)))
      try run.check(out.count)
      if end >= text.count { break }
      position = end + 1
      isFirst = false
    }
    try run.charge(out.count)
    return out
  }

  private static func center(
    _ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    let width = try arguments.integer(0, "width") ?? 80
    try run.charge(max(0, width))
    let missing = max(0, width - text.scalarCount)
    // CPython puts the odd blank on the left when both numbers are odd.
    let left = missing / 2 + (missing & width & 1)
    var out = TemplateText(bytes: Array(repeating: 0x20, count: left))
    out.append(text)
    out.append(Array(repeating: 0x20, count: missing - left))
    return out
  }

  private static func number(_ name: String, _ value: TemplateValue, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    switch name {
    case "int":
      if let integer = value.integer { return .int(integer) }
      if case .double(let number) = value, let integer = Int(exactly: number.rounded(.towardZero)) {
        return .int(integer)
      }
      if case .string(let text) = value {
        let trimmed = text.trimmed(TemplateText.isSpace).string
        if let integer = Int(trimmed) { return .int(integer) }
        if let number = Double(trimmed), let integer = Int(exactly: number.rounded(.towardZero)) {
          return .int(integer)
        }
      }
      return arguments.argument(0, "default") ?? .int(0)
    case "float":
      if let number = value.number { return .double(number) }
      if case .string(let text) = value,
        let number = Double(text.trimmed(TemplateText.isSpace).string), number.isFinite
      {
        return .double(number)
      }
      return arguments.argument(0, "default") ?? .double(0)
    case "abs":
      if case .double(let number) = value { return .double(abs(number)) }
      guard let integer = value.integer, integer != .min else {
        throw TemplateError(.type, "abs of '\(value.typeName)'")
      }
      return .int(abs(integer))
    default:
      guard let number = value.number else {
        throw TemplateError(.type, "round of '\(value.typeName)'")
      }
      var scale = 1.0
      for _ in 0..<min(max(0, try arguments.integer(0, "precision") ?? 0), 15) { scale *= 10 }
      return .double((number * scale).rounded(.toNearestOrEven) / scale)
    }
  }
}
