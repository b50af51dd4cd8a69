import BlockFormats
import Documents
import ModelFiles
import TestSupport
import Testing

@Suite("GGUF export: which tensor gets which type")
struct GGUFMixTests {
  /// `model/layers/type` of the shared table; models are those of the tiny shapes.
  static func rows() -> [(key: String, types: JSONValue)] {
    let path = SharedMaterial.formats.path("gguf/type-mix.json")
    let json = try? JSONReader.parse(SharedMaterial.bytes(path), file: "type-mix.json")
    return (json?.objectValue ?? []).map { ($0.key, $0.value) }
  }

  @Test(
    "every tensor of 2 to 32 layers has llama.cpp's type",
    .enabled(if: SharedMaterial.formats.exists, "../shared/formats is absent (set FORMATS)"))
  func table() throws {
    let rows = Self.rows()
    #expect(rows.count > 90)
    for (key, expected) in rows {
      let parts = key.split(separator: "/").map(String.init)
      var tiny = try TinyModel(parts[0])
      let layers = try #require(Int(parts[1]))
      tiny.configuration.layerCount = layers
      tiny.configuration.layers = Array(repeating: tiny.configuration.layers[0], count: layers)
      let plan = try GGUFExport.plan(
        tiny.configuration, tiny.vocabulary, name: "x",
        as: try #require(GGUFFileType.named(parts[2])))
      for tensor in plan.tensors {
        #expect(tensor.format.name == Self.type(tensor.name, expected), "\(key): \(tensor.name)")
      }
    }
  }

  /// One type for all layers, or lists of layers by type.
  private static func type(_ name: String, _ table: JSONValue) -> String? {
    var parts = name.split(separator: ".").map(String.init)
    guard parts[0] == "blk", let layer = Int(parts[1]) else { return table[name]?.stringValue }
    parts[1] = "N"
    let row = table[parts.joined(separator: ".")]
    return row?.stringValue
      ?? row?.objectValue?.first { member in
        member.value.arrayValue?.contains { $0.integerValue == layer } == true
      }?.key
  }

  /// Rules that the shared table has no rows for; read off llama.cpp's quantizer by running it.
  @Test(
    "rules for more mixes, grouped heads, experts and importance",
    arguments: [
      // (type, heads, key/value heads, experts, importance, layers, tensor, expected)
      ("Q2_K", 8, 2, 0, false, 8, "blk.0.attn_v.weight", "Q4_K"),
      ("Q2_K", 8, 4, 0, false, 8, "blk.0.attn_v.weight", "Q3_K"),
      ("Q3_K_L", 8, 4, 0, false, 8, "blk.3.attn_v.weight", "Q5_K"),
      ("Q3_K_L", 8, 4, 0, false, 8, "blk.3.attn_output.weight", "Q5_K"),
      ("Q3_K_L", 8, 4, 0, false, 8, "blk.3.ffn_down.weight", "Q5_K"),
      ("Q3_K_S", 8, 4, 0, false, 8, "blk.0.ffn_down.weight", "Q3_K"),
      ("Q5_K_S", 8, 4, 0, false, 8, "blk.0.attn_v.weight", "Q5_K"),
      ("IQ4_XS", 8, 2, 0, false, 8, "blk.5.attn_v.weight", "Q5_K"),
      ("IQ4_XS", 8, 4, 0, false, 8, "blk.0.ffn_down.weight", "Q5_K"),
      ("IQ4_XS", 8, 4, 0, true, 8, "blk.0.ffn_down.weight", "IQ4_XS"),
      ("IQ4_NL", 8, 4, 0, false, 8, "output.weight", "Q6_K"),
      ("Q4_0", 8, 4, 0, false, 8, "blk.0.ffn_down.weight", "Q4_0"),
      ("Q4_0", 8, 4, 0, true, 8, "blk.0.ffn_down.weight", "Q4_1"),
      ("Q5_0", 8, 4, 0, true, 8, "blk.0.ffn_down.weight", "Q5_1"),
      ("Q5_0", 8, 4, 0, true, 8, "blk.1.ffn_down.weight", "Q5_0"),
      ("Q4_K_M", 8, 4, 8, false, 8, "blk.3.attn_k.weight", "Q8_0"),
      ("Q4_K_M", 8, 4, 8, false, 8, "blk.3.attn_v.weight", "Q8_0"),
      ("Q4_K_M", 8, 4, 8, false, 8, "blk.3.attn_output.weight", "Q5_K"),
      ("Q3_K_L", 8, 4, 8, false, 8, "blk.3.attn_output.weight", "Q3_K"),
      ("Q4_K_M", 8, 4, 8, false, 8, "blk.3.ffn_gate_inp.weight", "F32"),
      ("Q4_K_M", 8, 4, 8, false, 8, "blk.0.ffn_down_exps.weight", "Q6_K"),
      ("Q4_K_M", 8, 4, 4, false, 8, "blk.3.attn_k.weight", "Q4_K"),
      ("Q4_K_M", 8, 2, 0, false, 80, "blk.13.attn_v.weight", "Q5_K"),
      ("Q4_K_M", 8, 8, 0, false, 80, "blk.13.attn_v.weight", "Q4_K"),
      ("Q8_0-quantize", 8, 4, 0, false, 8, "output.weight", "Q8_0"),
    ])
  func rules(
    _ type: String, _ heads: Int, _ groups: Int, _ experts: Int, _ importance: Bool, _ layers: Int,
    _ tensor: String, _ expected: String
  ) throws {
    var model = ModelConfiguration(
      modelType: experts > 0 ? "mixtral" : "llama", vocabularySize: 8, hiddenSize: 256,
      intermediateSize: 256, layerCount: layers, headCount: heads, keyValueHeadCount: groups,
      headSize: 32, contextLength: 16, tiesWordEmbeddings: false)
    if experts > 0 {
      model.flags.experts = DecoderFlags.Experts(
        count: experts, perToken: 2, intermediateSize: 256, normalizesWeights: true,
        auxiliaryLossCoefficient: 0, naming: .mixtral)
      for layer in model.layers.indices { model.layers[layer].isSparse = true }
    }
    let vocabulary = GGUFVocabulary(
      model: "gpt2", pre: "gpt-2", tokens: ["a"], types: [.normal], merges: [])
    let plan = try GGUFExport.plan(
      model, vocabulary, name: "x", as: try #require(GGUFFileType.named(type)),
      hasImportance: importance)
    #expect(plan.tensors.first { $0.name == tensor }?.format.name == expected)
  }

  @Test(
    "rows that do not fill 256 give way to blocks of 32, and those that do not fill 32 to F16",
    arguments: [
      ("Q2_K", 96, "Q4_0"), ("Q3_K_S", 96, "Q4_0"), ("Q4_K_S", 96, "Q5_0"),
      ("Q5_K_S", 96, "Q5_1"), ("Q6_K", 96, "Q8_0"), ("IQ4_XS", 96, "IQ4_NL"),
      ("Q4_K_S", 40, "F16"), ("Q4_0", 40, "F16"),
    ])
  func fallback(_ type: String, _ size: Int, _ expected: String) throws {
    let model = ModelConfiguration(
      modelType: "llama", vocabularySize: 8, hiddenSize: size, intermediateSize: 256,
      layerCount: 1, headCount: 1, keyValueHeadCount: 1, headSize: size, contextLength: 16)
    let vocabulary = GGUFVocabulary(
      model: "gpt2", pre: "gpt-2", tokens: ["a"], types: [.normal], merges: [])
    let plan = try GGUFExport.plan(
      model, vocabulary, name: "x", as: try #require(GGUFFileType.named(type)))
    let types = Dictionary(uniqueKeysWithValues: plan.tensors.map { ($0.name, $0.format.name) })
    #expect(types["blk.0.ffn_up.weight"] == expected)
    #expect(types["token_embd.weight"] == (size % 32 == 0 ? "Q8_0" : "F16"))
  }

  @Test("names are llama.cpp's in any case, and the short ones mean the medium mixes")
  func names() {
    #expect(GGUFFileType.named("q4_k_m")?.number == 15)
    #expect(GGUFFileType.named("Q4_K")?.name == "Q4_K_M")
    #expect(GGUFFileType.named("q3_k")?.name == "Q3_K_M")
    #expect(GGUFFileType.named("q4_k_x") == nil)
    #expect(Set(GGUFFileType.all.map(\.portName)).count == GGUFFileType.all.count)
    #expect(GGUFFileType.all.count == 20)
  }
}
