import CUDADevices
import CountedCards
import Diagnostics
import EmulatedCards
import ModelFiles
import Models
import Parallelism
import Tensors
import TestSupport
import Testing
import Training

/// The plan of a card's memory against what is taken, of large models without their cells and of small
/// ones with them.
@Suite struct CardMemoryTests {
  /// What a context, its stacks and the rounding of allocations take of a card beside the plan.
  private static let ofDriver = 700_000_000

  /// One step, from the memory of its activations to the optimizer's.
  private static func step(_ model: LanguageModel, tokens: Int, _ plan: MemoryPlan) throws {
    model.repeatedLayers = plan.repeatedLayers
    model.offloads = plan.offloads
    model.reserve(tokens: tokens, labels: tokens - 1)
    let vocabulary = model.configuration.vocabularySize
    let batch = TokenBatch(
      predictingNextIn: [(0..<tokens).map { Int32($0 * 7 % vocabulary) }])
    model.zeroGradients()
    model.forwardBackward(
      batch, PassOptions(), .known(Array(repeating: -1, count: tokens - 1)))
    try model.backend.check()
  }

  private static func optimize(_ model: LanguageModel, _ kind: OptimizerSettings.Kind) throws {
    let folder = try TemporaryFolder()
    let optimizer = Optimizer(
      OptimizerSettings(kind: kind), parameters: model.parameters, learningRate: 1e-4,
      backend: model.backend)
    try optimizer.prepare(scratchFolder: folder.path)
    optimizer.step(learningRate: 1e-4, gradientScale: 1 / max(1, optimizer.gradientNorm()))
    try model.backend.check()
  }

  struct Fit: Sendable {
    let shape: PublishedShape
    let limit: Int
    let repeatsAll: Bool
  }

