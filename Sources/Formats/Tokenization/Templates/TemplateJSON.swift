/// `tojson` as transformers defines it: Python's `json.dumps` with `ensure_ascii` off.
enum TemplateJSON {
  private struct Style {
    var indent: [UInt8]?
    var item: [UInt8]
    var colon: [UInt8]
    var sorts: Bool
    var ascii: Bool
  }

  private static let comma: [UInt8] = [0x2C, 0x20]
  private static let colon: [UInt8] = [0x3A, 0x20]

  static func text(_ value: TemplateValue, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    // tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False)
    var style = Style(item: comma, colon: colon, sorts: false, ascii: false)
    if !arguments.positional.isEmpty || !arguments.named.isEmpty {
      try arguments.check(
        "tojson", most: 4, ["ensure_ascii", "indent", "separators", "sort_keys"])
      style.indent = try indent(arguments)
      style.sorts = arguments.flag(3, "sort_keys")
      style.ascii = arguments.flag(0, "ensure_ascii")
      if style.indent != nil { style.item = [0x2C] }
      if let given = arguments.argument(2, "separators"), !given.isNone {
        guard let pair = given.items, pair.count == 2, let item = pair[0].text,
          let colon = pair[1].text
        else { throw TemplateError(.type, "separators are two strings") }
        style.item = item.bytes
        style.colon = colon.bytes
      }
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
    case .double(let number): out.append(Array(python(number).utf8))
    case .string(let text): appendString(text, style, &out)
    case .list(let items), .tuple(let items): try array(items, style, depth, &out, run)
    case .object(let object) where object.kind == .group:
      try array(object.items, style, depth, &out, run)
    case .dict(let dict): try object(dict, style, depth, &out, run)
    case .undefined, .view, .namespace, .macro, .function, .method, .loop, .object:
      throw TemplateError(.type, "Object of type \(value.typeName) is not JSON serializable")
    }
  }

  private static func array(
    _ items: [TemplateValue], _ style: Style, _ depth: Int, _ out: inout TemplateText,
    _ run: TemplateRun
  ) throws(TemplateError) {
    out.append(0x5B)
    for (index, item) in items.enumerated() {
      if index > 0 { out.append(style.item) }
      newline(style, depth + 1, &out)
      try append(item, style, depth + 1, &out, run)
    }
    if !items.isEmpty { newline(style, depth, &out) }
    out.append(0x5D)
  }

  private static func object(
    _ dict: TemplateDict, _ style: Style, _ depth: Int, _ out: inout TemplateText,
    _ run: TemplateRun
  ) throws(TemplateError) {
    var order = Array(0..<dict.count)
    if style.sorts {
      let pairs = dict.keys.enumerated().map { ($1, TemplateValue.int($0)) }
      order = try TemplateFilters.ordered(pairs, reverse: false, run).compactMap(\.integer)
    }
    out.append(0x7B)
    for (count, index) in order.enumerated() {
      if count > 0 { out.append(style.item) }
      newline(style, depth + 1, &out)
      appendString(try key(dict.keys[index]), style, &out)
      out.append(style.colon)
      try append(dict.values[index], style, depth + 1, &out, run)
    }
    if dict.count > 0 { newline(style, depth, &out) }
    out.append(0x7D)
  }

  private static func newline(_ style: Style, _ depth: Int, _ out: inout TemplateText) {
    guard let indent = style.indent else { return }
    out.append(0x0A)
    for _ in 0..<depth { out.append(indent) }
  }

  private static func python(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return TemplateValue.python(number)
  }

  private static func key(_ value: TemplateValue) throws(TemplateError) -> TemplateText {
    switch value {
    case .string(let text): return text
    case .none: return TemplateText("null")
    case .bool(let flag): return TemplateText(flag ? "true" : "false")
    case .int(let number): return TemplateText(String(number))
    case .double(let number): return TemplateText(python(number))
    default: throw TemplateError(.type, "keys must be str, not \(value.typeName)")
    }
  }

  private static let hex = Array("0123456789abcdef".utf8)

  private static func appendString(_ text: TemplateText, _ style: Style, _ out: inout TemplateText)
  {
    out.append(0x22)
    let isPlain = text.bytes.allSatisfy {
      $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && ($0 < 0x7F || !style.ascii)
    }
    if isPlain {
      var plain = text
      plain.isMarkup = false
      out.append(plain)
    } else {
      let body =
        style.ascii && text.bytes.contains { $0 >= 0x7F } ? asciiBody(text) : escapedBody(text)
      out.append(body, source: text.firstSource)
    }
    out.append(0x22)
  }

  private static func escapedBody(_ text: TemplateText) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(text.count + 16)
    for byte in text.bytes { append(byte, to: &body) }
    return body
  }

  private static func append(_ byte: UInt8, to body: inout [UInt8]) {
    if byte >= 0x20, byte != 0x22, byte != 0x5C { return body.append(byte) }
    switch byte {
    case 0x22, 0x5C: body += [0x5C, byte]
    case 0x0A: body += [0x5C, UInt8(ascii: "n")]
    case 0x0D: body += [0x5C, UInt8(ascii: "r")]
    case 0x09: body += [0x5C, UInt8(ascii: "t")]
    case 0x08: body += [0x5C, UInt8(ascii: "b")]
    case 0x0C: body += [0x5C, UInt8(ascii: "f")]
    default: escape(UInt16(byte), to: &body)
    }
  }

  private static func asciiBody(_ text: TemplateText) -> [UInt8] {
    var body: [UInt8] = []
    for scalar in text.string.unicodeScalars {
      if scalar.value < 0x7F {
        append(UInt8(scalar.value), to: &body)
      } else {
        for unit in scalar.utf16 { escape(unit, to: &body) }
      }
    }
    return body
  }

  private static func escape(_ unit: UInt16, to body: inout [UInt8]) {
    body += [0x5C, UInt8(ascii: "u")]
    for shift in [12, 8, 4, 0] { body.append(hex[Int(unit >> UInt16(shift)) & 15]) }
  }
}
