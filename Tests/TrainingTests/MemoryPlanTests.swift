import Diagnostics
import ModelFiles
import Models
import Parallelism
import Testing
import Training

@Suite struct MemoryPlanTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 512, hiddenSize: 64, intermediateSize: 160,
    layerCount: 6, headCount: 4, keyValueHeadCount: 2, headSize: 16, contextLength: 256)

  static func needs(_ trainable: Trainable, _ batches: [BatchExtent]) -> MemoryNeeds {
    let model = LanguageModel.initialized(
      configuration, seed: 1, trainable: trainable, pool: ThreadPool(threads: 1))
    return MemoryNeeds(
      model, batches: batches, optimizerBytes: 8 * model.memory.learningCells, keepsBest: false,
      programBytes: 1 << 20)
  }

  static let adapter = Trainable.newAdapter(LoRASettings(rank: 4, alpha: 8), seed: 1)
  static let batch = BatchExtent(tokens: 1024, labels: 1000)
  static let settings = BatchSettings(
    microBatchSize: 4, gradientAccumulationSteps: 2, sequenceLength: 256)

  @Test("sizes are rounded to what one reads")
  func sizes() {
    #expect(MemoryPlan.text(310 << 20) == "310 MiB")
    #expect(MemoryPlan.text(1025) == "2 KiB")
    #expect(MemoryPlan.text(3 << 29) == "1.5 GiB")
    #expect(MemoryPlan.text((2 << 30) - 1) == "2.0 GiB")
  }

  @Test("weights, gradients and moments are counted to the byte")
  func exact() {
    let plan = MemoryPlan(Self.needs(.all, [Self.batch]), repeatedLayers: 0)
    let weights = 4 * Self.configuration.parameterCount
    let sizes = Dictionary(uniqueKeysWithValues: plan.entries.map { ($0.name, $0.bytes) })
    #expect(sizes["weights, float32"] == weights)
    #expect(sizes["gradients"] == weights)
    #expect(sizes["optimizer"] == 2 * weights)
    #expect(sizes["logits of 1000 labels"] == 4 * 512 * 1000)
    #expect(plan.total == plan.entries.reduce(0) { $0 + $1.bytes })
    #expect(plan.table.split(separator: "\n").count == plan.entries.count + 1)
  }

  @Test("auto computes as few layers again as the limit asks for, true all, false none")
  func checkpointing() throws {
    let needs = Self.needs(Self.adapter, [Self.batch])
    let all = MemoryPlan(needs, repeatedLayers: 6).total
    let none = MemoryPlan(needs, repeatedLayers: 0).total
    #expect(all < none)
    func layers(_ mode: GradientCheckpointing, _ limit: Int?) throws -> Int {
      try MemoryPlan.fitting(needs, mode, limit: limit, Self.settings).repeatedLayers
    }
    #expect(try layers(.auto, nil) == 0)
    #expect(try layers(.auto, none) == 0)
    #expect(try layers(.on, none) == 6)
    #expect(try layers(.auto, all) == 6)
    for limit in stride(from: all, to: none, by: (none - all) / 7) {
      let chosen = try layers(.auto, limit)
      #expect(MemoryPlan(needs, repeatedLayers: chosen).total <= limit)
      #expect(MemoryPlan(needs, repeatedLayers: max(0, chosen - 1)).total > limit)
    }
    #expect(throws: Failure.self) { try layers(.off, none - 1) }
    #expect(throws: Failure.self) { try layers(.auto, all - 1) }
  }

  @Test("a refusal names the cheapest change that fits first, and what the others save")
  func refusal() throws {
    let needs = Self.needs(.all, [Self.batch])
    let total = MemoryPlan(needs, repeatedLayers: 0).total
    let failure = try #require(throws: Failure.self) {
      _ = try MemoryPlan.fitting(needs, .off, limit: total - 1, Self.settings)
    }
    let diagnostic = try #require(failure.diagnostics.first)
    #expect(diagnostic.code == "training.memory")
    let fix = try #require(diagnostic.fix)
    #expect(fix.hasPrefix("set gradient_checkpointing: true (saves "))
    for change in [
      "; or micro_batch_size: 2 and gradient_accumulation_steps: 4 (saves ",
      "optimizer: adamw_8bit (saves ", "adapter: qlora (saves ", "sequence_len: 128 (saves ",
    ] { #expect(fix.contains(change), "\(change)") }
  }

  @Test("what cannot fit at all is said to be so")
  func hopeless() throws {
    let failure = try #require(throws: Failure.self) {
      _ = try MemoryPlan.fitting(
        Self.needs(Self.adapter, [Self.batch]), .auto, limit: 1, Self.settings)
    }
    let fix = try #require(failure.diagnostics.first?.fix)
    #expect(fix.hasPrefix("use a smaller model or more memory; not enough are micro_batch_size: 1"))
    #expect(!fix.contains("gradient_checkpointing"), "auto has done that already")
  }

  @Test("the largest batches cover every batch of the run", arguments: [false, true])
  func largest(packs: Bool) {
    let lengths = (0..<97).map { 3 + $0 * 37 % 61 }
    let trained = lengths.enumerated().map { max(1, $1 - $0 % 7 * 5) }
    let settings = BatchSettings(
      microBatchSize: 4, gradientAccumulationSteps: 2, sequenceLength: 64, samplePacking: packs)
    var plan = RunPlan(lengths: lengths, settings, epochs: 2.5)
    let largest = plan.largestBatches(trainedTokens: trained)
    var met: Set<BatchExtent> = []
    for step in 1...plan.totalSteps {
      for batch in plan.rows(of: step).microBatches {
        let extent = BatchExtent(
          tokens: batch.reduce(0) { $0 + lengths[$1] },
          labels: batch.reduce(0) { $0 + trained[$1] })
        met.insert(extent)
        #expect(
          largest.contains { $0.tokens >= extent.tokens && $0.labels >= extent.labels })
      }
    }
    #expect(Set(largest).isSubset(of: met))
  }
}
