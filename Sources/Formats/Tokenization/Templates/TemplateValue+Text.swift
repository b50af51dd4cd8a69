/// Python's `str` and `repr` of values.
extension TemplateValue {
  /// What `{{ value }}` prints.
  func printed(_ run: TemplateRun) throws(TemplateError) -> TemplateText {
    switch self {
    case .undefined: return TemplateText()
    case .string(let text): return text
    default:
      var out = TemplateText()
      try appendRepresentation(to: &out, run, depth: 0)
      return out
    }
  }

  private func appendRepresentation(to out: inout TemplateText, _ run: TemplateRun, depth: Int)
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
    case .string(let text): out.append(Self.quoted(text.bytes), source: text.origins.first?.source)
    case .list(let items):
      try Self.appendItems(items, "[", "]", to: &out, run, depth)
    case .tuple(let items):
      try Self.appendItems(items, "(", items.count == 1 ? ",)" : ")", to: &out, run, depth)
    case .dict(let dict):
      out.append(Array("{".utf8))
      for (index, entry) in dict.entries.enumerated() {
        if index > 0 { out.append(Array(", ".utf8)) }
        try entry.key.appendRepresentation(to: &out, run, depth: depth + 1)
        out.append(Array(": ".utf8))
        try entry.value.appendRepresentation(to: &out, run, depth: depth + 1)
      }
      out.append(Array("}".utf8))
    case .undefined: out.append(Array("Undefined".utf8))
    case .generator, .namespace, .macro, .function, .method, .loop:
      throw TemplateError(.type, "a \(typeName) cannot be printed")
    }
  }

  private static func appendItems(
    _ items: [TemplateValue], _ open: String, _ close: String, to out: inout TemplateText,
    _ run: TemplateRun, _ depth: Int
  ) throws(TemplateError) {
    out.append(Array(open.utf8))
    for (index, item) in items.enumerated() {
      if index > 0 { out.append(Array(", ".utf8)) }
      try item.appendRepresentation(to: &out, run, depth: depth + 1)
    }
    out.append(Array(close.utf8))
  }

  /// Python's `repr` of a float: the shortest text, exponents of at least two digits.
  static func python(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return "\(value)"
  }

  /// Python's `repr` of a str: single quotes unless there is one inside and no double quote.
  private static func quoted(_ bytes: [UInt8]) -> [UInt8] {
    let quote: UInt8 = bytes.contains(0x27) && !bytes.contains(0x22) ? 0x22 : 0x27
    let hex = Array("0123456789abcdef".utf8)
    var out: [UInt8] = [quote]
    for byte in bytes {
      switch byte {
      case 0x5C, quote: out += [0x5C, byte]
      case 0x0A: out += Array(#"\n"#.utf8)
      case 0x0D: out += Array(#"\r"#.utf8)
      case 0x09: out += Array(#"\t"#.utf8)
      case 0..<0x20, 0x7F: out += Array(#"\x"#.utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: out.append(byte)
      }
    }
    return out + [quote]
  }
}
