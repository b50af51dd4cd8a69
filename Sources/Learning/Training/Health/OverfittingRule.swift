/// Whether the loss on held-out rows says that the model learns its training rows by heart.
///
/// Two signs: the loss rises for ``risesMax`` evaluations in a row, or it ends more than
/// ``riseMax`` above its lowest value.
package struct OverfittingRule: Sendable, Hashable {
  package static let risesMax = 2
  /// As a share of the lowest loss.
  package static let riseMax = 0.05

  private var lowest: Double?
  private var last: Double?
  private var rises = 0

  package init() {}

  /// Takes in an evaluation.
  ///
  /// - Returns: the rise over the lowest loss, as a share of it, when a sign is there.
  package mutating func observe(_ loss: Double) -> Double? {
    defer { last = loss }
    guard let lowest else {
      self.lowest = loss
      return nil
    }
    rises = loss > (last ?? loss) ? rises + 1 : 0
    self.lowest = min(lowest, loss)
    let rise = lowest > 0 ? (loss - lowest) / lowest : 0
    return rise > 0 && (rises >= Self.risesMax || rise > Self.riseMax) ? rise : nil
  }
}
