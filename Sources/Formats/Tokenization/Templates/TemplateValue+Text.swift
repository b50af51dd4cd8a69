internal import Glibc

/// Python's `str` and `repr` of values.
extension TemplateValue {
  /// What `{{ value }}` prints.
  func printed(_ run: TemplateRun) throws(TemplateError) -> TemplateText {
    switch self {
    case .undefined(let undefined):
      if run.isStrict { throw undefined.error }
      return TemplateText()
    case .string(let text): return text
    default:
      var out = TemplateText()
      try appendRepresentation(to: &out, run, depth: 0)
      return out
    }
  }

  /// What the filters that keep it take as text: printed, and no longer markup.
  func plain(_ run: TemplateRun) throws(TemplateError) -> TemplateText {
    var text = try printed(run)
    text.isMarkup = false
    return text
  }

  func appendRepresentation(to out: inout TemplateText, _ run: TemplateRun, depth: Int)
    throws(TemplateError)
  {
    guard depth < TemplateLimits.depth else {
      throw TemplateError(.limit, "a value nested deeper than \(TemplateLimits.depth)")
    }
    try run.step()
    try run.check(out.count)
    switch self {
    case .none: out.append(Array("None".utf8))
    case .bool(let value): out.append(Array((value ? "True" : "False").utf8))
    case .int(let value): out.append(Array(String(value).utf8))
    case .double(let value): out.append(Array(Self.python(value).utf8))
    case .string(let text):
      if text.isMarkup { out.append(Array("Markup(".utf8)) }
      out.append(Self.quoted(text), source: text.firstSource)
      if text.isMarkup { out.append(Array(")".utf8)) }
    case .list(let items): try Self.appendItems(items, "[", "]", to: &out, run, depth)
    case .tuple(let items): try Self.appendTuple(items, to: &out, run, depth)
    case .object(let object) where object.kind == .group:
      try Self.appendTuple(object.items, to: &out, run, depth)
    case .dict(let dict): try dict.appendRepresentation(to: &out, run, depth: depth)
    case .undefined: out.append(Array("Undefined".utf8))
    case .view(let view) where view.kind != .iterator: try view.append(to: &out, run, depth)
    case .namespace(let namespace):
      out.append(Array("<Namespace ".utf8))
      var dict = TemplateDictBuilder()
      for (name, value) in namespace.values { dict.append(name, value) }
      try dict.dict.appendRepresentation(to: &out, run, depth: depth)
      out.append(Array(">".utf8))
    case .macro(let macro): out.append(Array("<Macro '\(macro.definition.name)'>".utf8))
    case .view, .function, .method, .loop, .object:
      throw TemplateError(.type, "a \(typeName) cannot be printed")
    }
  }

  private static func appendTuple(
    _ items: [TemplateValue], to out: inout TemplateText, _ run: TemplateRun, _ depth: Int
  ) throws(TemplateError) {
    try appendItems(items, "(", items.count == 1 ? ",)" : ")", to: &out, run, depth)
  }

  static func appendItems(
    _ items: [TemplateValue], _ open: String, _ close: String, to out: inout TemplateText,
    _ run: TemplateRun, _ depth: Int
  ) throws(TemplateError) {
    out.append(Array(open.utf8))
    for (index, item) in items.enumerated() {
      if index > 0 { out.append([0x2C, 0x20]) }
      try item.appendRepresentation(to: &out, run, depth: depth + 1)
    }
    out.append(Array(close.utf8))
  }

  /// Python's `repr` of a float: the shortest digits; exponents below −4 and from 16 on.
  static func python(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = "\(value)"
    // Between 10^16 and 2^54 Swift writes no exponent.
    guard abs(value) >= 1e16, text.hasSuffix(".0"), !text.contains("e") else { return text }
    let sign = value < 0 ? "-" : ""
    let digits = text.dropLast(2).drop { $0 == "-" }
    var fraction = digits.dropFirst()
    let exponent = fraction.count
    while fraction.last == "0" { fraction.removeLast() }
    let point = fraction.isEmpty ? "" : "."
    return "\(sign)\(digits.prefix(1))\(point)\(fraction)e+\(exponent)"
  }

  /// Python's `repr` of a str: single quotes unless there is one inside and no double quote; what
  /// is not printable as escapes.
  private static func quoted(_ text: TemplateText) -> [UInt8] {
    let bytes = text.bytes
    let quote: UInt8 = bytes.contains(0x27) && !bytes.contains(0x22) ? 0x22 : 0x27
    var out: [UInt8] = [quote]
    out.reserveCapacity(bytes.count + 2)
    for scalar in text.string.unicodeScalars {
      switch scalar.value {
      case 0x5C: out += [0x5C, 0x5C]
      case UInt32(quote): out += [0x5C, quote]
      case 0x0A: out += Array(#"\n"#.utf8)
      case 0x0D: out += Array(#"\r"#.utf8)
      case 0x09: out += Array(#"\t"#.utf8)
      case 0x20..<0x7F: out.append(UInt8(scalar.value))
      default:
        if isPrintable(scalar.value) {
          out += Array(String(Character(scalar)).utf8)
        } else {
          let hex = String(scalar.value, radix: 16)
          let (mark, width) =
            scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
          out += Array("\\\(mark)\(String(repeating: "0", count: width - hex.count))\(hex)".utf8)
        }
      }
    }
    return out + [quote]
  }

  /// Python's `str.isprintable` of one scalar.
  static func isPrintable(_ scalar: UInt32) -> Bool {
    if scalar == 0x20 { return true }
    let hidden = ScalarCategories.others | ScalarCategories.separators
    return hidden & (1 << UInt32(ScalarCategories.index(of: scalar))) == 0
  }
}

extension TemplateDict {
  fileprivate func appendRepresentation(
    to out: inout TemplateText, _ run: TemplateRun, depth: Int
  ) throws(TemplateError) {
    out.append(Array("{".utf8))
    for (index, entry) in entries.enumerated() {
      if index > 0 { out.append([0x2C, 0x20]) }
      try entry.0.appendRepresentation(to: &out, run, depth: depth + 1)
      out.append([0x3A, 0x20])
      try entry.1.appendRepresentation(to: &out, run, depth: depth + 1)
    }
    out.append(Array("}".utf8))
  }
}

extension TemplateView {
  fileprivate func append(to out: inout TemplateText, _ run: TemplateRun, _ depth: Int)
    throws(TemplateError)
  {
    if kind == .range {
      let step = bounds.step == 1 ? "" : ", \(bounds.step)"
      return out.append(Array("range(\(bounds.start), \(bounds.stop)\(step))".utf8))
    }
    try TemplateValue.appendItems(items, "\(kind.rawValue)([", "])", to: &out, run, depth)
  }
}
