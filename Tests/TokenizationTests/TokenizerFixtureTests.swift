import Documents
import Foundation
import Reproducibility
import TestSupport
import Testing
import Tokenization

/// Small tokenizers of every kind; the expectations are those of the PyPI package `tokenizers`
/// 0.23.3 (see the README beside them).
@Suite("tokenizers of every kind")
struct TokenizerFixtureTests {
  static let folder = "Tests/Fixtures/tokenizers"

  static func json(_ name: String) throws -> JSONValue {
    try JSONReader.parse(SharedMaterial.bytes("\(folder)/\(name)"), file: name)
  }

  static let names = (try? json("expected.json"))?.objectValue?.map(\.key) ?? []

  static func digest(_ text: String) -> String {
    String(Digest(of: Array(text.utf8)).hex.prefix(8))
  }

  static func digest(_ ids: [Int32]) -> String {
    digest(ids.map(String.init).joined(separator: " "))
  }

  @Test("there are tokenizers of all models")
  func isComplete() throws {
    #expect(Self.names.count == 53)
    let models = Set(
      try Self.names.compactMap { try Self.json("\($0).json")["model"]?["type"]?.stringValue })
    #expect(models == ["BPE", "Unigram", "WordPiece", "WordLevel"])
  }

  @Test("300 strings have the ids and decodings of Hugging Face", arguments: names)
  func strings(_ name: String) throws {
    let tokenizer = try Tokenizer(
      bytes: SharedMaterial.bytes("\(Self.folder)/\(name).json"), configuration: nil, file: name)
    let texts = try #require(Self.json("strings.json").arrayValue).compactMap(\.stringValue)
    let expected = try #require(Self.json("expected.json")[name]?.arrayValue)
    #expect(texts.count == 300 && expected.count == 300)
    for (number, (text, row)) in zip(texts, expected).enumerated() {
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecial: true)
      let special = tokenizer.encode(text, addSpecialTokens: true, parseSpecial: true)
      let decoded = tokenizer.decode(ids, skipSpecialTokens: false)
      #expect(
        Self.digest(ids) + Self.digest(special) + Self.digest(decoded) == row.stringValue,
        "\(name) string \(number)")
    }
  }

  @Test("decoding piece by piece never splits a character and gives the text", arguments: names)
  func streaming(_ name: String) throws {
    let tokenizer = try Tokenizer(
      bytes: SharedMaterial.bytes("\(Self.folder)/\(name).json"), configuration: nil, file: name)
    for text in try #require(Self.json("strings.json").arrayValue).prefix(60) {
      let ids = tokenizer.encode(
        text.stringValue ?? "", addSpecialTokens: false, parseSpecial: true)
      var decoder = StreamingDecoder(tokenizer, skipSpecialTokens: false)
      var out = ids.map { decoder.append($0) }
      out.append(decoder.finish())
      #expect(out.joined() == tokenizer.decode(ids, skipSpecialTokens: false))
    }
  }
}
