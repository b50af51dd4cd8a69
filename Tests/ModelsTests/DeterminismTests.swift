import ModelFiles
import Models
import Parallelism
import Tensors
import Testing

/// The promises about bits: threads, packing, accumulation, switching the adapter.
@Suite struct DeterminismTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 211, hiddenSize: 48, intermediateSize: 100, layerCount: 3,
    headCount: 6, keyValueHeadCount: 2, headSize: 8, contextLength: 256,
    tiesWordEmbeddings: true)

  /// The same with experts in every layer but the second.
  static let sparse: ModelConfiguration = {
    var sparse = configuration
    sparse.flags.experts = DecoderFlags.Experts(
      count: 5, perToken: 2, intermediateSize: 36, normalizesWeights: true,
      auxiliaryLossCoefficient: 0.01, naming: .qwen)
    for index in [0, 2] { sparse.layers[index].isSparse = true }
    return sparse
  }()

  static func rows(_ lengths: [Int]) -> [[Int32]] {
    lengths.enumerated().map { row, length in
      (0..<length).map { Int32(($0 * 7 + row * 31 + $0 * $0 % 13) % 211) }
    }
  }

  static func model(
    threads: Int, _ trainable: Trainable, _ configuration: ModelConfiguration = configuration
  ) -> LanguageModel {
    .initialized(
      configuration, seed: 3, trainable: trainable, pool: ThreadPool(threads: threads))
  }

  static let adapter = Trainable.newAdapter(
    LoRASettings(rank: 4, alpha: 8, dropout: 0.1), seed: 5)

  /// The bits of every gradient after one step.
  static func gradients(_ model: LanguageModel, _ batch: TokenBatch) -> [UInt32] {
    for parameter in model.parameters where parameter.name.hasSuffix("lora_B.weight") {
      parameter.values.write((0..<parameter.values.count).map { Float($0 % 7 - 3) * 0.01 })
    }
    model.zeroGradients()
    model.forwardBackward(
      batch, PassOptions(dropoutKey: 99), .computed { $0.map { _ in -0.01 } })
    return model.parameters.flatMap { $0.gradient.values().map(\.bitPattern) }
  }

  @Test("gradients have the same bits with 1, 2 and 3 threads", arguments: [configuration, sparse])
  func threads(configuration: ModelConfiguration) {
    let batch = TokenBatch(predictingNextIn: Self.rows([130, 1, 64, 65, 200, 17]))
    for trainable in [Trainable.all, Self.adapter] {
      let one = Self.gradients(Self.model(threads: 1, trainable, configuration), batch)
      #expect(one == Self.gradients(Self.model(threads: 2, trainable, configuration), batch))
      #expect(one == Self.gradients(Self.model(threads: 3, trainable, configuration), batch))
      #expect(one.contains { $0 != 0 })
    }
  }

  @Test(
    "a packed row has the likelihoods and gradients it has alone",
    arguments: [configuration, sparse])
  func packing(configuration: ModelConfiguration) {
    let rows = Self.rows([50, 101, 7, 64])
    let packedModel = Self.model(threads: 2, Self.adapter, configuration)
    let aloneModel = Self.model(threads: 2, Self.adapter, configuration)
    for parameter in packedModel.parameters + aloneModel.parameters
    where parameter.name.hasSuffix("lora_B.weight") {
      parameter.values.write((0..<parameter.values.count).map { Float($0 % 7 - 3) * 0.01 })
    }
    let packed = packedModel.logProbabilities(TokenBatch(predictingNextIn: rows))
    let alone = rows.flatMap { aloneModel.logProbabilities(TokenBatch(predictingNextIn: [$0])) }
    #expect(packed.count == alone.count)
    #expect(zip(packed, alone).allSatisfy { abs($0 - $1) < 1e-5 })

    // With dropout too: masks are keyed by the row, not by its place.
    packedModel.zeroGradients()
    aloneModel.zeroGradients()
    var batch = TokenBatch(predictingNextIn: rows)
    batch.rowKeys = [11, 12, 13, 14]
    packedModel.forwardBackward(
      batch, PassOptions(dropoutKey: 7), .computed { $0.map { _ in -0.01 } })
    for (index, row) in rows.enumerated() {
      var single = TokenBatch(predictingNextIn: [row])
      single.rowKeys = [UInt64(11 + index)]
      aloneModel.forwardBackward(
        single, PassOptions(dropoutKey: 7), .computed { $0.map { _ in -0.01 } })
    }
    for (a, b) in zip(packedModel.parameters, aloneModel.parameters) {
      let norm = packedModel.gradientNorm(a) + 1e-3
      let difference = zip(a.gradient.values(), b.gradient.values()).map { abs($0 - $1) }.max() ?? 0
      #expect(Double(difference) < 1e-5 * norm, "\(a.name)")
    }
  }

  @Test("among equal experts the first ones are chosen, with equal weights")
  func ties() {
    let model = Self.model(threads: 2, .all, Self.sparse)
    func parameter(_ name: String) -> TrainableParameter? {
      model.parameters.first { $0.name == "model.layers.0.mlp." + name }
    }
    guard let router = parameter("gate.weight") else {
      Issue.record("a router learns")
      return
    }
    router.values.write([Float](repeating: 0, count: router.values.count))
    model.forwardBackward(
      TokenBatch(predictingNextIn: Self.rows([40])), PassOptions(),
      .computed { $0.map { _ in -0.1 } })
    let learning = (0..<5).filter { expert in
      parameter("experts.\(expert).down_proj.weight").map { model.gradientNorm($0) > 0 } ?? false
    }
    #expect(learning == [0, 1])
    // The router learns from the first two and moves no weight to the others by them alone.
    #expect(model.gradientNorm(router) > 0)
  }

  @Test("a text has the same bits whatever texts it is written with")
  func generation() {
    let model = Self.model(threads: 2, .nothing, Self.sparse)
    let rows = Self.rows([9, 17, 4])
    func logits(_ texts: [Int]) -> [[Float]] {
      let cache = KeyValueCache(
        model.configuration, slots: texts.count, capacity: 32, backend: model.backend)
      let tokens = texts.enumerated().flatMap { slot, text in
        rows[text].map { LanguageModel.NextToken(slot: slot, id: $0) }
      }
      var last = -1
      let wanted = texts.map { text in
        last += rows[text].count
        return last
      }
      let matrix = model.advance(cache, tokens, wanted: wanted)
      return texts.indices.map { matrix.rows($0..<$0 + 1).values() }
    }
    let together = logits([0, 1, 2])
    for text in rows.indices { #expect(logits([text])[0] == together[text]) }
  }

  @Test("an empty batch and a batch without labels change nothing")
  func empty() {
    let model = Self.model(threads: 2, .all)
    #expect(model.logProbabilities(TokenBatch(ids: [], starts: [0], labels: [])).isEmpty)
    let unlabelled = TokenBatch(ids: [1, 2, 3], starts: [0, 3], labels: [-100, -100, -100])
    #expect(
      model.forwardBackward(
        unlabelled, PassOptions(dropoutKey: nil), .computed { $0 }
      ).isEmpty)
    #expect(model.parameters.allSatisfy { $0.gradient.values().allSatisfy { $0 == 0 } })
  }

  @Test("names follow Hugging Face and PEFT, in the order of their bytes")
  func names() {
    let full = Self.model(threads: 1, .all)
    #expect(full.parameters.count == 2 + 3 * 9)
    #expect(full.parameters.first?.name == "model.embed_tokens.weight")
    #expect(full.parameters.filter { !$0.decays }.count == 7)
    let adapter = Self.model(threads: 1, Self.adapter)
    #expect(
      adapter.parameters.first?.name
        == "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight")
    #expect(adapter.parameters.count == 3 * 7 * 2)
  }
}
