import Documents

extension ModelFamily {
  /// Llama with a factor on embeddings, branches, attention scores and logits.
  static let granite: ModelFamily = {
    var family = ModelFamily("granite", "GraniteForCausalLM")
    family.attentionBias = .asSaid
    family.hasFeedForwardBiasKey = true
    family.read = { model, read in
      let factors = 1e-9...1e9
      model.flags.embeddingScale = read.number("embedding_multiplier", in: factors, default: 1)
      model.flags.residualScale = read.number("residual_multiplier", in: factors, default: 1)
      model.flags.attentionScale = read.number("attention_multiplier", in: factors, default: 1)
      model.flags.logitScale = 1 / read.number("logits_scaling", in: factors, default: 1)
    }
    family.members = { model in
      let flags = model.flags
      let attention = flags.attentionScale ?? 1 / Double(model.headSize).squareRoot()
      return [
        JSONMember("attention_multiplier", .number(attention)),
        JSONMember("embedding_multiplier", .number(flags.embeddingScale)),
        JSONMember("logits_scaling", .number(1 / flags.logitScale)),
        JSONMember("residual_multiplier", .number(flags.residualScale)),
      ]
    }
    return family
  }()
}
