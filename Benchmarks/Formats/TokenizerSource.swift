import Foundation
import ModelFiles
import Tokenization

/// A tokenizer from a tokenizer.json or from the arrays of a GGUF file.
enum TokenizerSource {
  static func load(_ path: String) throws -> Tokenizer {
    if path.hasSuffix(".gguf") { return try Tokenizer(arrays: arrays(path)) }
    return try Tokenizer(bytes: bytes(path), configuration: nil, file: path)
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func arrays(_ path: String) throws -> VocabularyArrays {
    let file = try GGUFReader(path: path)
    let stored = try GGUFVocabulary(file)
    let charsmap = file["tokenizer.ggml.precompiled_charsmap"]?.integers?.map {
      UInt8(truncatingIfNeeded: $0)
    }
    return VocabularyArrays(
      model: stored.model, pre: stored.pre, tokens: stored.tokens, scores: stored.scores,
      types: stored.types.map(\.rawValue), merges: stored.merges,
      specials: Dictionary(stored.specials.map { ($0.role, $0.id) }) { first, _ in first },
      flags: Dictionary(stored.settings.map { ($0.name, $0.isOn) }) { first, _ in first },
      charsmap: charsmap, modelName: file["general.name"]?.string, file: path)
  }
}
