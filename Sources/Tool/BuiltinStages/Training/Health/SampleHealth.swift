internal import Diagnostics
internal import Documents
internal import Generation
internal import Models
internal import Tokenization
internal import Training

/// A few answers written after training, held against the answers of the rows they came from:
/// whether they end, and whether they keep the form.
struct SampleHealth {
  package static let count = 4

  let model: LanguageModel
  let tokenizer: Tokenizer
  let stops: [Int32]

  struct Result: Sendable, Hashable {
    var asked = 0
    var ended = 0
    /// Of rows whose own answer is JSON.
    var askedForJSON = 0
    var wroteJSON = 0
  }

  /// Greedy answers to the prompts of the first rows that fit.
  ///
  /// - Returns: nil where no row has a prompt and an answer.
  func run(_ examples: [TokenExample], contextLength: Int) throws -> Result? {
    var result = Result()
    for example in examples {
      if result.asked == Self.count { break }
      guard let first = example.labels.firstIndex(where: { $0 != -100 }), first > 0 else {
        continue
      }
      let answer = example.labels[first...].prefix { $0 != -100 }
      let limit = min(2 * answer.count + 16, contextLength - first)
      guard limit > 0 else { continue }
      let written = try Generator(model: model, tokenizer: tokenizer).generate(
        [Array(example.ids[..<first])],
        SamplingSettings(maxNewTokens: limit, stopTokenIDs: stops))[0]
      result.asked += 1
      if written.finish == .stop { result.ended += 1 }
      if isJSON(tokenizer.decode(Array(answer), skipSpecialTokens: true)) {
        result.askedForJSON += 1
        if isJSON(written.text) { result.wroteJSON += 1 }
      }
    }
    return result.asked == 0 ? nil : result
  }

  /// `health.never-stops` and `health.format`.
  static func findings(_ result: Result) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if result.ended == 0 {
      found.append(
        TrainingHealth.warning(
          "never-stops",
          "none of \(result.asked) answers written after training ended within twice the length "
            + "of the rows' own answers",
          fix: "check with 'orchestrate preview' that the stop token is trained; train longer"))
    }
    if result.wroteJSON < result.askedForJSON {
      found.append(
        TrainingHealth.warning(
          "format",
          "\(result.askedForJSON - result.wroteJSON) of \(result.askedForJSON) answers written "
            + "after training are not JSON, and the rows' own answers are",
          fix: "train longer, or gate on JSON validity"))
    }
    return found
  }

  private func isJSON(_ text: String) -> Bool {
    let text = text.drop { $0.isWhitespace }
    guard text.first == "{" || text.first == "[" else { return false }
    return (try? JSONReader.parse(Array(text.utf8), file: "answer")) != nil
  }
}
