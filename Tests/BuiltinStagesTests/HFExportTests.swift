import BuiltinStages
import Diagnostics
import Documents
import ModelFiles
import Parallelism
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("hf_export")
struct HFExportTests {
  static let target = "model.layers.1.mlp.down_proj"

  /// An adapter of rank 2 on the small model of the GGUF tests.
  static func adapter(
    _ folder: TemporaryFolder, dora: Bool = false, rank: Int = 2, baseName: String = ""
  ) throws -> InputArtifact {
    let base = try GGUFExportTests.model(folder)
    let a = GGUFExportTests.values("a", rank * 96)
    let b = GGUFExportTests.values("b", 64 * rank)
    var tensors = [
      OutputTensor(name: "base_model.model.\(target).lora_A.weight", shape: [rank, 96]) { a },
      OutputTensor(name: "base_model.model.\(target).lora_B.weight", shape: [64, rank]) { b },
    ]
    if dora {
      tensors.append(
        OutputTensor(name: "base_model.model.\(target).lora_magnitude_vector", shape: [64]) {
          Array(repeating: 0.5, count: 64)
        })
    }
    let path = try folder.makeFolder("adapter")
    try ModelFolderWriter.adapter(
      to: path,
      configuration: AdapterConfiguration(
        rank: rank, alpha: 4, targetModules: ["down_proj"], usesDoRA: dora, baseName: baseName),
      tensors: tensors, base: base.digest, tokenizer: base.tree)
    var model = try StageHarness.artifact(folder: path, .model)
    model.references = [base.digest.hex: ReferencedArtifact(type: .model, tree: base.tree)]
    return model
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try SharedMaterial.bytes(path), as: UTF8.self)
  }

  @Test("a merged folder holds W + s B A, shards with an index, and the tokenizer byte for byte")
  func merged() throws {
    let folder = try TemporaryFolder()
    let model = try Self.adapter(folder)
    let result = try StageHarness().run(
      ExportHF.self, #"{"max_shard_size": "40KB", "name": "support"}"#, inputs: ["model": model],
      folder: folder)
    #expect(result.outcome == .succeeded)
    let files = (result.outputs["files"] ?? "") + "/merged"
    let tree = try FileTree(folder: files)
    let shards = tree.names.filter { $0.hasSuffix(".safetensors") }
    #expect(shards.count > 1)
    #expect(shards.first?.hasSuffix("-of-000\(shards.count).safetensors") == true)
    let written = try ModelFolder(tree)
    let source = try ModelFolder(model.tree, reference: { model.reference($0) })
    for name in source.tensorNames {
      #expect(try written.floats(name) == source.mergedFloats(name))
    }
    #expect(
      try written.floats(Self.target + ".weight") != source.floats(Self.target + ".weight"))
    for name in ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"] {
      #expect(
        try SharedMaterial.bytes(tree.path(name)) == SharedMaterial.bytes(model.tree.path(name)))
    }
    let report = try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
    let check = try #require(report["merged_versus_adapter"])
    #expect(check["passes"]?.boolValue == true)
    #expect(report["weights"]?.arrayValue?.count == shards.count)
    #expect(
      report["weights"]?.arrayValue?.first?["sha256"]?.stringValue
        == Digest(of: try SharedMaterial.bytes(tree.path(shards[0]))).hex)
  }

  @Test("the same bytes with one and with four threads", arguments: ["auto", "bfloat16"])
  func deterministic(_ type: String) throws {
    let folder = try TemporaryFolder()
    let model = try Self.adapter(folder)
    var digests: [[String]] = []
    for threads in [1, 4] {
      var harness = StageHarness()
      harness.threads = threads
      let result = try harness.run(
        ExportHF.self, #"{"dtype": "\#(type)"}"#, inputs: ["model": model], folder: folder)
      let tree = try FileTree(folder: result.outputs["files"] ?? "")
      digests.append(
        try tree.names.map { "\($0) \(Digest(of: try SharedMaterial.bytes(tree.path($0))).hex)" })
    }
    #expect(digests[0] == digests[1])
    #expect(digests[0].contains { $0.hasPrefix("merged/README.md ") })
  }

  @Test("bfloat16 is said in config.json and passes within its bound")
  func bfloat16() throws {
    let folder = try TemporaryFolder()
    let result = try StageHarness().run(
      ExportHF.self, #"{"dtype": "bfloat16"}"#, inputs: ["model": try Self.adapter(folder)],
      folder: folder)
    #expect(result.outcome == .succeeded)
    let tree = try FileTree(folder: (result.outputs["files"] ?? "") + "/merged")
    let config = try JSONFile.read(tree.path("config.json"))
    #expect((config["dtype"] ?? config["torch_dtype"])?.stringValue == "bfloat16")
    #expect(try ModelFolder(tree).type(of: Self.target + ".weight") == .BF16)
    let report = try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
    guard case .number(let difference)? = report["merged_versus_adapter"]?["max_logit_difference"]
    else {
      Issue.record("no difference in the report")
      return
    }
    #expect(difference > 0)
  }

  @Test("logits beyond the bound refuse the model, with the figures")
  func refused() throws {
    let folder = try TemporaryFolder()
    let result = try StageHarness().run(
      ExportHF.self, #"{"dtype": "bfloat16", "max_logit_difference": 1e-9}"#,
      inputs: ["model": try Self.adapter(folder)], folder: folder)
    guard case .refused(let sentences) = result.outcome else {
      Issue.record("not refused: \(result.outcome)")
      return
    }
    #expect(sentences.count == 1)
    #expect(sentences[0].contains("beyond the bound of 1e-09"))
  }

  @Test("an adapter folder names its base, keeps its weights and says how vLLM serves it")
  func adapter() throws {
    let folder = try TemporaryFolder()
    let model = try Self.adapter(folder)
    let result = try StageHarness().run(
      ExportHF.self,
      #"{"form": ["adapter"], "base_model_name": "acme/tiny", "name": "support", "license": "mit"}"#,
      inputs: ["model": model], folder: folder)
    let tree = try FileTree(folder: (result.outputs["files"] ?? "") + "/adapter")
    let config = try JSONFile.read(tree.path("adapter_config.json"))
    #expect(config["base_model_name_or_path"]?.stringValue == "acme/tiny")
    #expect(config["r"]?.integerValue == 2)
    #expect(
      try SharedMaterial.bytes(tree.path("adapter_model.safetensors"))
        == SharedMaterial.bytes(model.tree.path("adapter_model.safetensors")))
    let command =
      "vllm serve acme/tiny --enable-lora --max-lora-rank 8 --lora-modules support=./adapter"
    let report = try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
    #expect(report["adapter"]?["vllm_command"]?.stringValue == command)
    let card = try Self.text(tree.path("README.md"))
    #expect(
      card.hasPrefix(
        """
        ---
        license: mit
        library_name: peft
        pipeline_tag: text-generation
        base_model: acme/tiny
        base_model_relation: adapter
        tags:
        - lora
        ---

        # support

        """))
    #expect(card.contains(command))
  }

  @Test(
    "what vLLM does not serve is refused with the way out, and written when asked",
    arguments: [
      (true, 2, "hf.vllm-dora"), (false, 600, "hf.vllm-rank"),
    ])
  func notServed(_ dora: Bool, _ rank: Int, _ code: String) throws {
    let folder = try TemporaryFolder()
    let model = try Self.adapter(folder, dora: dora, rank: rank)
    let failure = #expect(throws: Failure.self) {
      try StageHarness().run(
        ExportHF.self, #"{"form": ["adapter"], "base_model_name": "a/b"}"#,
        inputs: ["model": model], folder: folder)
    }
    #expect(failure?.diagnostics.map(\.code) == [code])
    let result = try StageHarness().run(
      ExportHF.self, #"{"form": ["adapter"], "base_model_name": "a/b", "check_vllm": false}"#,
      inputs: ["model": model], folder: folder)
    let report = try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
    #expect(report["adapter"]?["served_by_vllm"]?.boolValue == false)
  }

  @Test("an adapter whose base has no name needs one, and a model without adapter has none")
  func preflight() throws {
    let folder = try TemporaryFolder()
    let json = try JSONReader.parse(Array(#"{"form": "adapter"}"#.utf8), file: "p")
    let check = ExportHF.read(Node(json, file: "p")).preflight
    let adapter = try Self.adapter(folder)
    #expect(
      check(PreflightInputs(artifacts: ["model": adapter], files: [:])).map(\.code)
        == ["hf.base-name"])
    let other = try TemporaryFolder()
    defer { withExtendedLifetime(other) {} }
    let full = try GGUFExportTests.model(other)
    #expect(
      check(PreflightInputs(artifacts: ["model": full], files: [:])).map(\.code)
        == ["hf.no-adapter"])
  }

  @Test(
    "parameters are checked before anything runs",
    arguments: [
      (#"{"form": ["gguf"]}"#, "form: 'gguf' is neither merged nor adapter"),
      (#"{"form": []}"#, "form: the list is empty, expected merged or adapter"),
      (#"{"form": ["merged", "merged"]}"#, "form: 'merged' is listed twice"),
      (#"{"name": "a b"}"#, "name: 'a b' is not fit for a name"),
      (
        #"{"max_shard_size": "huge"}"#,
        "max_shard_size: 'huge' is no size, expected such as 5GB or 500MB"
      ),
    ])
  func parameters(_ text: String, _ message: String) throws {
    let json = try JSONReader.parse(Array(text.utf8), file: "p")
    #expect(ExportHF.read(Node(json, file: "p")).diagnostics.map(\.message) == [message])
  }

  @Test("scores, a verdict and a training report are told in the card")
  func card() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "scores/scores.json",
      #"""
      {"scores": [{"task": "triage", "metric": "exact_match", "rows": 40,
        "candidate": {"value": 0.875, "lower": 0.75, "upper": 0.95}}]}
      """#)
    try folder.write(
      "verdict/verdict.json",
      #"{"decision": "pass", "rules": [{"decision": "pass", "sentence": "0.875 is above 0.8"}]}"#)
    try folder.write(
      "training/report.json",
      #"{"stage": "sft", "steps": 12, "tokens": 3456, "rows": {"train": {"rows_used": 9, "trained_tokens": 100}}}"#
    )
    func artifact(_ name: String, _ type: ArtifactType) throws -> InputArtifact {
      try StageHarness.artifact(folder: folder.path + "/" + name, type)
    }
    let result = try StageHarness().run(
      ExportHF.self, "{}",
      inputs: [
        "model": try Self.adapter(folder), "scores": try artifact("scores", .scores),
        "verdict": try artifact("verdict", .verdict),
        "training": try artifact("training", .report),
      ], folder: folder)
    let card = try Self.text((result.outputs["files"] ?? "") + "/merged/README.md")
    for line in [
      "model-index:", "      value: 0.875",
      "| triage | exact_match | 40 | 0.875 (0.75 to 0.95) |  |",
      "Gate: pass.", "- 0.875 is above 0.8", "- method: LoRA, rank 2, alpha 4.0, dropout 0.0",
      "- optimizer steps: 12", "- rows of train: 9, with 100 trained tokens",
    ] {
      #expect(card.contains(line + "\n"), "\(line)")
    }
  }

  @Test(
    "the models of the oracles are written merged and read back",
    .enabled(if: SharedMaterial.oracles.exists, "../shared/oracles is absent (set ORACLES)"),
    arguments: ["llama", "qwen2", "gemma3_text", "phi3", "llama_bf16", "mixtral"])
  func families(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = try StageHarness.artifact(
      folder: SharedMaterial.oracles.path("models/\(name)"), .model)
    let result = try StageHarness().run(
      ExportHF.self, "{}", inputs: ["model": model], folder: folder)
    #expect(result.outcome == .succeeded)
    let written = try ModelFolder(FileTree(folder: (result.outputs["files"] ?? "") + "/merged"))
    let source = try ModelFolder(model.tree)
    #expect(written.configuration == source.configuration)
    for tensor in source.tensorNames {
      #expect(try written.floats(tensor) == source.floats(tensor))
      #expect(written.type(of: tensor) == source.type(of: tensor))
    }
    #expect(
      try SharedMaterial.bytes(written.tree.path("config.json"))
        == SharedMaterial.bytes(model.tree.path("config.json")))
  }
}
