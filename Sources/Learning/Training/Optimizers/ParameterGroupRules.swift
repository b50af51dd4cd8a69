/// How one parameter learns.
package struct ParameterGroup: Sendable, Hashable {
  /// Times the learning rate of the step.
  package var learningRateScale: Double
  /// Whether weight decay applies.
  package var decays: Bool

  package init(learningRateScale: Double = 1, decays: Bool) {
    self.learningRateScale = learningRateScale
    self.decays = decays
  }
}

/// Which parameters learn at another rate, by Axolotl's keys.
///
/// All rates follow the one schedule: a group's rate is its peak times the schedule's factor.
package struct ParameterGroupRules: Sendable, Hashable {
  /// An entry of `lr_groups`.
  package struct NamedGroup: Sendable, Hashable {
    package var name: String
    /// A parameter belongs to the group when its name contains one of these.
    package var modules: [String]
    package var learningRate: Double

    package init(name: String, modules: [String], learningRate: Double) {
      self.name = name
      self.modules = modules
      self.learningRate = learningRate
    }
  }

  /// `loraplus_lr_ratio`: B matrices and vectors learn at this multiple (LoRA+, Hayou et al. 2024).
  package var loraPlusRatio: Double?
  /// `loraplus_lr_embedding`: the rate of adapters of embeddings under LoRA+.
  package var loraPlusEmbeddingRate = 1e-6
  /// `embedding_lr`: the rate of embeddings, the head and modules saved whole.
  package var embeddingRate: Double?
  /// `embedding_lr_scale`: the same as a multiple; goes before `embedding_lr`.
  package var embeddingScale: Double?
  /// `lr_groups`, in their order: the first module found in a name decides.
  package var named: [NamedGroup] = []

  package init() {}

  /// The group of a parameter.
  ///
  /// | set | who | rate | decay |
  /// |---|---|---|---|
  /// | `loraplus_lr_ratio` | adapters of embeddings | `loraplus_lr_embedding` | by name |
  /// | | B, and all with one dimension | lr · ratio | by name |
  /// | | the others | lr | by name |
  /// | else one of the others | embeddings, head, modules saved whole | `embedding_lr…` | none |
  /// | | names of `lr_groups`, where they decay | the group's | yes |
  /// | | the others | lr | by name |
  /// | nothing | all | lr | by name |
  ///
  /// Sources: PEFT `optimizers/loraplus.py`; Axolotl `core/trainers/mixins/optimizer.py`.
  ///
  /// - Parameters:
  ///   - name: as in the files.
  ///   - dimensions: of its shape.
  ///   - decays: whether its name lets it decay.
  ///   - learningRate: the schedule's peak. At 0 no group learns.
  package func group(
    of name: String, dimensions: Int, decays: Bool, learningRate: Double
  ) -> ParameterGroup {
    func rate(_ own: Double, decays: Bool) -> ParameterGroup {
      ParameterGroup(
        learningRateScale: learningRate == 0 ? 0 : own / learningRate, decays: decays)
    }
    if let loraPlusRatio {
      if name.contains("lora_embedding_") { return rate(loraPlusEmbeddingRate, decays: decays) }
      let isFast = name.contains("lora_B") || dimensions == 1
      return ParameterGroup(learningRateScale: isFast ? loraPlusRatio : 1, decays: decays)
    }
    guard embeddingRate != nil || embeddingScale != nil || !named.isEmpty else {
      return ParameterGroup(decays: decays)
    }
    if Self.isEmbedding(name) {
      if let embeddingScale, embeddingScale != 0 {
        return ParameterGroup(learningRateScale: embeddingScale, decays: false)
      }
      return rate(embeddingRate ?? learningRate, decays: false)
    }
    if decays, let group = named.first(where: { $0.modules.contains(where: name.contains) }) {
      return rate(group.learningRate, decays: true)
    }
    return ParameterGroup(decays: decays)
  }

  /// Embeddings, output heads and what an adapter saves whole (`modules_to_save`).
  private static func isEmbedding(_ name: String) -> Bool {
    name.contains("embed_tokens") || name.contains("lm_head")
      || (name.hasPrefix("base_model.model.") && name.hasSuffix(".weight")
        && !name.contains("lora_"))
  }
}
