internal import Documents

/// Metrics of overlap with one or several references, 0 to 1, that must reach `threshold`: F1 of
/// `rouge-1`, `rouge-2`, `rouge-l`, `rouge-lsum` and `rouge-n` (of `n`; 0.75), `bleu` of the
/// sentence (effective order; 0.5), `chrf` (0.5), `f1` of words as SQuAD counts them (0.5).
struct OverlapAssertion: AssertionCheck {
  static let names = [
    "rouge-1", "rouge-2", "rouge-l", "rouge-lsum", "rouge-n", "bleu", "chrf", "f1",
  ]
  static let keys = ["value", "threshold", "n"]

  private enum Metric: Sendable {
    case rouge(Rouge)
    case bleu(Bleu)
    case chrf(ChrF)
    case f1
  }

  private let references: [AssertionText]
  private let threshold: Double
  private let metric: Metric

  init(_ settings: AssertionSettings) throws {
    references = try settings.texts("value")
    let order = try settings.integer("n", in: 1...9)
    if order != nil, settings.name != "rouge-n" {
      throw settings.problem("n", "is only for rouge-n")
    }
    metric =
      switch settings.name {
      case "rouge-2": .rouge(Rouge(.ngrams(2)))
      case "rouge-l": .rouge(Rouge(.longest))
      case "rouge-lsum": .rouge(Rouge(.longestByLine))
      case "bleu": .bleu(Bleu(usesEffectiveOrder: true))
      case "chrf": .chrf(ChrF())
      case "f1": .f1
      default: .rouge(Rouge(.ngrams(order ?? 1)))
      }
    let usual = settings.name.hasPrefix("rouge") ? 0.75 : 0.5
    threshold = try settings.number("threshold", default: usual, in: 0...1)
  }

  func check(_ answer: String, _ variables: JSONValue) throws -> Assertion.Outcome {
    let references = try references.map { try $0.text(variables) }
    let score =
      switch metric {
      case .rouge(let rouge): rouge.score(answer, references: references).f1
      case .bleu(let bleu): bleu.score(answer, references) / 100
      case .chrf(let chrf): chrf.score(answer, references) / 100
      case .f1: TokenF1.score(answer, references: references)
      }
    return .init(score, threshold: threshold)
  }
}
