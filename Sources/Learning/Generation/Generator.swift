import Diagnostics
import ModelFiles
package import Models
import Parallelism
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

  /// A prompt, and what its text is drawn by.
  package struct Prompt: Sendable, Hashable {
    package var ids: [Int32]
    /// Two texts of one key, seed and prompt are the same.
    package var sampleKey: UInt64

    package init(ids: [Int32], sampleKey: UInt64) {
      self.ids = ids
      self.sampleKey = sampleKey
    }
  }

  /// Texts that grow at once: more rows make a product no faster.
  static let slotsMax = 64
  /// Prompt tokens that one step takes in, beyond which further prompts wait.
  static let promptTokens = 2048

  private let model: LanguageModel
  private let tokenizer: Tokenizer
  private let cacheBytes: Int

  /// - Parameter cacheBytes: what keys and values of texts that grow at once may take.
  package init(model: LanguageModel, tokenizer: Tokenizer, cacheBytes: Int = 256 << 20) {
    self.model = model
    self.tokenizer = tokenizer
    self.cacheBytes = cacheBytes
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
    let keyed = prompts.enumerated().map { index, ids in
      Prompt(
        ids: ids,
        sampleKey: UInt64(truncatingIfNeeded: promptIndex + index) << 24
          ^ UInt64(truncatingIfNeeded: settings.sample))
    }
    return try generate(keyed, settings, promptIndex: promptIndex, batch: batch) {
      try progress?($0)
    }
  }

  /// One text per prompt, in order.
  ///
  /// - Parameters:
  ///   - promptIndex: what errors call the first prompt.
  package func generate(
    _ prompts: [Prompt], _ settings: SamplingSettings, promptIndex: Int = 0, batch: Int = 64,
    _ progress: (Progress) throws -> Void
  ) throws -> [Generated] {
    try check(prompts.map(\.ids), promptIndex)
    if settings.maxNewTokens < 1 {
      return prompts.map { _ in Generated(ids: [], text: "", finish: .length, topGaps: []) }
    }
    let steering =
      settings.isJSON
      ? JSONSteering(try JSONVocabulary(tokenizer, model.configuration.vocabularySize)) : nil
    let slots = PromptSlots(
      prompts.map(\.ids), model, room: settings.maxNewTokens, batch: min(batch, Self.slotsMax),
      bytes: cacheBytes)
    var results = [Generated?](repeating: nil, count: prompts.count)
    var active: [TextInProgress] = []
    var finished = 0, tokens = 0

    func step(_ logits: Matrix, _ range: Range<Int>) throws {
      let texts = active
      // Where no text needs its logits here, only the tokens leave the device.
      let choices =
        texts[range].contains(where: \.needsLogits)
        ? try model.backend.pool.map(Array(range)) { index in
          logits.rows(index - range.lowerBound..<index - range.lowerBound + 1).values()
            .withUnsafeBufferPointer { texts[index].choice($0) }
        } : model.backend.sample(logits, texts[range].map(\.draw))
      for (index, choice) in zip(range, choices) {
        guard let choice else {
          try model.backend.check()
          throw Self.notFinite(promptIndex + active[index].prompt)
        }
        if settings.keepsLogits {
          let row = index - range.lowerBound
          logits.rows(row..<row + 1).values().withUnsafeBufferPointer { active[index].keep($0) }
        }
        active[index].append(choice)
        tokens += 1
      }
    }
    while finished < prompts.count {
      let grown = active.count
      if grown > 0 {
        let rows = active.map { LanguageModel.NextToken(slot: $0.slot, id: $0.ids.last ?? 0) }
        try step(model.advance(slots.cache, rows, wanted: Array(rows.indices)), 0..<grown)
      }
      for text in slots.admit(tokens: Self.promptTokens) {
        active.append(
          TextInProgress(
            prompt: text.prompt, after: prompts[text.prompt].ids, slot: text.slot,
            sampler: Sampler(settings, key: prompts[text.prompt].sampleKey), settings: settings,
            limit: min(
              settings.maxNewTokens,
              model.configuration.contextLength - prompts[text.prompt].ids.count),
            tokenizer: tokenizer, steering: steering))
      }
      if active.count > grown { try step(slots.takeIn(), grown..<active.count) }
      for index in active.indices where active[index].finish != nil {
        results[active[index].prompt] = active[index].result()
        slots.release(active[index].slot)
        finished += 1
      }
      active.removeAll { $0.finish != nil }
      try progress(Progress(finished: finished, total: prompts.count, tokens: tokens))
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
