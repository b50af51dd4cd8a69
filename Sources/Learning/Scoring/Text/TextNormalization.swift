/// Ways to bring two answers into one form before they are compared.
package enum TextNormalization {
  /// `string.punctuation` of Python, which the reference implementations remove.
  static let asciiPunctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars)

  /// SQuAD: lower case, punctuation removed, the articles a, an and the removed, white space
  /// collapsed (rajpurkar, `evaluate-v2.0.py`).
  package static func squad(_ text: String) -> String {
    var bare = String.UnicodeScalarView()
    for scalar in text.lowercased().unicodeScalars where !asciiPunctuation.contains(scalar) {
      bare.append(scalar)
    }
    return String(bare).split(whereSeparator: \.isWhitespace)
      .filter { $0 != "a" && $0 != "an" && $0 != "the" }.joined(separator: " ")
  }

  /// A class name: white space collapsed, lower case, marks at both ends removed. `Billing.` and
  /// `billing` are one class.
  package static func label(_ text: String) -> String {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    var scalars = words.unicodeScalars[...]
    while let first = scalars.first, isMark(first) { scalars = scalars.dropFirst() }
    while let last = scalars.last, isMark(last) { scalars = scalars.dropLast() }
    return String(scalars)
  }

  /// Without white space at both ends.
  package static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars = scalars.dropFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars = scalars.dropLast() }
    return String(scalars)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    asciiPunctuation.contains(scalar) || scalar == " "
  }
}
