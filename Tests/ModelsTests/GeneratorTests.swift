import Generation
import ModelFiles
import Models
import Parallelism
import Tensors
import TestSupport
import Testing
import Tokenization

/// Texts written from prompts that begin alike.
@Suite struct GeneratorTests {
  static let configurations: [ModelConfiguration] = LikelihoodScorerTests.configurations.map {
    var wide = $0
    wide.vocabularySize = 258
    return wide
  }

  static func prompts() -> [[Int32]] {
    let shots = DeterminismTests.rows([50])[0]
    let questions = (0..<4).map { shots + DeterminismTests.rows([3 + 5 * $0])[0] }
    return [questions[0], questions[0], questions[0], questions[1], questions[2], questions[2]]
      + [questions[3], shots + [9], questions[3]]
  }

  @Test(
    "a text has the same bits alone and with others, in any batch, with 1, 2 and 3 threads",
    arguments: configurations)
  func sameBits(configuration: ModelConfiguration) throws {
    let tokenizer = try Tokenizer(
      bytes: ByteTokenizerFile.bytes(), configuration: ByteTokenizerFile.configuration)
    func generator(_ threads: Int) -> Generator {
      Generator(
        model: DeterminismTests.model(threads: threads, .nothing, configuration),
        tokenizer: tokenizer)
    }
    let prompts = Self.prompts()
    for temperature in [0, 0.8] {
      let settings = SamplingSettings(maxNewTokens: 12, temperature: temperature, seed: 4)
      let together = try generator(2).generate(prompts, settings)
      for batch in [1, 2, 3] {
        #expect(try generator(2).generate(prompts, settings, batch: batch) == together)
      }
      #expect(try generator(1).generate(prompts, settings) == together)
      #expect(try generator(3).generate(prompts, settings) == together)
      for (index, prompt) in prompts.enumerated() {
        #expect(
          try generator(2).generate([prompt], settings, promptIndex: index) == [together[index]])
      }
    }
  }

  @Test("what a text is drawn by is its key: other keys are other texts of a prompt")
  func keys() throws {
    let tokenizer = try Tokenizer(
      bytes: ByteTokenizerFile.bytes(), configuration: ByteTokenizerFile.configuration)
    let generator = Generator(
      model: DeterminismTests.model(threads: 2, .nothing, Self.configurations[0]),
      tokenizer: tokenizer)
    let settings = SamplingSettings(maxNewTokens: 12, temperature: 1, seed: 4)
    let prompt = Self.prompts()[0]
    let texts = try generator.generate(
      [7, 8, 7].map { Generator.Prompt(ids: prompt, sampleKey: $0) }, settings
    ) { _ in }
    #expect(texts[0] == texts[2] && texts[0] != texts[1])
  }

  /// The logits of a prompt taken in at once against those of one token after the other.
  @Test(
    "a prompt taken in whole has the logits of its tokens one by one", arguments: configurations)
  func prompts(configuration: ModelConfiguration) {
    if configuration.ropes.contains(where: \.dependsOnLength) { return }
    let model = DeterminismTests.model(threads: 2, .nothing, configuration)
    let ids = Self.prompts()[4]
    let cache = KeyValueCache(
      model.configuration, capacities: [40, 60, 80], backend: model.backend)
    cache.clear(1, following: 0)
    let whole = model.takeIn(
      cache,
      [
        LanguageModel.SlotText(slot: 0, ids: Array(ids[..<33])),
        LanguageModel.SlotText(slot: 1, ids: Array(ids[33...])),
      ], wanted: 1, longest: ids.count
    ).values()
    for (position, id) in ids.enumerated() {
      let logits = model.advance(
        cache, [LanguageModel.NextToken(slot: 2, id: id)], wanted: [0]
      ).values()
      if position + 1 < ids.count { continue }
      for (a, b) in zip(logits, whole) { #expect(abs(a - b) < 1e-4) }
    }
  }
}