  @Test(
    "QLoRA of published shapes fits, and its step takes what was planned",
    arguments: [
      Fit(shape: .llama2Of7B, limit: 8_000_000_000, repeatsAll: true),
      Fit(shape: .mistral7B, limit: 8_000_000_000, repeatsAll: true),
      Fit(shape: .llama3Of8B, limit: 10_000_000_000, repeatsAll: true),
      Fit(shape: .llama3Of70B, limit: 48_000_000_000, repeatsAll: true),
    ])
  func published(fit: Fit) throws {
    let device = CountingDevice(capacity: fit.limit)
    let backend = try CUDABackend(device, pool: ThreadPool(threads: 1), products: .bfloat16)
    let model = try fit.shape.qlora(backend)
    let needs = PublishedShape.needs(model, tokens: 2048)
    let plan = try MemoryPlan.fitting(
      needs, .auto, limit: fit.limit - Self.ofDriver,
      BatchSettings(microBatchSize: 1, gradientAccumulationSteps: 1, sequenceLength: 2048))
    #expect(plan.total + Self.ofDriver <= fit.limit, "\(plan.table)")
    try Self.step(model, tokens: 2048, plan)
    // A moment of each: its pages go to the host's disk, 80 MB of them.
    if fit.shape == .llama2Of7B { try Self.optimize(model, .pagedAdamW8bit) }
    let planned = plan.total - needs.codeBytes
    #expect(
      abs(device.peakBytes - planned) <= planned / 20,
      "\(device.peakBytes) of \(planned):\n\(plan.table)")
  }

  @Test("a shape that does not fit is refused with what would make it fit")
  func refused() throws {
    let backend = try CUDABackend(
      CountingDevice(), pool: ThreadPool(threads: 1), products: .bfloat16)
    let needs = PublishedShape.needs(try PublishedShape.llama3Of70B.qlora(backend), tokens: 2048)
    let settings = BatchSettings(
      microBatchSize: 1, gradientAccumulationSteps: 1, sequenceLength: 2048)
    let failure = try #require(throws: Failure.self) {
      _ = try MemoryPlan.fitting(needs, .on, limit: 46_000_000_000, settings)
    }
    #expect(
      failure.diagnostics.first?.fix?.hasPrefix("set gradient_checkpointing: offload (saves ")
        == true, "\(failure)")
    #expect(throws: Failure.self) {
      try MemoryPlan.fitting(needs, .auto, limit: 24_000_000_000, settings)
    }
  }

  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 512, hiddenSize: 64, intermediateSize: 128, layerCount: 3,
    headCount: 4, keyValueHeadCount: 2, headSize: 16, contextLength: 512,
    tiesWordEmbeddings: false)
  static let adapter = Trainable.newAdapter(LoRASettings(rank: 8, alpha: 8), seed: 5)

  @Test(
    "the plan of a small model is what an emulated card comes to hold",
    arguments: [
      (GradientCheckpointing.off, OptimizerSettings.Kind.adamw), (.on, .pagedAdamW8bit),
      (.offload, .adamw8bit),
    ])
  func small(_ mode: GradientCheckpointing, _ kind: OptimizerSettings.Kind) throws {
    let (device, tokens) = (EmulatedDevice(), 320)
    let model = LanguageModel.initialized(
      Self.configuration, seed: 3, trainable: Self.adapter, pool: ThreadPool(threads: 1),
      precision: WeightPrecision(linears: .nf4, tables: .bfloat16),
      backend: try CUDABackend(device, pool: ThreadPool(threads: 1)))
    let moments = MomentLayout(
      OptimizerSettings(kind: kind), model.parameters.map { ($0.name, $0.gradient.count) })
    let needs = MemoryNeeds(
      model, batches: [BatchExtent(tokens: tokens, labels: tokens - 1)],
      optimizerBytes: kind.isPaged ? 0 : moments.byteCount, keepsBest: false, isOnCard: true)
    let plan = try MemoryPlan.fitting(
      needs, mode, limit: nil,
      BatchSettings(microBatchSize: 1, gradientAccumulationSteps: 1, sequenceLength: tokens))
    #expect(plan.offloads == (mode == .offload))
    try Self.step(model, tokens: tokens, plan)
    try Self.optimize(model, kind)
    #expect(
      abs(device.peakBytes - plan.total) <= plan.total / 20,
      "\(device.peakBytes) of \(plan.total):\n\(plan.table)")
  }

  @Test(
    "layers' inputs that wait in the host's memory change no bit, and cross once each way",
    arguments: [(false, false), (true, false), (true, true)])
  func offload(isOnCard: Bool, hasNormsAfter: Bool) throws {
    var found: [[Float]] = [], bytes: [Int] = []
    var configuration = Self.configuration
    // Norms behind its branches: layers write their output when they are computed again.
    configuration.flags.hasNormsAfter = hasNormsAfter
    for offloads in [false, true] {
      let device = EmulatedDevice()
      let model = LanguageModel.initialized(
        configuration, seed: 3, trainable: Self.adapter, pool: ThreadPool(threads: 1),
        backend: isOnCard ? try CUDABackend(device, pool: ThreadPool(threads: 1)) : nil)
      for parameter in model.parameters where parameter.name.hasSuffix("lora_B.weight") {
        parameter.values.write((0..<parameter.values.count).map { Float($0 % 7 - 3) * 0.01 })
      }
      model.repeatedLayers = 3
      model.offloads = offloads
      var steps: [Float] = []
      for lengths in [[20, 1, 33, 9], [7, 12]] {
        let batch = TokenBatch(predictingNextIn: CardModel.rows(lengths))
        model.zeroGradients()
        steps += model.forwardBackward(
          batch, PassOptions(), .computed { $0.map { _ in -0.01 } })
        try model.backend.check()
        steps += model.parameters.flatMap { $0.gradient.values() }
      }
      found.append(steps)
      bytes.append(model.activationBytes(tokens: 63, labels: 59, gradients: true))
      // The last layer's stays where it is.
      if isOnCard { #expect(device.begun == (offloads ? 2 * 2 * 2 : 0)) }
      if offloads && isOnCard { #expect(device.hostBytes == 2 * 4 * 63 * 64) }
    }
    #expect(found[0] == found[1])
    #expect(bytes[0] - bytes[1] >= 2 * 4 * 63 * 64)
  }
}
