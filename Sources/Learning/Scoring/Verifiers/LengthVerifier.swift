/// A completion of a length within bounds.
package struct LengthVerifier: Verifier {
  package static let name = "length"
  package static let summary = "The answer is neither too short nor too long."
  package static let options = [
    AnswerPart.option,
    VerifierOption("unit", "characters (default), words or bytes."),
    VerifierOption("min", "The fewest; default 0."),
    VerifierOption("max", "The most; default no bound."),
    VerifierOption("slope", "Units beyond a bound over which the score falls to 0; default 0."),
  ]

  private enum Unit: String, CaseIterable { case characters, words, bytes }

  private let part: AnswerPart
  private let unit: Unit
  private let least: Int
  private let most: Int
  private let slope: Int

  package init(_ settings: VerifierSettings) throws {
    part = try settings.choice("part", default: .all)
    unit = try settings.choice("unit", default: .characters)
    let bounds = 0...1_000_000_000
    least = try settings.integer("min", in: bounds) ?? 0
    most = try settings.integer("max", in: bounds) ?? .max
    slope = try settings.integer("slope", in: bounds) ?? 0
    if most < least { throw settings.problem("max", "is below min") }
  }

  package func verify(_ attempt: Attempt) -> Verification {
    guard let answer = part.extract(from: attempt.completion) else {
      return Verification(0, "length.no-answer")
    }
    let length =
      switch unit {
      case .characters: answer.count
      case .words: answer.split(whereSeparator: \.isWhitespace).count
      case .bytes: answer.utf8.count
      }
    let excess = length < least ? least - length : length > most ? length - most : 0
    if excess == 0 { return Verification(1, "length.within") }
    let score = excess < slope ? 1 - Double(excess) / Double(slope) : 0
    return Verification(score, length < least ? "length.short" : "length.long")
  }
}
