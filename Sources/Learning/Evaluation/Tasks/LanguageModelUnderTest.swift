internal import Diagnostics
internal import Generation
package import ModelFiles
internal import Models
package import Parallelism
internal import Records
package import Tensors
package import Tokenization

/// A model of this project under evaluation: weights, tokenizer and chat template.
///
/// Prompts longer than the model's context less the answer's room lose their beginning, as in
/// lm-evaluation-harness; ``shortened`` counts them.
package final class LanguageModelUnderTest {
  /// Prompts and texts that did not fit whole.
  package internal(set) var shortened = 0

  let model: LanguageModel
  let tokenizer: Tokenizer
  private let template: ChatTemplate?
  let builder: ExampleBuilder
  let generator: Generator
  let scorer: LikelihoodScorer
  let harness: HarnessTokens

  /// - Parameter template: what renders conversations; nil: rows must be plain text.
  /// - Parameter backend: nil: the host's.
  /// - Throws: ``Failure`` for files that are missing or wrong.
  package init(
    _ folder: ModelFolder, template: ChatTemplate?, pool: ThreadPool,
    backend: (any Backend)? = nil
  ) throws {
    model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: .forInference(folder, on: backend),
      backend: backend)
    tokenizer = try ModelText.tokenizer(of: folder)
    self.template = template
    builder = ExampleBuilder(
      tokenizer: tokenizer, template: template, trainOnInputs: false, rolesToTrain: [.assistant])
    generator = Generator(model: model, tokenizer: tokenizer, cacheBytes: 1 << 30)
    scorer = LikelihoodScorer(model: model)
    harness = HarnessTokens(tokenizer, context: model.configuration.contextLength)
  }

  /// - Throws: the first failure of the device that the model is on, whose answers are then no answers.
  package func check() throws { try model.backend.check() }

  var context: Int { model.configuration.contextLength }

  /// A conversation as text up to the turn that is to be written.
  func rendered(_ turns: [Message]) throws -> String {
    guard let template else {
      throw Diagnostic(
        "tokens.no-template", "the model has no chat template",
        fix: "measure it without --apply-chat-template"
      ).failure(.badInput)
    }
    return try template.render(
      turns, tools: nil, addGenerationPrompt: true, tokenizer: tokenizer
    ).text
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
