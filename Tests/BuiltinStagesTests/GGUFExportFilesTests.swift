import BuiltinStages
import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import StageKit
import TestSupport
import Testing

/// The stage on whole folders, tokenizer files included, beside llama.cpp's own files.
@Suite(
  "gguf_export: files of the tiny shapes",
  .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"))
struct GGUFExportFilesTests {
  static let names = [
    "gemma2": "Gemma2", "gemma3": "Gemma3", "llama": "Llama",
    "llama3-ropescale": "Llama3 Ropescale", "mistral": "Mistral", "phi3": "Phi3",
    "qwen2": "Qwen2", "qwen3": "Qwen3",
  ]
  static let types = [
    "IQ4_XS", "Q2_K", "Q3_K_M", "Q4_0", "Q4_K_M", "Q4_K_S", "Q5_0", "Q5_K_M", "Q6_K",
    "Q8_0-quantize", "bf16", "f16", "f32", "q8_0",
  ]

  /// A folder in Hugging Face's layout with the weights of the formula.
  static func folder(_ name: String, in parent: TemporaryFolder) throws -> String {
    let source = SharedMaterial.formats.path("gguf/")
    let models = try JSONReader.parse(
      SharedMaterial.bytes(source + "models.json"), file: "models.json")
    let model = models[name] ?? .null
    let configuration = try ModelConfiguration(
      config: model["config"] ?? .null, file: "config.json")
    let path = try parent.makeFolder(name)
    try JSONFile.write(model["config"] ?? .null, to: path + "/config.json")
    try SafetensorsWriter.write(
      configuration.tensorShapes.map { name, shape in
        OutputTensor(name: name, type: .BF16, shape: shape) { TinyWeights.values(name, shape) }
      }, to: path + "/model.safetensors")
    let tokenizer = try FileTree(folder: source + (model["tokenizer"]?.stringValue ?? ""))
    _ = try ModelFolderWriter.copyTokenizer(from: tokenizer, to: path)
    return path
  }

  @Test("minimal files are llama.cpp's, byte for byte", arguments: names.keys.sorted())
  func minimal(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = try StageHarness.artifact(folder: Self.folder(name, in: folder), .model)
    let list = Self.types.map { "\"\($0.lowercased())\"" }.joined(separator: ", ")
    let result = try StageHarness().run(
      ExportGGUF.self,
      #"{"quantization": [\#(list)], "name": "\#(Self.names[name] ?? "")", "metadata": "minimal"}"#,
      inputs: ["model": model], folder: folder)
    let report = try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
    let files = report["files"]?.arrayValue ?? []
    #expect(files.count == Self.types.count)
    for (file, type) in zip(files, Self.types) {
      let path = SharedMaterial.formats.path("gguf/expected/\(name)/\(type).json")
      let expected = try JSONReader.parse(SharedMaterial.bytes(path), file: "expected")
      #expect(file["sha256"]?.stringValue == expected["sha256"]?.stringValue, "\(type)")
    }
  }

  @Test("a file is also a model of form gguf at the port of its name")
  func model() throws {
    let folder = try TemporaryFolder()
    let model = try StageHarness.artifact(folder: Self.folder("llama", in: folder), .model)
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["q8_0", "q4_k_m"], "name": "my model"}"#,
      inputs: ["model": model], folder: folder)
    let tree = try FileTree(folder: result.outputs["q4_k_m"] ?? "")
    #expect(tree.names == ["model.json", "my-model-Q4_K_M.gguf"])
    #expect(try ModelManifest(path: tree.path("model.json")).form == .gguf)
    let files = try FileTree(folder: result.outputs["files"] ?? "")
    #expect(
      try SharedMaterial.bytes(tree.path("my-model-Q4_K_M.gguf"))
        == SharedMaterial.bytes(files.path("my-model-Q4_K_M.gguf")))
    #expect(result.outputs["bf16"] == nil)
  }
}

@Suite("gguf_export: adapters and pre-tokenizers")
struct GGUFExportChoiceTests {
  @Test("a LoRA can be written beside the files of its base")
  func separate() throws {
    let folder = try TemporaryFolder()
    let base = try GGUFExportTests.model(folder)
    let path = "model.layers.1.self_attn.q_proj"
    let (a, b) = (GGUFExportTests.values("a", 2 * 64), GGUFExportTests.values("b", 64 * 2))
    let adapterFolder = try folder.makeFolder("adapter")
    try ModelFolderWriter.adapter(
      to: adapterFolder,
      configuration: AdapterConfiguration(rank: 2, alpha: 4, targetModules: ["q_proj"]),
      tensors: [
        OutputTensor(name: "base_model.model.\(path).lora_A.weight", shape: [2, 64]) { a },
        OutputTensor(name: "base_model.model.\(path).lora_B.weight", shape: [64, 2]) { b },
      ], base: base.digest, tokenizer: base.tree)
    var model = try StageHarness.artifact(folder: adapterFolder, .model)
    model.references = [base.digest.hex: ReferencedArtifact(type: .model, tree: base.tree)]
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["f32"], "adapter": "separate"}"#,
      inputs: ["model": model], folder: folder)
    let files = try FileTree(folder: result.outputs["files"] ?? "")
    #expect(files.names == ["Modelfile", "model-F32.gguf", "model-lora-F16.gguf"])
    let read = try GGUFModel(path: files.path("model-F32.gguf"))
    #expect(try read.floats(path + ".weight") == GGUFExportTests.values(path + ".weight", 64 * 64))
    let adapter = try GGUFAdapterFile(
      path: files.path("model-lora-F16.gguf"), base: read.configuration)
    #expect(adapter.modules.map(\.path) == [path])
    #expect(result.outputs["f32"] == nil)
  }

  @Test(
    "a pre-tokenizer that splits otherwise is refused with the way out",
    .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"))
  func pre() throws {
    let folder = try TemporaryFolder()
    let path = try GGUFExportFilesTests.folder("llama", in: folder)
    let model = try StageHarness.artifact(folder: path, .model)
    let failure = #expect(throws: Failure.self) {
      _ = try StageHarness().run(
        ExportGGUF.self, #"{"quantization": ["f32"], "pre_tokenizer": "gpt-2"}"#,
        inputs: ["model": model], folder: folder)
    }
    #expect(failure?.diagnostics.first?.code == "gguf.verify-tokenizer")
  }
}
