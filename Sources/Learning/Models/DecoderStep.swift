import ModelFiles
import Tensors

/// Forward and backward of a whole batch through a decoder, in one planned arena.
final class DecoderStep {
  private let decoder: Decoder
  private let arena: Arena
  private let plan: StepPlan
  private let pass: Pass
  private let wanted: [Int32]
  private let activations: [DecoderLayer.Activations]

  struct Options {
    var gradients = false
    var adapterIsOn = true
    var dropoutKey: UInt64?
  }

  /// - Parameter wanted: positions whose logits are wanted.
  init(
    _ decoder: Decoder, backend: CPUBackend, arena: Arena, rotary: RotaryTable,
    batch: TokenBatch, wanted: [Int], _ options: Options
  ) {
    self.decoder = decoder
    self.arena = arena
    self.wanted = wanted.map(Int32.init)
    let ranks = options.adapterIsOn ? decoder.ranks : decoder.ranks.map { $0.map { _ in 0 } }
    plan = StepPlan(
      decoder.shape,
      StepPlan.Needs(
        tokens: batch.ids.count, wanted: wanted.count, gradients: options.gradients,
        dropsOut: options.dropoutKey != nil, ranks: ranks))
    arena.prepare(plan.arena)
    pass = Pass(
      backend: backend, batch: batch, positions: Self.positions(batch), rotary: rotary,
      adapterIsOn: options.adapterIsOn, dropoutKey: options.dropoutKey,
      rowsAreIndependent: false,
      scratch: Pass.Scratch(
        partial: arena.matrix(plan.partial), dropped: arena.matrix(plan.dropped),
        low: arena.matrix(plan.low)))
    activations = plan.layers.map { DecoderLayer.Activations($0, arena) }
  }

  /// 0, 1, 2, … in each sequence.
  private static func positions(_ batch: TokenBatch) -> [Int32] {
    var positions = [Int32](repeating: 0, count: batch.ids.count)
    for sequence in 0..<batch.sequenceCount {
      let start = batch.starts[sequence]
      for t in start..<batch.starts[sequence + 1] { positions[t] = Int32(t - start) }
    }
    return positions
  }

  /// The residual stream through all layers, then normalized at the wanted positions.
  private func runLayers() {
    let (backend, shape) = (pass.backend, decoder.shape)
    let first = activations.first?.input ?? arena.matrix(plan.residual)
    backend.gather(first, decoder.embedding.values, pass.batch.ids)
    for (layer, saved) in zip(decoder.layers, activations) {
      layer.forward(saved, in: pass) { a in
        backend.attention(
          a.attention, a.logSumExp, a.qkv, starts: pass.batch.starts, shape.attention)
      }
    }
    let head = plan.head
    backend.gather(arena.matrix(head.input), arena.matrix(plan.residual), wanted)
    backend.rmsNorm(
      arena.matrix(head.normalized), arena.matrix(head.scale), arena.matrix(head.input),
      decoder.norm.values, epsilon: shape.epsilon)
  }

  private var chunks: [Range<Int>] {
    stride(from: 0, to: wanted.count, by: plan.head.chunk).map {
      $0..<min(wanted.count, $0 + plan.head.chunk)
    }
  }

  /// Where a chunk's logits are; `compute` fills them.
  private func logits(_ chunk: Range<Int>, compute: Bool) -> Matrix {
    let memory = arena.matrix(plan.head.logits)
    let logits = memory.rows(plan.head.keepsLogits ? chunk : 0..<chunk.count)
    if compute {
      pass.project(logits, arena.matrix(plan.head.normalized).rows(chunk), decoder.head.values)
    }
    return logits
  }

  /// log p(label) at the wanted positions.
  func logProbabilities(_ labels: [Int32]) -> [Float] {
    if wanted.isEmpty { return [] }
    runLayers()
    let (logp, lse) = (
      arena.matrix(plan.head.logProbability), arena.matrix(plan.head.logSumExp)
    )
    for chunk in chunks {
      pass.backend.crossEntropy(
        logp.rows(chunk), lse.rows(chunk), logits(chunk, compute: true),
        labels: Array(labels[chunk]))
    }
    return logp.values()
  }

  /// Logits at the wanted positions, chunk by chunk.
  func logits() -> [[Float]] {
    if wanted.isEmpty { return [] }
    runLayers()
    return chunks.flatMap { chunk in
      let logits = logits(chunk, compute: true)
      return (0..<chunk.count).map { logits.rows($0..<$0 + 1).values() }
    }
  }

  /// Adds the gradients of Σ dlogp · log p(label), after ``logProbabilities(_:)``.
  func backward(_ labels: [Int32], _ dlogp: [Float]) {
    guard let slots = plan.gradients, !wanted.isEmpty else { return }
    let dx = headBackward(slots, labels, dlogp)
    let gradients = DecoderLayer.Gradients(
      normalized: arena.matrix(slots.normalized), qkv: arena.matrix(slots.qkv),
      attention: arena.matrix(slots.attention), hidden: arena.matrix(slots.hidden))
    for index in decoder.layers.indices.reversed() {
      decoder.layers[index].backward(
        dx, activations[index], gradients, in: pass, inputLearns: decoder.learns || index > 0)
    }
    if let table = decoder.embedding.gradient { pass.backend.scatter(table, dx, pass.batch.ids) }
  }

  /// The gradient of the residual stream after the last layer.
  private func headBackward(
    _ slots: StepPlan.GradientSlots, _ labels: [Int32], _ dlogp: [Float]
  ) -> Matrix {
    let (backend, head) = (pass.backend, plan.head)
    let normalized = arena.matrix(head.normalized)
    let dNormalized = arena.matrix(slots.headNormalized)
    for chunk in chunks {
      let logits = logits(chunk, compute: !head.keepsLogits)
      backend.crossEntropyBackward(
        logits, arena.matrix(head.logSumExp).rows(chunk), labels: Array(labels[chunk]),
        dlogp: Array(dlogp[chunk]))
      backend.multiply(dNormalized.rows(chunk), logits, decoder.head.values)
      if let gradient = decoder.head.gradient {
        backend.multiplyTransposing(gradient, logits, normalized.rows(chunk))
      }
    }
    let dInput = arena.matrix(slots.headInput), dx = arena.matrix(slots.residual)
    backend.zero(dInput)
    backend.rmsNormBackward(
      dInput, decoder.norm.gradient, dNormalized, arena.matrix(head.input), decoder.norm.values,
      arena.matrix(head.scale),
      partial: pass.partial.reshaped(
        rows: CPUBackend.blockCount(wanted.count), columns: dInput.columns))
    backend.zero(dx)
    backend.scatter(dx, dInput, wanted)
    return dx
  }
}
