package import Patterns

/// `exact_match` of the harness: equality after what its options take away. White space counts.
package struct HarnessExactMatch: Sendable {
  /// What they match is removed from both texts, pattern by pattern.
  package var patternsToIgnore: [Pattern]
  package var ignoreCase: Bool
  package var ignorePunctuation: Bool
  package var ignoreNumbers: Bool

  package init(
    patternsToIgnore: [Pattern] = [], ignoreCase: Bool = false, ignorePunctuation: Bool = false,
    ignoreNumbers: Bool = false
  ) {
    self.patternsToIgnore = patternsToIgnore
    self.ignoreCase = ignoreCase
    self.ignorePunctuation = ignorePunctuation
    self.ignoreNumbers = ignoreNumbers
  }

  package func matches(_ answer: String, _ reference: String) -> Bool {
    normalized(answer) == normalized(reference)
  }

  private static let punctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars)

  /// Scalars, since Swift's strings of different scalars may be equal and Python's may not.
  private func normalized(_ text: String) -> [Unicode.Scalar] {
    var text = text
    for pattern in patternsToIgnore { text = pattern.replacing(in: text) { _ in "" } }
    if ignoreCase { text = text.lowercased() }
    var scalars = text.unicodeScalars.filter { scalar in
      !(ignorePunctuation && Self.punctuation.contains(scalar))
        && !(ignoreNumbers && (0x30...0x39).contains(scalar.value))
    }
    // Arrays of texts in numpy end before the NULs at their end.
    while scalars.last == "\0" { scalars.removeLast() }
    return Array(scalars)
  }
}
