package import ModelFiles

/// A low-rank adapter, in PEFT's words: y = W x + s · B (A (dropout(x))).
package struct LoRASettings: Sendable, Hashable {
  /// Ranks, scales, targets and kind, as they are written beside the adapter.
  package var configuration: AdapterConfiguration

  package init(_ configuration: AdapterConfiguration) { self.configuration = configuration }

  /// - Parameter targetModules: names of linears (`q_proj`, …); empty: every linear but the head.
  package init(
    rank: Int, alpha: Double, dropout: Double = 0, targetModules: [String] = [],
    useRSLoRA: Bool = false, useDoRA: Bool = false
  ) {
    self.init(
      AdapterConfiguration(
        rank: rank, alpha: alpha, dropout: dropout,
        targetModules: targetModules.isEmpty ? .allLinear : .names(targetModules),
        usesRSLoRA: useRSLoRA, usesDoRA: useDoRA))
  }

  package var dropout: Double { configuration.dropout }
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
