import Documents

extension ModelFamily {
  /// Mistral with experts in every layer; their weights always add up to 1.
  static let mixtral: ModelFamily = {
    var family = ModelFamily("mixtral", "MixtralForCausalLM")
    family.contextLength = 131_072
    family.rmsNormEpsilon = 1e-5
    family.ropeTheta = 1_000_000
    family.keyValueHeadCount = 8
    family.read = { model, read in
      model.setWindow(read.window(default: nil))
      model.flags.experts = read.experts(
        count: 8, perToken: 2, intermediateSize: model.intermediateSize, normalizes: true,
        naming: .mixtral, layerCount: model.layerCount)
      for index in model.layers.indices { model.layers[index].isSparse = true }
    }
    family.members = { model in
      [model.windowMember, JSONMember("output_router_logits", false)] + model.expertMembers
    }
    return family
  }()
}
