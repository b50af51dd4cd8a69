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
/// model.forwardBackward(batch, dropoutKey: nil) { logp in logp.map { _ in -1 / count } }
/// ```
package final class LanguageModel {
  package let configuration: ModelConfiguration
  package let adapter: LoRASettings?
  /// What learns, in stable order: by the bytes of the name.
  package let parameters: [TrainableParameter]
  /// The operations, for optimizers that work on the parameters in place.
  package let backend: CPUBackend

  let decoder: Decoder
  let arena = Arena()
  private var rotary: RotaryTable
  private var adapterIsOn = true

  init(_ decoder: Decoder, adapter: LoRASettings?, backend: CPUBackend) {
    self.decoder = decoder
    self.adapter = adapter
    self.backend = backend
    configuration = decoder.configuration
    parameters = (decoder.tensors + decoder.adapterTensors).compactMap(\.parameter)
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    rotary = RotaryTable(decoder.configuration, positions: 0)
  }

  /// log p(label) at every position with a label, in order. No gradients, nothing kept.
  package func logProbabilities(_ batch: TokenBatch) -> [Float] {
    let wanted = batch.labelledPositions
    return step(batch, wanted, DecoderStep.Options(adapterIsOn: adapterIsOn))
      .logProbabilities(wanted.map { batch.labels[$0] })
  }

  /// Forward; `objective` maps the log-probabilities of the labels to the loss's derivative by
  /// each; backward ADDS to the gradients. Returns the log-probabilities.
  ///
  /// - Parameter dropoutKey: what names this step's masks, from the seed and the step; rows and
  ///   positions come from the batch, layer and site from the model. nil: no dropout.
  @discardableResult
  package func forwardBackward(
    _ batch: TokenBatch, dropoutKey: UInt64?, _ objective: ([Float]) -> [Float]
  ) -> [Float] {
    let wanted = batch.labelledPositions
    let labels = wanted.map { batch.labels[$0] }
    let usesDropout = adapterIsOn && (adapter?.dropout ?? 0) > 0
    let step = step(
      batch, wanted,
      DecoderStep.Options(
        gradients: true, adapterIsOn: adapterIsOn, dropoutKey: usesDropout ? dropoutKey : nil))
    let logp = step.logProbabilities(labels)
    let slopes = objective(logp)
    precondition(slopes.count == logp.count, "an objective has a slope for every label")
    step.backward(labels, slopes)
    return logp
  }

  /// Runs `body` with the adapter switched off: the reference model of preference objectives.
  package func withoutAdapter<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = adapterIsOn
    adapterIsOn = false
    defer { adapterIsOn = before }
    return try body()
  }

  package func zeroGradients() {
    for parameter in parameters { parameter.gradient.update(repeating: 0) }
  }

  /// Logits at `positions` of the batch's tokens.
  package func logits(_ batch: TokenBatch, positions: [Int]) -> [[Float]] {
    step(batch, positions, DecoderStep.Options(adapterIsOn: adapterIsOn)).logits()
  }

  /// Backend, dtype, instruction-set level, BLAS core and version: runs with the same class give
  /// the same bits.
  package var arithmeticClass: String { backend.arithmeticClass }

  /// Bytes that one step with these sizes needs besides weights and gradients.
  package func activationBytes(tokens: Int, labels: Int, gradients: Bool) -> Int {
    let needs = StepPlan.Needs(
      tokens: tokens, wanted: labels, gradients: gradients,
      dropsOut: (adapter?.dropout ?? 0) > 0, ranks: decoder.ranks)
    return StepPlan(decoder.shape, needs).arena.count * 4
  }

  var usesAdapter: Bool { adapterIsOn && adapter != nil }

  /// The angles of at least `positions` positions.
  func rotaryTable(_ positions: Int) -> RotaryTable {
    if positions > rotary.positions {
      rotary = RotaryTable(configuration, positions: (positions + 255) / 256 * 256)
    }
    return rotary
  }

  private func step(
    _ batch: TokenBatch, _ wanted: [Int], _ options: DecoderStep.Options
  ) -> DecoderStep {
    batch.check(vocabulary: configuration.vocabularySize)
    let longest = zip(batch.starts, batch.starts.dropFirst()).map { $1 - $0 }.max() ?? 0
    return DecoderStep(
      decoder, backend: backend, arena: arena, rotary: rotaryTable(longest), batch: batch,
      wanted: wanted, options)
  }
}
