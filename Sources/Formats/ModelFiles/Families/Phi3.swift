import Documents

extension ModelFamily {
  /// Llama with q, k, v in one matrix and gate and up in another; longrope, part of a head rotated
  /// (phi-4-mini).
  static let phi3: ModelFamily = {
    var family = ModelFamily("phi3", "Phi3ForCausalLM")
    family.paddingTokenID = 32_000
    family.contextLength = 4096
    family.rmsNormEpsilon = 1e-5
    family.rotatesPart = true
    family.originalContextLength = 4096
    // Early files call longrope `su` or `yarn`.
    family.ropeTypes = [
      "default": "default", "longrope": "longrope", "su": "longrope", "yarn": "longrope",
    ]
    family.read = { model, read in
      model.flags.fusesProjections = true
      model.setWindow(read.window(default: nil))
    }
    family.members = { model in
      var original = model.contextLength
      if case .longrope(_, _, _, let length)? = model.ropeScaling { original = length }
      return [
        model.windowMember,
        JSONMember("original_max_position_embeddings", .integer(Int64(original))),
      ]
    }
    return family
  }()
}
