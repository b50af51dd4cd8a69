extension ModelFamily {
  /// Norms by 1 + w, scaled embeddings, GELU, a tied head.
  static let gemma: ModelFamily = {
    var family = ModelFamily("gemma", "GemmaForCausalLM")
    family.paddingTokenID = 0
    family.contextLength = 8192
    family.keyValueHeadCount = 16
    makeGemma(&family)
    family.read = { model, _ in model.flags.setGemma(hiddenSize: model.hiddenSize) }
    return family
  }()

  /// What the generations of gemma share.
  static func makeGemma(_ family: inout ModelFamily) {
    family.headSize = 256
    family.tiesWordEmbeddings = true
    family.activation = .geluTanh
    family.attentionBias = .asSaid
  }
}

extension DecoderFlags {
  /// transformers keeps √C as a tensor of the type that is computed in: binary32 here, whatever the
  /// weights are stored in.
  mutating func setGemma(hiddenSize: Int) {
    normAddsOne = true
    embeddingScale = Double(Float(Double(hiddenSize).squareRoot()))
  }
}
