import Diagnostics
import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// Tokenizers over the arrays of GGUF files; the expectations are llama.cpp's.
@Suite("vocabularies of GGUF files")
struct VocabularyArraysTests {
  static let names = ["falcon", "gpt-2", "llama-bpe", "llama-spm", "phi-3", "qwen2"]

  static func arrays(_ path: String) throws -> VocabularyArrays {
    let stored = try GGUFVocabulary(GGUFReader(path: path))
    return VocabularyArrays(
      model: stored.model, pre: stored.pre, tokens: stored.tokens, scores: stored.scores,
      types: stored.types.map(\.rawValue), merges: stored.merges,
      specials: Dictionary(stored.specials.map { ($0.role, $0.id) }) { first, _ in first },
      flags: Dictionary(stored.settings.map { ($0.name, $0.isOn) }) { first, _ in first },
      file: path)
  }

  @Test(
    "llama.cpp's vectors come out equal from the arrays alone",
    .enabled(if: SharedMaterial.formats.exists, "the folder of format cases is absent"),
    arguments: names)
  func vectors(_ name: String) throws {
    let base = SharedMaterial.formats.path("vocab/ggml-vocab-\(name).gguf")
    let tokenizer = try Tokenizer(arrays: Self.arrays(base))
    let input = String(decoding: try SharedMaterial.bytes(base + ".inp"), as: UTF8.self)
    let output = String(decoding: try SharedMaterial.bytes(base + ".out"), as: UTF8.self)
    let texts = input.components(separatedBy: "\n__ggml_vocab_test__\n")
    let expected = output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(texts.count >= 46)
    for (text, line) in zip(texts, expected) {
      let ids = line.split(separator: " ").compactMap { Int32($0) }
      #expect(
        tokenizer.encode(text, addSpecialTokens: false, parseSpecial: true) == ids,
        "\(name): \(text.debugDescription)")
    }
  }

  /// Byte-level BPE over a, b, c with the merge ab, a control token and a user's own.
  static func small(_ change: (inout VocabularyArrays) -> Void = { _ in }) -> VocabularyArrays {
    var arrays = VocabularyArrays(
      model: "gpt2", pre: "gpt-2", tokens: ["a", "b", "c", "ab", "<|x|>", "<y>", "\u{120}"],
      types: [1, 1, 1, 1, 3, 4, 1], merges: ["a b"], specials: ["bos": 4],
      flags: ["add_bos_token": true])
    change(&arrays)
    return arrays
  }

  @Test("control tokens are text unless special ones are parsed; user-defined ones never are")
  func special() throws {
    let tokenizer = try Tokenizer(arrays: Self.small())
    #expect(
      tokenizer.encode("ab<|x|><y>", addSpecialTokens: true, parseSpecial: true) == [4, 3, 4, 5])
    #expect(
      tokenizer.encode("c<|x|>a<y>", addSpecialTokens: false, parseSpecial: false) == [2, 0, 5])
    #expect(tokenizer.decode([3, 6, 2, 5], skipSpecialTokens: true) == "ab c<y>")
  }

  @Test("a byte without a token keeps its neighbours apart")
  func barrier() throws {
    let tokenizer = try Tokenizer(arrays: Self.small())
    #expect(tokenizer.encode("axb", addSpecialTokens: false, parseSpecial: false) == [0, 1])
  }

  @Test("SentencePiece text merges by score and falls back to bytes")
  func scores() throws {
    let tokenizer = try Tokenizer(
      arrays: VocabularyArrays(
        model: "llama",
        tokens: [
          "<unk>", "<s>", "</s>", "<0xC3>", "<0xA9>", "\u{2581}", "a", "b", "ab", "\u{2581}a",
        ],
        scores: [0, 0, 0, 0, 0, -9, -9, -9, -2, -1], types: [2, 3, 3, 6, 6, 1, 1, 1, 1, 1]))
    #expect(
      tokenizer.encode("ab b\u{E9}", addSpecialTokens: true, parseSpecial: false) == [
        1, 9, 7, 5, 7, 3, 4,
      ])
    #expect(tokenizer.decode([9, 7, 5, 7, 3, 4], skipSpecialTokens: true) == "ab b\u{E9}")
  }

  @Test("what does not fit is refused and named")
  func refusals() throws {
    let cases: [(VocabularyArrays, String)] = [
      (Self.small { $0.model = "rwkv" }, "is of the model 'rwkv', which is not supported"),
      (
        Self.small { $0.pre = "kimi-k2" },
        "splits text by the pre-tokenizer 'kimi-k2', which is not supported"
      ),
      (Self.small { $0.merges = nil }, "has no merges"),
      (
        Self.small { $0.merges = ["a z"] },
        "has a merge (number 0) of or to a token that it does not have"
      ),
      (Self.small { $0.types = [1] }, "has 1 types for 7 tokens"),
      (Self.small { $0.tokens[1] = "a" }, "has the token 'a' twice, as 0 and 1"),
      (
        Self.small { $0.specials["eos"] = 7 },
        "gives the role 'eos' to token 7, there are 7 tokens"
      ),
    ]
    for (arrays, message) in cases {
      let failure = #expect(throws: Failure.self) { try Tokenizer(arrays: arrays) }
      #expect(
        failure?.diagnostics.first?.message
          == "the vocabulary of 'the GGUF file' \(message)")
      #expect(failure?.failureClass == .badInput)
    }
  }
}
