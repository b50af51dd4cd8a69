import ModelFiles
import Models
import Parallelism
import Tensors
import Testing
import Training

/// Answers to one prompt that compute it once, against the same answers with the prompt written out.
@Suite struct SharedPrefixTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 211, hiddenSize: 48, intermediateSize: 100, layerCount: 3,
    headCount: 6, keyValueHeadCount: 2, headSize: 8, contextLength: 512)

  static func model(_ trainable: Trainable, window: Int?, threads: Int = 2) -> LanguageModel {
    var configuration = Self.configuration
    for index in configuration.layers.indices where index != 1 {
      configuration.layers[index].window = window
    }
    return .initialized(
      configuration, seed: 3, trainable: trainable, pool: ThreadPool(threads: threads))
  }

  static func tokens(_ count: Int, _ salt: Int) -> [Int32] {
    (0..<count).map { Int32(($0 * 7 + salt * 31 + $0 * $0 % 13) % 211) }
  }

  static func answers(prompt: Int, _ lengths: [Int], _ salt: Int) -> [LabelledSequence] {
    let prompt = tokens(prompt, salt)
    return lengths.enumerated().map { index, length in
      let answer = tokens(length, salt + 100 + index)
      return LabelledSequence(
        ids: prompt + answer,
        labels: Array(repeating: -100, count: prompt.count) + answer, key: UInt64(index))
    }
  }

  static let sequences =
    answers(prompt: 70, [33, 90], 1) + answers(prompt: 9, [5, 6], 2)
    + answers(prompt: 130, [1, 60, 17], 3) + answers(prompt: 48, [50], 4)

  @Test("the prompt is there once, with the labels in the same order")
  func layout() {
    let (shared, whole) = (
      TokenBatch(sharingPrefixes: Self.sequences), TokenBatch(Self.sequences)
    )
    #expect(whole.ids.count - shared.ids.count == 69 + 2 * 129)
    #expect(
      shared.labels.filter { $0 != -100 } == whole.labels.filter { $0 != -100 })
    #expect(shared.prefixes.compactMap(\.self).count == 5)
    let alone = [Self.sequences[0], Self.sequences[2]]
    #expect(TokenBatch(sharingPrefixes: alone).prefixes.isEmpty)
    #expect(TokenBatch(sharingPrefixes: alone).ids == TokenBatch(alone).ids)
    #expect(TokenBatch(sharingPrefixes: alone).labels == TokenBatch(alone).labels)
  }

  @Test(
    "likelihoods and gradients are those of whole sequences", arguments: [nil, 40] as [Int?],
    [Trainable.all, .newAdapter(LoRASettings(rank: 4, alpha: 8), seed: 5)])
  func values(window: Int?, trainable: Trainable) {
    let (shared, whole) = (
      TokenBatch(sharingPrefixes: Self.sequences), TokenBatch(Self.sequences)
    )
    func run(_ batch: TokenBatch, threads: Int) -> (logp: [Float], gradients: [[Float]]) {
      let model = Self.model(trainable, window: window, threads: threads)
      for parameter in model.parameters where parameter.name.hasSuffix("lora_B.weight") {
        parameter.values.write((0..<parameter.values.count).map { Float($0 % 7 - 3) * 0.01 })
      }
      model.zeroGradients()
      let logp = model.forwardBackward(
        batch, PassOptions(),
        .computed { $0.enumerated().map { Float($0.offset % 5 - 2) * 0.01 } })
      #expect(zip(model.logProbabilities(batch), logp).allSatisfy { abs($0 - $1) < 1e-5 })
      return (logp, model.parameters.map { $0.gradient.values() })
    }
    let (a, b) = (run(shared, threads: 2), run(whole, threads: 2))
    #expect(a.logp.count == b.logp.count)
    #expect(zip(a.logp, b.logp).allSatisfy { abs($0 - $1) < 1e-5 })
    for (x, y) in zip(a.gradients, b.gradients) {
      let norm = y.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let far = zip(x, y).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(far <= 2e-5 * norm)
    }
    let one = run(shared, threads: 1)
    #expect(one.logp == a.logp && one.gradients == a.gradients, "threads change no bit")
  }
}
