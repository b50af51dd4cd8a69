import Generation
import ModelFiles
import Models
import Parallelism
import Reproducibility
import Tensors
import TestSupport
import Testing
import Tokenization

/// A small language model that was really trained: likelihood and text as transformers gives them.
@Suite(.enabled(if: SharedMaterial.models.exists, "the models are absent"))
struct StoriesTests {
  static let prompt =
    "Once upon a time, there was a little girl named Lily. She loved to play outside in the park."
  static let continuation =
    " One day, she saw a big, red ball. She wanted to play with it, but it was too high.\n"
    + "Lily's mom said, \"Lily, let's go to the park.\" Lily was sad and"

  let tree: FileTree
  let model: LanguageModel
  let tokenizer: Tokenizer

  init() throws {
    tree = try FileTree(folder: SharedMaterial.models.path("stories260k"))
    tokenizer = try Tokenizer(tree)
    model = try LanguageModel.load(
      ModelFolder(tree), trainable: .nothing, pool: ThreadPool(threads: 2))
  }

  @Test("the prompt has the stated ids and mean NLL")
  func likelihood() {
    let ids = tokenizer.encode(Self.prompt, addSpecialTokens: true, parseSpecial: false)
    #expect(ids.count == 32)
    #expect(Array(ids.prefix(8)) == [1, 403, 407, 261, 378, 432, 383, 286])
    let logp = CompletionScorer(model: model).logProbabilities(ofText: ids)
    #expect(logp.count == 31)
    #expect(abs(meanNLL(logp) - 0.180356) < 1e-6)
  }

  @Test("the greedy text is the stated one")
  func greedy() throws {
    let ids = tokenizer.encode(Self.prompt, addSpecialTokens: true, parseSpecial: false)
    let text = try Generator(model: model, tokenizer: tokenizer)
      .generate([ids], SamplingSettings(maxNewTokens: 64))[0]
    #expect(text.text.hasPrefix(Self.continuation))
    #expect(text.finish == .length)
    #expect(text.ids.count == 64)
    #expect(text.topGaps.count == 64)
    #expect(text.topGaps.allSatisfy { $0 > 0 })
  }

  @Test("texts and gaps have the same bits in any batch, with 1 and 2 threads, greedy and drawn")
  func batches() throws {
    let prompts = [
      "Once upon a time", "The dog", "Tim and Sue went to the park. They saw a big", "A",
      "Lily was sad. She", "One day,", "The sun",
    ].map { tokenizer.encode($0, addSpecialTokens: true, parseSpecial: false) }
    for temperature in [0, 0.9] {
      let settings = SamplingSettings(
        maxNewTokens: 40, temperature: temperature, topK: 50, topP: 0.95, seed: 3,
        stopStrings: ["\n", "mom"])
      let generator = Generator(model: model, tokenizer: tokenizer)
      let together = try generator.generate(prompts, settings)
      #expect(try generator.generate(prompts, settings, batch: 1) == together)
      #expect(try generator.generate(prompts, settings, batch: 3) == together)
      for (index, prompt) in prompts.enumerated() {
        let alone = try generator.generate([prompt], settings, promptIndex: index)
        #expect(alone == [together[index]])
      }
      let single = try LanguageModel.load(
        ModelFolder(tree), trainable: .nothing, pool: ThreadPool(threads: 1))
      #expect(
        try Generator(model: single, tokenizer: tokenizer).generate(prompts, settings)
          == together)
      #expect(together.allSatisfy { !$0.text.contains("\n") && !$0.text.contains("mom") })
    }
  }

  @Test("cached generation gives the logits of a whole pass")
  func cache() throws {
    let ids = tokenizer.encode(Self.prompt, addSpecialTokens: true, parseSpecial: false)
    let batch = TokenBatch(ids: ids, starts: [0, ids.count], labels: ids.map { _ in -100 })
    let whole = model.logits(batch, positions: Array(ids.indices))
    let cache = KeyValueCache(
      model.configuration, slots: 2, capacity: 64, backend: model.backend)
    for (position, id) in ids.enumerated() {
      let logits = model.advance(
        cache, [LanguageModel.NextToken(slot: 1, id: id)], wanted: [0]
      ).values()
      for (a, b) in zip(logits, whole[position]) { #expect(abs(a - b) < 2e-4) }
    }
  }

  @Test("a prompt that is empty, too long or of another vocabulary is refused")
  func refusals() {
    let generator = Generator(model: model, tokenizer: tokenizer)
    let cases: [([Int32], String)] = [
      ([], "generation.empty-prompt: prompt 0 has no tokens, expected at least 1"),
      (
        Array(repeating: 1, count: 512),
        "generation.prompt-too-long: prompt 0 has 512 tokens, expected fewer than the model's "
          + "context of 512"
      ),
      ([1, 512], "generation.id: prompt 0 holds the id 512, expected ids below 512"),
    ]
    for (prompt, message) in cases {
      #expect {
        try generator.generate([prompt], SamplingSettings())
      } throws: { "\($0)" == message }
    }
  }

  @Test("a text ends with the model's context")
  func contextEnd() throws {
    let ids = Array(repeating: Int32(403), count: 505)
    let text = try Generator(model: model, tokenizer: tokenizer)
      .generate([ids], SamplingSettings(maxNewTokens: 64))[0]
    #expect(text.finish == .length)
    #expect(text.ids.count == 7)
  }
}
