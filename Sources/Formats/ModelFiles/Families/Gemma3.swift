import Documents

extension ModelFamily {
  /// The text model of gemma 3: norms on query and key heads, several layers with a window and a
  /// rotary table of their own to one without.
  static let gemma3: ModelFamily = {
    var family = ModelFamily("gemma3_text", "Gemma3ForCausalLM")
    family.paddingTokenID = 0
    family.contextLength = 131_072
    family.keyValueHeadCount = 4
    family.activationKey = "hidden_activation"
    family.ropeTheta = 1_000_000
    family.localRopeTheta = 10_000
    makeGemma(&family)
    family.read = { model, read in
      model.flags.setGemma(hiddenSize: model.hiddenSize)
      model.flags.hasNormsAfter = true
      model.flags.queryKeyNorm = .perHead
      model.flags.attentionScale = read.queryScale()
      // transformers reads `attn_logit_softcapping` and does not apply it in this family.
      model.flags.logitSoftcap = read.softcap("final_logit_softcapping", default: nil)
      let pattern = read.integer("sliding_window_pattern", in: 1...65536, default: 6)
      model.setSliding(
        read.slidingLayers(model.layerCount) { ($0 + 1) % pattern != 0 },
        window: read.window(default: 4096), &read)
    }
    family.members = { model in
      [
        model.windowMember, model.layerTypesMember,
        JSONMember("rope_local_base_freq", .number((model.ropes.last ?? model.ropes[0]).theta)),
      ] + model.gemmaMembers
    }
    return family
  }()
}
