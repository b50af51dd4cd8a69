import Diagnostics
import Evaluation
import Foundation
import Generation
import ModelFiles
import Models
import Parallelism
import Records
import Tokenization

/// Answers requests one by one, straight from the definitions of lm-evaluation-harness: what faster
/// models are compared with.
final class ReferenceModel: RequestModel {
  /// Contexts and texts that did not fit whole.
  private(set) var shortened = 0

  private let model: LanguageModel
  private let tokenizer: Tokenizer
  private let template: ChatTemplate?
  private let stopTokenIDs: [Int32]

  /// - Throws: ``Failure`` for files that are missing or wrong.
  init(_ folder: ModelFolder, template: ChatTemplate?, pool: ThreadPool) throws {
    model = try LanguageModel.load(
      folder, trainable: .nothing, pool: pool, precision: .forInference(folder, on: nil))
    tokenizer = try ModelText.tokenizer(of: folder)
    self.template = template
    let ends = model.configuration.eosTokenIDs.map(Int32.init)
    stopTokenIDs = Set(ends + [tokenizer.eos?.id].compactMap(\.self)).sorted()
  }

  private var context: Int { model.configuration.contextLength }

  /// What an empty context is: the beginning of a text, else its end.
  private var prefixID: Int32 { (tokenizer.bos ?? tokenizer.eos)?.id ?? 0 }

  func answers(to requests: [ModelRequest], progress: (Int) throws -> Void) throws
    -> [ModelAnswer]
  {
    var answers: [ModelAnswer] = []
    for request in requests {
      answers.append(try answer(to: request))
      try progress(answers.count)
    }
    return answers
  }

  private func answer(to request: ModelRequest) throws -> ModelAnswer {
    switch request {
    case .continuation(let context, let continuation):
      return .continuation(measure(context, continuation))
    case .reply(let turns, let continuation):
      return .continuation(measure(try rendered(.conversation(turns, tools: nil)), continuation))
    case .text(let text): return .likelihood(likelihood(text))
    case .completion(let prompt, let settings):
      return .completion(try completions(try rendered(prompt), settings))
    case .row, .preference:
      throw Diagnostic("eval.unsupported", "rows are not asked of the reference").failure(.badInput)
    }
  }

  private func rendered(_ prompt: EvaluationPrompt) throws -> String {
    switch prompt {
    case .text(let text): return text
    case .conversation(let turns, let tools):
      guard let template else {
        throw Diagnostic(
          "tokens.no-template", "the model has no chat template",
          fix: "measure it without --apply-chat-template"
        ).failure(.badInput)
      }
      return try template.render(
        turns, tools: tools, addGenerationPrompt: true, tokenizer: tokenizer
      ).text
    }
  }

  /// Ids with what the tokenizer puts around a text, unless the text begins with BOS itself.
  private func encode(_ text: String) -> [Int32] {
    let hasBOS = tokenizer.bos.map { text.hasPrefix($0.text) } ?? false
    return tokenizer.encode(text, addSpecialTokens: !hasBOS, parseSpecial: true)
  }

  // MARK: - Likelihoods

  private func measure(_ context: String, _ continuation: String) -> ContinuationMeasure {
    if context.isEmpty {
      let ids = tokenizer.encode(continuation, addSpecialTokens: false, parseSpecial: true)
      return ids.first == prefixID
        ? measure([prefixID], Array(ids.dropFirst())) : measure([prefixID], ids)
    }
    var scalars = context.unicodeScalars[...]
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    let whole = encode(context + continuation)
    let before = encode(String(scalars)).count
    return measure(Array(whole.prefix(before)), Array(whole.dropFirst(before)))
  }

  private func measure(_ context: [Int32], _ continuation: [Int32]) -> ContinuationMeasure {
    if continuation.isEmpty {
      return ContinuationMeasure(logProbability: 0, tokens: 0, isGreedy: true)
    }
    let ids = Array((context + continuation).suffix(self.context + 1).dropLast())
    if ids.count + 1 < context.count + continuation.count { shortened += 1 }
    let wanted = Array(continuation.suffix(ids.count))
    let positions = Array((ids.count - wanted.count)..<ids.count)
    let batch = TokenBatch(
      ids: ids, starts: [0, ids.count], labels: ids.map { _ in TokenBatch.ignored })
    var measure = ContinuationMeasure(logProbability: 0, tokens: wanted.count, isGreedy: true)
    for (logits, id) in zip(model.logits(batch, positions: positions), wanted) {
      let top = Double(logits.max() ?? 0)
      let sum = logits.reduce(0.0) { $0 + exp(Double($1) - top) }
      measure.logProbability += Double(logits[Int(id)]) - top - log(sum)
      if logits.firstIndex(of: Float(top)) != Int(id) { measure.isGreedy = false }
    }
    return measure
  }

  /// Windows of the context, each with one token of the one before as its beginning, every token
  /// predicted once, the last window as full as the others.
  private func likelihood(_ text: String) -> Likelihood {
    let ids = encode(text)
    var result = Likelihood(logProbability: 0, tokens: ids.count, bytes: text.utf8.count)
    var done = 0
    while done < ids.count {
      let end = min(ids.count, done + context)
      let before = done == 0 ? [prefixID] : Array(ids[max(0, end - context - 1)..<done])
      result.logProbability += measure(before, Array(ids[done..<end])).logProbability
      done = end
    }
    return result
  }

  // MARK: - Answers

  private func completions(_ text: String, _ settings: CompletionSettings) throws
    -> [CompletionAnswer]
  {
    let room = context - settings.maxNewTokens
    guard room > 0 else {
      throw Diagnostic(
        "eval.no-room",
        "answers of \(settings.maxNewTokens) tokens do not fit the model's context of \(context)",
        fix: "set a smaller max_gen_toks"
      ).failure(.badInput)
    }
    let ids = encode(text)
    if ids.count > room { shortened += 1 }
    var stops = settings.stops.filter { !$0.isEmpty }
    if let end = tokenizer.eos?.text, !stops.contains(end) { stops.append(end) }
    return try (0..<settings.samples).map { sample in
      let sampling = SamplingSettings(
        maxNewTokens: settings.maxNewTokens, temperature: settings.temperature,
        topK: settings.topK, topP: settings.topP, seed: settings.seed, sample: sample,
        stopTokenIDs: stopTokenIDs, stopStrings: stops)
      let written = try Generator(model: model, tokenizer: tokenizer)
        .generate([Array(ids.suffix(room))], sampling)[0]
      // The harness decodes the answer alone: a space that begins it may be lost.
      var text = tokenizer.decode(written.ids, skipSpecialTokens: true)
      for stop in stops {
        if let cut = text.firstRange(of: stop) { text = String(text[..<cut.lowerBound]) }
      }
      return CompletionAnswer(
        text: text, tokens: written.ids.count, ended: written.finish == .stop)
    }
  }
}
