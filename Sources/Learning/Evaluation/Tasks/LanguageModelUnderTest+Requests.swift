internal import Diagnostics
internal import Generation
internal import ModelFiles
internal import Models
internal import Records
internal import Tensors

/// Requests as lm-evaluation-harness answers them.
///
/// An answer is a function of the model and its request: what else is asked in a call does not
/// change its bits.
extension LanguageModelUnderTest: RequestModel {
  package func answers(to requests: [ModelRequest], progress: (Int) throws -> Void) throws
    -> [ModelAnswer]
  {
    var results = [ModelAnswer?](repeating: nil, count: requests.count)
    let asked = try requests.map(question)
    let texts = asked.flatMap { $0?.texts ?? [] }
    try check(texts)
    var isDone = [Bool](repeating: false, count: texts.count)
    func answered() -> Int {
      var next = 0
      return asked.reduce(0) { count, asked in
        guard let asked else { return count }
        defer { next += asked.texts.count }
        return isDone[next..<next + asked.texts.count].allSatisfy(\.self) ? count + 1 : count
      }
    }
    var reported = 0
    let measures = try scorer.measure(texts) { done in
      isDone = done
      reported = answered()
      try progress(reported)
    }
    var next = 0
    for (index, asked) in asked.enumerated() {
      guard let asked else { continue }
      let own = next..<next + asked.texts.count
      results[index] = asked.answer(Array(measures[own]))
      next = own.upperBound
    }
    let known = results.count { $0 != nil }
    if known > reported { try progress(known) }
    try complete(requests, &results) { try progress(known + $0) }
    return results.compactMap(\.self)
  }

  /// What is asked about texts, and what their measures are the answer to.
  private struct Asked {
    var texts: [LabelledText]
    var answer: ([[LabelMeasure]]) -> ModelAnswer
  }

  /// nil: the request asks for a completion.
  private func question(_ request: ModelRequest) throws -> Asked? {
    switch request {
    case .completion: return nil
    case .continuation(let context, let continuation):
      return continued(context, continuation)
    case .reply(let turns, let continuation):
      return continued(try rendered(turns), continuation)
    case .text(let text):
      let windows = harness.windows(text)
      if windows.count > 1 { shortened += 1 }
      return Asked(texts: windows.map(\.text)) { measures in
        .likelihood(
          Likelihood(
            logProbability: Self.sum(measures.joined()),
            tokens: measures.reduce(0) { $0 + $1.count }, bytes: text.utf8.count))
      }
    case .row(let row):
      let text = try rowText(row)
      return Asked(texts: [text]) { .likelihood(self.rowLikelihood(text, $0[0])) }
    case .preference(let row):
      let pair = try preferenceTexts(row)
      return Asked(texts: pair) { .preference(self.preferenceMeasure($0[0], $0[1])) }
    }
  }

  private func continued(_ context: String, _ continuation: String) -> Asked {
    let asked = harness.continuation(context: context, continuation)
    if asked.isShortened { shortened += 1 }
    return Asked(texts: [asked.text]) { measures in
      .continuation(
        ContinuationMeasure(
          logProbability: Self.sum(measures[0]), tokens: measures[0].count,
          isGreedy: measures[0].allSatisfy(\.isLikeliest)))
    }
  }

  private func check(_ texts: [LabelledText]) throws {
    let size = model.configuration.vocabularySize
    for text in texts {
      for id in text.ids + text.labels where Int(id) >= size {
        throw Diagnostic(
          "eval.other-tokenizer",
          "the tokenizer gives the id \(id), but the model knows \(size) tokens",
          fix: "use the tokenizer that belongs to the model"
        ).failure(.badInput)
      }
    }
  }
}
