import Diagnostics
import Documents
import Foundation
import Reproducibility
import TestSupport
import Testing
import Tokenization

/// Byte-level tokenizers of small models; the expectations are those of transformers 5.23.0.
@Suite(
  "tokenizers of the oracle models",
  .enabled(if: SharedMaterial.oracles.exists, "the folder of oracles is absent"))
struct OracleTests {
  static let names = [
    "gemma2", "gemma3_text", "llama", "llama_bf16", "mistral", "mixtral", "phi3", "qwen2",
    "qwen3", "smollm3",
  ]

  static func tree(_ name: String) throws -> FileTree {
    try FileTree(folder: SharedMaterial.oracles.path("models/\(name)"))
  }

  static func expected(_ name: String) throws -> JSONValue {
    let path = SharedMaterial.oracles.path("models/\(name)/expected.json")
    return try #require(
      JSONReader.parse(SharedMaterial.bytes(path), file: "expected.json")["tokenizer"])
  }

  @Test("texts have the ids and decodings of transformers", arguments: names)
  func encode(_ name: String) throws {
    let tokenizer = try Tokenizer(Self.tree(name))
    for item in try #require(Self.expected(name)["encode"]?.arrayValue) {
      let text = try #require(item["text"]?.stringValue)
      let ids = try VocabularyTests.ids(item["ids"])
      #expect(tokenizer.encode(text, addSpecialTokens: true, parseSpecial: true) == ids)
      #expect(
        try tokenizer.encode(text, addSpecialTokens: false, parseSpecial: true)
          == VocabularyTests.ids(item["ids_no_special"]))
      let plain = try VocabularyTests.ids(item["ids_no_special"])
      #expect(
        tokenizer.decode(plain, skipSpecialTokens: false)
          == item["decoded"]?.stringValue)
    }
  }

  @Test("decoding piece by piece gives the text of decoding at once", arguments: names)
  func streaming(_ name: String) throws {
    let tokenizer = try Tokenizer(Self.tree(name))
    for item in try #require(Self.expected(name)["encode"]?.arrayValue) {
      let ids = try VocabularyTests.ids(item["ids"])
      var decoder = StreamingDecoder(tokenizer, skipSpecialTokens: true)
      var text = ""
      for id in ids { text += decoder.append(id) }
      text += decoder.finish()
      #expect(text == tokenizer.decode(ids, skipSpecialTokens: true))
    }
  }
}
