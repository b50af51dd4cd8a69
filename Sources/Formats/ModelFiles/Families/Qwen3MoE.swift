import Documents

extension ModelFamily {
  /// qwen3 with experts in every `decoder_sparse_step`-th layer but `mlp_only_layers`.
  static let qwen3MoE: ModelFamily = {
    var family = ModelFamily("qwen3_moe", "Qwen3MoeForCausalLM")
    family.contextLength = 32_768
    family.keyValueHeadCount = 4
    family.attentionBias = .asSaid
    family.read = { model, read in
      model.flags.queryKeyNorm = .perHead
      let window = read.window(default: 4096)
      model.setWindow(read.flag("use_sliding_window", default: false) ? window : nil)
      model.flags.experts = read.experts(
        count: 128, perToken: 8,
        intermediateSize: read.integer("moe_intermediate_size", in: 1...1 << 24, default: 768),
        normalizes: read.flag("norm_topk_prob", default: false), naming: .qwen,
        layerCount: model.layerCount)
      let step = read.integer("decoder_sparse_step", in: 1...65536, default: 1)
      let dense = Set(read.integers("mlp_only_layers") ?? [])
      for index in model.layers.indices {
        model.layers[index].isSparse = !dense.contains(index) && (index + 1) % step == 0
      }
    }
    family.members = { model in
      let dense = model.layers.indices.filter { !model.layers[$0].isSparse }
      return [
        JSONMember("decoder_sparse_step", .integer(1)),
        JSONMember("mlp_only_layers", .array(dense.map { .integer(Int64($0)) })),
        JSONMember("output_router_logits", false),
        JSONMember("use_sliding_window", .bool(model.slidingWindow != nil)), model.windowMember,
      ] + model.expertMembers
    }
    return family
  }()
}
