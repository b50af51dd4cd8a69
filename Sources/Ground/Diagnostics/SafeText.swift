/// Text from outside on its way to a terminal or a message.
package enum SafeText {
  /// `text` with control characters, bidirectional overrides and other invisible scalars escaped
  /// as `\u{…}`, and cut with an ellipsis after `limit` scalars.
  package static func escaped(_ text: String, limit: Int = 80) -> String {
    var out = ""
    var count = 0
    for scalar in text.unicodeScalars {
      if count == limit { return out + "…" }
      count += 1
      if isHarmless(scalar) {
        out.unicodeScalars.append(scalar)
      } else {
        out += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return out
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .lineSeparator, .paragraphSeparator,
      .unassigned:
      return false
    default: return true
    }
  }
}
