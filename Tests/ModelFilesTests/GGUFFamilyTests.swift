import BlockFormats
import Diagnostics
import ModelFiles
import Testing

@Suite("GGUF export: families")
struct GGUFFamilyTests {
  @Test(
    "what llama.cpp would compute otherwise is refused",
    arguments: [
      (
        #""model_type": "gemma2", "head_dim": 8"#,
        "a gemma2 model that scales attention scores otherwise "
          + "('query_pre_attn_scalar' is not 8)"
      ),
      (
        #""model_type": "olmo2", "tie_word_embeddings": true"#,
        "an olmo2 model whose head is its embedding"
      ),
      (
        #""model_type": "gemma", "head_dim": 8, "tie_word_embeddings": false"#,
        "a gemma model with a head of its own"
      ),
      (
        #""model_type": "llama", "hidden_act": "gelu_new""#, "a llama model with this activation"
      ),
      (
        #""model_type": "qwen2", "rope_scaling": {"type": "llama3", "factor": 4, "low_freq_factor": 1, "high_freq_factor": 4}"#,
        "a qwen2 model with this rope scaling"
      ),
      (
        #""model_type": "llama", "rope_scaling": {"type": "yarn", "factor": 4, "truncate": false}"#,
        "a llama model with yarn that does not truncate"
      ),
      (
        #""model_type": "llama", "rope_scaling": {"type": "dynamic", "factor": 4}"#,
        "a llama model with this rope scaling"
      ),
      (
        #""model_type": "smollm3", "no_rope_layers": [1, 0, 1, 0, 1]"#,
        "a smollm3 model whose layers rotate in another pattern"
      ),
      (
        #""model_type": "qwen3", "attention_bias": true"#,
        "a qwen3 model with biases behind attention or in the feed-forward block"
      ),
      (
        #""model_type": "qwen3_moe", "norm_topk_prob": false"#,
        "a model whose experts' weights do not add up to 1 ('norm_topk_prob': false)"
      ),
      (
        #""model_type": "qwen3_moe", "norm_topk_prob": true, "decoder_sparse_step": 2"#,
        "a model with layers without experts"
      ),
    ])
  func refused(_ fields: String, _ what: String) throws {
    let model = try FamilyTests.read(fields)
    let vocabulary = GGUFVocabulary(
      model: "gpt2", pre: "gpt-2", tokens: ["a"], types: [.normal], merges: [])
    let failure = #expect(throws: Failure.self) {
      _ = try GGUFExport.plan(model, vocabulary, name: "x", as: .f32)
    }
    #expect(failure?.diagnostics.map(\.code) == ["gguf.family"])
    #expect(
      failure?.diagnostics.first?.message
        == "\(what) cannot be exported to GGUF: llama.cpp would compute it otherwise")
  }

  @Test("which layers have a window is said where llama.cpp would guess another pattern")
  func windowPattern() throws {
    let kinds = ["sliding", "full", "sliding", "sliding", "sliding"].map { "\"\($0)_attention\"" }
    let model = try FamilyTests.read(
      #""model_type": "gemma3_text", "head_dim": 8, "query_pre_attn_scalar": 8, "#
        + #""sliding_window": 4, "layer_types": [\#(kinds.joined(separator: ", "))]"#)
    let vocabulary = GGUFVocabulary(
      model: "gpt2", pre: "gpt-2", tokens: ["a"], types: [.normal], merges: [])
    let type = try #require(GGUFFileType.named("f32"))
    func pattern(asConverter: Bool) throws -> GGUFValue? {
      try GGUFExport.plan(model, vocabulary, name: "x", as: type, asConverter: asConverter)
        .pairs.first { $0.key == "gemma3.attention.sliding_window_pattern" }?.value
    }
    #expect(try pattern(asConverter: false) == .flags([true, false, true, true, true]))
    #expect(try pattern(asConverter: true) == nil)
    #expect(GGUFExport.warnings(model, asConverter: true).map(\.code) == ["gguf.window-pattern"])
    #expect(GGUFExport.warnings(model).isEmpty)
  }
}
