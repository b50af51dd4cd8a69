import BlockFormats
import Documents
import ModelFiles
import TestSupport

/// The tiny models of the formats folder: weights by a formula, tokenizers read from their files.
struct TinyModel {
  var configuration: ModelConfiguration
  var vocabulary: GGUFVocabulary

  /// - Parameter name: `llama`, `llama3-ropescale`, `mistral` or `qwen2`.
  init(_ name: String) throws {
    let folder = SharedMaterial.formats.path("gguf/")
    let models = try JSONReader.parse(
      SharedMaterial.bytes(folder + "models.json"), file: "models.json")
    let model = models[name] ?? .null
    configuration = try ModelConfiguration(config: model["config"] ?? .null, file: "config.json")
    let tokenizer = folder + (model["tokenizer"]?.stringValue ?? "") + "/"
    vocabulary =
      name == "mistral"
      ? try Self.sentencePiece(tokenizer) : try Self.byteLevel(tokenizer, name)
  }

  /// Value i of a tensor: four 16-bit lanes of a SplitMix64 stream seeded with its name, summed,
  /// scaled to a deviation of about 0.036, rounded to bfloat16; norms are around 1.
  func floats(_ name: String) throws -> [Float] {
    let shape = configuration.tensorShapes.first { $0.name == name }?.shape ?? []
    var seed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let offset: Float = shape.count == 1 && name.contains("norm") ? 1 : 0
    let values: [Float] = (0..<shape.reduce(1, *)).map { index in
      var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      let sum = (z & 0xFFFF) + (z >> 16 & 0xFFFF) + (z >> 32 & 0xFFFF) + (z >> 48)
      return Float(Int64(sum) - 131070) * 0x1p-20 + offset
    }
    return BlockFormatTests.decode(
      BlockFormatTests.encode(values, .bf16, reference: true), .bf16, reference: true)
  }

  private static func byteLevel(_ folder: String, _ name: String) throws -> GGUFVocabulary {
    let json = try JSONReader.parse(
      SharedMaterial.bytes(folder + "tokenizer.json"), file: "tokenizer.json")
    var tokens: [Int: String] = [:]
    for member in json["model"]?["vocab"]?.objectValue ?? [] {
      tokens[member.value.integerValue ?? -1] = member.key
    }
    var control: Set<Int> = []
    for token in json["added_tokens"]?.arrayValue ?? [] {
      let id = token["id"]?.integerValue ?? -1
      tokens[id] = token["content"]?.stringValue
      control.insert(id)
    }
    let merges = (json["model"]?["merges"]?.arrayValue ?? []).map {
      $0.stringValue ?? ($0.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ")
    }
    return GGUFVocabulary(
      model: "gpt2", pre: name == "qwen2" ? "qwen2" : "llama-bpe",
      tokens: (0..<tokens.count).map { tokens[$0] ?? "" },
      types: (0..<tokens.count).map { control.contains($0) ? .control : .normal }, merges: merges,
      specials: name == "qwen2"
        ? [.init("eos", 767), .init("padding", 765), .init("bos", 765)]
        : [.init("bos", 765), .init("eos", 767)],
      chatTemplate: try template(folder))
  }

  /// Pieces of a SentencePiece model: field 1 of the message, with text, score and type.
  private static func sentencePiece(_ folder: String) throws -> GGUFVocabulary {
    let bytes = try SharedMaterial.bytes(folder + "tokenizer.model")
    var tokens: [String] = []
    var scores: [Float] = []
    var types: [GGUFVocabulary.TokenType] = []
    for case (1, let piece) in fields(bytes[...]) {
      var (text, score, type) = ("", Float(0), GGUFVocabulary.TokenType.normal)
      for (number, value) in fields(piece) {
        switch number {
        case 1: text = String(decoding: value, as: UTF8.self)
        case 2: score = BlockFormatTests.decode(Array(value), .f32, reference: true)[0]
        default: type = .init(rawValue: Int32(value.first ?? 1)) ?? .normal
        }
      }
      tokens.append(text)
      scores.append(score)
      types.append(type)
    }
    for (id, text) in [
      (0, "<unk>"), (1, "<s>"), (2, "</s>"), (768, "<|im_start|>"), (769, "<|im_end|>"),
    ] {
      if id == tokens.count {
        tokens.append(text)
        scores.append(0)
        types.append(.control)
      }
      (scores[id], types[id]) = (-1000, .control)
    }
    return GGUFVocabulary(
      model: "llama", pre: "default", tokens: tokens, scores: scores, types: types,
      specials: [.init("bos", 1), .init("eos", 2), .init("unknown", 0), .init("padding", 2)],
      settings: [
        .init("add_bos_token", true), .init("add_sep_token", false), .init("add_eos_token", false),
      ], chatTemplate: try template(folder))
  }

  private static func template(_ folder: String) throws -> String? {
    try JSONReader.parse(
      SharedMaterial.bytes(folder + "tokenizer_config.json"), file: "tokenizer_config.json"
    )["chat_template"]?.stringValue
  }

  /// Fields of a protocol buffer message: varints as one byte, the others by their bytes.
  private static func fields(_ bytes: ArraySlice<UInt8>) -> [(Int, ArraySlice<UInt8>)] {
    var rest = bytes
    func varint() -> Int {
      var (value, shift) = (0, 0)
      while let byte = rest.popFirst() {
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { break }
      }
      return value
    }
    var result: [(Int, ArraySlice<UInt8>)] = []
    while !rest.isEmpty {
      let key = varint()
      let length =
        switch key & 7 {
        case 0: 0
        case 1: 8
        case 5: 4
        default: varint()
        }
      if key & 7 == 0 {
        result.append((key >> 3, [UInt8(truncatingIfNeeded: varint())]))
      } else {
        result.append((key >> 3, rest.prefix(length)))
        rest = rest.dropFirst(length)
      }
    }
    return result
  }
}
