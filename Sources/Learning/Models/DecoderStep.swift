import ModelFiles
import Tensors

/// Forward and backward of a whole batch through a decoder, in one planned arena.
final class DecoderStep {
  let decoder: Decoder
  let arena: Arena
  let plan: StepPlan
  let pass: Pass
  let wanted: [Int32]
  private let activations: [DecoderLayer.Activations]
  let options: Options

  struct Options {
    var gradients = false
    var adapterIsOn = true
    var dropoutKey: UInt64?
    /// Layers, from the first on, that are computed again for backward.
    var repeatedLayers = 0
    /// Where the inputs of layers wait for backward; nil: in the arena.
    var offload: LayerInputs?
    /// What logits are divided by.
    var temperature = 1.0
    /// What this pass's auxiliary loss weighs in the loss of the step; 0: there is none.
    var auxiliaryShare = 0.0
  }

  /// The load-balancing loss of the experts, times coefficient and share; known after forward.
  private(set) var auxiliaryLoss = 0.0

  /// - Parameter wanted: positions whose logits are wanted.
  init(
    _ decoder: Decoder, arena: Arena, rotary: [RotaryTable], batch: TokenBatch, wanted: [Int],
    _ options: Options
  ) {
    self.decoder = decoder
    self.arena = arena
    self.options = options
    self.wanted = wanted.map(Int32.init)
    plan = StepPlan(
      decoder,
      StepPlan.Needs(
        tokens: batch.ids.count, wanted: wanted.count, gradients: options.gradients,
        dropsOut: options.dropoutKey != nil, adapterIsOn: options.adapterIsOn,
        repeatedLayers: options.repeatedLayers, offloads: options.offload != nil))
    arena.prepare(plan.arena)
    pass = Pass(
      backend: decoder.backend, batch: batch, positions: Self.positions(batch), rotary: rotary,
      adapterIsOn: options.adapterIsOn, weightsState: decoder.nextState(),
      dropoutKey: options.dropoutKey,
      rowsAreIndependent: false, scratch: plan.scratch.matrices(arena))
    activations = plan.layers.map { [arena] in $0.matrices(arena) }
  }

  /// 0, 1, 2, … in each sequence, and on from those of its prefix.
  private static func positions(_ batch: TokenBatch) -> [Int32] {
    var positions = [Int32](repeating: 0, count: batch.ids.count)
    for sequence in 0..<batch.sequenceCount {
      let start = batch.starts[sequence], offset = batch.offset(of: sequence)
      for t in start..<batch.starts[sequence + 1] { positions[t] = Int32(offset + t - start) }
    }
    return positions
  }

  // MARK: - Forward

  /// The residual stream through all layers, then normalized at the wanted positions.
  func runLayers() {
    let first = activations.first?.input ?? arena.matrix(plan.residual)
    decoder.embedding.forward(
      first, pass.batch.ids, alpha: Float(decoder.shape.flags.embeddingScale), in: pass)
    for (index, (layer, saved)) in zip(decoder.layers, activations).enumerated() {
      if options.gradients { options.offload?.keep(saved.input, layer: index) }
      layer.forward(saved, in: pass) { attend($0, layer) }
    }
    balanceExperts()
    decoder.head.begin(plan.head, arena.matrix(plan.residual), wanted: wanted, arena, in: pass)
  }

  private func balanceExperts() {
    guard let experts = decoder.shape.flags.experts else { return }
    let scale = experts.auxiliaryLossCoefficient * options.auxiliaryShare
    if scale == 0 { return }
    let balance = LoadBalance(
      activations.compactMap(\.feedForward.routing), perToken: experts.perToken,
      experts: experts.count, scale: scale)
    auxiliaryLoss = balance.loss
    pass.auxiliarySlopes = balance.slopes
  }

  private func attend(_ a: DecoderLayer.Activations, _ layer: DecoderLayer) {
    pass.backend.attention(
      a.attention, a.logSumExp, a.qkv, pass.sequences, layer.attentionShape)
  }

