import Diagnostics
import ModelFiles
package import Models
import Tensors
package import Tokenization

/// Writes texts after prompts, many at once, with cached keys and values.
///
/// A text depends on its prompt, its index and the settings; never on the batch or the threads.
///
/// ```swift
/// let texts = try Generator(model: model, tokenizer: tokenizer)
///   .generate(prompts, SamplingSettings(maxNewTokens: 64, stopTokenIDs: stops))
/// ```
package struct Generator {
  /// How far a call is.
  package struct Progress: Sendable {
    package let finished: Int
    package let total: Int
    /// New tokens so far.
    package let tokens: Int
  }

  /// Texts that grow at once: more rows make a product no faster.
  static let slotsMax = 64
  /// Bytes of keys and values that a batch may hold.
  static let cacheBytes = 256 << 20
  /// Prompt tokens that one step takes in, beyond which further prompts wait.
  static let promptTokens = 1024

  private let model: LanguageModel
  private let tokenizer: Tokenizer

  package init(model: LanguageModel, tokenizer: Tokenizer) {
    self.model = model
    self.tokenizer = tokenizer
  }

  /// One text per prompt, in order.
  ///
  /// - Parameters:
  ///   - promptIndex: the index of the first prompt, part of what sampling is keyed by.
  ///   - progress: called after every step; may throw to stop.
  ///   - batch: texts at once; fewer where the cache would not fit.
  /// - Throws: ``Failure`` for a prompt that is empty or leaves no room in the model's context, or
  ///   for logits that are not finite.
  package func generate(
    _ prompts: [[Int32]], _ settings: SamplingSettings, promptIndex: Int = 0, batch: Int = 64,
    progress: ((Progress) throws -> Void)? = nil
  ) throws -> [Generated] {
    try check(prompts, promptIndex)
    let context = model.configuration.contextLength
    let longest = prompts.map(\.count).max() ?? 0
    let capacity = min(context, longest + max(1, settings.maxNewTokens))
    let bytes = KeyValueCache.bytes(model.configuration, capacity: capacity)
    let slots = max(
      1, min(batch, Self.slotsMax, prompts.count, Self.cacheBytes / max(1, bytes)))
    let cache = KeyValueCache(
      model.configuration, slots: slots, capacity: capacity, backend: model.backend)
    var results = [Generated?](repeating: nil, count: prompts.count)
    var active: [TextInProgress] = []
    var free = Array((0..<slots).reversed())
    var next = 0, finished = 0, tokens = 0

    if settings.maxNewTokens < 1 {
      return prompts.map { _ in Generated(ids: [], text: "", finish: .length, topGaps: []) }
    }
    while finished < prompts.count {
      var rows: [LanguageModel.NextToken] = []
      var wanted: [Int] = []
      for text in active {
        guard let last = text.ids.last else { continue }
        wanted.append(rows.count)
        rows.append(LanguageModel.NextToken(slot: text.slot, id: last))
      }
      while next < prompts.count, rows.count < Self.promptTokens, let slot = free.popLast() {
        cache.clear(slot)
        rows += prompts[next].map { LanguageModel.NextToken(slot: slot, id: $0) }
        wanted.append(rows.count - 1)
        active.append(
          TextInProgress(
            prompt: next, after: prompts[next], slot: slot,
            sampler: Sampler(settings, prompt: promptIndex + next), settings: settings,
            limit: min(settings.maxNewTokens, context - prompts[next].count),
            tokenizer: tokenizer))
        next += 1
      }
      let logits = model.advance(cache, rows, wanted: wanted)
      for index in active.indices {
        let row = logits.rows(index..<index + 1).values()
        guard let choice = row.withUnsafeBufferPointer({ active[index].choice($0) }) else {
          throw Self.notFinite(promptIndex + active[index].prompt)
        }
        active[index].append(choice)
        tokens += 1
      }
      for index in active.indices where active[index].finish != nil {
        results[active[index].prompt] = active[index].result()
        free.append(active[index].slot)
        finished += 1
      }
      active.removeAll { $0.finish != nil }
      try progress?(Progress(finished: finished, total: prompts.count, tokens: tokens))
    }
    return results.compactMap(\.self)
  }

  private func check(_ prompts: [[Int32]], _ first: Int) throws {
    let (context, vocabulary) = (
      model.configuration.contextLength, model.configuration.vocabularySize
    )
    for (index, prompt) in prompts.enumerated() {
      if prompt.isEmpty {
        throw Diagnostic(
          "generation.empty-prompt", "prompt \(first + index) has no tokens, expected at least 1",
          fix: "give a prompt, or a tokenizer that adds a beginning-of-text token"
        ).failure(.badInput)
      }
      if prompt.count >= context {
        throw Diagnostic(
          "generation.prompt-too-long",
          "prompt \(first + index) has \(prompt.count) tokens, expected fewer than the model's "
            + "context of \(context)", fix: "shorten the prompt"
        ).failure(.badInput)
      }
      if let id = prompt.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
        throw Diagnostic(
          "generation.id",
          "prompt \(first + index) holds the id \(id), expected ids below \(vocabulary)",
          fix: "use the tokenizer that belongs to the model"
        ).failure(.badInput)
      }
    }
  }

  private static func notFinite(_ prompt: Int) -> Failure {
    Diagnostic(
      "generation.not-finite", "the model's logits for prompt \(prompt) are not finite",
      fix: "the weights hold NaN or infinity, or are too large; use an earlier checkpoint"
    ).failure(.badInput)
  }
}
