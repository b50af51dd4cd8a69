package import Documents

/// Python's `ast.literal_eval` of what templates print: strings, numbers, lists, tuples, dicts,
/// `True`, `False` and `None`. Tuples become arrays; keys of dicts must be strings.
package struct PythonLiteral {
  private let scalars: [Unicode.Scalar]
  private var at = 0
  private var depth = 0
  private static let depthMax = 64

  /// The value that `text` writes, or nil when it is no literal.
  package static func value(of text: String) -> JSONValue? {
    var reader = PythonLiteral(text)
    reader.skipSpace()
    guard let value = reader.value() else { return nil }
    reader.skipSpace()
    return reader.at == reader.scalars.count ? value : nil
  }

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

  private mutating func skipSpace() {
    while let scalar = next, scalar.isASCII, PythonText.isSpace(scalar) { at += 1 }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  private mutating func value() -> JSONValue? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthMax, let scalar = next else { return nil }
    switch scalar {
    case "[": return items(until: "]").map { .array($0) }
    case "(":
      guard let items = items(until: ")") else { return nil }
      // `(x)` is x, `(x,)` a tuple.
      let isTuple = items.count != 1 || scalars[..<(at - 1)].last { !PythonText.isSpace($0) } == ","
      return isTuple ? .array(items) : items[0]
    case "{": return dict()
    case "'", "\"": return strings()
    case "-", "+", ".", "0"..."9": return number()
    default: return name()
    }
  }

  private mutating func items(until end: Unicode.Scalar) -> [JSONValue]? {
    at += 1
    var items: [JSONValue] = []
    while true {
      skipSpace()
      if take(end) { return items }
      guard let item = value() else { return nil }
      items.append(item)
      skipSpace()
      if !take(","), next != end { return nil }
    }
  }

  private mutating func dict() -> JSONValue? {
    at += 1
    var members: [JSONMember] = []
    while true {
      skipSpace()
      if take("}") { return .object(members) }
      guard let key = value()?.stringValue else { return nil }
      skipSpace()
      guard take(":") else { return nil }
      skipSpace()
      guard let item = value() else { return nil }
      members.removeAll { $0.key == key }
      members.append(JSONMember(key, item))
      skipSpace()
      if !take(","), next != "}" { return nil }
    }
  }

  private mutating func name() -> JSONValue? {
    let names: [(String, JSONValue)] = [
      ("True", .bool(true)), ("False", .bool(false)), ("None", .null),
    ]
    for (name, value) in names where scalars[at...].starts(with: name.unicodeScalars) {
      at += name.unicodeScalars.count
      return value
    }
    return nil
  }

  private mutating func number() -> JSONValue? {
    var text = ""
    while let scalar = next, "+-.0123456789eE_".unicodeScalars.contains(scalar) {
      if scalar != "_" { text.unicodeScalars.append(scalar) }
      at += 1
    }
    let digits = text.drop { $0 == "-" || $0 == "+" }
    // Python has no whole numbers with leading zeros, but 0, 00, …
    if digits.count > 1, digits.first == "0", digits.allSatisfy(\.isNumber),
      digits.contains(where: { $0 != "0" })
    {
      return nil
    }
    if let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { return nil }
    return .number(number)
  }

  /// One string, or several behind each other, which Python joins.
  private mutating func strings() -> JSONValue? {
    var text = String.UnicodeScalarView()
    while next == "'" || next == "\"" {
      guard let part = string() else { return nil }
      text.append(contentsOf: part)
      skipSpace()
    }
    return .string(String(text))
  }

  private mutating func string() -> String.UnicodeScalarView? {
    guard let quote = next else { return nil }
    at += 1
    var text = String.UnicodeScalarView()
    while let scalar = next, scalar != quote {
      at += 1
      if scalar == "\n" { return nil }
      if scalar != "\\" {
        text.append(scalar)
      } else {
        guard escape(into: &text) else { return nil }
      }
    }
    return take(quote) ? text : nil
  }

  private mutating func escape(into text: inout String.UnicodeScalarView) -> Bool {
    guard let kind = next else { return false }
    at += 1
    switch kind {
    case "n": text.append("\n")
    case "t": text.append("\t")
    case "r": text.append("\r")
    case "a": text.append("\u{07}")
    case "b": text.append("\u{08}")
    case "f": text.append("\u{0C}")
    case "v": text.append("\u{0B}")
    case "\n": break
    case "\\", "'", "\"": text.append(kind)
    case "x": return code(2, into: &text)
    case "u": return code(4, into: &text)
    case "U": return code(8, into: &text)
    case "0"..."7":
      at -= 1
      return octal(into: &text)
    default:
      text.append("\\")
      text.append(kind)
    }
    return true
  }

  private mutating func code(_ digits: Int, into text: inout String.UnicodeScalarView) -> Bool {
    guard at + digits <= scalars.count,
      let value = UInt32(String(String.UnicodeScalarView(scalars[at..<at + digits])), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return false }
    at += digits
    text.append(scalar)
    return true
  }

  private mutating func octal(into text: inout String.UnicodeScalarView) -> Bool {
    var (value, digits): (UInt32, Int) = (0, 0)
    while digits < 3, let scalar = next, ("0"..."7").contains(scalar) {
      value = value * 8 + scalar.value - 0x30
      digits += 1
      at += 1
    }
    guard let scalar = Unicode.Scalar(value) else { return false }
    text.append(scalar)
    return true
  }
}
