/// The form in which two spellings of a value are the same.
package enum NormalizedValue {
  /// Letters in lower case and digits, in order; where a value has neither, the value itself.
  /// `DE89 3704 0044` and `de89-37040044` are one value, so they get one pseudonym.
  package static func of(_ value: String) -> String {
    var out = ""
    for scalar in value.lowercased().unicodeScalars
    where scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
      out.unicodeScalars.append(scalar)
    }
    return out.isEmpty ? value : out
  }
}
