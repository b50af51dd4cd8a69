import BlockFormats
import BuiltinStages
import Diagnostics
import Documents
import ModelFiles
import Reproducibility
import StageKit
import TestSupport
import Testing

@Suite("gguf_export")
struct GGUFExportTests {
  static let configuration = ModelConfiguration(
    modelType: "llama", vocabularySize: 264, hiddenSize: 64, intermediateSize: 96, layerCount: 2,
    headCount: 4, keyValueHeadCount: 2, headSize: 16, contextLength: 128, bosTokenID: 258,
    eosTokenIDs: [260])
  static let template = """
    {% for m in messages %}<|im_start|>{{ m['role'] }}
    {{ m['content'] }}<|im_end|>
    {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
    {% endif %}
    """

  /// 256 bytes, a few merges and four special tokens; ids 262 and 263 are padding of the embedding.
  static func tokenizer() -> JSONValue {
    let printable = Array(33...126) + Array(161...172) + Array(174...255)
    var vocab: [JSONMember] = []
    var next = 256
    for byte in 0..<256 {
      var value = byte
      if !printable.contains(byte) {
        value = next
        next += 1
      }
      let text = Unicode.Scalar(value).map { String(Character($0)) } ?? ""
      vocab.append(JSONMember(text, .integer(Int64(byte))))
    }
    vocab.append(JSONMember("th", 256))
    vocab.append(JSONMember("the", 257))
    let special = ["<|begin_of_text|>", "<|end_of_text|>", "<|im_end|>", "<|im_start|>"]
    let added = special.enumerated().map { index, text -> JSONValue in
      .object([
        "id": .integer(Int64(258 + index)), "content": .string(text), "single_word": false,
        "lstrip": false, "rstrip": false, "normalized": false, "special": true,
      ])
    }
    let split: JSONValue = .object([
      "type": "Split",
      "pattern": .object([
        "Regex":
          #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
      ]), "behavior": "Isolated", "invert": false,
    ])
    let bytes: JSONValue = .object([
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false,
    ])
    return .object([
      "version": "1.0", "added_tokens": .array(added), "normalizer": .null,
      "pre_tokenizer": .object([
        "type": "Sequence", "pretokenizers": .array([split, bytes]),
      ]), "post_processor": .null, "decoder": .object(["type": "ByteLevel"]),
      "model": .object([
        "type": "BPE", "dropout": .null, "unk_token": .null, "fuse_unk": false,
        "byte_fallback": false, "ignore_merges": true, "vocab": .object(vocab),
        "merges": .array(["t h", "th e"]),
      ]),
    ])
  }

  static func values(_ name: String, _ count: Int) -> [Float] {
    let seed = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
    let random = CounterRandom(seed: seed, stream: "weights")
    return (0..<count).map { Float(random.normal(UInt64($0))) * 0.05 }
  }

  static func model(_ folder: TemporaryFolder, template: String? = template) throws
    -> InputArtifact
  {
    let tokenizer = try folder.makeFolder("tokenizer")
    try ModelFolderWriter.tokenizer(
      to: tokenizer, tokenizer: Self.tokenizer(),
      configuration: .object([
        "bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>",
      ]), template: template)
    let path = try folder.makeFolder("model")
    try ModelFolderWriter.full(
      to: path, configuration: configuration,
      weights: configuration.tensorShapes.map { name, shape in
        OutputTensor(name: name, shape: shape) { values(name, shape.reduce(1, *)) }
      }, tokenizer: FileTree(folder: tokenizer))
    return try StageHarness.artifact(folder: path, .model)
  }

