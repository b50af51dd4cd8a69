/// Low-rank adapters, in PEFT's words: y = W x + s · B (A (dropout(x))).
package struct LoRASettings: Sendable, Hashable {
  package var rank: Int
  package var alpha: Double
  package var dropout: Double
  /// Names of the linears (`q_proj`, …); empty: every linear but the head.
  package var targetModules: [String]
  /// s = alpha / √rank instead of alpha / rank.
  package var useRSLoRA: Bool

  package init(
    rank: Int, alpha: Double, dropout: Double = 0, targetModules: [String] = [],
    useRSLoRA: Bool = false
  ) {
    self.rank = rank
    self.alpha = alpha
    self.dropout = dropout
    self.targetModules = targetModules
    self.useRSLoRA = useRSLoRA
  }

  /// s: what the product of B and A is multiplied by.
  package var scale: Double {
    alpha / (useRSLoRA ? Double(rank).squareRoot() : Double(rank))
  }
}

/// What of a model learns.
package enum Trainable: Sendable {
  case nothing
  /// Every weight. An adapter in the folder must be merged before.
  case all
  /// A fresh adapter on frozen weights.
  case newAdapter(LoRASettings, seed: UInt64)
  /// The adapter that the folder holds.
  case loadedAdapter
}
