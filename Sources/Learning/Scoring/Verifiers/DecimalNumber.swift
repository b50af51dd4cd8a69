/// Numbers as people and models write them.
///
/// Read: a sign (`-`, `+`, `−`), a currency mark before the digits, thousands separated by commas
/// in groups of three, a decimal point, an exponent, a percent sign. `1,234.50` is 1234.5, `$-3`
/// and `-$3` are -3, `1,5` is 1 and then 5.
package enum DecimalNumber {
  package struct Found: Sendable, Hashable {
    package var value: Double
    package var isPercent: Bool

    /// 12 % as 0.12.
    package var fraction: Double { isPercent ? value / 100 : value }
  }

  private static let digitsMax = 300

  /// The last number in a text; nil when there is none.
  package static func last(in text: String) -> Found? {
    let scalars = Array(text.unicodeScalars)
    var found: Found?
    var index = 0
    while index < scalars.count {
      let isPoint = scalars[index] == "." && !isDigit(scalars, index - 1)
      if isDigit(scalars, index) || (isPoint && isDigit(scalars, index + 1)) {
        var end = index
        if let number = number(scalars, &end) { found = number }
        index = max(end, index + 1)
      } else {
        index += 1
      }
    }
    return found
  }

  /// The number that is the whole text but for white space, a currency mark and a final point.
  package static func only(_ text: String) -> Found? {
    let scalars = Array(TextNormalization.trimmed(text).unicodeScalars)
    guard let start = scalars.indices.first(where: { isDigit(scalars, $0) }) else { return nil }
    var begin = start
    if begin > 0, scalars[begin - 1] == "." { begin -= 1 }
    var end = begin
    guard let number = number(scalars, &end) else { return nil }
    let before = scalars[..<begin].allSatisfy { isSign($0) || isCurrency($0) || $0 == " " }
    let after = scalars[end...].allSatisfy { $0 == "." || isCurrency($0) || $0 == " " }
    return before && begin <= 3 && after ? number : nil
  }

  /// The number whose first digit or point is at `end`, which is moved behind it.
  private static func number(_ text: [Unicode.Scalar], _ end: inout Int) -> Found? {
    let start = end
    var digits = isNegative(text, before: start) ? "-" : ""
    var group = 0
    while true {
      if isDigit(text, end) {
        digits.unicodeScalars.append(text[end])
        group += 1
        end += 1
      } else if end < text.count, text[end] == ",", (1...3).contains(group),
        isGroup(text, end + 1)
      {
        group = 0
        end += 1
      } else {
        break
      }
    }
    if end < text.count, text[end] == ".", isDigit(text, end + 1) {
      digits += digits.isEmpty || digits == "-" ? "0." : "."
      end += 1
      while isDigit(text, end) {
        digits.unicodeScalars.append(text[end])
        end += 1
      }
    }
    exponent(text, &end, &digits)
    guard digits.unicodeScalars.count <= digitsMax, let value = Double(digits), value.isFinite
    else { return nil }
    var after = end
    if after < text.count, text[after] == " " { after += 1 }
    let isPercent = after < text.count && text[after] == "%"
    if isPercent { end = after + 1 }
    return Found(value: value, isPercent: isPercent)
  }

  private static func exponent(_ text: [Unicode.Scalar], _ end: inout Int, _ digits: inout String) {
    guard end < text.count, text[end] == "e" || text[end] == "E" else { return }
    var at = end + 1
    var exponent = "e"
    if at < text.count, text[at] == "-" || text[at] == "+" {
      exponent.unicodeScalars.append(text[at])
      at += 1
    }
    guard isDigit(text, at) else { return }
    while isDigit(text, at) {
      exponent.unicodeScalars.append(text[at])
      at += 1
    }
    // A letter behind makes it a name: 3e4x.
    if at < text.count, text[at].properties.isAlphabetic { return }
    digits += exponent
    end = at
  }

  /// A sign right before the number or its currency mark, which is not the hyphen of `10-5`.
  private static func isNegative(_ text: [Unicode.Scalar], before start: Int) -> Bool {
    var at = start - 1
    if at >= 0, isCurrency(text[at]) { at -= 1 }
    guard at >= 0, text[at] == "-" || text[at] == "\u{2212}" else { return false }
    guard at > 0 else { return true }
    let before = text[at - 1]
    return !before.properties.isAlphabetic && !isDigit(text, at - 1) && before != ")"
      && before != "%"
  }

  /// Three digits and no fourth.
  private static func isGroup(_ text: [Unicode.Scalar], _ at: Int) -> Bool {
    isDigit(text, at) && isDigit(text, at + 1) && isDigit(text, at + 2) && !isDigit(text, at + 3)
  }

  private static func isDigit(_ text: [Unicode.Scalar], _ at: Int) -> Bool {
    at >= 0 && at < text.count && text[at].value >= 0x30 && text[at].value <= 0x39
  }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "-" || scalar == "+" || scalar == "\u{2212}"
  }

  private static func isCurrency(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .currencySymbol
  }
}
