/// What distinguishes families beyond sizes: one decoder reads these, none asks for a name.
package struct DecoderFlags: Sendable, Hashable {
  /// RMSNorm multiplies by 1 + w (gemma).
  package var normAddsOne = false
  /// A norm before attention and before the feed-forward block.
  package var hasNormsBefore = true
  /// A norm on what attention and feed-forward block give, before it is added (gemma2, olmo2).
  package var hasNormsAfter = false
  package var queryKeyNorm = QueryKeyNorm.none
  package var activation = Activation.silu
  /// The embedding is multiplied by this (gemma: √C, rounded to the stored type).
  package var embeddingScale = 1.0
  /// Each branch is multiplied by this before it is added (granite).
  package var residualScale = 1.0
  /// Instead of 1 / √D.
  package var attentionScale: Double?
  /// Logits are multiplied by this (granite: 1 / logits_scaling).
  package var logitScale = 1.0
  /// cap · tanh(s / cap) on attention scores, before the mask (gemma2).
  package var attentionSoftcap: Double?
  /// The same on logits.
  package var logitSoftcap: Double?
  /// The files hold q, k, v as one `qkv_proj`, gate and up as one `gate_up_proj` (phi3).
  package var fusesProjections = false
  package var experts: Experts?

  package init() {}

  package enum QueryKeyNorm: Sendable, Hashable {
    case none
    /// Over each head, before the rotation (qwen3, gemma3).
    case perHead
    /// Over all heads together, before they are split (olmo2).
    case wholeWidth
  }

  package enum Activation: Sendable, Hashable {
    case silu
    /// GELU by its tanh approximation.
    case geluTanh
  }

  /// A mixture of experts in place of the feed-forward block.
  package struct Experts: Sendable, Hashable {
    package var count: Int
    package var perToken: Int
    /// F of one expert.
    package var intermediateSize: Int
    /// Whether the chosen experts' weights are scaled to add up to 1.
    package var normalizesWeights: Bool
    /// Of the load-balancing loss (`router_aux_loss_coef`).
    package var auxiliaryLossCoefficient: Double
    package var naming: Naming

    package init(
      count: Int, perToken: Int, intermediateSize: Int, normalizesWeights: Bool,
      auxiliaryLossCoefficient: Double, naming: Naming
    ) {
      self.count = count
      self.perToken = perToken
      self.intermediateSize = intermediateSize
      self.normalizesWeights = normalizesWeights
      self.auxiliaryLossCoefficient = auxiliaryLossCoefficient
      self.naming = naming
    }

    /// What the files call the router and the matrices.
    package enum Naming: Sendable, Hashable {
      /// `block_sparse_moe.gate`, `.experts.E.w1` (gate), `.w3` (up), `.w2` (down).
      case mixtral
      /// `mlp.gate`, `mlp.experts.E.gate_proj`, `up_proj`, `down_proj`.
      case qwen
    }
  }
}

/// What distinguishes one layer of a model from another.
package struct LayerKind: Sendable, Hashable {
  /// The index in ``ModelConfiguration/ropes``; nil: no rotation.
  package var rope: Int?
  /// Positions a token may look back on, itself included; nil: all of them.
  package var window: Int?
  /// Whether experts take the place of the feed-forward block.
  package var isSparse: Bool

  package init(rope: Int? = 0, window: Int? = nil, isSparse: Bool = false) {
    self.rope = rope
    self.window = window
    self.isSparse = isSparse
  }
}
