import Documents

extension GGUFArchitecture {
  static let qwen2: GGUFArchitecture = {
    var qwen2 = GGUFArchitecture("qwen2", "qwen2")
    qwen2.headsFillWidth = true
    return qwen2
  }()

  static let qwen3: GGUFArchitecture = {
    var qwen3 = GGUFArchitecture("qwen3", "qwen3")
    qwen3.saysHeadSize = true
    return qwen3
  }()

  /// Experts in every layer, their weights always scaled to add up to 1.
  static let qwen3MoE: GGUFArchitecture = {
    var moe = GGUFArchitecture("qwen3moe", "qwen3_moe")
    moe.write = { model, keys in
      keys.addCommon(model)
      if let experts = model.flags.experts {
        keys.add("expert_feed_forward_length", .uint32(experts.intermediateSize))
      }
    }
    moe.refusal = { model in
      if !model.layers.allSatisfy(\.isSparse) { return "a model with layers without experts" }
      if model.flags.experts?.normalizesWeights == false {
        return "a model whose experts' weights do not add up to 1 ('norm_topk_prob': false)"
      }
      return nil
    }
    moe.read = { keys in
      [
        JSONMember(
          "moe_intermediate_size",
          .integer(Int64(try keys.integer("expert_feed_forward_length")))),
        JSONMember("norm_topk_prob", true),
      ]
    }
    return moe
  }()
}
