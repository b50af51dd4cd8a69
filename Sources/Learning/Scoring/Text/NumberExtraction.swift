/// How the harness finds the number in a worked answer to GSM8K; quirks included.
package enum NumberExtraction: String, Sendable, CaseIterable {
  /// `#### (\-?[0-9\.\,]+)`, first match.
  case hashes = "strict-match"
  /// `The answer is (\-?[0-9\.\,]+).`, first match: a character must follow, so "The answer is 42"
  /// yields "4".
  case theAnswerIs = "cot-strict-match"
  /// `(-?[$0-9.,]{2,})|(-?[0-9]+)`, last match.
  case flexible = "flexible-extract"

  /// What the harness writes where nothing matches.
  package static let invalid = "[invalid]"

  package func extract(from text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    switch self {
    case .hashes: return Self.first(after: "#### ", in: scalars, needsNext: false)
    case .theAnswerIs: return Self.first(after: "The answer is ", in: scalars, needsNext: true)
    case .flexible: return Self.lastNumber(in: scalars)
    }
  }

  private static func isNumeral(_ scalar: Unicode.Scalar) -> Bool {
    (0x30...0x39).contains(scalar.value) || scalar == "." || scalar == ","
  }

  private static func first(after cue: String, in text: [Unicode.Scalar], needsNext: Bool)
    -> String
  {
    let wanted = Array(cue.unicodeScalars)
    guard text.count > wanted.count else { return invalid }
    for start in 0...(text.count - wanted.count)
    where text[start..<start + wanted.count].elementsEqual(wanted) {
      let begin = start + wanted.count
      var digits = begin
      if digits < text.count, text[digits] == "-" { digits += 1 }
      var end = digits
      while end < text.count, isNumeral(text[end]) { end += 1 }
      // `.` matches anything but a line feed; without one the group gives back a character.
      if needsNext, end >= text.count || text[end] == "\n" { end -= 1 }
      if end > digits { return string(text[begin..<end]) }
    }
    return invalid
  }

  private static func lastNumber(in text: [Unicode.Scalar]) -> String {
    var found: String?
    var index = 0
    while index < text.count {
      let sign = text[index] == "-" ? 1 : 0
      var end = index + sign
      while end < text.count, isNumeral(text[end]) || text[end] == "$" { end += 1 }
      if end - index - sign < 2 {
        end = index + sign
        while end < text.count, (0x30...0x39).contains(text[end].value) { end += 1 }
        if end == index + sign {
          index += 1
          continue
        }
      }
      found = string(text[index..<end])
      index = end
    }
    return found ?? invalid
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
