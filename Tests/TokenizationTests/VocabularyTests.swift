import Diagnostics
import Documents
import Foundation
import Reproducibility
import TestSupport
import Testing
import Tokenization

/// Real vocabularies; the expectations are those of the PyPI package `tokenizers` 0.23.3.
@Suite(
  "vocabularies",
  .enabled(if: SharedMaterial.formats.exists, "the folder of format cases is absent"))
struct VocabularyTests {
  static let names = [
    "deepseek-llm", "falcon", "gemma-4", "gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2",
    "starcoder",
  ]

  static func load(_ name: String) throws -> Tokenizer {
    let folder = SharedMaterial.formats.path("vocab/\(name)")
    return try Tokenizer(
      bytes: gunzip("\(folder)/tokenizer.json.gz"),
      configuration: SharedMaterial.bytes("\(folder)/tokenizer_config.json"))
  }

  static func gunzip(_ path: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(data)
  }

  static func lines(_ name: String) throws -> [JSONValue] {
    try SharedMaterial.bytes(SharedMaterial.formats.path(name)).split(separator: 0x0A).map {
      try JSONReader.parse(Array($0), file: name)
    }
  }

  @Test("150 awkward strings have the ids and decodings of Hugging Face", arguments: names)
  func tokenizeCases(_ name: String) throws {
    let tokenizer = try Self.load(name)
    var count = 0
    for line in try Self.lines("tokenize-cases.jsonl") where line["vocab"]?.stringValue == name {
      let text = try #require(line["text"]?.stringValue)
      let number = line["case"]?.integerValue ?? -1
      let ids = try Self.ids(line["ids"])
      let found = tokenizer.encode(text, addSpecialTokens: false, parseSpecial: true)
      #expect(found == ids, "\(name) case \(number)")
      let withSpecial = try line["ids_with_special"].map(Self.ids) ?? ids
      #expect(
        tokenizer.encode(text, addSpecialTokens: true, parseSpecial: true) == withSpecial,
        "\(name) case \(number)")
      let decoded = try #require(line["decoded"]?.stringValue)
      #expect(
        Array(tokenizer.decode(ids, skipSpecialTokens: false).utf8) == Array(decoded.utf8),
        "\(name) case \(number)")
      let skipped = line["decoded_skip_special"]?.stringValue ?? decoded
      #expect(
        Array(tokenizer.decode(ids, skipSpecialTokens: true).utf8) == Array(skipped.utf8),
        "\(name) case \(number)")
      count += 1
    }
    #expect(count == 150)
  }

  @Test("llama.cpp's vectors come out equal", arguments: names)
  func vectors(_ name: String) throws {
    let tokenizer = try Self.load(name)
    let base = SharedMaterial.formats.path("vocab/ggml-vocab-\(name).gguf")
    let input = String(decoding: try SharedMaterial.bytes(base + ".inp"), as: UTF8.self)
    let output = String(decoding: try SharedMaterial.bytes(base + ".out"), as: UTF8.self)
    let texts = input.components(separatedBy: "\n__ggml_vocab_test__\n")
    let expected = output.split(separator: "\n", omittingEmptySubsequences: false)
    var equal = 0
    for (text, line) in zip(texts, expected) {
      let ids = line.split(separator: " ").compactMap { Int32($0) }
      let found = tokenizer.encode(text, addSpecialTokens: false, parseSpecial: true)
      #expect(found == ids, "\(name): \(text.debugDescription)")
      equal += found == ids ? 1 : 0
    }
    #expect(equal >= 46)
  }

  @Test("the pre-tokenizer's name for llama.cpp comes from its structure")
  func preTokenizerNames() throws {
    let expected = [
      "deepseek-llm": "deepseek-llm", "falcon": "falcon", "gpt-2": "gpt-2",
      "llama-bpe": "llama-bpe", "qwen2": "qwen2", "starcoder": "starcoder", "llama-spm": "default",
    ]
    for (name, wanted) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(try Self.load(name).layout.preTokenizer == wanted)
    }
  }

  static func ids(_ value: JSONValue?) throws -> [Int32] {
    try #require(value?.arrayValue).map { Int32($0.integerValue ?? -1) }
  }
}
