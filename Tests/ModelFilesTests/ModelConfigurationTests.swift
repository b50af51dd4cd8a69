import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Model configuration")
struct ModelConfigurationTests {
  static let base = #"""
    "hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5,
    "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": 512,
    "max_position_embeddings": 512, "rms_norm_eps": 1e-5
    """#

  static func read(_ fields: String) throws -> ModelConfiguration {
    try ModelConfiguration(
      config: JSONReader.parse(Array("{\(base),\(fields)}".utf8), file: "config.json"),
      file: "config.json")
  }

  @Test("the forms of transformers 4 and 5 mean the same")
  func bothForms() throws {
    let four = try Self.read(
      #"""
      "model_type": "llama", "rope_theta": 5e5, "torch_dtype": "bfloat16", "eos_token_id": 2,
      "rope_scaling": {"type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
        "original_max_position_embeddings": 128}
      """#)
    var five = try Self.read(
      #"""
      "model_type": "llama", "dtype": "bfloat16", "eos_token_id": [2],
      "rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5, "factor": 8,
        "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 128}
      """#)
    #expect(four.storedType == .BF16)
    #expect(five.storedType == .BF16)
    five.json = four.json
    #expect(four == five)
    #expect(four.ropeTheta == 500_000)
    #expect(
      four.ropeScaling
        == .llama3(
          factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 128))
    #expect(four.headSize == 8)
  }

  @Test("families differ in biases")
  func families() throws {
    let qwen = try Self.read(#""model_type": "qwen2", "tie_word_embeddings": true"#)
    #expect(qwen.hasQueryKeyValueBias && !qwen.hasOutputBias && !qwen.hasFeedForwardBias)
    #expect(qwen.tiesWordEmbeddings)
    let llama = try Self.read(
      #""model_type": "llama", "attention_bias": true, "mlp_bias": true"#)
    #expect(llama.hasQueryKeyValueBias && llama.hasOutputBias && llama.hasFeedForwardBias)
    #expect(llama.tensorShapes.count == 5 * 16 + 3)
    let mistral = try Self.read(#""model_type": "mistral", "sliding_window": 128"#)
    #expect(mistral.slidingWindow == 128)
    #expect(try Self.read(#""model_type": "mistral", "sliding_window": null"#).slidingWindow == nil)
  }

  @Test(
    "what is not understood is named",
    arguments: [
      (
        #""model_type": "lama""#,
        "config.json: the model type 'lama' is not supported",
        "did you mean 'llama'? supported model types: llama, mistral, mixtral, qwen2, qwen3, "
          + "qwen3_moe, gemma, gemma2, gemma3_text, phi3, smollm3, olmo2, granite"
      ),
      (
        #""model_type": "llama", "hidden_act": "gelu""#,
        "config.json: 'hidden_act' is 'gelu', expected 'silu' or 'gelu_pytorch_tanh'", nil
      ),
      (
        #""model_type": "llama", "rope_scaling": {"rope_type": "proportional", "factor": 4}"#,
        "config.json: the rope type 'proportional' is not supported",
        "supported rope types: default, linear, dynamic, llama3, yarn, longrope"
      ),
      (
        #""model_type": "llama", "head_dim": 7"#,
        "config.json: the head size is 7, expected an even number", nil
      ),
      (
        #""model_type": "llama", "quantization_config": {"bits": 4}"#,
        "config.json: the weights are quantized ('quantization_config' is set)",
        "use the model in its original precision"
      ),
      (
        #""model_type": "llama", "tie_word_embeddings": "yes""#,
        "config.json: 'tie_word_embeddings' is a string, expected true or false", nil
      ),
    ] as [(String, String, String?)])
  func problems(_ fields: String, _ message: String, _ fix: String?) throws {
    let failure = #expect(throws: Failure.self) { _ = try Self.read(fields) }
    #expect(failure?.diagnostics.first?.message == message)
    #expect(failure?.diagnostics.first?.fix == fix)
    #expect(failure?.failureClass == .badInput)
  }

  @Test("all problems are found at once")
  func allProblems() throws {
    let json = #"{"model_type": "llama", "num_attention_heads": 6, "num_key_value_heads": 4}"#
    let failure = #expect(throws: Failure.self) {
      _ = try ModelConfiguration(
        config: JSONReader.parse(Array(json.utf8), file: "c"), file: "c")
    }
    #expect(
      failure?.diagnostics.map(\.message) == [
        "c: 'hidden_size' is missing",
        "c: 'hidden_size' 1 is no multiple of 6 heads",
        "c: 6 query heads cannot share 4 key/value heads evenly",
        "c: the head size is 1, expected an even number",
        "c: 'vocab_size' is missing", "c: 'intermediate_size' is missing",
        "c: 'num_hidden_layers' is missing",
      ])
  }

  @Test("a configuration made here reads back")
  func roundTrip() throws {
    var made = ModelConfiguration(
      modelType: "llama", vocabularySize: 2048, hiddenSize: 192, intermediateSize: 512,
      layerCount: 4, headCount: 6, keyValueHeadCount: 2, headSize: 32, contextLength: 512,
      ropeScaling: .linear(factor: 2), bosTokenID: 0, eosTokenIDs: [1, 3])
    let read = try ModelConfiguration(config: made.configJSON, file: "config.json")
    made.json = read.json
    #expect(read == made)
    #expect(read.configJSON(storing: .BF16)["torch_dtype"] == "bfloat16")
  }
}
