/// Python's `%` on strings.
extension TemplateFormat {
  static func percent(_ format: TemplateText, _ value: TemplateValue, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    var values: [TemplateValue]
    if case .tuple(let items) = value { values = items } else { values = [value] }
    var used = 0
    var out = TemplateText()
    var position = 0
    let bytes = format.bytes
    while let at = format.find([0x25], from: position) {
      out.append(format.slice(position, at))
      var index = at + 1
      var key: TemplateText?
      if index < bytes.count, bytes[index] == 0x28 {
        guard let close = bytes[index...].firstIndex(of: 0x29) else { throw incomplete }
        key = format.slice(index + 1, close)
        index = close + 1
      }
      var spec = Spec()
      spec.align = 0x3E
      try percentSpec(bytes, &index, &spec)
      guard index < bytes.count else { throw incomplete }
      let type = bytes[index]
      position = index + 1
      if type == 0x25 {
        out.append(0x25)
        continue
      }
      let item: TemplateValue
      if let key {
        guard case .dict(let dict) = value, let found = dict.find(.string(key)) else {
          throw TemplateError(.type, "format requires a mapping that has the key")
        }
        item = found
        used = values.count
      } else {
        guard used < values.count else {
          throw TemplateError(.type, "not enough arguments for format string")
        }
        item = values[used]
        used += 1
      }
      out.append(try percentField(item, type, spec, run))
      try run.charge(out.count)
    }
    if used < values.count, !takesAll(value) {
      throw TemplateError(.type, "not all arguments converted during string formatting")
    }
    out.append(format.slice(position, format.count))
    out.isMarkup = format.isMarkup
    return out
  }

  /// Mappings and lists may stay unused, as in Python.
  private static func takesAll(_ value: TemplateValue) -> Bool {
    switch value {
    case .dict, .list, .view: true
    default: false
    }
  }

  private static let incomplete = TemplateError(.type, "incomplete format")

  private static func percentSpec(_ bytes: [UInt8], _ index: inout Int, _ spec: inout Spec)
    throws(TemplateError)
  {
    flags: while index < bytes.count {
      switch bytes[index] {
      case 0x2D: spec.align = 0x3C
      case 0x30: spec.fill = [0x30]
      case 0x2B, 0x20: if spec.sign != 0x2B { spec.sign = bytes[index] }
      case 0x23: spec.isAlternate = true
      default: break flags
      }
      index += 1
    }
    spec.width = try number(bytes, &index) ?? 0
    if index < bytes.count, bytes[index] == 0x2E {
      index += 1
      spec.precision = try number(bytes, &index) ?? 0
    }
  }

  private static func percentField(
    _ value: TemplateValue, _ type: UInt8, _ given: Spec, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    var spec = given
    let hasZero = spec.fill == [0x30]
    switch type {
    case UInt8(ascii: "s"), UInt8(ascii: "r"), UInt8(ascii: "a"):
      var text = TemplateText()
      if type == UInt8(ascii: "s") {
        text = try value.plain(run)
      } else {
        try value.appendRepresentation(to: &text, run, depth: 0)
      }
      spec.fill = [0x20]
      return try padded(cut(text, spec.precision), spec, default: 0x3E, run)
    case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"):
      guard let number = value.number, number.isFinite,
        let integer = value.integer ?? Int(exactly: number.rounded(.towardZero))
      else { throw TemplateError(.type, "%d format: a real number is required") }
      if hasZero, spec.align != 0x3C { spec.align = 0x3D }
      let digits = String(integer.magnitude)
      let zeros = String(
        repeating: "0", count: min(10_000, max(0, (spec.precision ?? 0) - digits.count)))
      return try signed(integer < 0, zeros + digits, spec, run)
    case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"):
      guard let integer = value.integer else {
        throw TemplateError(.type, "a format needs an integer")
      }
      if hasZero, spec.align != 0x3C { spec.align = 0x3D }
      spec.type = type
      return try integerField(integer, spec, run)
    case UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "e"), UInt8(ascii: "E"),
      UInt8(ascii: "g"), UInt8(ascii: "G"):
      guard let number = value.number else {
        throw TemplateError(.type, "must be real number, not \(value.typeName)")
      }
      if hasZero, spec.align != 0x3C { spec.align = 0x3D }
      spec.type = type
      return try doubleField(number, spec, run)
    case UInt8(ascii: "c"):
      if let text = value.text, text.scalarCount == 1 { return text }
      guard let code = value.integer, code >= 0, code < 0x110000,
        let scalar = Unicode.Scalar(UInt32(code))
      else { throw TemplateError(.type, "%c requires an int or a character") }
      return TemplateText(String(Character(scalar)))
    default: throw TemplateError(.type, "unsupported format character")
    }
  }
}
