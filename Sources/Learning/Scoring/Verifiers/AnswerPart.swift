/// Which part of a completion holds the answer.
package enum AnswerPart: String, Sendable, Hashable, CaseIterable {
  /// All of it.
  case all
  /// What follows the last `</think>`; all of it where there is none.
  case afterThink = "after_think"
  /// Inside the last `<answer>…</answer>`.
  case answerTag = "answer_tag"
  /// After the last `####` to the end of its line (GSM8K).
  case hashes
  /// Inside the last `\boxed{…}`, braces matched (MATH).
  case boxed
  /// The last line that is not blank.
  case lastLine = "last_line"
  /// The first of `answer_tag`, `hashes` and `boxed` that is there, else what follows `</think>`.
  case auto

  static let option = VerifierOption(
    "part",
    "Where the answer is: \(allCases.map(\.rawValue).joined(separator: ", ")).")

  /// The part, without white space at its ends; nil when the completion has none.
  package func extract(from completion: String) -> String? {
    let scalars = Array(completion.unicodeScalars)
    return range(in: scalars).map { TextNormalization.trimmed(Self.string(scalars[$0])) }
  }

  private func range(in text: [Unicode.Scalar]) -> Range<Int>? {
    switch self {
    case .all: return 0..<text.count
    case .afterThink: return (Self.end(ofLast: "</think>", in: text) ?? 0)..<text.count
    case .answerTag:
      guard let close = Self.start(ofLast: "</answer>", in: text, before: text.count),
        let open = Self.start(ofLast: "<answer>", in: text, before: close)
      else { return nil }
      return open + 8..<close
    case .hashes:
      guard let start = Self.end(ofLast: "####", in: text) else { return nil }
      return start..<(text[start...].firstIndex(of: "\n") ?? text.count)
    case .boxed: return Self.boxed(text)
    case .lastLine:
      let end = (text.lastIndex { !$0.properties.isWhitespace } ?? -1) + 1
      return (text[..<end].lastIndex(of: "\n").map { $0 + 1 } ?? 0)..<end
    case .auto:
      for part in [AnswerPart.answerTag, .hashes, .boxed] {
        if let range = part.range(in: text) { return range }
      }
      return AnswerPart.afterThink.range(in: text)
    }
  }

  private static func boxed(_ text: [Unicode.Scalar]) -> Range<Int>? {
    guard let start = end(ofLast: "\\boxed{", in: text) else { return nil }
    var depth = 1
    for index in start..<text.count {
      if text[index] == "{" { depth += 1 }
      if text[index] == "}" { depth -= 1 }
      if depth == 0 { return start..<index }
    }
    return nil
  }

  private static func end(ofLast cue: String, in text: [Unicode.Scalar]) -> Int? {
    start(ofLast: cue, in: text, before: text.count).map { $0 + cue.unicodeScalars.count }
  }

  /// Where the last occurrence that ends before `limit` starts.
  private static func start(ofLast cue: String, in text: [Unicode.Scalar], before limit: Int)
    -> Int?
  {
    let wanted = Array(cue.unicodeScalars)
    guard limit >= wanted.count else { return nil }
    return (0...(limit - wanted.count)).last {
      text[$0] == wanted[0] && text[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
