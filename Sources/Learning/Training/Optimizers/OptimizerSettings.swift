/// Which rule moves the parameters, with its constants.
package struct OptimizerSettings: Sendable, Hashable {
  /// Axolotl's names. The pairs of each line are one rule here.
  ///
  /// | names | rule | moments |
  /// |---|---|---|
  /// | `adamw_torch`, `adamw_torch_fused` | AdamW | binary32 |
  /// | `adamw_8bit`, `adamw_bnb_8bit` | AdamW | 8 bits in blocks of 256 |
  /// | `paged_adamw_32bit` | AdamW | binary32 in a file mapped into memory |
  /// | `paged_adamw_8bit` | AdamW | 8 bits in a file mapped into memory |
  /// | `sgd` | SGD | binary32 momentum, none when momentum is 0 |
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case adamw = "adamw_torch"
    case adamwFused = "adamw_torch_fused"
    case adamw8bit = "adamw_8bit"
    case adamwBnb8bit = "adamw_bnb_8bit"
    case pagedAdamW = "paged_adamw_32bit"
    case pagedAdamW8bit = "paged_adamw_8bit"
    case sgd

    package var isAdamW: Bool { self != .sgd }
    package var is8bit: Bool {
      self == .adamw8bit || self == .adamwBnb8bit || self == .pagedAdamW8bit
    }
    /// Whether moments live in a file, so that the system may write them out and drop them.
    package var isPaged: Bool { self == .pagedAdamW || self == .pagedAdamW8bit }
  }

  package var kind: Kind
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  /// Decoupled, multiplied by the learning rate; only on parameters that decay.
  package var weightDecay: Double
  /// For ``Kind/sgd``.
  package var momentum: Double
  /// Learning rates and decay by parameter.
  package var groups = ParameterGroupRules()

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

  /// Tensors with fewer elements keep binary32 moments under the 8-bit rules (bitsandbytes'
  /// `min_8bit_size`).
  package static let elementsMin8bit = 4096
}
