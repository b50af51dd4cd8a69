/// Ways to bring two answers into one form before they are compared.
package enum TextNormalization {
  /// `string.punctuation` of Python, which the reference implementations remove.
  static let asciiPunctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars)

  /// SQuAD: lower case, punctuation removed, the articles a, an and the removed, white space
  /// collapsed (rajpurkar, `evaluate-v2.0.py`). As there, an article ends where `\b` does: at marks
  /// outside ASCII too.
  package static func squad(_ text: String) -> String {
    squadWords(text).joined(separator: " ")
  }

  /// Its words.
  static func squadWords(_ text: String) -> [String] {
    let bare = PythonText.lowercased(text).unicodeScalars.filter { !asciiPunctuation.contains($0) }
    var words: [String] = []
    for part in bare.split(whereSeparator: PythonText.isSpace) {
      var word = String.UnicodeScalarView()
      var rest = part
      while let first = rest.first {
        guard PythonText.isWord(first) else {
          word.append(first)
          rest = rest.dropFirst()
          continue
        }
        let run = rest.prefix(while: PythonText.isWord)
        rest = rest[run.endIndex...]
        if articles.contains(where: { run.elementsEqual($0.unicodeScalars) }) {
          if !word.isEmpty { words.append(String(word)) }
          word = String.UnicodeScalarView()
        } else {
          word.append(contentsOf: run)
        }
      }
      if !word.isEmpty { words.append(String(word)) }
    }
    return words
  }

  private static let articles = ["a", "an", "the"]

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
