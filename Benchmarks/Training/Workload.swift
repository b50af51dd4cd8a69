import Foundation
import ModelFiles
import Models
import Tensors
import Training

/// One kind of step on one model, as the peer does it.
final class Workload {
  private let options: BenchOptions
  private let model: LanguageModel
  private let optimizer: Optimizer?
  private static let learningRate = 1e-4

  init(_ options: BenchOptions, _ model: LanguageModel) throws {
    self.options = options
    self.model = model
    optimizer =
      model.parameters.isEmpty
      ? nil
      : Optimizer(
        OptimizerSettings(), parameters: model.parameters, learningRate: Self.learningRate,
        backend: model.backend)
    model.repeatedLayers = options.repeatedLayers
    try optimizer?.prepare()
  }

  /// Bytes of the process at the largest step, before there was one.
  var plannedBytes: Int {
    let memory = model.memory
    let held = memory.total + MemoryNeeds.programAlone
    switch options.method {
    case .lora, .qlora, .full, .dpo:
      let rows = options.method == .dpo ? 2 * options.batch : min(options.micro, options.batch)
      let extent = BatchExtent(
        tokens: rows * options.sequence, labels: rows * (options.sequence - 1))
      let moments = 8 * memory.learningCells
      let needs = MemoryNeeds(
        model, batches: [extent], optimizerBytes: moments, keepsBest: false,
        programBytes: MemoryNeeds.programAlone)
      return MemoryPlan(needs, repeatedLayers: options.repeatedLayers).total
    case .score:
      let rows = options.batch
      return held
        + model.activationBytes(
          tokens: rows * options.sequence, labels: rows * (options.sequence - 1),
          gradients: false)
    case .generate:
      return held
        + options.batch
        * KeyValueCache.bytes(model.configuration, capacity: options.prompt + options.new)
        + model.activationBytes(
          tokens: options.batch * options.prompt, labels: options.batch, gradients: false)
    }
  }

  /// Tokens counted of a step, and a loss to look at.
  func step(_ number: Int) -> (tokens: Int, loss: Double) {
    switch options.method {
    case .generate: generate(number)
    case .score: score(number)
    case .dpo: dpo(number)
    case .lora, .qlora, .full: language(number)
    }
  }

  /// One optimizer step; rows go through the model `micro` at a time.
  private func language(_ number: Int) -> (tokens: Int, loss: Double) {
    let rows = rows(number, options.batch)
    let labels = rows.reduce(0) { $0 + $1.count - 1 }
    var total = 0.0
    model.zeroGradients()
    for start in stride(from: 0, to: rows.count, by: options.micro) {
      let part = rows[start..<min(rows.count, start + options.micro)]
      let batch = TokenBatch(predictingNextIn: Array(part))
      let count = batch.labelledPositions.count
      let logp = model.forwardBackward(
        batch, PassOptions(), .known(Array(repeating: -1 / Float(labels), count: count)))
      total -= logp.reduce(0) { $0 + Double($1) }
    }
    update()
    return (rows.reduce(0) { $0 + $1.count }, total / Double(labels))
  }

  /// The reference is the model without its adapter, over the same rows, as part of the step.
  private func dpo(_ number: Int) -> (tokens: Int, loss: Double) {
    let batch = TokenBatch(predictingNextIn: rows(number, 2 * options.batch))
    let reference = model.withoutAdapter { sums(model.logProbabilities(batch)) }
    var loss = 0.0
    model.zeroGradients()
    model.forwardBackward(
      batch, PassOptions(),
      .computed { [self] logp in
        let margins = zip(sums(logp), reference).map { $0 - $1 }
        let (beta, pairs) = (0.1, options.batch)
        var slopes: [Double] = Array(repeating: 0, count: 2 * pairs)
        for pair in 0..<pairs {
          let x = beta * (margins[pair] - margins[pairs + pair])
          loss += log(1 + exp(-x)) / Double(pairs)
          slopes[pair] = -beta / (1 + exp(x)) / Double(pairs)
          slopes[pairs + pair] = -slopes[pair]
        }
        let labels = options.sequence - 1
        return slopes.flatMap { Array(repeating: Float($0), count: labels) }
      })
    update()
    return (batch.ids.count, loss)
  }

  private func score(_ number: Int) -> (tokens: Int, loss: Double) {
    let batch = TokenBatch(predictingNextIn: rows(number, options.batch))
    let logp = model.logProbabilities(batch)
    return (batch.ids.count, logp.reduce(0) { $0 + Double($1) } / Double(batch.ids.count))
  }

  /// Greedy, from the prompt on.
  private func generate(_ number: Int) -> (tokens: Int, loss: Double) {
    let prompts = rows(number, options.batch).map { Array($0.prefix(options.prompt)) }
    let cache = KeyValueCache(
      model.configuration, slots: prompts.count, capacity: options.prompt + options.new,
      backend: model.backend)
    var tokens = prompts.enumerated().flatMap { slot, prompt in
      prompt.map { LanguageModel.NextToken(slot: slot, id: $0) }
    }
    var wanted = prompts.indices.map { ($0 + 1) * options.prompt - 1 }
    for _ in 0..<options.new {
      let logits = model.advance(cache, tokens, wanted: wanted)
      let best = (0..<logits.rows).map { Self.greatest(logits.rows($0..<$0 + 1).values()) }
      tokens = best.enumerated().map { LanguageModel.NextToken(slot: $0.offset, id: $0.element) }
      wanted = Array(tokens.indices)
    }
    return (prompts.count * options.new, 0)
  }

  private static func greatest(_ logits: [Float]) -> Int32 {
    var best = 0
    for id in logits.indices where logits[id] > logits[best] { best = id }
    return Int32(best)
  }

  private func update() {
    guard let optimizer else { return }
    let norm = optimizer.gradientNorm()
    optimizer.step(
      learningRate: Self.learningRate, gradientScale: GradientClipping.scale(norm: norm, normMax: 1)
    )
  }

  /// Sums of each row's log-probabilities.
  private func sums(_ logp: [Float]) -> [Double] {
    let labels = options.sequence - 1
    return stride(from: 0, to: logp.count, by: labels).map {
      logp[$0..<$0 + labels].reduce(0) { $0 + Double($1) }
    }
  }

  /// Rows of ids without meaning, others in every step.
  private func rows(_ number: Int, _ count: Int) -> [[Int32]] {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
    let vocabulary = UInt64(model.configuration.vocabularySize)
    let length = options.method == .generate ? options.prompt : options.sequence
    return (0..<count).map { _ in
      (0..<length).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int32((state >> 33) % vocabulary)
      }
    }
  }
}
