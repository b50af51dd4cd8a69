internal import Documents

/// An answer that is JSON.
package struct JSONVerifier: Verifier {
  package static let name = "json"
  package static let summary = "The answer is valid JSON."
  package static let options = [
    AnswerPart.option,
    VerifierOption("fences", "Whether a ``` fence around it is taken off; default false."),
  ]

  private let reader: JSONAnswer

  package init(_ settings: VerifierSettings) throws { reader = try JSONAnswer(settings) }

  package func verify(_ attempt: Attempt) -> Verification {
    switch reader.read(attempt.completion) {
    case .none: Verification(0, "json.no-answer")
    case .some(nil): Verification(0, "json.invalid")
    case .some(.some): Verification(1, "json.valid")
    }
  }
}

/// Reads the JSON that a completion is to be.
struct JSONAnswer: Sendable {
  private let part: AnswerPart
  private let takesFences: Bool

  init(_ settings: VerifierSettings) throws {
    part = try settings.choice("part", default: .afterThink)
    takesFences = try settings.flag("fences", default: false)
  }

  /// Nil: no answer; the inner nil: no JSON.
  func read(_ completion: String) -> JSONValue?? {
    guard var text = part.extract(from: completion) else { return .none }
    if takesFences { text = JSONText.withoutFence(text) }
    return .some(JSONText.strict(text))
  }
}
