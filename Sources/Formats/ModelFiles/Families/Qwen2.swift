import Documents

extension ModelFamily {
  /// Llama with biases on q, k and v; windows from layer `max_window_layers` on when switched on.
  static let qwen2: ModelFamily = {
    var family = ModelFamily("qwen2", "Qwen2ForCausalLM")
    family.contextLength = 32_768
    family.keyValueHeadCount = 32
    family.attentionBias = .queryKeyValue
    family.read = { model, read in readQwenWindows(&model, &read) }
    family.members = { $0.qwenWindowMembers }
    return family
  }()

  /// The rule of qwen2 and qwen3: without `use_sliding_window` there is none; with it, the layers
  /// that `layer_types` names, or those from `max_window_layers` on.
  static func readQwenWindows(
    _ model: inout ModelConfiguration, _ read: inout ConfigurationReader
  ) {
    let isUsed = read.flag("use_sliding_window", default: false)
    let window = read.window(default: 4096)
    let first = read.integer("max_window_layers", in: 0...Int(Int32.max), default: 28)
    model.setSliding(
      read.slidingLayers(model.layerCount) { isUsed && window != nil && $0 >= first },
      window: isUsed ? window : nil, &read)
  }
}

extension ModelConfiguration {
  /// `use_sliding_window` and what goes with it.
  var qwenWindowMembers: [JSONMember] {
    let isUsed = layers.contains { $0.window != nil }
    return [
      windowMember, layerTypesMember, JSONMember("max_window_layers", .integer(28)),
      JSONMember("use_sliding_window", .bool(isUsed)),
    ]
  }
}
