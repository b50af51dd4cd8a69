/// An answer that is one of the right ones, letter by letter.
package struct ExactVerifier: Verifier {
  package static let name = "exact"
  package static let summary = "The answer equals one of the right answers."
  package static let options = [
    ReferenceField.option, AnswerPart.option,
    VerifierOption("ignore_case", "Whether case counts for nothing; default true."),
    VerifierOption("ignore_punctuation", "Whether ASCII marks count for nothing; default false."),
    VerifierOption("ignore_articles", "Whether a, an and the count for nothing; default false."),
    VerifierOption("collapse_space", "Whether runs of white space are one; default true."),
  ]

  private let field: ReferenceField
  private let part: AnswerPart
  private let ignoreCase: Bool
  private let ignorePunctuation: Bool
  private let ignoreArticles: Bool
  private let collapseSpace: Bool

  package init(_ settings: VerifierSettings) throws {
    field = try ReferenceField(settings)
    part = try settings.choice("part", default: .afterThink)
    ignoreCase = try settings.flag("ignore_case", default: true)
    ignorePunctuation = try settings.flag("ignore_punctuation", default: false)
    ignoreArticles = try settings.flag("ignore_articles", default: false)
    collapseSpace = try settings.flag("collapse_space", default: true)
  }

  package func verify(_ attempt: Attempt) -> Verification {
    let references = field.texts(of: attempt)
    if references.isEmpty { return Verification(nil, "exact.no-reference") }
    guard let answer = part.extract(from: attempt.completion) else {
      return Verification(0, "exact.no-answer")
    }
    let given = normalized(answer)
    return references.contains { normalized($0) == given }
      ? Verification(1, "exact.equal") : Verification(0, "exact.different")
  }

  /// Compared by scalars: canonically equal texts of other bytes differ, as everywhere in scoring.
  private func normalized(_ text: String) -> [Unicode.Scalar] {
    var text = ignoreCase ? text.lowercased() : text
    if ignorePunctuation {
      text.unicodeScalars.removeAll { TextNormalization.asciiPunctuation.contains($0) }
    }
    if ignoreArticles || collapseSpace {
      var words = text.split(whereSeparator: \.isWhitespace)
      if ignoreArticles { words.removeAll { ["a", "an", "the"].contains($0.lowercased()) } }
      text = words.joined(separator: " ")
    }
    return Array(TextNormalization.trimmed(text).unicodeScalars)
  }
}
