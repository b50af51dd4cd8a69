internal import Generation
package import ModelFiles
internal import Models
package import Parallelism
package import Records
package import Tokenization

/// A model of this project under evaluation: weights, tokenizer and chat template.
///
/// Prompts longer than the model's context less the answer's room lose their beginning, as in
/// lm-evaluation-harness; ``shortened`` counts them.
package final class LanguageModelUnderTest: RequestModel {
  /// Prompts and texts that did not fit whole.
  package internal(set) var shortened = 0

  let model: LanguageModel
  let tokenizer: Tokenizer
  let builder: ExampleBuilder
  let generator: Generator
  let scorer: LikelihoodScorer
  let harness: HarnessTokens

  /// - Parameter template: what renders conversations; nil: rows must be plain text.
  /// - Throws: ``Failure`` for files that are missing or wrong.
  package init(_ folder: ModelFolder, template: ChatTemplate?, pool: ThreadPool) throws {
    model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: .forInference(folder))
    tokenizer = try ModelText.tokenizer(of: folder)
    builder = ExampleBuilder(
      tokenizer: tokenizer, template: template, trainOnInputs: false, rolesToTrain: [.assistant])
    generator = Generator(model: model, tokenizer: tokenizer, cacheBytes: 1 << 30)
    scorer = LikelihoodScorer(model: model)
    harness = HarnessTokens(tokenizer, context: model.configuration.contextLength)
  }

  var context: Int { model.configuration.contextLength }

  package func answers(to requests: [ModelRequest], progress: (Int) throws -> Void) throws
    -> [ModelAnswer]
  {
    var found = [ModelAnswer?](repeating: nil, count: requests.count)
    for (index, request) in requests.enumerated() {
      switch request {
      case .row(let row): found[index] = .likelihood(try likelihoods(of: [row])[0])
      case .preference(let row): found[index] = .preference(try preferences(of: [row])[0])
      case .completion(let prompt, let settings):
        let answer = try answers(
          to: [prompt], maxNewTokens: settings.maxNewTokens, stops: settings.stops)[0]
        found[index] = .completion([
          CompletionAnswer(
            text: answer.text, tokens: answer.ids.count, ended: answer.finish == .stop)
        ])
      default: preconditionFailure("not asked")
      }
      try progress(index + 1)
    }
    return found.compactMap(\.self)
  }

  private func answers(to prompts: [EvaluationPrompt], maxNewTokens: Int, stops: [String]) throws
    -> [Generated]
  {
    let room = max(1, context - maxNewTokens)
    let ids = try prompts.map { prompt -> [Int32] in
      switch prompt {
      case .conversation(let turns, let tools):
        fitted(try builder.promptIDs(turns, tools: tools), room)
      case .text(let text):
        fitted(builder.promptIDs(text: text), room)
      }
    }
    let settings = SamplingSettings(
      maxNewTokens: maxNewTokens, stopTokenIDs: builder.stopTokenIDs, stopStrings: stops)
    return try generator.generate(ids, settings)
  }

  package func likelihoods(of rows: [Row]) throws -> [Likelihood] {
    let texts = try rows.map(rowText)
    return zip(texts, scorer.measure(texts)).map(rowLikelihood)
  }

  package func preferences(of rows: [Row]) throws -> [PreferenceMeasure] {
    let pairs = try rows.map(preferenceTexts)
    let measures = scorer.measure(pairs.flatMap(\.self))
    return stride(from: 0, to: measures.count, by: 2).map {
      preferenceMeasure(measures[$0], measures[$0 + 1])
    }
  }

  /// The ids of a row, and for each the token that it is trained to be followed by.
  func fittedExample(_ row: Row, limit: Int) throws -> (ids: [Int32], labels: [Int32]) {
    let example = try builder.example(row)
    let ids = fitted(example.ids, limit)
    let labels = example.labels.suffix(ids.count).dropFirst()
    return (ids, labels + (ids.isEmpty ? [] : [TokenBatch.ignored]))
  }

  /// UTF-8 bytes of the trained tokens' text.
  func bytes(of labels: [Int32]) -> Int {
    let trained = labels.filter { $0 != TokenBatch.ignored }
    return tokenizer.decode(trained, skipSpecialTokens: true).utf8.count
  }

  /// The last `room` ids.
  func fitted(_ ids: [Int32], _ room: Int) -> [Int32] {
    guard ids.count > room else { return ids }
    shortened += 1
    return Array(ids.suffix(room))
  }
}
