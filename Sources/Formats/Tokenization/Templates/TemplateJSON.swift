/// `tojson` as transformers defines it: Python's `json.dumps` with `ensure_ascii` off.
enum TemplateJSON {
  private struct Style {
    var indent: [UInt8]?
    var item: [UInt8]
    var colon: [UInt8]
    var sorts: Bool
    var ascii: Bool
  }

  static func text(_ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    // tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False)
    var style = Style(
      indent: try indent(arguments), item: Array(", ".utf8), colon: Array(": ".utf8),
      sorts: arguments.argument(3, "sort_keys")?.isTrue ?? false,
      ascii: arguments.argument(0, "ensure_ascii")?.isTrue ?? false)
    if style.indent != nil { style.item = Array(",".utf8) }
    if let given = arguments.argument(2, "separators"), let pair = given.items {
      guard pair.count == 2, let item = pair[0].text, let colon = pair[1].text else {
        throw TemplateError(.type, "separators are two strings")
      }
      style.item = item.bytes
      style.colon = colon.bytes
    }
    var out = TemplateText()
    try append(value, style, 0, &out, run)
    try run.charge(out.count)
    return out
  }

  private static func indent(_ arguments: TemplateCall) throws(TemplateError) -> [UInt8]? {
    switch arguments.argument(1, "indent") {
    case nil, .some(.none): return nil
    case .string(let text): return text.bytes
    case .some(let value):
      guard let width = value.integer, width <= 1_000 else {
        throw TemplateError(.type, "indent is '\(value.typeName)', expected a small number")
      }
      return Array(repeating: 0x20, count: max(0, width))
    }
  }

  private static func append(
    _ value: TemplateValue, _ style: Style, _ depth: Int, _ out: inout TemplateText,
    _ run: TemplateRun
  ) throws(TemplateError) {
    guard depth <= TemplateLimits.depth else {
      throw TemplateError(.limit, "a value nested deeper than \(TemplateLimits.depth)")
    }
    try run.step()
    try run.check(out.count)
    switch value {
    case .none: out.append(Array("null".utf8))
    case .bool(let flag): out.append(Array((flag ? "true" : "false").utf8))
    case .int(let number): out.append(Array(String(number).utf8))
    case .double(let number): out.append(Array(TemplateValue.python(number).utf8))
    case .string(let text): appendString(text, style, &out)
    case .list(let items), .tuple(let items):
      try container(items.count, "[", "]", style, depth, &out, run) {
        index, out throws(TemplateError) in
        try append(items[index], style, depth + 1, &out, run)
      }
    case .dict(let dict):
      var entries = dict.entries
      if style.sorts {
        var keyed: [(key: TemplateText, value: TemplateValue)] = []
        for entry in entries { keyed.append((try key(entry.key), entry.value)) }
        entries = keyed.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
          .map { (.string($0.key), $0.value) }
      }
      try container(entries.count, "{", "}", style, depth, &out, run) {
        index, out throws(TemplateError) in
        appendString(try key(entries[index].key), style, &out)
        out.append(style.colon)
        try append(entries[index].value, style, depth + 1, &out, run)
      }
    default:
      throw TemplateError(.type, "Object of type \(value.typeName) is not JSON serializable")
    }
  }

  private static func container(
    _ count: Int, _ open: String, _ close: String, _ style: Style, _ depth: Int,
    _ out: inout TemplateText, _ run: TemplateRun,
    _ item: (Int, inout TemplateText) throws(TemplateError) -> Void
  ) throws(TemplateError) {
    out.append(Array(open.utf8))
    if count == 0 { return out.append(Array(close.utf8)) }
    func newline(_ depth: Int) {
      guard let indent = style.indent else { return }
      out.append([0x0A])
      for _ in 0..<depth { out.append(indent) }
    }
    for index in 0..<count {
      if index > 0 { out.append(style.item) }
      newline(depth + 1)
      try item(index, &out)
    }
    newline(depth)
    out.append(Array(close.utf8))
  }

  private static func key(_ value: TemplateValue) throws(TemplateError) -> TemplateText {
    switch value {
    case .string(let text): return text
    case .none: return TemplateText("null")
    case .bool(let flag): return TemplateText(flag ? "true" : "false")
    case .int(let number): return TemplateText(String(number))
    case .double(let number): return TemplateText(TemplateValue.python(number))
    default: throw TemplateError(.type, "keys must be str, not \(value.typeName)")
    }
  }

  private static func appendString(_ text: TemplateText, _ style: Style, _ out: inout TemplateText)
  {
    let hex = Array("0123456789abcdef".utf8)
    var body: [UInt8] = []
    body.reserveCapacity(text.count + 2)
    func escape(_ unit: UInt16) {
      body += Array("\\u".utf8)
      for shift in [12, 8, 4, 0] { body.append(hex[Int(unit >> UInt16(shift)) & 15]) }
    }
    for scalar in text.string.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: body += [0x5C, UInt8(scalar.value)]
      case 0x0A: body += Array("\\n".utf8)
      case 0x0D: body += Array("\\r".utf8)
      case 0x09: body += Array("\\t".utf8)
      case 0x08: body += Array("\\b".utf8)
      case 0x0C: body += Array("\\f".utf8)
      case 0..<0x20: escape(UInt16(scalar.value))
      case 0x7F... where style.ascii && scalar.value > 0x7F:
        for unit in scalar.utf16 { escape(unit) }
      default: body += Array(scalar.utf8)
      }
    }
    out.append([0x22])
    out.append(body, source: text.origins.first?.source)
    out.append([0x22])
  }
}
