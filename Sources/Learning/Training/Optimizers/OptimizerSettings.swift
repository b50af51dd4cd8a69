/// Which rule moves the parameters, with its constants.
package struct OptimizerSettings: Sendable, Hashable {
  /// Axolotl's names; `adamw_torch_fused` is what its users write.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case adamw = "adamw_torch"
    case adamwFused = "adamw_torch_fused"
    case sgd
  }

  package var kind: Kind
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  /// Decoupled, multiplied by the learning rate; only on parameters that decay.
  package var weightDecay: Double
  /// For ``Kind/sgd``.
  package var momentum: Double

  package init(
    kind: Kind = .adamw, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0
  ) {
    self.kind = kind
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
  }

  /// Moments kept for each parameter.
  package var momentCount: Int { kind == .sgd ? 1 : 2 }
}
