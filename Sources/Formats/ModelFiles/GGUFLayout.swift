/// How llama.cpp keeps the weights of a model: names, shapes, and which of Hugging Face's tensors
/// stand in each.
struct GGUFLayout: Sendable {
  /// A tensor of the file.
  struct Stored: Sendable, Hashable {
    var name: String
    /// Outermost dimension first.
    var shape: [Int]
    /// Hugging Face's names, one after another; several for the experts of a layer.
    var parts: [String]
    /// The head size when the rows of each head are in llama.cpp's order.
    var interleavedHeadSize: Int?
    var addsOne: Bool

    /// Rows of all parts; 1 for a vector, whose columns are its values.
    var rows: Int { shape.count < 2 ? 1 : shape.dropLast().reduce(1, *) }
  }

  /// In the converter's order: Hugging Face's names by their bytes, the experts of a layer where
  /// the first of them stands.
  let tensors: [Stored]

  /// - Parameter shard: the number of the file a tensor is in; files come one after another.
  init(
    _ model: ModelConfiguration, _ architecture: GGUFArchitecture,
    shard: (String) -> Int = { _ in 0 }
  ) {
    let names = NameTable(model)
    var tensors: [(key: (Int, String), stored: Stored)] = []
    var experts: Set<Int> = []
    for (name, shape) in model.tensorShapes {
      let key = (shard(name), name)
      if let layer = NameTable.expertLayer(name) {
        guard experts.insert(layer).inserted else { continue }
        for stored in Self.experts(of: layer, model) { tensors.append((key, stored)) }
        continue
      }
      let isHeadRows = name.contains(".q_proj.") || name.contains(".k_proj.")
      let stored = Stored(
        name: names.gguf(name), shape: shape, parts: [name],
        interleavedHeadSize: architecture.interleavesHeads && isHeadRows ? model.headSize : nil,
        addsOne: architecture.addsOneToNorms && name.hasSuffix("norm.weight"))
      tensors.append((key, stored))
    }
    // Experts of one layer share their key and keep their order.
    self.tensors = tensors.enumerated().sorted { a, b in
      let (left, right) = (a.element.key, b.element.key)
      if left.0 != right.0 { return left.0 < right.0 }
      if left.1 != right.1 { return left.1.utf8.lexicographicallyPrecedes(right.1.utf8) }
      return a.offset < b.offset
    }.map(\.element.stored)
  }

  /// The stacked matrices of a layer's experts, in the order that the converter's classes make.
  private static func experts(of layer: Int, _ model: ModelConfiguration) -> [Stored] {
    guard let experts = model.flags.experts else { return [] }
    let paths = (0..<experts.count).map { model.expertPaths(layer: layer, expert: $0) }
    let (f, c) = (experts.intermediateSize, model.hiddenSize)
    func stacked(
      _ name: String, _ rows: Int, _ columns: Int,
      _ path: (ModelConfiguration.FeedForwardPaths) -> String
    ) -> Stored {
      Stored(
        name: "blk.\(layer).\(name)_exps.weight", shape: [experts.count, rows, columns],
        parts: paths.map { path($0) + ".weight" }, addsOne: false)
    }
    let gate = stacked("ffn_gate", f, c, \.gate)
    let up = stacked("ffn_up", f, c, \.up)
    let down = stacked("ffn_down", c, f, \.down)
    return experts.naming == .mixtral ? [gate, down, up] : [down, gate, up]
  }
}

/// What llama.cpp calls the modules of a model.
private struct NameTable {
  /// Hugging Face's module path (a layer's without its prefix) → llama.cpp's.
  private var table = [
    ModelConfiguration.embeddingPath: "token_embd", "model.norm": "output_norm",
    ModelConfiguration.headPath: "output",
  ]
  private var layerTable = [
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.qkv_proj": "attn_qkv", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "mlp.gate_up_proj": "ffn_up", "mlp.gate": "ffn_gate_inp",
    "block_sparse_moe.gate": "ffn_gate_inp",
  ]

  init(_ model: ModelConfiguration) {
    let norms = model.normNames
    for (huggingFace, gguf) in [
      (norms.beforeAttention, "attn_norm"), (norms.afterAttention, "post_attention_norm"),
      (norms.beforeFeedForward, "ffn_norm"), (norms.afterFeedForward, "post_ffw_norm"),
    ] {
      if let huggingFace { layerTable[huggingFace] = gguf }
    }
  }

  /// `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`.
  func gguf(_ name: String) -> String {
    let parts = name.split(separator: ".")
    let kind = parts.last ?? ""
    if name.hasPrefix("model.layers."), parts.count > 4 {
      let module = parts[3..<parts.count - 1].joined(separator: ".")
      if let known = layerTable[module] { return "blk.\(parts[2]).\(known).\(kind)" }
    }
    if let known = table[parts.dropLast().joined(separator: ".")] { return "\(known).\(kind)" }
    preconditionFailure("'\(name)' has no name in GGUF")
  }

  /// The layer whose experts the tensor belongs to; nil for all else.
  static func expertLayer(_ name: String) -> Int? {
    let parts = name.split(separator: ".")
    return parts.count > 4 && parts[4] == "experts" ? Int(parts[2]) : nil
  }
}
