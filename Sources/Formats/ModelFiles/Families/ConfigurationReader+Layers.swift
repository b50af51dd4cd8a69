import Diagnostics
import Documents

extension ConfigurationReader {
  /// `sliding_window`: null is none, absent what the family takes then.
  mutating func window(default fallback: Int?) -> Int? {
    guard json["sliding_window"] != nil else { return fallback }
    guard value("sliding_window") != nil else { return nil }
    return integer("sliding_window", in: 1...Int(Int32.max))
  }

  /// Which layers have a window: by `layer_types`, else by `rule`.
  mutating func slidingLayers(_ layerCount: Int, _ rule: (Int) -> Bool) -> [Bool] {
    let byRule = (0..<layerCount).map(rule)
    guard let kinds = strings("layer_types") else { return byRule }
    guard kinds.count == layerCount else {
      problem(
        "config.layers",
        "'layer_types' has \(kinds.count) entries, expected one for each of \(layerCount) layers")
      return byRule
    }
    let known = ["full_attention", "attention", "sliding_attention"]
    if let kind = kinds.first(where: { !known.contains($0) }) {
      problem(
        "config.layers",
        "'layer_types' holds '\(SafeText.escaped(kind))', expected full_attention or "
          + "sliding_attention")
    }
    return kinds.map { $0 == "sliding_attention" }
  }

  /// `query_pre_attn_scalar` to the power -1/2.
  mutating func queryScale() -> Double {
    1 / number("query_pre_attn_scalar", in: 1e-6...1e9, default: 256).squareRoot()
  }

  /// A cap: null is none, absent what the family takes then.
  mutating func softcap(_ key: String, default fallback: Double?) -> Double? {
    guard json[key] != nil else { return fallback }
    guard value(key) != nil else { return nil }
    return number(key, in: 1e-6...1e9)
  }

  /// The experts; transformers 4 calls their number `num_experts` in some families, 5 in all of
  /// them `num_local_experts`.
  mutating func experts(
    count fallback: Int, perToken: Int, intermediateSize: Int, normalizes: Bool,
    naming: DecoderFlags.Experts.Naming, layerCount: Int
  ) -> DecoderFlags.Experts {
    let key = value("num_local_experts") == nil ? "num_experts" : "num_local_experts"
    let count = integer(key, in: 1...Self.expertsMax, default: fallback)
    let chosen = integer("num_experts_per_tok", in: 1...Self.expertsMax, default: perToken)
    if chosen > count {
      problem("config.experts", "'num_experts_per_tok' is \(chosen), of \(count) experts")
    }
    if layerCount * count > Self.expertsInAllLayersMax {
      problem(
        "config.experts",
        "\(layerCount) layers of \(count) experts are \(layerCount * count), expected at most "
          + "\(Self.expertsInAllLayersMax)")
    }
    return DecoderFlags.Experts(
      count: count, perToken: chosen, intermediateSize: intermediateSize,
      normalizesWeights: normalizes,
      auxiliaryLossCoefficient: number("router_aux_loss_coef", in: 0...1e6, default: 0.001),
      naming: naming)
  }

  mutating func integers(_ key: String) -> [Int]? {
    guard let value = value(key) else { return nil }
    guard let items = value.arrayValue, case let numbers = items.compactMap(\.integerValue),
      numbers.count == items.count
    else {
      problem(
        "config.wrong-type", "'\(key)' is \(value.kindName), expected a list of whole numbers")
      return nil
    }
    return numbers
  }

  /// Far above any published model (384 in a layer, 61 layers): a small file must not announce
  /// tensors beyond number.
  private static var expertsMax: Int { 4096 }
  private static var expertsInAllLayersMax: Int { 1 << 17 }
}

extension ModelConfiguration {
  /// The same window on every layer.
  mutating func setWindow(_ window: Int?) {
    for index in layers.indices { layers[index].window = window }
  }

  /// A window on some layers; they use the second rotary table where there is one.
  mutating func setSliding(
    _ sliding: [Bool], window: Int?, _ read: inout ConfigurationReader
  ) {
    guard layers.count == sliding.count else { return }
    if window == nil, sliding.contains(true) {
      read.problem(
        "config.layers", "some layers are sliding, but there is no window",
        fix: "set \"sliding_window\", or make every layer full_attention")
    }
    for index in layers.indices where sliding[index] {
      layers[index].window = window
      layers[index].rope = ropes.count - 1
    }
  }

  // MARK: - Writing

  /// `sliding_window`: the largest, since full layers have none.
  var windowMember: JSONMember {
    let window = layers.compactMap(\.window).max()
    return JSONMember("sliding_window", window.map { .integer(Int64($0)) } ?? .null)
  }

  var layerTypesMember: JSONMember {
    JSONMember(
      "layer_types",
      .array(layers.map { .string($0.window == nil ? "full_attention" : "sliding_attention") }))
  }

  var expertMembers: [JSONMember] {
    guard let experts = flags.experts else { return [] }
    var members = [
      JSONMember("num_experts_per_tok", .integer(Int64(experts.perToken))),
      JSONMember("num_local_experts", .integer(Int64(experts.count))),
      JSONMember("router_aux_loss_coef", .number(experts.auxiliaryLossCoefficient)),
    ]
    if experts.naming == .qwen {
      members += [
        JSONMember("moe_intermediate_size", .integer(Int64(experts.intermediateSize))),
        JSONMember("norm_topk_prob", .bool(experts.normalizesWeights)),
        JSONMember("num_experts", .integer(Int64(experts.count))),
      ]
    }
    return members
  }
}
