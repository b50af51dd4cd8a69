import Diagnostics
import ModelFiles
import Reproducibility
import TestSupport
import Testing

@Suite("Adapter files")
struct AdapterFilesTests {
  struct Made {
    var folder: TemporaryFolder
    var model: ModelFolder
  }

  /// A model of random weights with an adapter of random tensors.
  static func make(
    _ adapter: AdapterConfiguration, tied: Bool = false,
    _ extra: [(String, [Int])] = [], without: String? = nil
  ) throws -> Made {
    let folder = try TemporaryFolder()
    let configuration = AdapterFixtures.model(tied: tied)
    let tokenizer = try ModelFolderTests.tokenizer(folder)
    try ModelFolderWriter.full(
      to: folder.makeFolder("base"), configuration: configuration,
      weights: tensors(configuration.tensorShapes), tokenizer: tokenizer)
    let base = Digest(of: "base".utf8)
    let own = try adapter.targets(in: configuration).flatMap(\.tensors)
      .filter { $0.name != without }
    try ModelFolderWriter.adapter(
      to: folder.makeFolder("adapter"), configuration: adapter,
      tensors: tensors(own + extra.map { (AdapterFiles.prefix + $0.0, $0.1) }), base: base,
      tokenizer: tokenizer)
    let baseTree = try FileTree(folder: folder.path + "/base")
    let model = try ModelFolder(FileTree(folder: folder.path + "/adapter")) { _ in baseTree }
    return Made(folder: folder, model: model)
  }

  static func tensors(_ shapes: [(name: String, shape: [Int])]) -> [OutputTensor] {
    shapes.enumerated().map { index, tensor in
      OutputTensor(name: tensor.name, shape: tensor.shape) {
        ModelFolderTests.values(tensor.shape.reduce(1, *), UInt64(index))
      }
    }
  }

  static func adapter(_ targets: [String], dora: Bool = false) -> AdapterConfiguration {
    AdapterConfiguration(rank: 2, alpha: 3, targetModules: targets, usesDoRA: dora)
  }

  /// W + s B A of the module, in double precision, out × in.
  static func product(_ made: Made, _ path: String) throws -> ([[Double]], [Double]?) {
    let files = try #require(made.model.adapter)
    let module = try #require(files.module(path))
    let (a, b) = (try files.a(module), try files.b(module))
    let weight = try made.model.floats(path + ".weight")
    let isEmbedding = module.kind == .embedding
    let v = (0..<module.outputSize).map { out in
      (0..<module.inputSize).map { input in
        var sum = 0.0
        for r in 0..<module.rank {
          sum += Double(b[out * module.rank + r]) * Double(a[r * module.inputSize + input])
        }
        let index =
          isEmbedding ? input * module.outputSize + out : out * module.inputSize + input
        return Double(weight[index]) + module.scaling * sum
      }
    }
    return (v, try files.magnitude(module)?.map { Double($0) })
  }

  @Test(
    "merging adds B A, turned for embeddings, and gives rows DoRA's length",
    arguments: ["model.embed_tokens", "lm_head", "model.layers.1.mlp.down_proj"], [false, true])
  func merged(_ path: String, _ dora: Bool) throws {
    let made = try Self.make(
      Self.adapter(["embed_tokens", "lm_head", "down_proj"], dora: dora))
    let (v, magnitudes) = try Self.product(made, path)
    let merged = try made.model.mergedFloats(path + ".weight")
    #expect((magnitudes != nil) == dora)
    let isEmbedding = path == "model.embed_tokens"
    for (out, row) in v.enumerated() {
      let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let factor = magnitudes.map { $0[out] / norm } ?? 1
      for (input, value) in row.enumerated() {
        let index = isEmbedding ? input * v.count + out : out * row.count + input
        #expect(abs(Double(merged[index]) - factor * value) < 2e-6 * max(1, abs(value)))
      }
    }
  }

  @Test("an adapter on a tied model's embedding or head makes them two")
  func unties() throws {
    for (targets, unties) in [(["q_proj"], false), (["lm_head"], true), (["embed_tokens"], true)] {
      let made = try Self.make(Self.adapter(targets), tied: true)
      #expect(made.model.configuration.tiesWordEmbeddings)
      #expect(made.model.mergedConfiguration.tiesWordEmbeddings == !unties)
      let head = try made.model.mergedFloats("lm_head.weight")
      let embedding = try made.model.mergedFloats("model.embed_tokens.weight")
      #expect((head == embedding) == !unties)
    }
  }

