extension ModelConfiguration {
  package static let embeddingPath = "model.embed_tokens"
  package static let headPath = "lm_head"

  /// What the files call the norms of a layer; nil where the family has none.
  package struct NormNames: Sendable, Hashable {
    package var beforeAttention: String?
    package var afterAttention: String?
    package var beforeFeedForward: String?
    package var afterFeedForward: String?
  }

  /// `post_attention_layernorm` stands before the feed-forward block in most families and after
  /// attention in those with norms on the branches' output.
  package var normNames: NormNames {
    var names = NormNames()
    if flags.hasNormsBefore { names.beforeAttention = "input_layernorm" }
    if flags.hasNormsAfter {
      names.afterAttention = "post_attention_layernorm"
      names.afterFeedForward = "post_feedforward_layernorm"
      if flags.hasNormsBefore { names.beforeFeedForward = "pre_feedforward_layernorm" }
    } else {
      names.beforeFeedForward = "post_attention_layernorm"
    }
    return names
  }

  /// The tensors of the weights by Hugging Face's names, with their shapes, in the order embedding,
  /// layers, norm, head. A tied head has no tensor of its own.
  package var tensorShapes: [(name: String, shape: [Int])] {
    var list: [(name: String, shape: [Int])] = [
      (Self.embeddingPath + ".weight", [vocabularySize, hiddenSize])
    ]
    for layer in 0..<layerCount { appendLayer(layer, &list) }
    list.append(("model.norm.weight", [hiddenSize]))
    if !tiesWordEmbeddings {
      list.append((Self.headPath + ".weight", [vocabularySize, hiddenSize]))
    }
    return list
  }

  private func appendLayer(_ layer: Int, _ list: inout [(name: String, shape: [Int])]) {
    let c = hiddenSize
    let q = headCount * headSize
    let kv = keyValueHeadCount * headSize
    let prefix = Self.layerPath(layer) + "."
    let norms = normNames
    func norm(_ name: String?, _ size: Int) {
      if let name { list.append((prefix + name + ".weight", [size])) }
    }
    norm(norms.beforeAttention, c)
    let projections =
      flags.fusesProjections
      ? [("qkv_proj", q + 2 * kv)] : [("q_proj", q), ("k_proj", kv), ("v_proj", kv)]
    for (name, rows) in projections {
      list.append((prefix + "self_attn.\(name).weight", [rows, c]))
      if hasQueryKeyValueBias { list.append((prefix + "self_attn.\(name).bias", [rows])) }
    }
    list.append((prefix + "self_attn.o_proj.weight", [c, q]))
    if hasOutputBias { list.append((prefix + "self_attn.o_proj.bias", [c])) }
    switch flags.queryKeyNorm {
    case .none: break
    case .perHead:
      norm("self_attn.q_norm", headSize)
      norm("self_attn.k_norm", headSize)
    case .wholeWidth:
      norm("self_attn.q_norm", q)
      norm("self_attn.k_norm", kv)
    }
    norm(norms.afterAttention, c)
    norm(norms.beforeFeedForward, c)
    if layers[layer].isSparse, let experts = flags.experts {
      list.append((routerPath(layer: layer) + ".weight", [experts.count, c]))
      for expert in 0..<experts.count {
        appendFeedForward(
          expertPaths(layer: layer, expert: expert), experts.intermediateSize, bias: false, &list)
      }
    } else {
      appendFeedForward(
        feedForwardPaths(layer: layer), intermediateSize, bias: hasFeedForwardBias, &list)
    }
    norm(norms.afterFeedForward, c)
  }

  private func appendFeedForward(
    _ paths: FeedForwardPaths, _ f: Int, bias: Bool,
    _ list: inout [(name: String, shape: [Int])]
  ) {
    let c = hiddenSize
    let matrices =
      paths.gate == paths.up
      ? [(paths.gate, [2 * f, c]), (paths.down, [c, f])]
      : [(paths.gate, [f, c]), (paths.up, [f, c]), (paths.down, [c, f])]
    for (path, shape) in matrices {
      list.append((path + ".weight", shape))
      if bias { list.append((path + ".bias", [shape[0]])) }
    }
  }

  /// Numbers in all tensors.
  package var parameterCount: Int {
    tensorShapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }
}

// MARK: - Paths

extension ModelConfiguration {
  /// The modules of a feed-forward block; gate and up are one where they are fused, gate's rows
  /// first.
  package struct FeedForwardPaths: Sendable, Hashable {
    package var gate: String
    package var up: String
    package var down: String
  }

  package static func layerPath(_ layer: Int) -> String { "model.layers.\(layer)" }

  package func feedForwardPaths(layer: Int) -> FeedForwardPaths {
    let prefix = Self.layerPath(layer) + ".mlp."
    let fused = flags.fusesProjections
    return FeedForwardPaths(
      gate: prefix + (fused ? "gate_up_proj" : "gate_proj"),
      up: prefix + (fused ? "gate_up_proj" : "up_proj"), down: prefix + "down_proj")
  }

  /// The router of a sparse layer, [experts, C]; no adapter changes it.
  package func routerPath(layer: Int) -> String { expertsPrefix(layer) + "gate" }

  package func expertPaths(layer: Int, expert: Int) -> FeedForwardPaths {
    let prefix = expertsPrefix(layer) + "experts.\(expert)."
    switch flags.experts?.naming {
    case .qwen:
      return FeedForwardPaths(
        gate: prefix + "gate_proj", up: prefix + "up_proj", down: prefix + "down_proj")
    case .mixtral, nil:
      return FeedForwardPaths(gate: prefix + "w1", up: prefix + "w3", down: prefix + "w2")
    }
  }

  private func expertsPrefix(_ layer: Int) -> String {
    Self.layerPath(layer) + (flags.experts?.naming == .qwen ? ".mlp." : ".block_sparse_moe.")
  }

  /// The modules of the layers that an adapter may change, by path, with [out, in]: every linear
  /// but routers. Embedding and head can be targets too, see ``embeddingPath`` and ``headPath``.
  package var linearShapes: [(path: String, shape: [Int])] {
    let ends = ["_proj.weight", ".w1.weight", ".w2.weight", ".w3.weight"]
    return tensorShapes.compactMap { name, shape in
      guard shape.count == 2, ends.contains(where: name.hasSuffix) else { return nil }
      return (String(name.dropLast(".weight".count)), shape)
    }
  }
}
