import Models
import Tensors
import Testing
import Training

@Suite("Parameter groups")
struct ParameterGroupTests {
  @Test(
    "weight decay goes by name",
    arguments: [
      ("model.embed_tokens.weight", true), ("lm_head.weight", true),
      ("model.layers.0.self_attn.q_proj.weight", true),
      ("model.layers.0.self_attn.q_proj.bias", false),
      ("model.layers.0.input_layernorm.weight", false),
      ("model.layers.0.post_attention_layernorm.weight", false),
      ("model.layers.0.self_attn.q_norm.weight", false), ("model.norm.weight", false),
      ("norm.weight", false), ("model.RMSNorm.weight", false),
      ("model.normalizer.weight", true), ("model.layers.0.norms.weight", true),
      ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", true),
      ("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", true),
      ("base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector", true),
      ("base_model.model.model.embed_tokens.lora_embedding_A", true),
      ("base_model.model.model.norm.weight", false),
    ])
  func decays(_ name: String, _ decays: Bool) {
    #expect(TrainableParameter.decays(name) == decays)
  }

  static let layer = "base_model.model.model.layers.0.self_attn.q_proj."
  static let table = "base_model.model.model.embed_tokens.lora_embedding_A"

  static func group(
    _ name: String, dimensions: Int = 2, _ rules: ParameterGroupRules
  ) -> ParameterGroup {
    rules.group(
      of: name, dimensions: dimensions, decays: TrainableParameter.decays(name),
      learningRate: 2e-4)
  }

  static func rules(_ set: (inout ParameterGroupRules) -> Void) -> ParameterGroupRules {
    var rules = ParameterGroupRules()
    set(&rules)
    return rules
  }

  @Test("without any key everything learns at the one rate")
  func plain() {
    let rules = ParameterGroupRules()
    #expect(Self.group("lm_head.weight", rules) == ParameterGroup(decays: true))
    #expect(Self.group("model.norm.weight", dimensions: 1, rules) == ParameterGroup(decays: false))
  }

  @Test("LoRA+: B and vectors faster, adapters of embeddings at their own rate")
  func loraPlus() {
    let rules = Self.rules { $0.loraPlusRatio = 16 }
    #expect(Self.group(Self.layer + "lora_A.weight", rules).learningRateScale == 1)
    let fast = ParameterGroup(learningRateScale: 16, decays: true)
    #expect(Self.group(Self.layer + "lora_B.weight", rules) == fast)
    #expect(Self.group(Self.layer + "lora_magnitude_vector", dimensions: 1, rules) == fast)
    #expect(
      Self.group("base_model.model.model.norm.weight", dimensions: 1, rules)
        == ParameterGroup(learningRateScale: 16, decays: false))
    #expect(abs(Self.group(Self.table, rules).learningRateScale - 1e-6 / 2e-4) < 1e-18)
    let other = Self.rules {
      $0.loraPlusRatio = 16
      $0.loraPlusEmbeddingRate = 1e-5
    }
    #expect(abs(Self.group(Self.table, other).learningRateScale - 0.05) < 1e-15)
  }

  @Test("embedding_lr_scale goes before embedding_lr; both end the decay of embeddings")
  func embeddings() {
    let own = Self.rules { $0.embeddingRate = 1e-5 }
    let scaled = Self.rules {
      $0.embeddingRate = 1e-5
      $0.embeddingScale = 0.5
    }
    for name in [
      "model.embed_tokens.weight", "lm_head.weight", "base_model.model.lm_head.weight",
      "base_model.model.score.weight", Self.table,
    ] {
      #expect(abs(Self.group(name, own).learningRateScale - 0.05) < 1e-15, "\(name)")
      #expect(
        Self.group(name, scaled) == ParameterGroup(learningRateScale: 0.5, decays: false),
        "\(name)")
    }
    #expect(Self.group(Self.layer + "lora_A.weight", own) == ParameterGroup(decays: true))
  }

  @Test("lr_groups: the first module found in a name that decays")
  func named() {
    let rules = Self.rules {
      $0.named = [
        .init(name: "queries", modules: ["q_proj", "k_proj"], learningRate: 4e-4),
        .init(name: "first", modules: ["layers.0."], learningRate: 8e-4),
      ]
    }
    #expect(
      Self.group("model.layers.0.self_attn.q_proj.weight", rules)
        == ParameterGroup(learningRateScale: 2, decays: true))
    #expect(
      Self.group("model.layers.0.self_attn.v_proj.weight", rules)
        == ParameterGroup(learningRateScale: 4, decays: true))
    #expect(
      Self.group("model.layers.0.self_attn.q_proj.bias", dimensions: 1, rules)
        == ParameterGroup(decays: false))
    #expect(Self.group("model.layers.1.mlp.up_proj.weight", rules) == ParameterGroup(decays: true))
    #expect(Self.group("lm_head.weight", rules) == ParameterGroup(decays: false))
  }

  @Test("groups reach the step: two parameters, two rates")
  func step() throws {
    var settings = OptimizerSettings(kind: .sgd)
    settings.groups.named = [.init(name: "b", modules: ["b.weight"], learningRate: 0.3)]
    let model = ToyModel(vocabulary: 2, seed: 1)
    let optimizer = try OptimizerTests.optimizer(settings, model, learningRate: 0.1)
    let before = model.parameters.map { $0.values.values()[0] }
    for parameter in model.parameters {
      parameter.gradient.write([Float](repeating: 1, count: parameter.gradient.count))
    }
    optimizer.step(learningRate: 0.05, gradientScale: 1)  // the schedule's factor is 0.5
    let moved = zip(before, model.parameters).map { $0 - $1.values.values()[0] }
    #expect(abs(moved[0] - 0.05) < 1e-6 && abs(moved[1] - 0.15) < 1e-6)
  }
}
