import BlockFormats
import BuiltinStages
import Diagnostics
import Documents
import Generation
import ModelFiles
import Models
import Parallelism
import Records
import Reproducibility
import StageKit
import TestSupport
import Testing
import Tokenization

/// A GGUF file as a model: generated from, scored, gated and trained on.
@Suite(.enabled(if: SharedMaterial.models.exists, "no folder of models"))
struct GGUFModelTests {
  static let types = ["f32", "f16", "bf16", "q8_0", "q4_k_m", "q2_k"]

  struct Export {
    let folder: TemporaryFolder
    let model: InputArtifact
    /// By type.
    let files: [String: InputArtifact]
  }

  static let exported: Swift.Result<Export, any Error> = .init {
    let folder = try TemporaryFolder()
    let model = try EvalGateTests.model()
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["\#(types.joined(separator: #"", ""#))"]}"#,
      inputs: ["model": model], folder: folder)
    var files: [String: InputArtifact] = [:]
    for type in types { files[type] = try result.artifact(type, .model) }
    return Export(folder: folder, model: model, files: files)
  }

  static func loaded(_ artifact: InputArtifact, threads: Int = 2) throws -> (
    model: LanguageModel, tokenizer: Tokenizer
  ) {
    let folder = try ModelFolder(artifact.tree, reference: artifact.reference)
    let model = try LanguageModel.load(
      folder, trainable: .nothing, pool: ThreadPool(threads: threads),
      precision: .forInference(folder, on: nil))
    return (model, try ModelText.tokenizer(of: folder))
  }

  static let prompts = ["Once upon a time, there was", "Tim saw a big dog. The dog", "A", "Lily"]

  static func texts(_ artifact: InputArtifact, threads: Int = 2, alone: Bool = false) throws
    -> [Generated]
  {
    let (model, tokenizer) = try loaded(artifact, threads: threads)
    let ids = prompts.map { tokenizer.encode($0, addSpecialTokens: true, parseSpecial: false) }
    let generator = Generator(model: model, tokenizer: tokenizer)
    let settings = SamplingSettings(maxNewTokens: 48)
    if alone { return try ids.flatMap { try generator.generate([$0], settings) } }
    return try generator.generate(ids, settings)
  }

  @Test("a file in F32 is the folder it was made of: weights, tokens and text")
  func float32() throws {
    let export = try Self.exported.get()
    let file = try #require(export.files["f32"])
    let (own, other) = (try ModelFolder(export.model.tree), try ModelFolder(file.tree))
    #expect(own.tensorNames == other.tensorNames)
    for name in own.tensorNames {
      #expect(try own.floats(name) == other.floats(name))
      #expect(own.shape(of: name) == other.shape(of: name))
    }
    #expect(other.typeName(of: "model.embed_tokens.weight") == "F32")
    let (theirs, ours) = (try Self.texts(file), try Self.texts(export.model))
    #expect(theirs.map(\.ids) == ours.map(\.ids))
    #expect(theirs.map(\.text) == ours.map(\.text))
  }

  @Test("blocks are the file's, and stand for the same values", arguments: types)
  func blocks(type: String) throws {
    let file = try #require(try Self.exported.get().files[type])
    let folder = try ModelFolder(file.tree)
    let (model, _) = try Self.loaded(file)
    for name in folder.tensorNames {
      guard let format = folder.blockFormat(of: name) else {
        #expect(folder.shape(of: name)?.count == 1)
        continue
      }
      #expect(format.name == folder.typeName(of: name))
      #expect(try model.weight(name) == folder.floats(name), "\(name)")
    }
    let bytes = model.memory.weights.reduce(0) { $0 + $1.bytes }
    #expect(type == "f32" || bytes < 4 * folder.configuration.parameterCount * 6 / 10)
  }

  @Test("a text has the same bits in any batch and with any threads", arguments: types)
  func batches(type: String) throws {
    let file = try #require(try Self.exported.get().files[type])
    let together = try Self.texts(file)
    #expect(try Self.texts(file, threads: 1, alone: true) == together)
  }

  @Test("a file is exported again with its own tokenizer, as if from the folder")
  func again() throws {
    let export = try Self.exported.get()
    let folder = try TemporaryFolder()
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["f32", "q4_k_m"]}"#,
      inputs: ["model": try #require(export.files["f32"])], folder: folder)
    for type in ["f32", "q4_k_m"] {
      let again = try ModelFolder(try result.artifact(type, .model).tree)
      let first = try ModelFolder(try #require(export.files[type]).tree)
      let (a, b) = (try #require(again.gguf), try #require(first.gguf))
      #expect(a.vocabulary == b.vocabulary)
      #expect(a.file.tensors.map(\.name) == b.file.tensors.map(\.name))
      for (mine, theirs) in zip(a.file.tensors, b.file.tensors) {
        let own = a.file.withBytes(mine) { Digest(of: $0) }
        #expect(own == b.file.withBytes(theirs) { Digest(of: $0) }, "\(type) \(mine.name)")
      }
    }
  }

  @Test("hf_export says that a GGUF file alone makes no folder")
  func noFolder() throws {
    let file = try #require(try Self.exported.get().files["q8_0"])
    let read = ExportHF.read(Node(.object([]), file: "p"))
    let found = read.preflight(PreflightInputs(artifacts: ["model": file], files: [:]))
    #expect(found.map(\.code) == ["hf.gguf-base"])
  }

  /// ## Gates

  static func gate(_ candidate: String, _ rules: String) throws -> StageOutcome {
    let export = try exported.get()
    let folder = try TemporaryFolder()
    let rows = EvalGateTests.texts.map { RowContent.text($0) }
    let inputs = [
      "candidate": try #require(export.files[candidate]), "baseline": export.model,
      "test": try EvalGateTests.records(rows, folder),
    ]
    return try StageHarness().run(
      EvalGate.self, EvalGateTests.perplexity + rules + "]}", inputs: inputs, folder: folder
    ).outcome
  }

  @Test("a gate on divergence lets Q8_0 pass and refuses Q2_K")
  func divergence() throws {
    let rule = #"{"task": "stories", "metric": "mean_kld", "max": 0.01}"#
    #expect(try Self.gate("q8_0", rule) == .succeeded)
    guard case .refused(let sentences) = try Self.gate("q2_k", rule) else {
      Issue.record("the gate let it pass")
      return
    }
    #expect(sentences.count == 1 && sentences[0].hasPrefix("stories: mean_kld is 0."))
    #expect(sentences[0].hasSuffix(" rows), above the required 0.010"))
  }

  @Test("a file in F32 has no divergence from its folder, and the same best tokens")
  func noDivergence() throws {
    let rules = #"""
      {"task": "stories", "metric": "mean_kld", "max": 1e-9},
      {"task": "stories", "metric": "same_top_p", "min": 1},
      {"task": "stories", "metric": "perplexity_ratio", "max": 1.00001}
      """#
    #expect(try Self.gate("f32", rules) == .succeeded)
  }

  @Test("metrics of two models need a baseline, and no comparison with it")
  func parameters() throws {
    let json = EvalGateTests.perplexity + #"{"task": "stories", "metric": "mean_kld", "max": 1}]}"#
    let read = EvalGate.read(Node(try JSONReader.parse(Array(json.utf8), file: "p"), file: "p"))
    #expect(read.diagnostics.isEmpty)
    #expect(read.ports.inputs.first { $0.name == "baseline" }?.isOptional == false)
    let versus =
      EvalGateTests.perplexity
      + #"{"task": "stories", "metric": "mean_kld", "versus": "baseline", "min_gain": 0}]}"#
    #expect(
      EvalGate.read(Node(try JSONReader.parse(Array(versus.utf8), file: "p"), file: "p"))
        .diagnostics.map(\.message)
        == ["require: 'mean_kld' compares the candidate with the baseline already"])
  }

  /// ## Importance

  @Test("rows weigh columns: a file made with them is another one, and says with what")
  func calibration() throws {
    let folder = try TemporaryFolder()
    let model = try EvalGateTests.model()
    let rows = try EvalGateTests.records(EvalGateTests.texts.map { .text($0) }, folder)
    let result = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["q4_0"]}"#,
      inputs: ["model": model, "calibration": rows], folder: folder)
    let files = try FileTree(folder: result.outputs["files"] ?? "")
    #expect(files.names.contains("model-imatrix.gguf"))
    let importance = try GGUFImportance(path: files.path("model-imatrix.gguf"))
    let configuration = try ModelFolder(model.tree).configuration
    #expect(importance.entries.count == 7 * configuration.layerCount)
    let q = try #require(importance.entries["blk.0.attn_q.weight"])
    #expect(q == importance.entries["blk.0.attn_v.weight"])
    #expect(q.sums.count == configuration.hiddenSize && q.sums.allSatisfy { $0 > 0 })
    let plain = try StageHarness().run(
      ExportGGUF.self, #"{"quantization": ["q4_0"]}"#, inputs: ["model": model], folder: folder)
    let (own, other) = (
      try ModelFolder(result.artifact("q4_0", .model).tree),
      try ModelFolder(plain.artifact("q4_0", .model).tree)
    )
    let name = "model.layers.0.mlp.up_proj.weight"
    #expect(try own.floats(name) != other.floats(name))
  }
}
