import Documents

extension GGUFArchitecture {
  /// q, k, v in one matrix, gate and up in another; part of a head may rotate, with a factor for
  /// each pair of components.
  static let phi3: GGUFArchitecture = {
    var phi3 = GGUFArchitecture("phi3", "phi3")
    phi3.headsFillWidth = true
    phi3.scalings = [.longrope]
    phi3.write = { model, keys in
      var original = model.json["original_max_position_embeddings"]?.integerValue ?? 4096
      if case .longrope(_, _, _, let length)? = model.ropeScaling { original = length }
      keys.add("context_length", .uint32(model.contextLength))
      keys.add("rope.scaling.original_context_length", .uint32(original))
      keys.add("embedding_length", .uint32(model.hiddenSize))
      keys.add("feed_forward_length", .uint32(model.intermediateSize))
      keys.add("block_count", .uint32(model.layerCount))
      keys.add("attention.head_count", .uint32(model.headCount))
      keys.add("attention.head_count_kv", .uint32(model.keyValueHeadCount))
      keys.add("attention.layer_norm_rms_epsilon", .float32(model.rmsNormEpsilon))
      keys.add("rope.dimension_count", .uint32(model.ropes[0].dimensions))
      keys.add("rope.freq_base", .float32(model.ropeTheta))
      keys.addFileType()
      keys.add("attention.sliding_window", .uint32(model.slidingWindow ?? 0))
    }
    phi3.read = { keys in
      let (headSize, dimensions) = (try keys.headSize, try keys.ropeDimensions)
      let window = try keys.integer(
        "attention.sliding_window", in: 0...Int(Int32.max), default: 0)
      return [
        JSONMember("partial_rotary_factor", .number(Double(dimensions) / Double(headSize))),
        JSONMember("sliding_window", window == 0 ? .null : .integer(Int64(window))),
        JSONMember(
          "original_max_position_embeddings",
          .integer(
            Int64(
              try keys.integer(
                "rope.scaling.original_context_length", in: 1...Int(Int32.max), default: 4096)))),
      ]
    }
    return phi3
  }()
}
