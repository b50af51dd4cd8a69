import Documents

extension GGUFArchitecture {
  static let gemma: GGUFArchitecture = {
    var gemma = GGUFArchitecture("gemma", "gemma")
    makeGemma(&gemma)
    gemma.isAlwaysTied = true
    gemma.write = { model, keys in keys.addGemma(model) }
    return gemma
  }()

  static let gemma2: GGUFArchitecture = {
    var gemma = GGUFArchitecture("gemma2", "gemma2")
    makeGemma(&gemma)
    gemma.isAlwaysTied = true
    gemma.hasWindows = true
    gemma.write = { model, keys in
      keys.addGemma(model)
      if let cap = model.flags.attentionSoftcap {
        keys.add("attn_logit_softcapping", .float32(cap))
      }
      if let cap = model.flags.logitSoftcap { keys.add("final_logit_softcapping", .float32(cap)) }
      keys.addWindow(model, period: 2)
    }
    gemma.refusal = { model in
      if model.flags.attentionSoftcap == nil { return "a gemma2 model without caps on its scores" }
      return scaleRefusal(model, wholeWidthLayers: 46)
    }
    gemma.read = { keys in
      try keys.windowMembers(period: 2, default: 4096) + [
        JSONMember(
          "attn_logit_softcapping", .number(try keys.number("attn_logit_softcapping", default: 50))),
        try keys.softcapMember(default: 30), keys.scaleMember(wholeWidthLayers: 46),
      ]
    }
    return gemma
  }()

  static let gemma3: GGUFArchitecture = {
    var gemma = GGUFArchitecture("gemma3", "gemma3_text")
    makeGemma(&gemma)
    gemma.saysHeadSize = true
    gemma.hasWindows = true
    gemma.scalings = [.linear, .yarn]
    gemma.write = { model, keys in
      keys.addCommon(model, saysHeadSize: true)
      if let cap = model.flags.logitSoftcap { keys.add("final_logit_softcapping", .float32(cap)) }
      keys.addWindow(model, period: 6)
    }
    gemma.refusal = { model in
      let isPlain = model.ropes.last?.scaling == nil
      let windowed = model.layers.filter { $0.window != nil }
      if model.ropes.count > 1, !isPlain || windowed.contains(where: { $0.rope != 1 }) {
        return "a gemma3 model that scales the angles of layers with a window"
      }
      return scaleRefusal(model, wholeWidthLayers: 62)
    }
    gemma.read = { keys in
      try keys.windowMembers(period: 6, default: nil) + [
        try keys.softcapMember(default: nil), keys.scaleMember(wholeWidthLayers: 62),
        JSONMember(
          "rope_local_base_freq", .number(try keys.number("rope.freq_base_swa", default: 10_000))),
      ]
    }
    return gemma
  }()

  private static func makeGemma(_ architecture: inout GGUFArchitecture) {
    architecture.addsOneToNorms = true
    architecture.activation = .geluTanh
    architecture.scalings = []
  }

  /// The loader scales scores by the head size, but in the largest model by C / H: it tells that
  /// one by its number of layers.
  private static func scaleRefusal(_ model: ModelConfiguration, wholeWidthLayers: Int) -> String? {
    let scalar =
      model.layerCount == wholeWidthLayers
      ? Double(model.hiddenSize / model.headCount) : Double(model.headSize)
    let scale = model.flags.attentionScale ?? 1 / Double(model.headSize).squareRoot()
    guard abs(scale * scalar.squareRoot() - 1) > 1e-6 else { return nil }
    return "a \(model.modelType) model that scales attention scores otherwise "
      + "('query_pre_attn_scalar' is not \(Int(scalar)))"
  }
}

extension GGUFKeys {
  /// The keys of gemma and gemma2, which are not the common ones.
  fileprivate mutating func addGemma(_ model: ModelConfiguration) {
    add("context_length", .uint32(model.contextLength))
    add("embedding_length", .uint32(model.hiddenSize))
    add("block_count", .uint32(model.layerCount))
    add("feed_forward_length", .uint32(model.intermediateSize))
    add("attention.head_count", .uint32(model.headCount))
    add("attention.head_count_kv", .uint32(model.keyValueHeadCount))
    // The converter leaves it out and the loader takes 10,000.
    if model.ropeTheta != 10_000 { add("rope.freq_base", .float32(model.ropeTheta)) }
    add("attention.layer_norm_rms_epsilon", .float32(model.rmsNormEpsilon))
    add("attention.key_length", .uint32(model.headSize))
    add("attention.value_length", .uint32(model.headSize))
    addFileType()
  }

  /// The window, and which layers have it where that is not all but every `period`-th.
  fileprivate mutating func addWindow(_ model: ModelConfiguration, period: Int) {
    let window = model.layers.compactMap(\.window).max() ?? 0
    add("attention.sliding_window", .uint32(window))
    let windowed = model.layers.map { $0.window != nil }
    if window > 0, windowed != windowed.indices.map({ ($0 + 1) % period != 0 }) {
      add("attention.sliding_window_pattern", .flags(windowed))
    }
  }
}

extension GGUFKeyReader {
  fileprivate func windowMembers(period: Int, default fallback: Int?) throws -> [JSONMember] {
    let window = try integer(
      "attention.sliding_window", in: 0...Int(Int32.max), default: fallback ?? 0)
    var windowed = (0..<(try layerCount)).map { ($0 + 1) % period != 0 }
    switch self["attention.sliding_window_pattern"] {
    case nil: break
    case .flags(let flags)? where flags.count == windowed.count: windowed = flags
    case .integer(let said, _)? where (1...65536).contains(said):
      windowed = windowed.indices.map { ($0 + 1) % Int(said) != 0 }
    default: throw problem("'attention.sliding_window_pattern' does not fit the layers")
    }
    if window == 0 { windowed = windowed.map { _ in false } }
    return [
      JSONMember("sliding_window", window == 0 ? .null : .integer(Int64(window))),
      JSONMember(
        "layer_types",
        .array(windowed.map { .string($0 ? "sliding_attention" : "full_attention") })),
    ]
  }

  /// Zero and absent are none, or what the loader takes.
  fileprivate func softcapMember(default fallback: Double?) throws -> JSONMember {
    let cap = try number("final_logit_softcapping", default: fallback ?? 0)
    return JSONMember("final_logit_softcapping", cap == 0 ? .null : .number(cap))
  }

  fileprivate func scaleMember(wholeWidthLayers: Int) throws -> JSONMember {
    let scalar =
      try layerCount == wholeWidthLayers ? hiddenSize / headCount : headSize
    return JSONMember("query_pre_attn_scalar", .integer(Int64(scalar)))
  }
}
