internal import Glibc

/// The filters of Jinja, and `tojson` as transformers has it.
enum TemplateFilters {
  enum Name: String, CaseIterable {
    case abs, attr, batch, capitalize, center, count, d, dictsort, e, escape, filesizeformat, first,
      float, forceescape, format, groupby, indent, int, items, join, last, length, list, lower, map,
      max, min, reject, rejectattr, replace, reverse, round, safe, select, selectattr, slice, sort,
      string, striptags, sum, title, tojson, trim, truncate, unique, upper, urlencode, wordcount,
      xmlattr
    case fallback = "default"
  }

  static func apply(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    switch name {
    case .fallback, .d:
      try arguments.check("default", most: 2, ["default_value", "boolean"])
      let other = arguments.argument(0, "default_value") ?? .emptyText
      if value.isUndefined { return other }
      return arguments.flag(1, "boolean") && !value.isTrue ? other : value
    case .tojson: return .string(try TemplateJSON.text(value, arguments, run))
    case .length, .count:
      try arguments.check("length", most: 0)
      return .int(try length(value))
    case .string:
      try arguments.check("string", most: 0)
      return .string(try value.printed(run))
    case .safe:
      try arguments.check("safe", most: 0)
      var text = try value.printed(run)
      text.isMarkup = true
      return .string(text)
    case .int, .float, .abs, .round, .filesizeformat:
      return try number(name, value, arguments, run)
    case .attr:
      guard let attribute = try arguments.text(0, "name") else {
        throw TemplateError(.type, "attr needs a name")
      }
      return try attr(value, TemplateAttribute(attribute.string), run)
    case .trim, .lower, .upper, .title, .capitalize, .replace, .indent, .center, .escape, .e,
      .forceescape, .format, .wordcount, .truncate, .urlencode, .striptags, .xmlattr:
      return try ofText(name, value, arguments, run)
    default: return try ofSequence(name, value, arguments, run)
    }
  }

