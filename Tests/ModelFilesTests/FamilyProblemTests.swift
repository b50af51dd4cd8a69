import Diagnostics
import Documents
import ModelFiles
import Testing

/// What a configuration must not say.
@Suite("Families: refused")
struct FamilyProblemTests {
  @Test(
    "what would be computed wrongly is refused with the key",
    arguments: [
      (
        #""model_type": "gemma2", "head_dim": 8, "hidden_activation": "gelu""#,
        "'hidden_activation' is 'gelu', expected 'silu' or 'gelu_pytorch_tanh'"
      ),
      (
        #""model_type": "gemma3_text", "head_dim": 8, "use_bidirectional_attention": true"#,
        "'use_bidirectional_attention' is true, expected a causal decoder"
      ),
      (
        #""model_type": "gemma3_text", "head_dim": 8, "rope_parameters": {"rope_type": "default"}"#,
        "'rope_parameters' is one table, expected one for each kind of layer"
      ),
      (
        #""model_type": "gemma2", "head_dim": 8, "sliding_window": null"#,
        "some layers are sliding, but there is no window"
      ),
      (
        #""model_type": "qwen2", "layer_types": ["full_attention"]"#,
        "'layer_types' has 1 entries, expected one for each of 5 layers"
      ),
      (
        #"""
        "model_type": "qwen3", "head_dim": 8, "layer_types": ["full_attention", "full_attention",
        "chunked_attention", "full_attention", "full_attention"]
        """#,
        "'layer_types' holds 'chunked_attention', expected full_attention or sliding_attention"
      ),
      (
        #""model_type": "llama", "partial_rotary_factor": 0.5"#,
        "'partial_rotary_factor' is 0.5, expected 1 in llama"
      ),
      (
        #""model_type": "phi3", "partial_rotary_factor": 0.4"#,
        "'partial_rotary_factor' 0.4 rotates 3 of 8 components, expected an even number"
      ),
      (
        #""model_type": "phi3", "rope_scaling": {"type": "linear", "factor": 2}"#,
        "the rope type 'linear' is not supported"
      ),
      (
        #"""
        "model_type": "phi3", "rope_scaling": {"type": "longrope", "short_factor": [1, 2],
        "long_factor": [1, 1, 1, 1]}
        """#, "'short_factor' is a list of 2, expected 4 numbers from 1e-06 to 1000000000.0"
      ),
      (
        #""model_type": "smollm3", "no_rope_layers": [1, 0]"#,
        "'no_rope_layers' has 2 entries, expected one for each of 5 layers"
      ),
      (
        #""model_type": "mixtral", "num_local_experts": 4, "num_experts_per_tok": 5"#,
        "'num_experts_per_tok' is 5, of 4 experts"
      ),
      (
        #""model_type": "granite", "logits_scaling": 0"#,
        "'logits_scaling' is 0.0, expected a number from 1e-09 to 1000000000.0"
      ),
      (
        #""model_type": "llama", "rope_scaling": {"type": "llama3", "factor": 8}"#,
        "'low_freq_factor' is missing"
      ),
      (
        #""model_type": "llama", "rope_scaling": 4"#,
        "'rope_scaling' is a number, expected an object"
      ),
    ])
  func problems(_ fields: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) { _ = try FamilyTests.read(fields) }
    #expect(failure?.diagnostics.first?.message == "config.json: \(message)")
    #expect(failure?.failureClass == .badInput)
  }

  @Test("a small file cannot announce tensors beyond number")
  func bounded() throws {
    let failure = #expect(throws: Failure.self) {
      _ = try ModelConfiguration(
        config: JSONReader.parse(
          Array(
            #"""
            {"model_type": "mixtral", "hidden_size": 64, "intermediate_size": 8, "vocab_size": 4,
            "num_hidden_layers": 65536, "num_attention_heads": 8, "num_local_experts": 4096}
            """#.utf8), file: "c"), file: "c")
    }
    #expect(
      failure?.diagnostics.map(\.message) == [
        "c: 65536 layers of 4096 experts are 268435456, expected at most 131072"
      ])
  }
}
