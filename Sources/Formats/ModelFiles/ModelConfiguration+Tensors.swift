extension ModelConfiguration {
  /// The tensors of the weights by Hugging Face's names, with their shapes, in the order embedding,
  /// layers, norm, head. A tied head has no tensor of its own.
  package var tensorShapes: [(name: String, shape: [Int])] {
    let c = hiddenSize
    let f = intermediateSize
    let q = headCount * headSize
    let kv = keyValueHeadCount * headSize
    var list: [(name: String, shape: [Int])] = [
      ("model.embed_tokens.weight", [vocabularySize, c])
    ]
    for layer in 0..<layerCount {
      let prefix = "model.layers.\(layer)."
      list.append((prefix + "input_layernorm.weight", [c]))
      for (name, rows) in [("q_proj", q), ("k_proj", kv), ("v_proj", kv)] {
        list.append((prefix + "self_attn.\(name).weight", [rows, c]))
        if hasQueryKeyValueBias { list.append((prefix + "self_attn.\(name).bias", [rows])) }
      }
      list.append((prefix + "self_attn.o_proj.weight", [c, q]))
      if hasOutputBias { list.append((prefix + "self_attn.o_proj.bias", [c])) }
      list.append((prefix + "post_attention_layernorm.weight", [c]))
      for (name, shape) in [("gate_proj", [f, c]), ("up_proj", [f, c]), ("down_proj", [c, f])] {
        list.append((prefix + "mlp.\(name).weight", shape))
        if hasFeedForwardBias { list.append((prefix + "mlp.\(name).bias", [shape[0]])) }
      }
    }
    list.append(("model.norm.weight", [c]))
    if !tiesWordEmbeddings { list.append(("lm_head.weight", [vocabularySize, c])) }
    return list
  }

  /// The modules that an adapter may change, by path, with [out, in].
  package var linearShapes: [(path: String, shape: [Int])] {
    tensorShapes.compactMap { name, shape in
      guard shape.count == 2, name.hasSuffix("_proj.weight") else { return nil }
      return (String(name.dropLast(".weight".count)), shape)
    }
  }

  /// Numbers in all tensors.
  package var parameterCount: Int {
    tensorShapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }
}
