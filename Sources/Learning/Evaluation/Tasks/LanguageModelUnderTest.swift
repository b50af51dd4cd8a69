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
  package private(set) var shortened = 0

  let model: LanguageModel
  private let tokenizer: Tokenizer
  private let builder: ExampleBuilder
  private let generator: Generator
  private let scorer: CompletionScorer

  /// Tokens per forward pass of likelihoods; a matter of memory alone.
  private static let tokensPerBatch = 4096

  /// - Parameter template: what renders conversations; nil: rows must be plain text.
  /// - Throws: ``Failure`` for files that are missing or wrong.
  package init(_ folder: ModelFolder, template: ChatTemplate?, pool: ThreadPool) throws {
    model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: .forInference(folder))
    tokenizer = try ModelText.tokenizer(of: folder)
    builder = ExampleBuilder(
      tokenizer: tokenizer, template: template, trainOnInputs: false, rolesToTrain: [.assistant])
    generator = Generator(model: model, tokenizer: tokenizer)
    scorer = CompletionScorer(model: model, tokensPerBatch: Self.tokensPerBatch)
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
    var results: [Likelihood] = []
    var batch = TokenBatch(ids: [], starts: [0], labels: [])
    var pending: [(tokens: Int, bytes: Int)] = []
    func flush() {
      var values = model.logProbabilities(batch)[...]
      for (tokens, bytes) in pending {
        let sum = values.prefix(tokens).reduce(0.0) { $0 + Double($1) }
        results.append(Likelihood(logProbability: sum, tokens: tokens, bytes: bytes))
        values = values.dropFirst(tokens)
      }
      batch = TokenBatch(ids: [], starts: [0], labels: [])
      pending = []
    }
    for row in rows {
      let (ids, labels) = try fittedExample(row, limit: context)
      if !pending.isEmpty, batch.ids.count + ids.count > Self.tokensPerBatch { flush() }
      batch.ids += ids
      batch.labels += labels
      batch.starts.append(batch.ids.count)
      pending.append((labels.count { $0 != TokenBatch.ignored }, bytes(of: labels)))
    }
    if !pending.isEmpty { flush() }
    return results
  }

  package func preferences(of rows: [Row]) throws -> [PreferenceMeasure] {
    let items = try rows.flatMap { row in
      let example = try builder.preference(row)
      return [example.chosen, example.rejected].map { completion in
        let prompt = fitted(example.prompt, max(1, context - completion.count))
        return CompletionScorer.Item(
          prompt: prompt, completion: Array(completion.prefix(context - prompt.count)))
      }
    }
    let means = scorer.logProbabilities(items).map { values in
      values.isEmpty
        ? -Double.infinity : values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    }
    return stride(from: 0, to: means.count, by: 2).map {
      PreferenceMeasure(chosen: means[$0], rejected: means[$0 + 1])
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
  private func fitted(_ ids: [Int32], _ room: Int) -> [Int32] {
    guard ids.count > room else { return ids }
    shortened += 1
    return Array(ids.suffix(room))
  }
}
