import BlockFormats
import Documents
import ModelFiles
import TestSupport

/// The tiny models of the formats folder: weights by a formula, tokenizers read from their files.
struct TinyModel {
  var configuration: ModelConfiguration
  var vocabulary: GGUFVocabulary

  /// The models of the formats folder: `llama`, `llama3-ropescale`, `mistral`, `qwen2`, `qwen3`,
  /// `gemma2`, `gemma3`, `phi3`.
  init(_ name: String) throws {
    let folder = SharedMaterial.formats.path("gguf/")
    let models = try JSONReader.parse(
      SharedMaterial.bytes(folder + "models.json"), file: "models.json")
    try self.init(models[name] ?? .null)
  }

  /// - Parameter model: `config`, and the name of a `tokenizer` of the formats folder.
  init(_ model: JSONValue) throws {
    let folder = SharedMaterial.formats.path("gguf/")
    configuration = try ModelConfiguration(config: model["config"] ?? .null, file: "config.json")
    let name = model["tokenizer"]?.stringValue ?? ""
    let tokenizer = folder + name + "/"
    vocabulary =
      name == "tokenizer-spm"
      ? try Self.sentencePiece(tokenizer) : try Self.byteLevel(tokenizer, name)
    if configuration.modelType.hasPrefix("gemma"), vocabulary.scores != nil {
      vocabulary.settings.append(.init("add_space_prefix", false, .afterTemplate))
    }
  }

  /// The values of a weight, see ``TinyWeights``.
  func floats(_ name: String) throws -> [Float] {
    TinyWeights.values(
      name, configuration.tensorShapes.first { $0.name == name }?.shape ?? [])
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
      model: "gpt2", pre: name == "tokenizer-bpe-qwen2" ? "qwen2" : "llama-bpe",
      tokens: (0..<tokens.count).map { tokens[$0] ?? "" },
      types: (0..<tokens.count).map { control.contains($0) ? .control : .normal }, merges: merges,
      specials: name == "tokenizer-bpe-qwen2"
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