  /// log p(label) at the wanted positions.
  ///
  /// - Parameter known: the slopes of the objective, where they do not depend on the result.
  func logProbabilities(_ labels: [Int32], known: [Float]? = nil) -> [Float] {
    if wanted.isEmpty { return [] }
    runLayers()
    let (head, slots) = (decoder.head, plan.head)
    let (logp, lse) = (arena.matrix(slots.logProbability), arena.matrix(slots.logSumExp))
    for chunk in Head.chunks(slots) {
      let logits = head.logits(
        slots, chunk, arena, in: pass, temperature: options.temperature)
      let labels = Array(labels[chunk])
      pass.backend.crossEntropy(logp.rows(chunk), lse.rows(chunk), logits, labels: labels)
      guard options.gradients, known != nil || !head.learns else { continue }
      pass.backend.crossEntropyBackward(
        logits, lse.rows(chunk), labels: labels,
        dlogp: known.map { Array($0[chunk]) } ?? Array(repeating: 1, count: chunk.count),
        softcap: head.softcap(options.temperature))
      head.logitsBackward(
        slots, chunk, logits, arena, in: pass, temperature: options.temperature)
    }
    return logp.values()
  }

  /// Logits at the wanted positions, chunk by chunk.
  func logits() -> [[Float]] {
    if wanted.isEmpty { return [] }
    runLayers()
    return Head.chunks(plan.head).flatMap { chunk in
      let logits = decoder.head.logits(plan.head, chunk, arena, in: pass)
      return (0..<chunk.count).map { logits.rows($0..<$0 + 1).values() }
    }
  }

  // MARK: - Backward

  /// Adds the gradients of Σ slope · log p(label), after ``logProbabilities(_:known:)``.
  ///
  /// - Parameter slopes: nil where they were known before.
  func backward(_ labels: [Int32], _ slopes: [Float]?) {
    if wanted.isEmpty { return }
    if let slopes { settleHead(labels, slopes) }
    backwardThroughLayers()
  }

  /// The head's gradients for slopes that were not known in the forward pass.
  private func settleHead(_ labels: [Int32], _ slopes: [Float]) {
    let (head, slots) = (decoder.head, plan.head)
    guard head.learns else {
      if let gradient = slots.gradient.map(arena.matrix) {
        pass.backend.scaleRows(gradient, gradient, slopes)
      }
      return
    }
    let lse = arena.matrix(slots.logSumExp)
    for chunk in Head.chunks(slots) {
      let logits = head.logits(
        slots, chunk, arena, in: pass, temperature: options.temperature)
      pass.backend.crossEntropyBackward(
        logits, lse.rows(chunk), labels: Array(labels[chunk]), dlogp: Array(slopes[chunk]),
        softcap: head.softcap(options.temperature))
      head.logitsBackward(
        slots, chunk, logits, arena, in: pass, temperature: options.temperature)
    }
  }

  func backwardThroughLayers() {
    guard let slots = plan.gradients else { return }
    let dx = arena.matrix(slots.residual)
    decoder.head.finishBackward(
      plan.head, dx, dInput: arena.matrix(slots.headInput), wanted: wanted, arena, in: pass)
    let gradients = DecoderLayer.Gradients(
      normalized: arena.matrix(slots.normalized), qkv: arena.matrix(slots.qkv),
      attention: arena.matrix(slots.attention), hidden: arena.matrix(slots.hidden),
      branch: slots.branch.map(arena.matrix))
    for index in decoder.layers.indices.reversed() {
      let layer = decoder.layers[index]
      if index < options.repeatedLayers {
        options.offload?.expect(layer: index)
        layer.forward(activations[index], in: pass, isRepeated: true) { attend($0, layer) }
        if index > 0 { options.offload?.bring(activations[index - 1].input, layer: index - 1) }
      }
      layer.backward(
        dx, activations[index], gradients, in: pass,
        inputLearns: decoder.learns || decoder.embedding.learns || index > 0)
    }
    if decoder.embedding.learns, let padding = decoder.configuration.paddingTokenID.map(Int32.init),
      pass.batch.ids.contains(padding)
    {
      pass.backend.scaleRows(dx, dx, pass.batch.ids.map { $0 == padding ? 0 : 1 })
    }
    decoder.embedding.backward(
      dx, pass.batch.ids, alpha: Float(decoder.shape.flags.embeddingScale), in: pass)
  }
}