  @Test("a base layer saved with the adapter takes the base's place")
  func baseLayer() throws {
    let made = try Self.make(
      Self.adapter(["embed_tokens"]), [("model.embed_tokens.base_layer.weight", [11, 8])])
    let files = try #require(made.model.adapter)
    #expect(files.baseLayers == ["model.embed_tokens.weight"])
    #expect(files.replacements.isEmpty)
    let name = "model.embed_tokens.weight"
    #expect(try made.model.floats(name) == files.baseLayer(name))
    var values = [Float](repeating: 0, count: 88)
    try values.withUnsafeMutableBufferPointer { try made.model.read(name, into: $0) }
    #expect(try values == files.baseLayer(name))
    let (v, _) = try Self.product(made, "model.embed_tokens")
    #expect(abs(Double(try made.model.mergedFloats(name)[3]) - v[3][0]) < 1e-6)
  }

  @Test("a reward head is neither adapter nor replacement")
  func scoreHead() throws {
    let made = try Self.make(Self.adapter(["q_proj"]), [("score.weight", [1, 8])])
    let files = try #require(made.model.adapter)
    #expect(files.scoreHeadShape == [1, 8] && files.replacements.isEmpty)
    #expect(try files.scoreHead()?.count == 8)
  }

  @Test(
    "what does not belong together is refused",
    arguments: [
      (
        "model.layers.0.self_attn.q_proj.lora_magnitude_vector", [8], nil,
        "'model.layers.0.self_attn.q_proj' has a lora_magnitude_vector, and 'use_dora' is false"
      ),
      (
        "model.layers.0.mlp.up_proj.base_layer.weight", [12, 8], nil,
        "'model.layers.0.mlp.up_proj' has neither lora_A nor lora_B"
      ),
      (
        "model.embed_tokens.lora_embedding_A", [2, 11], nil,
        "'model.embed_tokens' has lora_embedding_A but no lora_embedding_B"
      ),
      (
        "model.layers.0.mlp.lora_ga.weight", [2, 11], nil,
        "the tensor 'base_model.model.model.layers.0.mlp.lora_ga.weight' belongs to a kind of "
          + "adapter that is not supported"
      ),
      (
        "model.norm.weight", [9], nil,
        "the adapter's 'model.norm.weight' is [9], the model's [8]"
      ),
      (
        "score.weight", [1, 9], nil, "the adapter's score head is [1, 9], expected [outputs, 8]"
      ),
      (
        "model.norm.weight", [8], "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
        "'model.layers.0.self_attn.q_proj' has lora_A but no lora_B"
      ),
    ] as [(String, [Int], String?, String)])
  func problems(_ name: String, _ shape: [Int], _ without: String?, _ message: String) throws {
    let failure = #expect(throws: Failure.self) {
      _ = try Self.make(Self.adapter(["q_proj"]), [(name, shape)], without: without)
    }
    #expect(failure?.diagnostics.map(\.message) == [message])
  }

  @Test("DoRA needs its magnitudes")
  func noMagnitude() throws {
    let name = "base_model.model.model.layers.1.self_attn.q_proj.lora_magnitude_vector"
    let failure = #expect(throws: Failure.self) {
      _ = try Self.make(Self.adapter(["q_proj"], dora: true), without: name)
    }
    #expect(
      failure?.diagnostics.map(\.message) == [
        "'model.layers.1.self_attn.q_proj' has no lora_magnitude_vector, and 'use_dora' is true"
      ])
  }

  @Test("an adapter of another base is refused with both sizes")
  func otherBase() throws {
    let made = try Self.make(Self.adapter(["q_proj", "embed_tokens"]))
    var other = AdapterFixtures.model()
    other.hiddenSize = 16
    let failure = #expect(throws: Failure.self) {
      try made.model.adapter?.check(against: other)
    }
    #expect(
      failure?.diagnostics.map(\.message) == [
        "the adapter's 'model.embed_tokens' is 11 × 8, the model's 11 × 16",
        "the adapter's 'model.layers.0.self_attn.q_proj' is 8 × 8, the model's 8 × 16",
        "the adapter's 'model.layers.1.self_attn.q_proj' is 8 × 8, the model's 8 × 16",
      ])
  }
}
