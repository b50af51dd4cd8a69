import BlockFormats
import Diagnostics
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

@Suite("GGUF adapters")
struct GGUFAdapterTests {
  static let base = ModelConfiguration(
    modelType: "llama", vocabularySize: 16, hiddenSize: 32, intermediateSize: 48, layerCount: 2,
    headCount: 4, keyValueHeadCount: 2, headSize: 8, contextLength: 16)

  static func values(_ name: String, _ count: Int) -> [Float] {
    let seed = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
    let random = CounterRandom(seed: seed, stream: "adapter")
    return (0..<count).map { Float(random.normal(UInt64($0))) }
  }

  /// An adapter of rank 2 and alpha 8 on modules given as (path, out, in).
  static func adapter(
    _ modules: [(String, Int, Int)], extra: [OutputTensor] = [],
    configuration: AdapterConfiguration? = nil
  ) throws -> AdapterFiles {
    let folder = try TemporaryFolder()
    let tensors = modules.flatMap { path, out, columns in
      [
        OutputTensor(name: "base_model.model.\(path).lora_A.weight", shape: [2, columns]) {
          values(path + "A", 2 * columns)
        },
        OutputTensor(name: "base_model.model.\(path).lora_B.weight", shape: [out, 2]) {
          values(path + "B", 2 * out)
        },
      ]
    }
    try ModelFolderWriter.adapter(
      to: folder.path,
      configuration: configuration
        ?? AdapterConfiguration(
          rank: 2, alpha: 8, targetModules: modules.map { String($0.0.split(separator: ".").last!) }
        ),
      tensors: tensors + extra, base: Digest(of: [1]), tokenizer: FileTree(paths: [:]))
    return try AdapterFiles(FileTree(folder: folder.path))
  }

  static let query = "model.layers.1.self_attn.q_proj"
  static let down = "model.layers.0.mlp.down_proj"

  @Test("an adapter reads back as it was, rows of heads included")
  func roundTrip() throws {
    let adapter = try Self.adapter([(Self.query, 32, 32), (Self.down, 32, 48)])
    let plan = try GGUFAdapter.plan(adapter, base: Self.base, name: "x", format: .f32)
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.gguf"
    let written = try plan.write(to: path, pool: ThreadPool(threads: 2)) { _ in [] }
    try plan.verify(path, written)
    let read = try GGUFAdapterFile(path: path, base: Self.base)
    #expect(read.modules.map(\.path) == [Self.down, Self.query])
    for module in read.modules {
      #expect(module.scaling == 4)
      #expect(module == adapter.module(module.path))
      #expect(try read.a(module) == adapter.a(module))
      #expect(try read.b(module) == adapter.b(module))
    }
    // Row 1 of a head of eight is the first of its second half.
    let b = try read.file.floats("blk.1.attn_q.weight.lora_b")
    let stored = Self.values(Self.query + "B", 64)
    #expect(b[2..<4] == stored[8..<10])
    #expect(read.file["adapter.lora.alpha"]?.number == 8)
    #expect(
      read.file.tensors.map(\.name) == [
        "blk.0.ffn_down.weight.lora_a", "blk.0.ffn_down.weight.lora_b",
        "blk.1.attn_q.weight.lora_a", "blk.1.attn_q.weight.lora_b",
      ])
  }

  @Test("what --lora cannot apply is refused with the way out")
  func refused() throws {
    let whole = OutputTensor(name: "base_model.model.model.norm.weight", shape: [32]) {
      [Float](repeating: 1, count: 32)
    }
    var saving = AdapterConfiguration(rank: 2, alpha: 8, targetModules: ["down_proj"])
    saving.modulesToSave = ["norm"]
    let adapter = try Self.adapter(
      [(Self.down, 32, 48)], extra: [whole], configuration: saving)
    let failure = #expect(throws: Failure.self) {
      _ = try GGUFAdapter.plan(adapter, base: Self.base, name: "x", format: .f16)
    }
    #expect(failure?.diagnostics.first?.code == "gguf.adapter")
    #expect(failure?.diagnostics.first?.fix == "merge it: 'adapter: merge'")
  }

  @Test("an adapter of another model is refused")
  func other() throws {
    let adapter = try Self.adapter([(Self.down, 32, 48)])
    let plan = try GGUFAdapter.plan(adapter, base: Self.base, name: "x", format: .bf16)
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.gguf"
    _ = try plan.write(to: path, pool: ThreadPool(threads: 1)) { _ in [] }
    var other = Self.base
    other.intermediateSize = 64
    #expect(throws: Failure.self) { _ = try GGUFAdapterFile(path: path, base: other) }
  }
}
