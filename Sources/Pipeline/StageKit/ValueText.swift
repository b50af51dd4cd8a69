internal import Diagnostics
package import Documents

/// Values as people write them: in plans, explanations and messages.
package enum ValueText {
  /// One line; long texts and lists are cut.
  package static func short(_ value: JSONValue) -> String {
    switch value {
    case .null: "nothing"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .number(let number): Self.number(number)
    case .string(let text): text.isEmpty ? "''" : SafeText.escaped(text, limit: 60)
    case .array(let items):
      items.count > 8
        ? "a list of \(items.count)" : "[\(items.map(short).joined(separator: ", "))]"
    case .object(let members):
      members.count > 8
        ? "a mapping of \(members.count)"
        : "{\(members.map { "\(SafeText.escaped($0.key)): \(short($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// The shortest text that reads back: `0.8`, `2e-4`, `1e9`, `3`.
  package static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    let plain = "\(value)"
    if abs(value) >= 0.001, abs(value) < 1e6 { return plain }
    // Digits and exponent of the shortest form, without padding: 2e-05 → 2e-5.
    let parts = plain.split(separator: "e")
    if parts.count == 2 {
      let mantissa = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
      return "\(mantissa)e\(Int(parts[1]) ?? 0)"
    }
    return scientific(plain)
  }

  /// `0.0002` → `2e-4`, `1000000.0` → `1e6`.
  private static func scientific(_ plain: String) -> String {
    let sign = plain.hasPrefix("-") ? "-" : ""
    let parts = plain.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    let whole = parts.first ?? "0"
    var digits = Array(whole + (parts.count > 1 ? parts[1] : ""))
    var exponent = whole.count - 1
    while digits.count > 1, digits[0] == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    let fraction = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
    return "\(sign)\(digits[0])\(fraction)e\(exponent)"
  }
}
