import Generation
import ModelFiles
import Models
import Parallelism
import Tensors
import Testing

/// Likelihoods of texts that share their beginnings.
@Suite struct LikelihoodScorerTests {
  static let windowed: ModelConfiguration = {
    var windowed = DeterminismTests.configuration
    for index in windowed.layers.indices where index != 1 { windowed.layers[index].window = 20 }
    return windowed
  }()

  static let dynamic: ModelConfiguration = {
    var dynamic = DeterminismTests.configuration
    dynamic.ropes[0].scaling = .dynamic(factor: 2, originalContextLength: 40)
    return dynamic
  }()

  static let configurations = [
    DeterminismTests.configuration, DeterminismTests.sparse, windowed, dynamic,
  ]

  /// Few-shot texts: a common beginning, questions, and answers to each, some of them the same.
  static let texts: [LabelledText] = {
    let shots = DeterminismTests.rows([61])[0]
    return (0..<5).flatMap { question in
      let ids =
        shots + DeterminismTests.rows([9 + 3 * question])[0].map { ($0 + Int32(question)) % 211 }
      return (0..<3).map { answer in
        let whole = ids + [Int32(100 + answer % 2), 7, Int32(answer)].prefix(question + 1)
        return LabelledText(
          ids: whole,
          labels: whole.indices.map { position in
            position < ids.count - 1
              ? TokenBatch.ignored : position + 1 < whole.count ? whole[position + 1] : 42
          })
      }
    }
  }()

  static func bits(_ measures: [[LabelMeasure]]) -> [[UInt32]] {
    measures.map { $0.map { $0.logProbability.bitPattern ^ ($0.isLikeliest ? 1 << 31 : 0) } }
  }

  @Test(
    "a text has the same bits alone, in any call, order, pass and with any number of threads",
    arguments: configurations)
  func sameBits(configuration: ModelConfiguration) {
    let model = DeterminismTests.model(threads: 2, .nothing, configuration)
    let texts = Self.texts
    let together = Self.bits(LikelihoodScorer(model: model).measure(texts))
    #expect(together.flatMap(\.self).count == texts.flatMap(\.labels).count { $0 >= 0 })
    for (index, text) in texts.enumerated() {
      let alone = LikelihoodScorer(model: model).measure([text])
      #expect(Self.bits(alone)[0] == together[index])
    }
    let scorer = LikelihoodScorer(model: model, tokensPerPass: 37)
    for start in stride(from: 0, to: texts.count, by: 4) {
      let part = start..<min(texts.count, start + 4)
      #expect(Self.bits(scorer.measure(Array(texts[part]))) == Array(together[part]))
    }
    #expect(Self.bits(scorer.measure(texts.reversed())) == together.reversed())
    let forgetful = LikelihoodScorer(model: model, tokensPerPass: 1, keptBytes: 0)
    #expect(Self.bits(forgetful.measure(texts)) == together)
    for threads in [1, 3] {
      let other = DeterminismTests.model(threads: threads, .nothing, configuration)
      #expect(Self.bits(LikelihoodScorer(model: other).measure(texts)) == together)
    }
  }

  /// Two orders of sums: with K terms of a dot product and L layers, rounding of a logit is about
  /// L · √K · 2⁻²⁴ of its size, here below 4; ten times that is allowed.
  @Test("sharing gives what a whole pass over the text gives", arguments: configurations)
  func wholePass(configuration: ModelConfiguration) {
    let model = DeterminismTests.model(threads: 2, .nothing, configuration)
    let bound = 10.0 * 4 * 3 * 10 * 0x1p-24
    for (text, measures) in zip(Self.texts, LikelihoodScorer(model: model).measure(Self.texts)) {
      let batch = TokenBatch(ids: text.ids, starts: [0, text.ids.count], labels: text.labels)
      let plain = model.logProbabilities(batch)
      let logits = model.logits(batch, positions: batch.labelledPositions)
      #expect(plain.count == measures.count)
      for (index, measure) in measures.enumerated() {
        #expect(abs(Double(measure.logProbability - plain[index])) < bound)
        let best = logits[index].indices.max { logits[index][$0] < logits[index][$1] }
        let label = text.labels[batch.labelledPositions[index]]
        #expect(measure.isLikeliest == (best == Int(label)))
      }
    }
  }

  @Test("a label that the model expects most is the likeliest")
  func likeliest() {
    let model = DeterminismTests.model(threads: 2, .nothing)
    let ids = DeterminismTests.rows([30])[0]
    let batch = TokenBatch(ids: ids, starts: [0, 30], labels: ids.map { _ in -100 })
    let logits = model.logits(batch, positions: [29])[0]
    let best = Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
    for label in [best, (best + 1) % 211] {
      let labels = [Int32](repeating: -100, count: 29) + [label]
      let measure = LikelihoodScorer(model: model).measure([LabelledText(ids: ids, labels: labels)])
      #expect(measure[0][0].isLikeliest == (label == best))
    }
  }
}
