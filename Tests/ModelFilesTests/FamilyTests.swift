import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Families")
struct FamilyTests {
  static func read(_ fields: String) throws -> ModelConfiguration {
    try ModelConfigurationTests.read(fields)
  }

  static var oracleNames: [String] {
    (try? FileTree(folder: SharedMaterial.oracles.path("models")).names)?
      .compactMap { $0.hasSuffix("/config.json") ? String($0.dropLast(12)) : nil }.sorted() ?? []
  }

  @Test(
    "every model of the oracles is read, tensor by tensor",
    .enabled(if: SharedMaterial.oracles.exists, "../shared/oracles is absent (set ORACLES)"),
    arguments: oracleNames)
  func oracles(_ name: String) throws {
    let folder = try ModelFolder(
      .init(folder: SharedMaterial.oracles.path("models/\(name)")))
    #expect(folder.manifest.form == .full)
    #expect(folder.warnings.isEmpty)
    let count = try folder.tensorNames.reduce(0) { try $0 + folder.floats($1).count }
    #expect(count == folder.configuration.parameterCount)
    if folder.configuration.tiesWordEmbeddings {
      #expect(try folder.floats("lm_head.weight") == folder.floats("model.embed_tokens.weight"))
    }
    try folder.checkFinite()
  }

  @Test("gemma2: caps, scale, norms after, every other layer slides")
  func gemma2() throws {
    let model = try Self.read(
      #"""
      "model_type": "gemma2", "head_dim": 8, "query_pre_attn_scalar": 24, "sliding_window": 6,
      "attn_logit_softcapping": 5, "final_logit_softcapping": null
      """#)
    #expect(model.layers.map(\.window) == [6, nil, 6, nil, 6])
    #expect(model.flags.attentionScale == 1 / 24.0.squareRoot())
    #expect(model.flags.attentionSoftcap == 5)
    #expect(model.flags.logitSoftcap == nil)
    #expect(model.flags.normAddsOne && model.flags.hasNormsBefore && model.flags.hasNormsAfter)
    #expect(model.flags.activation == .geluTanh)
    #expect(model.flags.embeddingScale == 8)
    #expect(model.tiesWordEmbeddings)
    let defaults = try Self.read(#""model_type": "gemma2", "hidden_size2": 0"#)
    #expect(defaults.headSize == 256)
    #expect(defaults.flags.attentionSoftcap == 50 && defaults.flags.logitSoftcap == 30)
    #expect(defaults.flags.attentionScale == 0.0625)
    #expect(
      model.tensorShapes.map(\.name).filter { $0.contains("layers.0.") && $0.contains("norm") } == [
        "model.layers.0.input_layernorm.weight",
        "model.layers.0.post_attention_layernorm.weight",
        "model.layers.0.pre_feedforward_layernorm.weight",
        "model.layers.0.post_feedforward_layernorm.weight",
      ])
  }

  @Test("gemma3: the pattern of transformers 4, the tables of 5, two rotary tables")
  func gemma3() throws {
    let four = try Self.read(
      #"""
      "model_type": "gemma3_text", "head_dim": 16, "sliding_window_pattern": 2,
      "sliding_window": 7, "rope_theta": 5e5, "rope_local_base_freq": 2e4,
      "rope_scaling": {"rope_type": "linear", "factor": 8}
      """#)
    #expect(
      four.ropes == [
        Rope(theta: 5e5, scaling: .linear(factor: 8), dimensions: 16),
        Rope(theta: 2e4, dimensions: 16),
      ])
    #expect(four.layers.map(\.rope) == [1, 0, 1, 0, 1])
    #expect(four.layers.map(\.window) == [7, nil, 7, nil, 7])
    var five = try Self.read(
      #"""
      "model_type": "gemma3_text", "head_dim": 16, "sliding_window": 7,
      "layer_types": ["sliding_attention", "full_attention", "sliding_attention",
        "full_attention", "sliding_attention"],
      "rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8, "rope_theta": 5e5},
        "sliding_attention": {"rope_type": "default", "rope_theta": 2e4}}
      """#)
    five.json = four.json
    #expect(five == four)
    let plain = try Self.read(#""model_type": "gemma3_text", "head_dim": 16"#)
    #expect(plain.ropes.map(\.theta) == [1e6, 1e4])
    #expect(plain.layers.map(\.window) == [4096, 4096, 4096, 4096, 4096])
    #expect(plain.flags.queryKeyNorm == .perHead && plain.flags.logitSoftcap == nil)
  }

  @Test("embeddings are scaled by the root in binary32")
  func embeddingScale() throws {
    let model = try ModelConfiguration(
      config: JSONReader.parse(
        Array(
          #"""
          {"model_type": "gemma", "hidden_size": 3072, "intermediate_size": 8, "vocab_size": 4,
          "num_hidden_layers": 1, "num_attention_heads": 16, "hidden_act": "gelu"}
          """#.utf8), file: "c"), file: "c")
    #expect(model.flags.embeddingScale == Double(Float(3072).squareRoot()))
    #expect(model.flags.activation == .geluTanh)
    #expect(model.flags.attentionScale == nil)
  }

  @Test("phi3: fused matrices, longrope by the length outside the table, part of a head")
  func phi3() throws {
    let factors = (0..<3).map { "\(1 + $0)" }.joined(separator: ",")
    let model = try Self.read(
      #"""
      "model_type": "phi3", "partial_rotary_factor": 0.75,
      "original_max_position_embeddings": 16, "rope_theta": 1e4,
      "rope_scaling": {"type": "su", "short_factor": [\#(factors)], "long_factor": [\#(factors)]}
      """#)
    #expect(model.ropes[0].dimensions == 6)
    guard case .longrope(let short, let long, let factor, let original)? = model.ropeScaling else {
      Issue.record("no longrope")
      return
    }
    #expect(short == [1, 2, 3] && long == [1, 2, 3] && original == 16)
    #expect(abs(factor - 1.5) < 1e-15)  // √(1 + ln 32 / ln 16)
    let shapes = Dictionary(uniqueKeysWithValues: model.tensorShapes.map { ($0.name, $0.shape) })
    #expect(shapes["model.layers.0.self_attn.qkv_proj.weight"] == [128, 64])
    #expect(shapes["model.layers.0.mlp.gate_up_proj.weight"] == [344, 64])
    #expect(model.linearShapes.count == 5 * 4)
  }

  @Test("olmo2: norms after, none before, over the whole width")
  func olmo2() throws {
    let model = try Self.read(#""model_type": "olmo2""#)
    #expect(!model.flags.hasNormsBefore && model.flags.hasNormsAfter)
    let shapes = Dictionary(uniqueKeysWithValues: model.tensorShapes.map { ($0.name, $0.shape) })
    #expect(shapes["model.layers.0.self_attn.q_norm.weight"] == [64])
    #expect(shapes["model.layers.0.self_attn.k_norm.weight"] == [32])
    #expect(shapes["model.layers.0.input_layernorm.weight"] == nil)
    #expect(shapes["model.layers.0.pre_feedforward_layernorm.weight"] == nil)
    #expect(shapes["model.layers.0.post_feedforward_layernorm.weight"] == [64])
    #expect(model.normNames.afterAttention == "post_attention_layernorm")
  }

  @Test("granite: four factors")
  func granite() throws {
    let model = try Self.read(
      #"""
      "model_type": "granite", "embedding_multiplier": 12, "residual_multiplier": 0.22,
      "attention_multiplier": 0.015625, "logits_scaling": 8, "mlp_bias": true
      """#)
    #expect(model.flags.embeddingScale == 12 && model.flags.residualScale == 0.22)
    #expect(model.flags.attentionScale == 0.015625 && model.flags.logitScale == 0.125)
    #expect(model.hasFeedForwardBias && !model.hasQueryKeyValueBias)
    #expect(try Self.read(#""model_type": "granite""#).flags.attentionScale == 1)
  }

  @Test("smollm3: 1 rotates, 0 does not")
  func smollm3() throws {
    let model = try Self.read(#""model_type": "smollm3", "no_rope_layers": [1, 0, 1, 1, 0]"#)
    #expect(model.layers.map(\.rope) == [0, nil, 0, 0, nil])
    let interval = try Self.read(#""model_type": "smollm3", "no_rope_layer_interval": 2"#)
    #expect(interval.layers.map(\.rope) == [0, nil, 0, nil, 0])
    #expect(interval.ropeTheta == 2e6 && interval.tiesWordEmbeddings)
  }

  @Test("experts: names of both transformers, dense layers, weights")
  func experts() throws {
    let qwen = try Self.read(
      #"""
      "model_type": "qwen3_moe", "num_experts": 4, "num_experts_per_tok": 2,
      "moe_intermediate_size": 24, "norm_topk_prob": true, "decoder_sparse_step": 2,
      "mlp_only_layers": [3], "router_aux_loss_coef": 0.01
      """#)
    #expect(qwen.layers.map(\.isSparse) == [false, true, false, false, false])
    #expect(
      qwen.flags.experts
        == .init(
          count: 4, perToken: 2, intermediateSize: 24, normalizesWeights: true,
          auxiliaryLossCoefficient: 0.01, naming: .qwen))
    var five = try Self.read(
      #"""
      "model_type": "qwen3_moe", "num_local_experts": 4, "num_experts_per_tok": 2,
      "moe_intermediate_size": 24, "norm_topk_prob": true, "decoder_sparse_step": 2,
      "mlp_only_layers": [3], "router_aux_loss_coef": 0.01
      """#)
    five.json = qwen.json
    #expect(five == qwen)
    let shapes = Dictionary(uniqueKeysWithValues: qwen.tensorShapes.map { ($0.name, $0.shape) })
    #expect(shapes["model.layers.1.mlp.gate.weight"] == [4, 64])
    #expect(shapes["model.layers.1.mlp.experts.3.down_proj.weight"] == [64, 24])
    #expect(shapes["model.layers.0.mlp.down_proj.weight"] == [64, 172])
    #expect(qwen.linearShapes.count == 5 * 4 + 4 * 3 + 4 * 3)
    let mixtral = try Self.read(#""model_type": "mixtral""#)
    #expect(mixtral.flags.experts?.auxiliaryLossCoefficient == 0.001)
    #expect(mixtral.flags.experts?.normalizesWeights == true)
    #expect(mixtral.layers.allSatisfy { $0.isSparse && $0.window == nil })
    #expect(mixtral.ropeTheta == 1e6)
    #expect(mixtral.linearShapes.count == 5 * (4 + 8 * 3))
  }

  @Test(
    "windows follow the family",
    arguments: [
      (#""model_type": "llama", "sliding_window": 9"#, [nil, nil, nil, nil, nil]),
      (#""model_type": "mistral", "sliding_window": 9"#, [9, 9, 9, 9, 9]),
      (#""model_type": "mistral", "sliding_window": null"#, [nil, nil, nil, nil, nil]),
      (#""model_type": "mistral""#, [4096, 4096, 4096, 4096, 4096]),
      (#""model_type": "phi3", "sliding_window": 9"#, [9, 9, 9, 9, 9]),
      (#""model_type": "qwen2", "sliding_window": 9"#, [nil, nil, nil, nil, nil]),
      (
        #""model_type": "qwen2", "sliding_window": 9, "use_sliding_window": true"#,
        [nil, nil, nil, nil, nil]
      ),
      (
        #"""
        "model_type": "qwen3", "sliding_window": 9, "use_sliding_window": true,
        "max_window_layers": 3
        """#, [nil, nil, nil, 9, 9]
      ),
      (
        #"""
        "model_type": "qwen3", "sliding_window": 9, "use_sliding_window": true, "layer_types":
        ["sliding_attention", "full_attention", "full_attention", "full_attention",
          "sliding_attention"]
        """#, [9, nil, nil, nil, 9]
      ),
      (
        #""model_type": "qwen3_moe", "sliding_window": 9, "use_sliding_window": true"#,
        [9, 9, 9, 9, 9]
      ),
      (
        #""model_type": "smollm3", "sliding_window": 9, "use_sliding_window": true"#,
        [nil, nil, nil, 9, nil]
      ),
    ] as [(String, [Int?])])
  func windows(_ fields: String, _ windows: [Int?]) throws {
    #expect(try Self.read(fields).layers.map(\.window) == windows)
  }

  @Test(
    "absent keys mean what transformers takes them for",
    arguments: [
      ("llama", 8, 8, 2048, 1e4, false), ("mistral", 8, 8, 131_072, 1e4, false),
      ("gemma2", 4, 256, 8192, 1e4, true), ("qwen3_moe", 4, 8, 32768, 1e4, false),
      ("smollm3", 4, 8, 32768, 2e6, true), ("olmo2", 8, 8, 2048, 1e4, false),
    ])
  func defaults(
    _ type: String, _ heads: Int, _ size: Int, _ length: Int, _ theta: Double, _ tied: Bool
  ) throws {
    let json = """
      {"model_type": "\(type)", "hidden_size": 64, "intermediate_size": 172, "vocab_size": 512,
      "num_hidden_layers": 2, "num_attention_heads": 8}
      """
    let model = try ModelConfiguration(
      config: JSONReader.parse(Array(json.utf8), file: "c"), file: "c")
    #expect(model.keyValueHeadCount == heads)
    #expect(model.headSize == size)
    #expect(model.contextLength == length)
    #expect(model.ropeTheta == theta)
    #expect(model.tiesWordEmbeddings == tied)
  }

  @Test("a configuration made here reads back, in every family")
  func roundTrip() throws {
    for type in ModelConfiguration.supportedModelTypes {
      let text = #""model_type": "\#(type)", "head_dim": 16, "num_experts_per_tok": 2"#
      var made = try Self.read(text)
      made.json = .object([])
      let read = try ModelConfiguration(config: made.configJSON, file: "config.json")
      made.json = read.json
      #expect(read == made, "\(type)")
      let name = read.json["architectures"]?.arrayValue?.first?.stringValue ?? ""
      #expect(name.hasSuffix("ForCausalLM"))
      #expect(read.configJSON == read.json)
    }
  }

  @Test("a tied model whose head was separated says so in its file")
  func untied() throws {
    var model = try Self.read(#""model_type": "gemma2", "head_dim": 8"#)
    model.tiesWordEmbeddings = false
    #expect(model.configJSON["tie_word_embeddings"] == false)
    #expect(model.tensorShapes.last?.name == "lm_head.weight")
  }
}
