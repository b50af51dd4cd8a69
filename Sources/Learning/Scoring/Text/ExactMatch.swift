/// `exact_match` of lm-evaluation-harness: equality after removing what its options name.
package struct ExactMatch: Sendable, Hashable {
  package var ignoreCase: Bool
  package var ignorePunctuation: Bool
  package var ignoreNumbers: Bool
  /// What `regexes_to_ignore` matches is removed from both texts, pattern by pattern.
  package var patternsToIgnore: [IgnoredPattern]

  package init(
    ignoreCase: Bool = false, ignorePunctuation: Bool = false, ignoreNumbers: Bool = false,
    patternsToIgnore: [IgnoredPattern] = []
  ) {
    self.ignoreCase = ignoreCase
    self.ignorePunctuation = ignorePunctuation
    self.ignoreNumbers = ignoreNumbers
    self.patternsToIgnore = patternsToIgnore
  }

  /// Whether the two texts are equal; white space at the ends never counts.
  package func matches(_ prediction: String, _ reference: String) -> Bool {
    normalized(prediction) == normalized(reference)
  }

  func normalized(_ text: String) -> [Unicode.Scalar] {
    var text = text
    for pattern in patternsToIgnore { text = pattern.removed(from: text) }
    if ignoreCase { text = text.lowercased() }
    let kept = TextNormalization.trimmed(text).unicodeScalars.filter { scalar in
      !(ignorePunctuation && TextNormalization.asciiPunctuation.contains(scalar))
        && !(ignoreNumbers && (0x30...0x39).contains(scalar.value))
    }
    return Array(kept)
  }
}

/// The regular expressions that tasks of the harness use to ignore text: a literal text, a literal
/// at the end (`\.$`), everything through the last of a literal (`(?s).*#### `).
package struct IgnoredPattern: Sendable, Hashable {
  enum Place: Sendable, Hashable { case anywhere, end, throughLast }

  let literal: [Character]
  let place: Place

  /// Nil when the pattern uses more of the regular expression language than that.
  package init?(regex: String) {
    var rest = Substring(regex)
    var place = Place.anywhere
    for prefix in ["(?s).*", "(?s:.*)"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      place = .throughLast
    }
    var literal: [Character] = []
    var isEscaped = false
    for (offset, character) in rest.enumerated() {
      if isEscaped {
        guard !character.isLetter, !character.isNumber else { return nil }
        literal.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "$", offset == rest.count - 1, place == .anywhere {
        place = .end
      } else if "^$.|?*+()[]{}".contains(character) {
        return nil
      } else {
        literal.append(character)
      }
    }
    guard !isEscaped, !literal.isEmpty else { return nil }
    self.literal = literal
    self.place = place
  }

  func removed(from text: String) -> String {
    let needle = String(literal)
    switch place {
    case .anywhere: return text.replacing(needle, with: "")
    case .end: return text.hasSuffix(needle) ? String(text.dropLast(literal.count)) : text
    case .throughLast:
      let ranges = text.ranges(of: needle)
      return ranges.last.map { String(text[$0.upperBound...]) } ?? text
    }
  }
}
