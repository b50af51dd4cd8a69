extension ModelFamily {
  /// qwen2 with a norm on each query and key head, and without its biases.
  static let qwen3: ModelFamily = {
    var family = ModelFamily("qwen3", "Qwen3ForCausalLM")
    family.contextLength = 32_768
    family.keyValueHeadCount = 32
    family.headSize = 128
    family.attentionBias = .asSaid
    family.read = { model, read in
      model.flags.queryKeyNorm = .perHead
      readQwenWindows(&model, &read)
    }
    family.members = { $0.qwenWindowMembers }
    return family
  }()
}
