package import ModelFiles
package import Tensors

/// A decoder with its weights, its adapter and its gradients.
///
/// One owner thread; the pool works inside each call. Activations live in one arena that the next
/// call reuses.
///
/// ```swift
/// let model = try LanguageModel.load(folder, trainable: .newAdapter(lora, seed: 7), pool: pool)
/// model.zeroGradients()
/// model.forwardBackward(batch, PassOptions(), .known(labels.map { _ in -1 / count }))
/// ```
package final class LanguageModel {
  package let configuration: ModelConfiguration
  package let adapter: LoRASettings?
  /// What learns, in stable order: by the bytes of the name.
  package internal(set) var parameters: [TrainableParameter]
  /// The operations, for optimizers that work on the parameters in place.
  package let backend: any Backend

  let decoder: Decoder
  let arena: Arena
  private var rotary: [RotaryTable] = []
  private(set) var adapterIsOn = true
  /// What the load balance of experts added to the loss in the last
  /// ``forwardBackward(_:_:_:)``: E · Σ f P times its coefficient and ``PassOptions/auxiliaryShare``.
  package private(set) var auxiliaryLoss = 0.0

  init(_ decoder: Decoder, adapter: LoRASettings?) {
    self.decoder = decoder
    self.adapter = adapter
    backend = decoder.backend
    arena = Arena(decoder.backend)
    configuration = decoder.configuration
    parameters = (decoder.tensors + decoder.adapterTensors).compactMap(\.parameter)
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// log p(label) at every position with a label, in order. No gradients, nothing kept.
  package func logProbabilities(_ batch: TokenBatch) -> [Float] {
    logProbabilities(batch, temperature: 1)
  }

  /// The same of logits divided by a temperature.
  package func logProbabilities(_ batch: TokenBatch, temperature: Double) -> [Float] {
    let wanted = batch.labelledPositions
    return step(
      batch, wanted,
      DecoderStep.Options(adapterIsOn: adapterIsOn, temperature: temperature)
    ).logProbabilities(wanted.map { batch.labels[$0] })
  }

  /// Forward, loss, backward, which ADDS to the gradients. Returns the log-probabilities of the
  /// labels.
  @discardableResult
  package func forwardBackward(
    _ batch: TokenBatch, _ options: PassOptions, _ slopes: LabelSlopes
  ) -> [Float] {
    let wanted = batch.labelledPositions
    let labels = wanted.map { batch.labels[$0] }
    let step = step(batch, wanted, stepOptions(options))
    defer { auxiliaryLoss = step.auxiliaryLoss }
    switch slopes {
    case .known(let slopes):
      precondition(slopes.count == labels.count, "an objective has a slope for every label")
      let logp = step.logProbabilities(labels, known: slopes)
      step.backward(labels, nil)
      return logp
    case .computed(let objective):
      let logp = step.logProbabilities(labels)
      let slopes = objective(logp)
      precondition(slopes.count == logp.count, "an objective has a slope for every label")
      step.backward(labels, slopes)
      return logp
    }
  }

  /// The options of a step with a backward pass.
  func stepOptions(_ options: PassOptions) -> DecoderStep.Options {
    let usesDropout = adapterIsOn && (adapter?.dropout ?? 0) > 0
    return DecoderStep.Options(
      gradients: true, adapterIsOn: adapterIsOn,
      dropoutKey: usesDropout ? options.dropoutKey : nil, repeatedLayers: repeatedLayers,
      offload: offloads && repeatedLayers >= decoder.layers.count ? inputs : nil,
      temperature: options.temperature, auxiliaryShare: options.auxiliaryShare)
  }

  /// Runs `body` with the adapter switched off: the reference model of preference objectives.
  package func withoutAdapter<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = adapterIsOn
    adapterIsOn = false
    defer { adapterIsOn = before }
    return try body()
  }

  package func zeroGradients() {
    for parameter in parameters { backend.zero(parameter.gradient) }
  }

  /// Logits at `positions` of the batch's tokens.
  package func logits(_ batch: TokenBatch, positions: [Int]) -> [[Float]] {
    step(batch, positions, DecoderStep.Options(adapterIsOn: adapterIsOn)).logits()
  }

  /// Backend, dtype, instruction-set level, BLAS core and version: runs with the same class give
  /// the same bits.
  package var arithmeticClass: String { backend.arithmeticClass }

  /// Layers, from the first on, that keep their input only and are computed again for backward:
  /// less memory for more time, the same bits.
  package var repeatedLayers = 0
  /// Whether their inputs wait in the host's memory, where all layers are computed again: the same
  /// bits, 4 · T · C bytes of the device less for each layer but two.
  package var offloads = false
  private lazy var inputs = LayerInputs(backend, layers: decoder.layers.count)

  /// Bytes that one step with these sizes needs besides weights and gradients.
  package func activationBytes(
    tokens: Int, labels: Int, gradients: Bool, repeatedLayers: Int? = nil,
    offloads: Bool? = nil
  ) -> Int {
    StepPlan(
      decoder,
      StepPlan.Needs(
        tokens: tokens, wanted: labels, gradients: gradients,
        dropsOut: (adapter?.dropout ?? 0) > 0, adapterIsOn: usesAdapter,
        repeatedLayers: repeatedLayers ?? self.repeatedLayers,
        offloads: offloads ?? self.offloads)
    ).arena.count * 4
  }

  var usesAdapter: Bool { adapterIsOn && adapter != nil }

  /// The angles for sequences of up to `longest` tokens, one table per rope.
  func rotaryTables(_ longest: Int) -> [RotaryTable] {
    let ropes = configuration.ropes
    if rotary.count != ropes.count || !zip(rotary, ropes).allSatisfy({ $0.serves(longest, $1) }) {
      let positions = max((longest + 255) / 256 * 256, rotary.first?.positions ?? 0)
      rotary = ropes.map {
        RotaryTable($0, positions: positions, length: longest, backend: backend)
      }
    }
    return rotary
  }

  /// The angles for tokens that continue the texts of their slots.
  ///
  /// Where the frequencies depend on the length, a text is as long as it is after this step: what a
  /// cache holds of it keeps the angles of its own time, as in transformers.
  func rotaryTables(_ tokens: [NextToken], _ positions: [Int32], capacity: Int) -> [RotaryTable] {
    let ropes = configuration.ropes
    guard ropes.contains(where: \.dependsOnLength) else { return rotaryTables(capacity) }
    var lengths: [Int: Int] = [:]
    for (token, position) in zip(tokens, positions) {
      lengths[token.slot] = max(lengths[token.slot] ?? 0, Int(position) + 1)
    }
    let rows = zip(tokens, positions).map { token, position in
      (position: Int(position), length: lengths[token.slot] ?? 0)
    }
    return ropes.map { RotaryTable($0, rows: rows, backend: backend) }
  }

  func step(
    _ batch: TokenBatch, _ wanted: [Int], _ options: DecoderStep.Options
  ) -> DecoderStep {
    batch.check(vocabulary: configuration.vocabularySize)
    return DecoderStep(
      decoder, arena: arena, rotary: rotaryTables(batch.longest), batch: batch, wanted: wanted,
      options)
  }
}

/// What one forward and backward pass depends on besides batch and objective.
package struct PassOptions: Sendable {
  /// What names this step's dropout masks, from the seed and the step; rows and positions come from
  /// the batch, layer and site from the model. nil: no dropout.
  package var dropoutKey: UInt64?
  /// What the load-balancing loss of this pass weighs in the loss of the step, before its
  /// coefficient; 0: it is left out.
  package var auxiliaryShare: Double

  /// What logits are divided by.
  package var temperature: Double

  package init(
    dropoutKey: UInt64? = nil, auxiliaryShare: Double = 0, temperature: Double = 1
  ) {
    self.dropoutKey = dropoutKey
    self.auxiliaryShare = auxiliaryShare
    self.temperature = temperature
  }
}

/// The derivative of the loss by the log-probability of each label.
package enum LabelSlopes {
  /// Known before: one pass over the output layer.
  case known([Float])
  /// A function of the log-probabilities.
  case computed(([Float]) -> [Float])
}
