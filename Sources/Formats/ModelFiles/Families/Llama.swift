extension ModelFamily {
  /// Llama 1 to 3, and the many models of its shape.
  static let llama: ModelFamily = {
    var family = ModelFamily("llama", "LlamaForCausalLM")
    family.attentionBias = .asSaid
    family.hasFeedForwardBiasKey = true
    return family
  }()
}
