import Documents

extension ModelFamily {
  /// Llama with a window on every layer; `sliding_window: null` (v0.3 on) takes it away.
  static let mistral: ModelFamily = {
    var family = ModelFamily("mistral", "MistralForCausalLM")
    family.contextLength = 131_072
    family.keyValueHeadCount = 8
    family.read = { model, read in model.setWindow(read.window(default: 4096)) }
    family.members = { [$0.windowMember] }
    return family
  }()
}
