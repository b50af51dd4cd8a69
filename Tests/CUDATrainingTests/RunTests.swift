import CUDADevices
import Diagnostics
import EmulatedCards
import Generation
import ModelFiles
import Models
import Tensors
import TestSupport
import Testing
import Tokenization
import Training

/// Whole runs on an emulated card: training that ends and goes on, and texts.
@Suite struct RunTests {
  static func settings(_ kind: OptimizerSettings.Kind) -> TrainingSettings {
    var settings = TrainingSettings(
      batching: BatchSettings(
        microBatchSize: 2, gradientAccumulationSteps: 2, sequenceLength: 12,
        samplePacking: false, seed: 5),
      epochs: 1, stepsMax: 5, learningRate: 0.01)
    settings.optimizer = OptimizerSettings(kind: kind, weightDecay: 0.01)
    settings.saving = .steps(2)
    settings.usesDropout = true
    return settings
  }

  static func trainer(
    _ model: LanguageModel, _ host: CardHost, _ kind: OptimizerSettings.Kind = .adamw
  ) -> Trainer {
    Trainer(
      model: model, objective: TokenObjective(CardModel.examples(12)), validation: nil,
      settings: settings(kind), host: host)
  }

  @Test(
    "a run that dies after a checkpoint goes on to the bits of one that does not",
    arguments: [OptimizerSettings.Kind.adamw, .adamw8bit, .pagedAdamW])
  func resume(kind: OptimizerSettings.Kind) throws {
    let whole = try CardModel.model(CardModel.adapter, on: EmulatedDevice())
    let calm = CardHost(try TemporaryFolder())
    _ = try Self.trainer(whole, calm, kind).run()

    let host = CardHost(try TemporaryFolder())
    host.diesAfterSaves = 1
    let first = try CardModel.model(CardModel.adapter, on: EmulatedDevice())
    #expect(throws: CardHost.Death.self) { try Self.trainer(first, host, kind).run() }
    host.diesAfterSaves = nil
    let second = try CardModel.model(CardModel.adapter, on: EmulatedDevice())
    _ = try Self.trainer(second, host, kind).run()
    #expect(host.steps.map(\.step) == [1, 2, 3, 4, 5])
    #expect(host.steps == calm.steps)
    #expect(CardModel.bits(second) == CardModel.bits(whole))
  }

  @Test("losses of a run are the host's")
  func losses() throws {
    let reports = try [nil, EmulatedDevice()].map { device in
      let host = CardHost(try TemporaryFolder())
      _ = try Self.trainer(CardModel.model(CardModel.adapter, on: device), host).run()
      return host.steps
    }
    #expect(reports[0].count == 5)
    for (a, b) in zip(reports[0], reports[1]) {
      // Five steps of AdamW, whose first divide small gradients by their own size.
      #expect(abs(a.loss - b.loss) < 2e-4, "step \(a.step): \(a.loss), \(b.loss)")
    }
  }

  @Test("a card that is lost ends the run with its code; another one goes on to the same bits")
  func lost() throws {
    let whole = try CardModel.model(CardModel.adapter, on: EmulatedDevice())
    _ = try Self.trainer(whole, CardHost(try TemporaryFolder())).run()

    let (device, host) = (EmulatedDevice(), CardHost(try TemporaryFolder()))
    host.afterStep = { [unowned host] in
      if host.steps.count == 3 {
        device.failure = ("adamw", CUDAProblem.lostDevice("emulated card", "gone"))
      }
    }
    let first = try CardModel.model(CardModel.adapter, on: device)
    let failure = try #require(throws: Failure.self) { try Self.trainer(first, host).run() }
    #expect(failure.diagnostics.map(\.code) == ["cuda.lost-device"])
    #expect(host.saved == [2])
    let second = try CardModel.model(CardModel.adapter, on: EmulatedDevice())
    _ = try Self.trainer(second, host).run()
    #expect(CardModel.bits(second) == CardModel.bits(whole))
  }

  @Test("a run that a card has no room for is refused, with a change that fits")
  func memory() throws {
    let device = EmulatedDevice()
    let model = try CardModel.model(CardModel.adapter, on: device)
    var settings = Self.settings(.adamw)
    settings.batching.microBatchSize = 4096
    settings.batching.sequenceLength = 256
    let needs = MemoryNeeds(
      model, batches: [BatchExtent(tokens: 4096 * 256, labels: 4096 * 256)], optimizerBytes: 0,
      keepsBest: true, isOnCard: true)
    let plan = MemoryPlan(needs, repeatedLayers: 0)
    #expect(!plan.entries.contains { $0.name == "program and rows" || $0.name == "best weights" })
    device.capacity = plan.total / 3
    let limit = try #require(model.backend.memoryLimit)
    #expect(limit == device.capacity)
    let failure = try #require(throws: Failure.self) {
      try MemoryPlan.fitting(needs, .auto, limit: limit, settings.batching)
    }
    #expect(failure.diagnostics.first?.code == "training.memory")
    #expect(failure.diagnostics.first?.fix?.contains("micro_batch_size") == true)
  }

  @Test("texts are the host's, and the same alone and with others")
  func texts() throws {
    let tokenizer = try Tokenizer(
      bytes: ByteTokenizerFile.bytes(), configuration: ByteTokenizerFile.configuration)
    var wide = CardModel.configuration
    wide.vocabularySize = 258
    func generator(_ device: EmulatedDevice?) throws -> Generator {
      Generator(
        model: try CardModel.model(.nothing, configuration: wide, on: device),
        tokenizer: tokenizer)
    }
    let prompts = CardModel.rows([9, 9, 14]).map { $0 }
    for temperature in [0, 0.8] {
      let settings = SamplingSettings(maxNewTokens: 6, temperature: temperature, seed: 4)
      let card = try generator(EmulatedDevice())
      let together = try card.generate(prompts, settings)
      #expect(try card.generate(prompts, settings, batch: 1) == together)
      #expect(try generator(nil).generate(prompts, settings).map(\.ids) == together.map(\.ids))
    }
  }
}
