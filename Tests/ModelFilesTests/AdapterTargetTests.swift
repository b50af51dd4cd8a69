import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Adapter targets")
struct AdapterTargetTests {
  static func paths(_ fields: String, tied: Bool = false) throws -> [String] {
    try AdapterFixtures.configuration(fields).targets(in: AdapterFixtures.model(tied: tied))
      .map { $0.path.replacing("model.layers.", with: "") }
  }

  @Test(
    "targets are found as PEFT finds them",
    arguments: [
      (#""target_modules": ["q_proj"]"#, ["0.self_attn.q_proj", "1.self_attn.q_proj"]),
      (#""target_modules": ["self_attn.q_proj"]"#, ["0.self_attn.q_proj", "1.self_attn.q_proj"]),
      (#""target_modules": ["model.layers.1.mlp.up_proj"]"#, ["1.mlp.up_proj"]),
      (
        #""target_modules": ["q_proj", "up_proj"], "exclude_modules": ["layers.0.mlp.up_proj"]"#,
        ["0.self_attn.q_proj", "1.self_attn.q_proj", "1.mlp.up_proj"]
      ),
      (
        #""target_modules": ["q_proj", "up_proj"], "exclude_modules": ".*\\.1\\..*""#,
        ["0.self_attn.q_proj", "0.mlp.up_proj"]
      ),
      (#""target_modules": ["q_proj"], "layers_to_transform": 1"#, ["1.self_attn.q_proj"]),
      (
        #"""
        "target_modules": ["q_proj", "lm_head"], "layers_to_transform": [0, 7],
        "layers_pattern": "layers"
        """#, ["0.self_attn.q_proj", "lm_head"]
      ),
      (
        #""target_modules": ["embed_tokens", "o_proj", "lm_head"], "modules_to_save": ["lm_head"]"#,
        ["model.embed_tokens", "0.self_attn.o_proj", "1.self_attn.o_proj"]
      ),
    ])
  func found(_ fields: String, _ paths: [String]) throws {
    #expect(try Self.paths(fields) == paths)
  }

  @Test("all-linear is every linear of the layers, and is written as PEFT writes it")
  func allLinear() throws {
    let adapter = try AdapterFixtures.configuration(#""target_modules": "all-linear""#)
    #expect(adapter.targetModules == .allLinear)
    let model = AdapterFixtures.model()
    #expect(try adapter.targets(in: model).count == 14)
    #expect(adapter.expanded(in: model).targetModules == .names(model.linearShapes.map(\.path)))
    var deep = ModelConfiguration(
      modelType: "llama", vocabularySize: 11, hiddenSize: 8, intermediateSize: 12, layerCount: 3,
      headCount: 2, keyValueHeadCount: 1, headSize: 4, contextLength: 32)
    #expect(
      adapter.expanded(in: deep).targetModules
        == .names(
          ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]))
    deep.flags.experts = .init(
      count: 2, perToken: 1, intermediateSize: 4, normalizesWeights: true,
      auxiliaryLossCoefficient: 0, naming: .mixtral)
    deep.layers[1].isSparse = true
    #expect(
      adapter.expanded(in: deep).targetModules
        == .names(
          [
            "down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj", "w1", "w2",
            "w3",
          ]))
  }

  @Test("a target has sizes, rank and scale; embeddings are turned")
  func sizes() throws {
    let adapter = try AdapterFixtures.configuration(
      #"""
      "target_modules": ["embed_tokens", "lm_head", "down_proj"], "use_rslora": true,
      "use_dora": true, "rank_pattern": {"embed_tokens": 4}
      """#)
    let targets = try adapter.targets(in: AdapterFixtures.model())
    #expect(
      targets.first
        == AdapterTarget(
          path: "model.embed_tokens", kind: .embedding, inputSize: 11, outputSize: 8, rank: 4,
          scaling: 2, hasMagnitude: true))
    #expect(
      targets.first?.tensors.map { "\($0.name) \($0.shape)" } == [
        "base_model.model.model.embed_tokens.lora_embedding_A [4, 11]",
        "base_model.model.model.embed_tokens.lora_embedding_B [8, 4]",
        "base_model.model.model.embed_tokens.lora_magnitude_vector [8]",
      ])
    #expect(
      targets.last?.tensors.map { "\($0.name) \($0.shape)" } == [
        "base_model.model.lm_head.lora_A.weight [2, 8]",
        "base_model.model.lm_head.lora_B.weight [11, 2]",
        "base_model.model.lm_head.lora_magnitude_vector [11]",
      ])
    #expect(adapter.savesBaseLayers(targets).map(\.path) == ["model.embed_tokens", "lm_head"])
    #expect(targets[1].inputSize == 12 && targets[1].outputSize == 8)
  }

  @Test(
    "what matches nothing is an error that lists the linears",
    arguments: [
      (
        #""target_modules": ["q_porj"]"#,
        "the target module 'q_porj' matches no linear of the model",
        "did you mean 'q_proj'? the model has embed_tokens, q_proj, k_proj, v_proj, o_proj, "
          + "gate_proj, up_proj, down_proj, lm_head"
      ),
      (
        #""target_modules": ["q_proj", "norm"]"#,
        "the target module 'norm' matches no linear of the model",
        "the model has embed_tokens, q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, "
          + "down_proj, lm_head"
      ),
      (
        #""target_modules": []"#, "there are no target modules",
        "the model has embed_tokens, q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, "
          + "down_proj, lm_head"
      ),
      (
        #""target_modules": ["q_proj"], "exclude_modules": ["q_proj"]"#,
        "every target module is left out again",
        "look at exclude_modules, layers_to_transform and modules_to_save"
      ),
    ])
  func problems(_ fields: String, _ message: String, _ fix: String) throws {
    let failure = #expect(throws: Failure.self) { _ = try Self.paths(fields) }
    #expect(failure?.diagnostics.map(\.message) == [message])
    #expect(failure?.diagnostics.first?.fix == fix)
  }

  @Test("impossible ranks are refused, useless ones named")
  func ranks() throws {
    let model = AdapterFixtures.model()
    var adapter = AdapterConfiguration(rank: 9, alpha: 1, targetModules: ["k_proj", "up_proj"])
    let warnings = AdapterConfiguration.rankWarnings(try adapter.targets(in: model))
    #expect(
      warnings.map(\.message) == [
        "the rank of 4 modules is above the smaller side of their matrix, the first is "
          + "'model.layers.0.self_attn.k_proj': 9 for 4 × 8; a higher rank than that adds nothing"
      ])
    for rank in [0, -1, 65537] {
      adapter.rank = rank
      let failure = #expect(throws: Failure.self) { _ = try adapter.targets(in: model) }
      #expect(
        failure?.diagnostics.first?.message
          == "the rank of 'model.layers.0.self_attn.k_proj' is \(rank), expected 1 to 65536")
    }
  }

  @Test("modules to save are tensors of the base, by the end of their module")
  func replaced() throws {
    func names(_ modules: [String], tied: Bool = false) throws -> [String] {
      var adapter = AdapterConfiguration(rank: 2, alpha: 2, targetModules: ["q_proj"])
      adapter.modulesToSave = modules
      return try adapter.replacedTensors(in: AdapterFixtures.model(tied: tied)).map(\.name)
    }
    #expect(
      try names(["lm_head", "embed_tokens"]) == ["model.embed_tokens.weight", "lm_head.weight"])
    #expect(
      try names(["lm_head"], tied: true) == ["lm_head.weight"])
    #expect(
      try names(["model.norm", "layers.0.mlp"]) == [
        "model.layers.0.mlp.gate_proj.weight", "model.layers.0.mlp.up_proj.weight",
        "model.layers.0.mlp.down_proj.weight", "model.norm.weight",
      ])
    #expect(try names(["classifier", "score"]) == [])
    let failure = #expect(throws: Failure.self) { _ = try names(["lm_haed"]) }
    #expect(
      failure?.diagnostics.first?.message
        == "modules_to_save names 'lm_haed', which the model does not have")
  }

  @Test(
    "the oracles' files say what their configuration resolves to",
    .enabled(if: SharedMaterial.oracles.exists, "../shared/oracles is absent (set ORACLES)"),
    arguments: AdapterFixtures.oracleNames)
  func oracles(_ name: String) throws {
    let files = try AdapterFiles(.init(folder: AdapterFixtures.folder(name)))
    let model = try AdapterFixtures.base(name)
    let targets = try files.configuration.targets(in: model)
    let expected = targets.flatMap { $0.tensors.map { "\($0.name) \($0.shape)" } }
    let saved = try files.configuration.replacedTensors(in: model).map {
      "\(AdapterFiles.prefix)\($0.name) \($0.shape)"
    }
    let stored = files.tensors.names.compactMap { files.tensors.entry($0) }
    #expect(stored.map { "\($0.name) \($0.shape)" }.sorted() == (expected + saved).sorted())
    for target in targets {
      #expect(files.module(target.path)?.rank == target.rank)
      #expect(files.module(target.path)?.scaling == target.scaling)
    }
    try files.check(against: model)
  }
}
