import BlockFormats
import Diagnostics
import Documents
import ModelFiles
import Parallelism
import Reproducibility
import TestSupport
import Testing

@Suite(
  "GGUF export",
  .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"))
struct GGUFExportPlanTests {
  static let names = [
    "gemma2": "Gemma2", "gemma3": "Gemma3", "llama": "Llama",
    "llama3-ropescale": "Llama3 Ropescale", "mistral": "Mistral", "phi3": "Phi3",
    "qwen2": "Qwen2", "qwen3": "Qwen3",
  ]
  static let types = [
    "IQ4_XS", "Q2_K", "Q3_K_M", "Q4_0", "Q4_K_M", "Q4_K_S", "Q5_0", "Q5_K_M", "Q6_K",
    "Q8_0-quantize", "bf16", "f16", "f32", "q8_0",
  ]

  @Test("the file is llama.cpp's, byte for byte", arguments: names.keys.sorted(), types)
  func expected(_ model: String, _ type: String) throws {
    let tiny = try TinyModel(model)
    let plan = try GGUFExport.plan(
      tiny.configuration, tiny.vocabulary, name: try #require(Self.names[model]),
      as: try #require(GGUFFileType.named(type)), asConverter: true)
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.gguf"
    let written = try plan.write(to: path, pool: ThreadPool(threads: 2)) { try tiny.floats($0) }
    try plan.verify(path, written)
    let file = try GGUFReader(path: path)
    let bytes = try SharedMaterial.bytes(
      SharedMaterial.formats.path("gguf/expected/\(model)/\(type).json"))
    let expected = try JSONReader.parse(bytes, file: "expected")
    #expect(
      file.pairs.map(\.key)
        == expected["kv"]?.arrayValue?.compactMap { $0.arrayValue?.first?.stringValue })
    for (tensor, row) in zip(file.tensors, expected["tensors"]?.arrayValue ?? []) {
      let fields = row.arrayValue ?? []
      #expect(tensor.name == fields[0].stringValue)
      #expect(tensor.layout.name == fields[1].stringValue, "\(tensor.name)")
      #expect(tensor.dimensions == fields[2].arrayValue?.compactMap(\.integerValue))
      #expect(tensor.offset == fields[3].integerValue)
      let digest = file.withBytes(tensor) { Digest(of: $0) }
      #expect(digest.hex == fields[4].stringValue, "\(tensor.name)")
    }
    #expect(file.tensors.count == expected["tensors"]?.arrayValue?.count)
    #expect(file.dataStart == expected["data_start"]?.integerValue)
    #expect(written.byteCount == expected["size"]?.integerValue)
    #expect(written.digest.hex == expected["sha256"]?.stringValue)
  }

  @Test("a file reads back as the model it was made of", arguments: names.keys.sorted())
  func readBack(_ name: String) throws {
    let tiny = try TinyModel(name)
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.gguf"
    let plan = try GGUFExport.plan(tiny.configuration, tiny.vocabulary, name: "x", as: .f32)
    _ = try plan.write(to: path, pool: ThreadPool(threads: 1)) { try tiny.floats($0) }
    let model = try GGUFModel(path: path)
    #expect(model.vocabulary == (try tiny.vocabulary.filled(to: model.vocabulary.tokens.count)))
    #expect(
      model.configuration.tensorShapes.map(\.name) == tiny.configuration.tensorShapes.map(\.name))
    #expect(model.configuration.headSize == tiny.configuration.headSize)
    for (tensor, _) in tiny.configuration.tensorShapes {
      #expect(try model.floats(tensor) == tiny.floats(tensor), "\(tensor)")
    }
  }

  @Test("blocks of a tensor are handed out with the order of its rows")
  func blocks() throws {
    let tiny = try TinyModel("llama")
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.gguf"
    let plan = try GGUFExport.plan(tiny.configuration, tiny.vocabulary, name: "x", as: .q8_0)
    _ = try plan.write(to: path, pool: ThreadPool(threads: 1)) { try tiny.floats($0) }
    let model = try GGUFModel(path: path)
    for name in ["model.layers.1.self_attn.k_proj.weight", "model.layers.1.mlp.up_proj.weight"] {
      let order = try model.rowOrder(of: name)
      #expect((order != nil) == name.contains("k_proj"))
      let decoded = try model.withBlocks(name) { format, rows, columns, blocks in
        #expect(format.name == "Q8_0")
        #expect(columns == 256)
        let values = format.decoded(blocks, count: rows * columns)
        return (0..<rows).flatMap { row in
          let stored = order?[row] ?? row
          return values[stored * columns..<(stored + 1) * columns]
        }
      }
      #expect(try decoded == model.floats(name))
    }
  }

  @Test("more tokens than rows are refused")
  func vocabulary() throws {
    var tiny = try TinyModel("llama")
    tiny.configuration.vocabularySize = 700
    let failure = #expect(throws: Failure.self) {
      _ = try GGUFExport.plan(tiny.configuration, tiny.vocabulary, name: "x", as: .f32)
    }
    #expect(
      failure?.diagnostics.first?.message
        == "the tokenizer has 768 tokens, the embedding only 700 rows")
  }

  @Test("a name that llama.cpp gives a meaning is refused where it would not load")
  func phiName() throws {
    let tiny = try TinyModel("llama")
    let failure = #expect(throws: Failure.self) {
      _ = try GGUFExport.plan(tiny.configuration, tiny.vocabulary, name: "My-Phi-3", as: .f32)
    }
    #expect(failure?.diagnostics.first?.code == "gguf.name")
  }

  @Test("a value beyond F16 and a NaN are refused with the tensor's name, and no file is left")
  func range() throws {
    let tiny = try TinyModel("llama")
    let folder = try TemporaryFolder()
    let path = folder.path + "/model.gguf"
    for (bad, code) in [(Float(1e5), "model.value-range"), (Float.nan, "model.not-finite")] {
      let plan = try GGUFExport.plan(tiny.configuration, tiny.vocabulary, name: "x", as: .f16)
      let failure = #expect(throws: Failure.self) {
        _ = try plan.write(to: path, pool: ThreadPool(threads: 1)) { name in
          var values = try tiny.floats(name)
          if name.contains("layers.1.mlp.up") { values[7] = bad }
          return values
        }
      }
      #expect(failure?.diagnostics.first?.code == code)
      #expect(
        failure?.diagnostics.first?.message.contains("'model.layers.1.mlp.up_proj.weight'") == true)
      #expect(throws: Failure.self) { _ = try GGUFReader(path: path) }
    }
  }

  @Test("rows that do not fill blocks become F16, as in llama.cpp")
  func oddRows() throws {
    let configuration = ModelConfiguration(
      modelType: "llama", vocabularySize: 8, hiddenSize: 40, intermediateSize: 64, layerCount: 1,
      headCount: 2, keyValueHeadCount: 1, headSize: 20, contextLength: 16)
    let vocabulary = GGUFVocabulary(
      model: "gpt2", pre: "gpt-2", tokens: ["a"], types: [.normal], merges: [])
    let plan = try GGUFExport.plan(configuration, vocabulary, name: "x", as: .q8_0)
    let types = Dictionary(uniqueKeysWithValues: plan.tensors.map { ($0.name, $0.format.name) })
    #expect(types["blk.0.ffn_down.weight"] == "Q8_0")
    #expect(types["blk.0.ffn_up.weight"] == "F16")
    #expect(types["blk.0.attn_norm.weight"] == "F32")
  }

  @Test(
    "sizes are written with two significant digits",
    arguments: [
      (999, "1.0K"), (260_032, "260K"), (1_835_008, "1.8M"), (12_400_000, "12M"),
      (999_999_999, "1000M"), (7_000_000_000, "7.0B"), (99, "0.10K"),
    ])
  func sizeLabel(_ count: Int, _ label: String) {
    #expect(GGUFExport.sizeLabel(count) == label)
  }
}
