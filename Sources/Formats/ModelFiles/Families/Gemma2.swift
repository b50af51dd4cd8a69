import Documents

extension ModelFamily {
  /// gemma with norms after each branch, soft caps, and a window on every other layer.
  static let gemma2: ModelFamily = {
    var family = ModelFamily("gemma2", "Gemma2ForCausalLM")
    family.paddingTokenID = 0
    family.contextLength = 8192
    family.keyValueHeadCount = 4
    family.activationKey = "hidden_activation"
    makeGemma(&family)
    family.read = { model, read in
      model.flags.setGemma(hiddenSize: model.hiddenSize)
      model.flags.hasNormsAfter = true
      model.flags.attentionScale = read.queryScale()
      model.flags.attentionSoftcap = read.softcap("attn_logit_softcapping", default: 50)
      model.flags.logitSoftcap = read.softcap("final_logit_softcapping", default: 30)
      model.setSliding(
        read.slidingLayers(model.layerCount) { $0 % 2 == 0 }, window: read.window(default: 4096),
        &read)
    }
    family.members = { model in
      [model.windowMember, model.layerTypesMember] + model.gemmaMembers
    }
    return family
  }()
}

extension ModelConfiguration {
  /// Scale and caps, in the words of gemma2 and gemma3.
  var gemmaMembers: [JSONMember] {
    func cap(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    var scalar = Double(headSize)
    if let scale = flags.attentionScale {
      // The scale is the scalar to the power -1/2; a whole one is given back whole.
      scalar = (1 / (scale * scale)).rounded()
      if 1 / scalar.squareRoot() != scale { scalar = 1 / (scale * scale) }
    }
    return [
      JSONMember("attn_logit_softcapping", cap(flags.attentionSoftcap)),
      JSONMember("final_logit_softcapping", cap(flags.logitSoftcap)),
      JSONMember(
        "query_pre_attn_scalar", Int64(exactly: scalar).map { .integer($0) } ?? .number(scalar)),
    ]
  }
}
