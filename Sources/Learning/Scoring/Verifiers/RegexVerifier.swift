private import Documents
private import Patterns

/// A regular expression that must match; see ``Pattern`` for what it may hold.
package struct RegexVerifier: Verifier {
  package static let name = "regex"
  package static let summary = "A regular expression matches the answer."
  package static let options = [
    VerifierOption("pattern", "The regular expression (Python's, without look-around)."),
    VerifierOption("flags", "Letters among i (case), m (lines) and s (dot takes line feeds)."),
    VerifierOption("mode", "search: anywhere (default); whole: all of the answer."),
    VerifierOption("part", "\(AnswerPart.option.help)"),
    VerifierOption(
      "equals", "A field of the row that group 1 must equal, white space at the ends aside."),
  ]

  private enum Mode: String, CaseIterable { case search, whole }

  private let pattern: Pattern
  private let mode: Mode
  private let part: AnswerPart
  private let equals: String?

  package init(_ settings: VerifierSettings) throws {
    let letters = try settings.string("flags") ?? ""
    guard let flags = Pattern.Flags(letters: letters) else {
      throw settings.problem("flags", "holds a letter that is none of i, m and s")
    }
    pattern = try Pattern(settings.required("pattern"), flags: flags)
    mode = try settings.choice("mode", default: .search)
    part = try settings.choice("part", default: .all)
    equals = try settings.string("equals")
    if equals != nil, pattern.groupCount == 0 {
      throw settings.problem("equals", "needs a group in the pattern")
    }
  }

  package func verify(_ attempt: Attempt) -> Verification {
    guard let answer = part.extract(from: attempt.completion) else {
      return Verification(0, "regex.no-answer")
    }
    let match = mode == .search ? pattern.search(answer) : pattern.matchWhole(answer)
    guard let match else { return Verification(0, "regex.no-match") }
    guard let equals else { return Verification(1, "regex.match") }
    guard let wanted = attempt.fields[equals].flatMap(Self.text) else {
      return Verification(nil, "regex.no-reference")
    }
    let given = match.text(of: 1).map(TextNormalization.trimmed)
    return given == TextNormalization.trimmed(wanted)
      ? Verification(1, "regex.equal") : Verification(0, "regex.different")
  }

  private static func text(_ value: JSONValue) -> String? {
    value.stringValue ?? (value.doubleValue == nil ? nil : JSONWriter.compact(value))
  }
}
