/// A completion built of tagged blocks: `<think>…</think><answer>…</answer>`.
package struct FormatVerifier: Verifier {
  package static let name = "format"
  package static let summary = "The completion is a row of tagged blocks."
  package static let options = [
    VerifierOption("tags", "The blocks in order; default [think, answer]."),
    VerifierOption("text_after", "Whether text may follow the last block; default false."),
    VerifierOption(
      "partial", "Whether each block that is there once counts on its own; default false."),
  ]

  private let tags: [String]
  private let allowsTextAfter: Bool
  private let partial: Bool

  package init(_ settings: VerifierSettings) throws {
    tags = try settings.strings("tags") ?? ["think", "answer"]
    allowsTextAfter = try settings.flag("text_after", default: false)
    partial = try settings.flag("partial", default: false)
    let isNamed = tags.allSatisfy { tag in
      !tag.isEmpty && tag.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "_" }
    }
    guard isNamed, !tags.isEmpty, Set(tags).count == tags.count else {
      throw settings.problem("tags", "must be different names of letters and _")
    }
  }

  package func verify(_ attempt: Attempt) -> Verification {
    let text = Substring(attempt.completion)
    var rest = text
    var isWhole = true
    var blocks = 0
    for tag in tags {
      let (open, close) = ("<\(tag)>", "</\(tag)>")
      let isOnce = text.ranges(of: open).count == 1 && text.ranges(of: close).count == 1
      guard isOnce, let start = text.firstRange(of: open), let end = text.firstRange(of: close),
        start.upperBound <= end.lowerBound,
        text[start.upperBound..<end.lowerBound].contains(where: { !$0.isWhitespace })
      else {
        isWhole = false
        continue
      }
      blocks += 1
      // Nothing but white space before the block.
      if start.lowerBound < rest.startIndex
        || !text[rest.startIndex..<start.lowerBound].allSatisfy(\.isWhitespace)
      {
        isWhole = false
      }
      rest = text[max(rest.startIndex, end.upperBound)...]
    }
    if !allowsTextAfter, !rest.allSatisfy(\.isWhitespace) { isWhole = false }
    if isWhole { return Verification(1, "format.whole") }
    let reason = blocks == tags.count ? "format.order" : "format.missing"
    return Verification(partial ? Double(blocks) / Double(tags.count + 1) : 0, reason)
  }
}
