/// Texts that must occur in a completion.
package struct ContainsVerifier: Verifier {
  package static let name = "contains"
  package static let summary = "The answer contains given texts."
  package static let options = [
    ReferenceField.option, AnswerPart.option,
    VerifierOption("values", "The texts, instead of those of the row."),
    VerifierOption(
      "count", "any: one of them is enough (default); all: every one; share: the share found."),
    VerifierOption("ignore_case", "Whether case counts for nothing; default true."),
    VerifierOption("absent", "Whether the texts must not occur; default false."),
  ]

  private enum Count: String, CaseIterable { case any, all, share }

  private let field: ReferenceField
  private let part: AnswerPart
  private let values: [String]?
  private let count: Count
  private let ignoreCase: Bool
  private let absent: Bool

  package init(_ settings: VerifierSettings) throws {
    field = try ReferenceField(settings)
    part = try settings.choice("part", default: .afterThink)
    values = try settings.strings("values")
    count = try settings.choice("count", default: .any)
    ignoreCase = try settings.flag("ignore_case", default: true)
    absent = try settings.flag("absent", default: false)
    if values?.isEmpty == true { throw settings.problem("values", "is empty") }
  }

  package func verify(_ attempt: Attempt) -> Verification {
    let wanted = values ?? field.texts(of: attempt)
    if wanted.isEmpty { return Verification(nil, "contains.no-reference") }
    guard let answer = part.extract(from: attempt.completion) else {
      return Verification(0, "contains.no-answer")
    }
    let text = ContainedText(answer, ignoreCase: ignoreCase)
    let hits = wanted.count { text.contains($0) != absent }
    let score: Double =
      switch count {
      case .any: hits > 0 ? 1 : 0
      case .all: hits == wanted.count ? 1 : 0
      case .share: Double(hits) / Double(wanted.count)
      }
    let reason = score == 1 ? "found" : score == 0 ? "missing" : "partly"
    return Verification(score, "contains.\(reason)")
  }
}
