/// Compares two models' logits at one position.
///
/// - Parameters:
///   - index: which labelled position, in order.
///   - student, teacher: V logits each.
///   - gradient: V numbers to fill with the derivative of the loss by the student's logits, or nil.
/// - Returns: how far they are apart.
package typealias LogitComparison =
  @Sendable (
    _ index: Int, _ student: UnsafeBufferPointer<Float>, _ teacher: UnsafeBufferPointer<Float>,
    _ gradient: UnsafeMutableBufferPointer<Float>?
  ) -> Double

extension LanguageModel {
  /// The comparison with a teacher at every position with a label, in order.
  ///
  /// Logits of both models exist for one chunk of positions at a time.
  ///
  /// - Parameters:
  ///   - teacher: another model of the same vocabulary.
  ///   - options: where there is a backward pass, which ADDS to the gradients; nil: there is none.
  package func compareLogits(
    _ batch: TokenBatch, with teacher: LanguageModel, _ options: PassOptions?,
    _ comparison: LogitComparison
  ) throws -> [Double] {
    let wanted = batch.labelledPositions
    let own = options.map(stepOptions) ?? DecoderStep.Options(adapterIsOn: adapterIsOn)
    let step = step(batch, wanted, own)
    let other = teacher.step(
      batch, wanted, DecoderStep.Options(adapterIsOn: teacher.adapterIsOn))
    let values = try step.compareLogits(with: other, comparison)
    if options != nil { step.backwardThroughLayers() }
    return values
  }
}
