/// Types of plain scalars by the YAML 1.2 core schema (yaml.org/spec/1.2.2, §10.3).
package enum CoreSchema {
  /// `true`, `True`, `TRUE` and the same for false; plain scalars only.
  package static func bool(_ node: Node) -> Bool? {
    guard let scalar = node.scalar, scalar.isPlain else { return nil }
    switch scalar.text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }

  /// Decimal, `0o` octal and `0x` hexadecimal integers that fit 64 bits, and floats with an
  /// integral value (`1e3`).
  package static func integer(_ node: Node) -> Int? {
    guard let scalar = node.scalar, scalar.isPlain else { return nil }
    if let exact = integer(text: scalar.text) { return exact }
    return number(text: scalar.text).flatMap { Int(exactly: $0) }
  }

  /// Any finite number.
  package static func number(_ node: Node) -> Double? {
    guard let scalar = node.scalar, scalar.isPlain else { return nil }
    return integer(text: scalar.text).map(Double.init) ?? number(text: scalar.text)
  }

  package static func integer(text: String) -> Int? {
    let body = text.utf8
    if body.starts(with: "0o".utf8) || body.starts(with: "0x".utf8) {
      let digits = text.dropFirst(2)
      // `Int` would take a sign here, YAML does not.
      guard let first = digits.first, first != "+", first != "-" else { return nil }
      return Int(digits, radix: body.starts(with: "0o".utf8) ? 8 : 16)
    }
    let digits = body.first == 0x2B || body.first == 0x2D ? body.dropFirst() : body[...]
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  package static func number(text: String) -> Double? {
    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    var rest = Substring(text)
    if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
    let whole = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(whole.count)
    var fraction: Substring = ""
    if rest.first == "." {
      rest.removeFirst()
      fraction = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(fraction.count)
    }
    guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
    if rest.first == "e" || rest.first == "E" {
      rest.removeFirst()
      if rest.first == "+" || rest.first == "-" { rest.removeFirst() }
      let exponent = rest.prefix { $0.isASCII && $0.isNumber }
      guard !exponent.isEmpty else { return nil }
      rest = rest.dropFirst(exponent.count)
    }
    guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
    return value
  }
}