  /// Attributes alone, no members of mappings.
  private static func attr(
    _ value: TemplateValue, _ attribute: TemplateAttribute, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let undefined) = value { throw undefined.error }
    if case .dict = value, attribute.method == nil { return .undefined(attribute.missing) }
    return try run.attribute(value, attribute)
  }

  static func length(_ value: TemplateValue) throws(TemplateError) -> Int {
    switch value {
    case .undefined: return 0
    case .string(let text): return text.scalarCount
    case .list(let items), .tuple(let items): return items.count
    case .dict(let dict): return dict.count
    case .view(let view) where view.kind != .iterator: return view.items.count
    case .loop(let loop): return loop.items.count
    case .object(let object) where object.kind == .group: return 2
    default: throw TemplateError(.type, "object of type '\(value.typeName)' has no len()")
    }
  }

  // MARK: - Numbers

  private static func number(
    _ name: Name, _ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateValue {
    if case .undefined(let undefined) = value { throw undefined.error }
    switch name {
    case .int:
      try arguments.check("int", most: 2, ["default", "base"])
      return try integer(value, try arguments.integer(1, "base") ?? 10)
        ?? arguments.argument(0, "default") ?? .int(0)
    case .float:
      try arguments.check("float", most: 1, ["default"])
      if let number = value.number { return .double(number) }
      if case .string(let text) = value, let number = Self.double(text) { return .double(number) }
      return arguments.argument(0, "default") ?? .double(0)
    case .abs:
      if case .double(let number) = value { return .double(Swift.abs(number)) }
      guard let integer = value.integer, integer != .min else {
        throw TemplateError(.type, "bad operand type for abs(): '\(value.typeName)'")
      }
      return .int(Swift.abs(integer))
    case .round: return try round(value, arguments)
    default: return .text(try fileSize(value, arguments))
    }
  }

  private static func round(_ value: TemplateValue, _ arguments: TemplateCall)
    throws(TemplateError) -> TemplateValue
  {
    try arguments.check("round", most: 2, ["precision", "method"])
    let precision = try arguments.integer(0, "precision") ?? 0
    let method = try arguments.text(1, "method")?.string ?? "common"
    guard ["common", "ceil", "floor"].contains(method) else {
      throw TemplateError(.type, "method must be common, ceil or floor")
    }
    guard let number = value.number else {
      throw TemplateError(.type, "round of '\(value.typeName)'")
    }
    if method == "common" {
      if let integer = value.integer {
        return precision >= 0
          ? .int(integer) : .int(Int(TemplateFormat.rounded(Double(integer), precision)))
      }
      return .double(TemplateFormat.rounded(number, precision))
    }
    let scale = TemplateFormat.power(10, Double(precision))
    let scaled = number * scale
    return .double((method == "ceil" ? scaled.rounded(.up) : scaled.rounded(.down)) / scale)
  }

  private static func integer(_ value: TemplateValue, _ base: Int) throws(TemplateError)
    -> TemplateValue?
  {
    if let integer = value.integer { return .int(integer) }
    if case .double(let number) = value {
      return Int(exactly: number.rounded(.towardZero)).map { .int($0) }
    }
    guard case .string(let text) = value else { return nil }
    let trimmed = text.trimmed(TemplateText.isSpace).string
    if let digits = Self.digits(trimmed), (2...36).contains(base),
      let integer = Int(digits, radix: base)
    {
      return .int(integer)
    }
    guard let number = Self.double(text) else { return nil }
    return Int(exactly: number.rounded(.towardZero)).map { .int($0) }
  }

  /// Python allows single underscores between digits.
  private static func digits(_ text: String) -> String? {
    guard text.contains("_") else { return text }
    if text.hasPrefix("_") || text.hasSuffix("_") || text.contains("__") { return nil }
    return text.filter { $0 != "_" }
  }

  /// Python's `float(text)`.
  private static func double(_ text: TemplateText) -> Double? {
    let trimmed = text.trimmed(TemplateText.isSpace).string.lowercased()
    guard let plain = digits(trimmed) else { return nil }
    let unsigned = plain.drop { $0 == "+" || $0 == "-" }
    if ["inf", "infinity", "nan"].contains(unsigned), plain.count <= unsigned.count + 1 {
      let number = unsigned == "nan" ? Double.nan : .infinity
      return plain.hasPrefix("-") ? -number : number
    }
    guard plain.utf8.allSatisfy({ $0 &- 0x30 < 10 || [0x2B, 0x2D, 0x2E, 0x65].contains($0) })
    else { return nil }
    return strtodWhole(plain)
  }

  private static func strtodWhole(_ text: String) -> Double? {
    guard !text.isEmpty else { return nil }
    return text.withCString { start in
      var end: UnsafeMutablePointer<CChar>?
      let number = strtod(start, &end)
      return end.map { UnsafePointer($0) } == start + text.utf8.count ? number : nil
    }
  }

  private static func fileSize(_ value: TemplateValue, _ arguments: TemplateCall)
    throws(TemplateError) -> String
  {
    guard let bytes = value.number ?? value.text.flatMap({ Self.double($0) }) else {
      throw TemplateError(.type, "filesizeformat of '\(value.typeName)'")
    }
    let isBinary = arguments.flag(0, "binary")
    let base = isBinary ? 1024.0 : 1000.0
    if bytes == 1 { return "1 Byte" }
    if bytes < base { return "\(Int(bytes)) Bytes" }
    let names = ["k", "M", "G", "T", "P", "E", "Z", "Y"]
    var unit = base
    var index = 0
    while index < 7, bytes >= unit * base {
      unit *= base
      index += 1
    }
    let prefix = isBinary && index == 0 ? "K" : names[index]
    let shown = TemplateFormat.fixed(bytes / unit, 1)
    return "\(shown) \(prefix)\(isBinary ? "iB" : "B")"
  }
}
