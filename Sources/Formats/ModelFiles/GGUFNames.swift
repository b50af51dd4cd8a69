/// What llama.cpp calls the tensors of a model of Llama's shape.
enum GGUFNames {
  /// Hugging Face module path (a layer's without its prefix) → GGUF's.
  private static let table: [(huggingFace: String, gguf: String)] = [
    ("model.embed_tokens", "token_embd"),
    ("model.norm", "output_norm"),
    ("lm_head", "output"),
  ]
  private static let layerTable: [(huggingFace: String, gguf: String)] = [
    ("input_layernorm", "attn_norm"),
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("post_attention_layernorm", "ffn_norm"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
  ]

  /// `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`.
  static func gguf(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    guard let kind = parts.last else { return name }
    if name.hasPrefix("model.layers."), parts.count > 4 {
      let module = parts[3..<parts.count - 1].joined(separator: ".")
      if let row = layerTable.first(where: { $0.huggingFace == module }) {
        return "blk.\(parts[2]).\(row.gguf).\(kind)"
      }
    }
    let module = parts.dropLast().joined(separator: ".")
    if let row = table.first(where: { $0.huggingFace == module }) { return "\(row.gguf).\(kind)" }
    preconditionFailure("'\(name)' has no name in GGUF")
  }
}
