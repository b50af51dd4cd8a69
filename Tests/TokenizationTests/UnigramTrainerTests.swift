import Diagnostics
import Documents
import Parallelism
import Testing
import Tokenization

@Suite("Unigram training")
struct UnigramTrainerTests {
  static func train(_ threads: Int = 1, size: Int = 420, byteFallback: Bool = true) throws
    -> JSONValue
  {
    try UnigramTrainer.train(
      BPETrainerTests.corpus(400, seed: 5), vocabularySize: size, specialTokens: ["<s>"],
      pool: ThreadPool(threads: threads), bos: "<s>", byteFallback: byteFallback)
  }

  @Test("the same texts give the same vocabulary with any number of threads")
  func threads() throws {
    #expect(try Self.train(1) == Self.train(3))
  }

  @Test("texts come back from their ids, whatever characters they have")
  func roundTrip() throws {
    let tokenizer = try Tokenizer(json: Self.train(), configuration: nil, file: "tokenizer.json")
    #expect(tokenizer.modelName == "Unigram")
    #expect(tokenizer.vocabularySize <= 420)
    for text in BPETrainerTests.corpus(20, seed: 77) + ["", "\u{E9}\n\u{1F600} x", "a\n b  c"] {
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecial: false)
      #expect(tokenizer.decode(ids, skipSpecialTokens: false) == text)
      #expect(tokenizer.encode(text, addSpecialTokens: true, parseSpecial: false).first == 1)
    }
  }

  @Test("words of the texts become tokens, and control tokens in plain text do not")
  func words() throws {
    let tokenizer = try Tokenizer(json: Self.train(), configuration: nil, file: "tokenizer.json")
    #expect(tokenizer.id(of: "\u{2581}printer") != nil)
    let ids = tokenizer.encode("<s>", addSpecialTokens: false, parseSpecial: false)
    #expect(!ids.contains(1))
    let known = BPETrainerTests.corpus(1, seed: 5)[0]
    let count = tokenizer.encode(known, addSpecialTokens: false, parseSpecial: false).count
    #expect(count <= known.split(separator: " ").count + 4)
  }

  @Test("without byte fallback every character needs room")
  func room() throws {
    let failure = #expect(throws: Failure.self) { try Self.train(size: 12, byteFallback: false) }
    #expect(
      failure?.diagnostics.first?.message.hasSuffix(
        "a vocabulary of this size has room for 10") == true)
  }
}
