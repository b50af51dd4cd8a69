import Documents

extension ModelFamily {
  /// Llama where every fourth layer does not rotate.
  static let smollm3: ModelFamily = {
    var family = ModelFamily("smollm3", "SmolLM3ForCausalLM")
    family.paddingTokenID = 128_004
    family.contextLength = 32_768
    family.ropeTheta = 2_000_000
    family.keyValueHeadCount = 4
    family.tiesWordEmbeddings = true
    family.attentionBias = .asSaid
    family.hasFeedForwardBiasKey = true
    family.read = readSmolLM3
    family.members = { model in
      let rotates = model.layers.map { JSONValue.integer($0.rope == nil ? 0 : 1) }
      return [
        model.windowMember, model.layerTypesMember, JSONMember("no_rope_layers", .array(rotates)),
        JSONMember("use_sliding_window", .bool(model.layers.contains { $0.window != nil })),
      ]
    }
    return family
  }()

  /// In `no_rope_layers` 1 means that the layer rotates.
  @Sendable
  private static func readSmolLM3(
    _ model: inout ModelConfiguration, _ read: inout ConfigurationReader
  ) {
    let interval = read.integer("no_rope_layer_interval", in: 1...65536, default: 4)
    let isUsed = read.flag("use_sliding_window", default: false)
    let window = read.window(default: nil)
    var rotates = model.layers.indices.map { ($0 + 1) % interval != 0 }
    if let said = read.integers("no_rope_layers") {
      if said.count < model.layerCount {
        read.problem(
          "config.layers",
          "'no_rope_layers' has \(said.count) entries, expected one for each of "
            + "\(model.layerCount) layers")
      } else {
        rotates = said.prefix(model.layerCount).map { $0 != 0 }
      }
    }
    let sliding = read.slidingLayers(model.layerCount) {
      isUsed && window != nil && !rotates[$0]
    }
    model.setSliding(sliding, window: window, &read)
    for index in model.layers.indices where !rotates[index] { model.layers[index].rope = nil }
  }
}
