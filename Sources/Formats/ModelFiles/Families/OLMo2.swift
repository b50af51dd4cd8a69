extension ModelFamily {
  /// Norms after each branch instead of before, and over the whole width of queries and keys.
  static let olmo2: ModelFamily = {
    var family = ModelFamily("olmo2", "Olmo2ForCausalLM")
    family.paddingTokenID = 1
    family.rmsNormEpsilon = 1e-5
    family.attentionBias = .asSaid
    family.read = { model, _ in
      model.flags.hasNormsBefore = false
      model.flags.hasNormsAfter = true
      model.flags.queryKeyNorm = .wholeWidth
    }
    return family
  }()
}
