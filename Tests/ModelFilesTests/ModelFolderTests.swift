import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Model folder")
struct ModelFolderTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 11, hiddenSize: 8, intermediateSize: 12, layerCount: 2,
    headCount: 2, keyValueHeadCount: 1, headSize: 4, contextLength: 32)

  static func values(_ count: Int, _ seed: UInt64) -> [Float] {
    let random = CounterRandom(seed: seed, stream: "weights")
    return (0..<count).map { Float(random.normal(UInt64($0))) }
  }

  static func weights(_ type: TensorType = .F32) -> [OutputTensor] {
    configuration.tensorShapes.enumerated().map { index, tensor in
      OutputTensor(name: tensor.name, type: type, shape: tensor.shape) {
        values(tensor.shape.reduce(1, *), UInt64(index))
      }
    }
  }

  static func tokenizer(_ folder: TemporaryFolder) throws -> FileTree {
    try folder.write("tokenizer/tokenizer.json", "{ }\n")
    try folder.write("tokenizer/tokenizer_config.json", "{\"bos_token\": null}")
    try folder.write("tokenizer/README.md", "not copied")
    return try FileTree(folder: folder.path + "/tokenizer")
  }

  @Test("a full model is written, read back, and the same bytes again")
  func full() throws {
    let folder = try TemporaryFolder()
    let tokenizer = try Self.tokenizer(folder)
    for name in ["a", "b"] {
      try ModelFolderWriter.full(
        to: folder.makeFolder(name), configuration: Self.configuration,
        weights: name == "a" ? Self.weights() : Self.weights().reversed(), tokenizer: tokenizer,
        template: "{{ messages }}")
    }
    let tree = try FileTree(folder: folder.path + "/a")
    #expect(
      tree.names == [
        "chat_template.jinja", "config.json", "generation_config.json", "model.json",
        "model.safetensors", "tokenizer.json", "tokenizer_config.json",
      ])
    for name in tree.names {
      #expect(try folder.read("a/" + name) == folder.read("b/" + name))
    }
    #expect(try folder.read("a/tokenizer.json") == Array("{ }\n".utf8))
    let model = try ModelFolder(tree)
    #expect(model.manifest.form == .full)
    #expect(model.manifest.dtype == "float32")
    #expect(model.manifest.tokenizerFiles["tokenizer.json"] == Digest(of: "{ }\n".utf8))
    #expect(model.tensorNames == Self.configuration.tensorShapes.map(\.name).sorted())
    #expect(model.shape(of: "model.layers.1.mlp.down_proj.weight") == [8, 12])
    #expect(try model.floats("model.embed_tokens.weight") == Self.values(88, 0))
    #expect(try model.floats("lm_head.weight") == Self.values(88, 0))
  }

  @Test("an adapter refers to its base and is merged in binary32")
  func adapter() throws {
    let folder = try TemporaryFolder()
    let tokenizer = try Self.tokenizer(folder)
    let baseFolder = try folder.makeFolder("base")
    try ModelFolderWriter.full(
      to: baseFolder, configuration: Self.configuration, weights: Self.weights(.BF16),
      tokenizer: tokenizer)
    let base = Digest(of: "base".utf8)
    let path = "model.layers.0.self_attn.q_proj"
    let (a, b) = (Self.values(16, 50), Self.values(16, 51))
    try ModelFolderWriter.adapter(
      to: folder.makeFolder("adapter"),
      configuration: AdapterConfiguration(rank: 2, alpha: 3, targetModules: ["q_proj"]),
      tensors: [
        OutputTensor(name: "base_model.model.\(path).lora_A.weight", shape: [2, 8]) { a },
        OutputTensor(name: "base_model.model.\(path).lora_B.weight", shape: [8, 2]) { b },
      ], base: base, tokenizer: tokenizer)
    let tree = try FileTree(folder: folder.path + "/adapter")
    let baseTree = try FileTree(folder: baseFolder)
    let model = try ModelFolder(tree) { $0 == base ? baseTree : nil }
    #expect(model.adapter?.modules.map(\.path) == [path])
    #expect(model.adapter?.modules.first?.scaling == 1.5)
    let weight = try model.floats(path + ".weight")
    let merged = try model.mergedFloats(path + ".weight")
    for row in 0..<8 {
      for column in 0..<8 {
        let delta = b[2 * row] * a[column] + b[2 * row + 1] * a[8 + column]
        #expect(abs(merged[8 * row + column] - weight[8 * row + column] - 1.5 * delta) < 1e-5)
      }
    }
    let other = "model.layers.1.self_attn.q_proj.weight"
    #expect(try model.mergedFloats(other) == model.floats(other))
    let failure = #expect(throws: Failure.self) { _ = try ModelFolder(tree) }
    #expect(
      failure?.diagnostics.first?.message
        == "the adapter's base \(base.short) is not among the inputs")
  }

  @Test("missing and misshapen tensors are all named")
  func problems() throws {
    let folder = try TemporaryFolder()
    let tokenizer = try Self.tokenizer(folder)
    let path = try folder.makeFolder("m")
    try ModelFolderWriter.full(
      to: path, configuration: Self.configuration, weights: Self.weights(), tokenizer: tokenizer)
    var wider = Self.configuration
    wider.hasOutputBias = true
    wider.vocabularySize = 12
    try JSONFile.write(
      wider.configJSON, to: path + "/config.json")
    var json = String(decoding: try folder.read("m/config.json"), as: UTF8.self)
    json = json.replacing(#""attention_bias": false"#, with: #""attention_bias": true"#)
    try folder.write("m/config.json", json)
    let failure = #expect(throws: Failure.self) {
      _ = try ModelFolder(FileTree(folder: path))
    }
    #expect(failure?.diagnostics.count == 9)
    #expect(
      failure?.diagnostics.prefix(2).map(\.message) == [
        "'model.embed_tokens.weight' is [11, 8], config.json asks for [12, 8]",
        "the weights lack 'model.layers.0.self_attn.q_proj.bias' [8]",
      ])
  }

  @Test("a tokenizer alone is no model")
  func tokenizerOnly() throws {
    let folder = try TemporaryFolder()
    let path = try folder.makeFolder("t")
    try ModelFolderWriter.tokenizer(
      to: path, tokenizer: .object([]), configuration: .object([]), template: "x")
    let tree = try FileTree(folder: path)
    #expect(try ModelManifest(path: tree.path("model.json")).form == .tokenizer)
    let failure = #expect(throws: Failure.self) { _ = try ModelFolder(tree) }
    #expect(failure?.diagnostics.first?.code == "model.no-weights")
  }

  @Test(
    "merging gives PEFT's weights",
    .enabled(if: SharedMaterial.oracles.exists, "../shared/oracles is absent (set ORACLES)"),
    arguments: AdapterFixtures.oracleNames)
  func oracle(_ name: String) throws {
    let folder = SharedMaterial.oracles.path("adapters/\(name)")
    let expected = try JSONFile.read(folder + "/expected.json")
    let baseName = try #require(expected["base"]?.stringValue?.split(separator: "/").last)
    let base = try FileTree(folder: SharedMaterial.oracles.path("models/\(baseName)"))
    let work = try TemporaryFolder()
    let digest = Digest(of: name.utf8)
    try work.write("model.json", #"{"formatVersion": 1, "form": "adapter", "base": "\#(digest)"}"#)
    var paths = try FileTree(folder: folder).paths
    paths["model.json"] = work.path + "/model.json"
    let model = try ModelFolder(FileTree(paths: paths)) { $0 == digest ? base : nil }
    let merged = try SafetensorsFile(path: folder + "/merged_layer0.safetensors")
    for tensor in merged.names where model.shape(of: tensor) != nil {
      let (ours, theirs) = (try model.mergedFloats(tensor), try merged.floats(tensor))
      // One rounding of the product, one of the scaling, one of the sum: 3 half units at most.
      let worst = zip(ours, theirs).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
      #expect(worst <= 2e-7, "\(tensor)")
      #expect(ours.count == theirs.count)
    }
    for replaced in model.adapter?.replacements ?? [] {
      #expect(try model.mergedFloats(replaced) != model.floats(replaced))
    }
  }
}
