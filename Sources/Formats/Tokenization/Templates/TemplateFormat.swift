private import Foundation

/// Python's two ways to format: `'%s' % values` and `'{}'.format(values)`.
enum TemplateFormat {
  /// One field's wishes.
  struct Spec {
    var fill: [UInt8] = [0x20]
    /// `<`, `>`, `^`, `=` or nil for the type's own.
    var align: UInt8?
    var sign: UInt8 = 0x2D
    var isAlternate = false
    var width = 0
    var grouping: UInt8?
    var precision: Int?
    var type: UInt8?
  }

  // MARK: - Braces

  /// `str.format` with positional, numbered and named fields, their members and elements as the
  /// sandbox allows them, `!s` and `!r`, and format specifications.
  static func braces(_ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    var automatic: Int? = 0
    var out = try braces(text, arguments, run, &automatic, depth: 0)
    out.isMarkup = text.isMarkup
    return out
  }

  private static func braces(
    _ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun, _ automatic: inout Int?,
    depth: Int
  ) throws(TemplateError) -> TemplateText {
    guard depth < 2 else { throw TemplateError(.type, "Max string recursion exceeded") }
    var out = TemplateText()
    var index = 0
    let bytes = text.bytes
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x7B || byte == 0x7D, index + 1 < bytes.count, bytes[index + 1] == byte {
        out.append(text.slice(index, index + 1))
        index += 2
      } else if byte == 0x7B {
        let close = try fieldEnd(bytes, index + 1)
        out.append(
          try field(text.slice(index + 1, close), arguments, run, &automatic, depth: depth))
        index = close + 1
      } else if byte == 0x7D {
        throw TemplateError(.type, "Single '}' encountered in format string")
      } else {
        let next = bytes[index...].firstIndex { $0 == 0x7B || $0 == 0x7D } ?? bytes.count
        out.append(text.slice(index, next))
        index = next
      }
      try run.check(out.count)
    }
    try run.charge(out.count)
    return out
  }

  private static func fieldEnd(_ bytes: [UInt8], _ start: Int) throws(TemplateError) -> Int {
    var depth = 1
    for index in start..<bytes.count {
      if bytes[index] == 0x7B { depth += 1 }
      if bytes[index] == 0x7D {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    throw TemplateError(.type, "expected '}' before end of string")
  }

  private static func field(
    _ text: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun, _ automatic: inout Int?,
    depth: Int
  ) throws(TemplateError) -> TemplateText {
    var inBrackets = false
    var nameEnd = text.count
    for (index, byte) in text.bytes.enumerated() {
      if byte == 0x5B { inBrackets = true }
      if byte == 0x5D { inBrackets = false }
      if !inBrackets, byte == 0x3A || byte == 0x21 {
        nameEnd = index
        break
      }
    }
    var value = try lookUp(text.slice(0, nameEnd), arguments, run, &automatic)
    var rest = nameEnd
    if rest < text.count, text.bytes[rest] == 0x21 {
      guard rest + 1 < text.count else { throw TemplateError(.type, "a conversion is missing") }
      switch text.bytes[rest + 1] {
      case UInt8(ascii: "s"): value = .string(try value.plain(run))
      case UInt8(ascii: "r"), UInt8(ascii: "a"):
        var shown = TemplateText()
        try value.appendRepresentation(to: &shown, run, depth: 0)
        value = .string(shown)
      default: throw TemplateError(.type, "unknown conversion")
      }
      rest += 2
      guard rest == text.count || text.bytes[rest] == 0x3A else {
        throw TemplateError(.type, "expected ':' after conversion specifier")
      }
    }
    if rest >= text.count { return try formatted(value, TemplateText(), run) }
    let spec = try braces(
      text.slice(rest + 1, text.count), arguments, run, &automatic, depth: depth + 1)
    return try formatted(value, spec, run)
  }

  /// `0.name[key]`: the argument, then members.
  private static func lookUp(
    _ path: TemplateText, _ arguments: TemplateCall, _ run: TemplateRun, _ automatic: inout Int?
  ) throws(TemplateError) -> TemplateValue {
    let bytes = path.bytes
    var index = bytes.firstIndex { $0 == 0x2E || $0 == 0x5B } ?? bytes.count
    let first = path.slice(0, index)
    let found: TemplateValue?
    if first.isEmpty {
      guard let number = automatic else {
        throw TemplateError(.type, "cannot switch from manual to automatic field numbering")
      }
      found = number < arguments.positional.count ? arguments.positional[number] : nil
      automatic = number + 1
    } else if let number = Int(first.string) {
      if automatic != 0, automatic != nil {
        throw TemplateError(.type, "cannot switch from automatic to manual field numbering")
      }
      automatic = nil
      found = arguments.positional.indices.contains(number) ? arguments.positional[number] : nil
    } else {
      found = arguments.named.first { $0.name.equals(first) }?.value
    }
    guard var value = found else { throw TemplateError(.type, "a format lacks a value") }
    while index < bytes.count {
      try run.step()
      if bytes[index] == 0x2E {
        let end = bytes[(index + 1)...].firstIndex { $0 == 0x2E || $0 == 0x5B } ?? bytes.count
        value = try run.attribute(
          value, TemplateAttribute(path.slice(index + 1, end).string))
        index = end
      } else {
        guard bytes[index] == 0x5B, let end = bytes[index...].firstIndex(of: 0x5D) else {
          throw TemplateError(.type, "a format field is malformed")
        }
        let key = path.slice(index + 1, end)
        value = try run.item(value, Int(key.string).map { .int($0) } ?? .string(key))
        index = end + 1
      }
      if case .undefined(let undefined) = value { throw undefined.error }
    }
    return value
  }

  /// Python's `format(value, spec)`.
  static func formatted(
    _ value: TemplateValue, _ text: TemplateText, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    if text.isEmpty { return try value.plain(run) }
    let spec = try parse(text)
    switch value {
    case .string(let text):
      guard spec.type == nil || spec.type == UInt8(ascii: "s"), spec.align != 0x3D,
        spec.grouping == nil
      else { throw TemplateError(.type, "a format code that is not for strings") }
      var plain = text
      plain.isMarkup = false
      return try padded(cut(plain, spec.precision), spec, default: 0x3C, run)
    case .double(let number): return try doubleField(number, spec, run)
    case .int, .bool:
      let integer = value.integer ?? 0
      let codes = Array("eEfFgG%".utf8)
      if let type = spec.type, codes.contains(type) {
        return try doubleField(Double(integer), spec, run)
      }
      if case .bool = value, spec.type == nil {
        return try padded(value.plain(run), spec, default: 0x3C, run)
      }
      return try integerField(integer, spec, run)
    default: throw TemplateError(.type, "unsupported format string for \(value.typeName)")
    }
  }

  /// `[[fill]align][sign][#][0][width][,][.precision][type]`.
  static func parse(_ text: TemplateText) throws(TemplateError) -> Spec {
    var spec = Spec()
    let aligns = Array("<>=^".utf8)
    let offsets = text.scalarOffsets
    let bytes = text.bytes
    var index = 0
    if offsets.count > 2, aligns.contains(bytes[offsets[1]]) {
      spec.fill = Array(bytes[..<offsets[1]])
      spec.align = bytes[offsets[1]]
      index = offsets[1] + 1
    } else if aligns.contains(bytes[0]) {
      spec.align = bytes[0]
      index = 1
    }
    func at(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }
    if at(0x2B) || at(0x2D) || at(0x20) {
      spec.sign = bytes[index]
      index += 1
    }
    if at(0x23) {
      spec.isAlternate = true
      index += 1
    }
    if at(0x30) {
      if spec.align == nil { (spec.fill, spec.align) = ([0x30], 0x3D) }
      index += 1
    }
    spec.width = try number(bytes, &index) ?? 0
    if at(0x2C) || at(0x5F) {
      spec.grouping = bytes[index]
      index += 1
    }
    if at(0x2E) {
      index += 1
      guard let precision = try number(bytes, &index) else {
        throw TemplateError(.type, "Format specifier missing precision")
      }
      spec.precision = precision
    }
    if index < bytes.count {
      spec.type = bytes[index]
      index += 1
    }
    guard index == bytes.count else { throw TemplateError(.type, "Invalid format specifier") }
    return spec
  }

  static func number(_ bytes: [UInt8], _ index: inout Int) throws(TemplateError) -> Int? {
    var value: Int?
    while index < bytes.count, bytes[index] &- 0x30 < 10 {
      value = (value ?? 0) * 10 + Int(bytes[index] - 0x30)
      index += 1
      if let value, value > TemplateLimits.textBytes {
        throw TemplateError(.limit, "a format wider than \(TemplateLimits.textBytes)")
      }
    }
    return value
  }

  // MARK: - Fields

  static func cut(_ text: TemplateText, _ precision: Int?) -> TemplateText {
    guard let precision, text.scalarCount > precision else { return text }
    return text.slice(0, text.scalarOffsets[precision])
  }

  static func padded(
    _ text: TemplateText, _ spec: Spec, default align: UInt8, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    let missing = spec.width - text.scalarCount
    if missing <= 0 { return text }
    try run.charge(missing * spec.fill.count)
    let side = spec.align ?? align
    let left = side == 0x3C ? 0 : side == 0x5E ? missing / 2 : missing
    var out = TemplateText(bytes: (0..<left).flatMap { _ in spec.fill })
    out.append(text)
    out.append((0..<(missing - left)).flatMap { _ in spec.fill })
    return out
  }

  static func signed(
    _ isNegative: Bool, _ digits: String, _ spec: Spec, _ run: TemplateRun
  ) throws(TemplateError) -> TemplateText {
    let sign = isNegative ? "-" : spec.sign == 0x2B ? "+" : spec.sign == 0x20 ? " " : ""
    guard spec.align == 0x3D else {
      return try padded(TemplateText(sign + digits), spec, default: 0x3E, run)
    }
    let missing = max(0, spec.width - sign.utf8.count - digits.utf8.count)
    try run.charge(missing)
    var out = TemplateText(sign)
    out.append((0..<missing).flatMap { _ in spec.fill })
    out.append(Array(digits.utf8))
    return out
  }

  static func integerField(_ value: Int, _ spec: Spec, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    guard spec.precision == nil || spec.align == 0x3D || spec.align == 0x3E else {
      throw TemplateError(.type, "Precision not allowed in integer format specifier")
    }
    let magnitude = value.magnitude
    var digits: String
    switch spec.type {
    case nil, UInt8(ascii: "d"), UInt8(ascii: "n"):
      digits = String(magnitude)
      if let mark = spec.grouping { digits = grouped(digits, mark) }
    case UInt8(ascii: "x"):
      digits = (spec.isAlternate ? "0x" : "") + String(magnitude, radix: 16)
    case UInt8(ascii: "X"):
      digits = (spec.isAlternate ? "0X" : "") + String(magnitude, radix: 16, uppercase: true)
    case UInt8(ascii: "o"):
      digits = (spec.isAlternate ? "0o" : "") + String(magnitude, radix: 8)
    case UInt8(ascii: "b"):
      digits = (spec.isAlternate ? "0b" : "") + String(magnitude, radix: 2)
    case UInt8(ascii: "c"):
      guard let scalar = UInt32(exactly: value).flatMap({ Unicode.Scalar($0) }) else {
        throw TemplateError(.type, "%c arg not in range(0x110000)")
      }
      return try padded(TemplateText(String(Character(scalar))), spec, default: 0x3C, run)
    default: throw TemplateError(.type, "Unknown format code for an integer")
    }
    return try signed(value < 0, digits, spec, run)
  }

  static func grouped(_ digits: String, _ mark: UInt8) -> String {
    var out = ""
    let end = digits.firstIndex { $0 == "." || $0 == "e" } ?? digits.endIndex
    let whole = digits[..<end]
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { out.append(mark == 0x2C ? "," : "_") }
      out.append(digit)
    }
    return out + digits[end...]
  }

  static func doubleField(_ value: Double, _ spec: Spec, _ run: TemplateRun)
    throws(TemplateError) -> TemplateText
  {
    let precision = spec.precision ?? 6
    guard precision <= 1_000 else { throw TemplateError(.limit, "a precision above 1000") }
    var digits: String
    let magnitude = abs(value)
    if !value.isFinite {
      digits = value.isNaN ? "nan" : "inf"
      if spec.type == UInt8(ascii: "%") { digits += "%" }
    } else {
      switch spec.type {
      case UInt8(ascii: "f"), UInt8(ascii: "F"):
        digits = String(format: "%.\(precision)f", magnitude)
      case UInt8(ascii: "e"): digits = String(format: "%.\(precision)e", magnitude)
      case UInt8(ascii: "E"): digits = String(format: "%.\(precision)E", magnitude)
      case UInt8(ascii: "g"), UInt8(ascii: "n"):
        digits = String(format: "%.\(precision)g", magnitude)
      case UInt8(ascii: "G"): digits = String(format: "%.\(precision)G", magnitude)
      case UInt8(ascii: "%"): digits = String(format: "%.\(precision)f", magnitude * 100) + "%"
      case nil:
        digits = TemplateValue.python(magnitude)
        if spec.precision != nil { digits = general(magnitude, max(1, precision)) }
      default: throw TemplateError(.type, "Unknown format code for a float")
      }
    }
    if let mark = spec.grouping { digits = grouped(digits, mark) }
    let isNegative = value.sign == .minus && !value.isNaN
    return try signed(isNegative, digits, spec, run)
  }

  /// Python's own form with a precision: like `g`, with a digit behind the point.
  static func general(_ value: Double, _ precision: Int) -> String {
    let exponent = value == 0 ? 0 : Int(floor(log10(value)))
    let text = String(format: "%.\(precision)g", value)
    if text.contains("e") || text.contains(".") || exponent < 0 { return text }
    if exponent >= precision - 1 {
      return precision == 1
        ? String(format: "%.0e", value) : String(format: "%.\(precision - 1)e", value)
    }
    return text + ".0"
  }

  /// Python's `round(value, digits)` of a float: the nearest decimal, ties to even as the binary
  /// value is.
  static func rounded(_ value: Double, _ digits: Int) -> Double {
    if !value.isFinite || digits > 308 { return value }
    if digits >= 0 { return Double(String(format: "%.\(digits)f", value)) ?? value }
    let scale = pow(10, Double(min(-digits, 400)))
    if !scale.isFinite { return copysign(0, value) }
    return (value / scale).rounded(.toNearestOrEven) * scale
  }

  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}

extension TemplateFormat {
  /// A number with a fixed count of digits behind the point, rounded as C does.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