  @Test("one file per type, with tokenizer, template, stops and lineage inside")
  func files() throws {
    let folder = try TemporaryFolder()
    let model = try Self.model(folder)
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["f32", "Q8_0"], "name": "support"}"#,
      inputs: ["model": model], folder: folder)
    let files = try FileTree(folder: result.outputs["files"] ?? "")
    #expect(files.names == ["Modelfile", "support-F32.gguf", "support-Q8_0.gguf"])
    let read = try GGUFModel(path: files.path("support-F32.gguf"))
    for (name, shape) in Self.configuration.tensorShapes {
      #expect(try read.floats(name) == Self.values(name, shape.reduce(1, *)))
    }
    #expect(read.vocabulary.id("eos") == 260)
    #expect(read.vocabulary.id("eot") == 260)
    #expect(read.vocabulary.id("bos") == 258)
    #expect(read.vocabulary.settings.contains(.init("add_bos_token", false)))
    #expect(read.vocabulary.chatTemplate == Self.template)
    #expect(read.vocabulary.pre == "llama-bpe")
    #expect(read.vocabulary.tokens[263] == "[PAD263]")
    #expect(read.file["orchestrate.input.model"]?.string == model.digest.hex)
    #expect(
      String(decoding: try SharedMaterial.bytes(files.path("Modelfile")), as: UTF8.self)
        == #"""
        FROM ./support-F32.gguf
        TEMPLATE """{{ range .Messages }}{{ if eq .Role "system" }}<|im_start|>system
        {{ .Content }}<|im_end|>
        {{ else if eq .Role "user" }}<|im_start|>user
        {{ .Content }}<|im_end|>
        {{ else if eq .Role "assistant" }}<|im_start|>assistant
        {{ .Content }}<|im_end|>
        {{ end }}{{ end }}<|im_start|>assistant
        """
        PARAMETER stop "<|im_end|>"
        PARAMETER stop "<|end_of_text|>"
        PARAMETER num_ctx 128

        """#)
    let report = try JSONFile.read((result.outputs["report"] ?? "") + "/report.json")
    #expect(
      report["files"]?.arrayValue?.map { $0["sha256"]?.stringValue } == [
        Digest(of: try SharedMaterial.bytes(files.path("support-F32.gguf"))).hex,
        Digest(of: try SharedMaterial.bytes(files.path("support-Q8_0.gguf"))).hex,
      ])
  }

  @Test("the same bytes with one and with four threads, and without lineage when minimal")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    let model = try Self.model(folder)
    var bytes: [[UInt8]] = []
    for threads in [1, 4] {
      var harness = StageHarness()
      harness.threads = threads
      let result = try harness.run(
        ExportGGUF.self, #"{"quantization": ["q8_0"], "metadata": "minimal"}"#,
        inputs: ["model": model], folder: folder)
      let path = (result.outputs["files"] ?? "") + "/model-Q8_0.gguf"
      bytes.append(try SharedMaterial.bytes(path))
      #expect(try GGUFReader(path: path)["orchestrate.input.model"] == nil)
    }
    #expect(bytes[0] == bytes[1])
  }

  @Test("an adapter is merged into its base in binary32")
  func adapter() throws {
    let folder = try TemporaryFolder()
    let base = try Self.model(folder)
    let path = "model.layers.1.mlp.down_proj"
    let (a, b) = (Self.values("a", 2 * 96), Self.values("b", 64 * 2))
    let adapterFolder = try folder.makeFolder("adapter")
    try ModelFolderWriter.adapter(
      to: adapterFolder,
      configuration: AdapterConfiguration(rank: 2, alpha: 4, targetModules: ["down_proj"]),
      tensors: [
        OutputTensor(name: "base_model.model.\(path).lora_A.weight", shape: [2, 96]) { a },
        OutputTensor(name: "base_model.model.\(path).lora_B.weight", shape: [64, 2]) { b },
      ], base: base.digest, tokenizer: base.tree)
    var model = try StageHarness.artifact(folder: adapterFolder, .model)
    model.references = [base.digest.hex: ReferencedArtifact(type: .model, tree: base.tree)]
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["f32"]}"#, inputs: ["model": model], folder: folder)
    let read = try GGUFModel(path: (result.outputs["files"] ?? "") + "/model-F32.gguf")
    let merged = try read.floats(path + ".weight")
    let weight = Self.values(path + ".weight", 64 * 96)
    for row in 0..<64 {
      for column in 0..<96 {
        let delta = 2 * (b[2 * row] * a[column] + b[2 * row + 1] * a[96 + column])
        #expect(abs(merged[96 * row + column] - weight[96 * row + column] - delta) < 1e-6)
      }
    }
    #expect(merged != weight)
    #expect(read.file["orchestrate.input.base"]?.string == base.digest.hex)
  }

  @Test("a model without a template is exported with a warning and its eos")
  func noTemplate() throws {
    let folder = try TemporaryFolder()
    let model = try Self.model(folder, template: nil)
    let result = try StageHarness().run(
      ExportGGUF.self, "{}", inputs: ["model": model], folder: folder)
    let read = try GGUFModel(path: (result.outputs["files"] ?? "") + "/model-BF16.gguf")
    #expect(read.vocabulary.id("eos") == 259)
    #expect(read.vocabulary.id("eot") == nil)
    #expect(
      result.events.contains {
        if case .message(let diagnostic) = $0 {
          diagnostic.code == "gguf.no-template"
        } else {
          false
        }
      })
  }

  static let types = GGUFFileType.all.map { $0.name.lowercased() }.joined(separator: ", ")

  @Test(
    "parameters are checked before anything runs",
    arguments: [
      (#"{"quantization": ["q8"]}"#, "quantization: 'q8' is none of \(types)"),
      (#"{"quantization": []}"#, "quantization: the list is empty, expected a type"),
      (#"{"quantization": ["f16", "F16"]}"#, "quantization: 'F16' is listed twice"),
      (#"{"name": "../x"}"#, "name: '../x' is not fit for a file name"),
      (#"{"name": ".x"}"#, "name: '.x' is not fit for a file name"),
    ])
  func parameters(_ text: String, _ message: String) throws {
    let json = try JSONReader.parse(Array(text.utf8), file: "p")
    #expect(ExportGGUF.read(Node(json, file: "p")).diagnostics.map(\.message) == [message])
  }

  @Test("preflight names a model that cannot be exported")
  func preflight() throws {
    let folder = try TemporaryFolder()
    let model = try Self.model(folder)
    let good = try JSONReader.parse(Array("{}".utf8), file: "p")
    let check = ExportGGUF.read(Node(good, file: "p")).preflight
    #expect(check(PreflightInputs(artifacts: ["model": model], files: [:])).isEmpty)
    try folder.write("model/config.json", "{}")
    let broken = try StageHarness.artifact(folder: folder.path + "/model", .model)
    #expect(
      check(PreflightInputs(artifacts: ["model": broken], files: [:])).first?.code
        == "config.missing")
  }

  @Test(
    "the pretrained stories model is exported and reads back",
    .enabled(if: SharedMaterial.models.exists, "../shared/models is absent (set MODELS)"))
  func stories() throws {
    let folder = try TemporaryFolder()
    let path = SharedMaterial.models.path("stories260k")
    let model = try StageHarness.artifact(folder: path, .model)
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["f32", "f16", "bf16", "q8_0"], "name": "stories"}"#,
      inputs: ["model": model], folder: folder)
    let files = try FileTree(folder: result.outputs["files"] ?? "")
    let source = try ModelFolder(model.tree)
    let read = try GGUFModel(path: files.path("stories-F32.gguf"))
    for name in source.tensorNames { #expect(try read.floats(name) == source.floats(name)) }
    #expect(read.vocabulary.model == "llama")
    #expect(read.vocabulary.settings.contains(.init("add_bos_token", true)))
    #expect(read.vocabulary.settings.contains(.init("add_space_prefix", true)))
    #expect(files.names.count == 5)
  }
}
