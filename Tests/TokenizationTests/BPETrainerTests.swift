import Documents
import Parallelism
import Reproducibility
import Testing
import Tokenization

@Suite("BPE training")
struct BPETrainerTests {
  /// Sentences from a seed.
  static func corpus(_ count: Int, seed: UInt64) -> [String] {
    let words = [
      "the", "printer", "on", "floor", "is", "broken", "again", "please", "help", "my", "invoice",
      "was", "charged", "twice", "password", "reset", "does", "not", "work", "naïve", "日本", "42",
    ]
    let random = CounterRandom(seed: seed, stream: "corpus")
    return (0..<count).map { row in
      (0..<12).map { words[random.integer(UInt64(row * 12 + $0), below: words.count)] }
        .joined(separator: " ")
    }
  }

  @Test("the same texts give the same vocabulary with any number of threads")
  func threads() {
    let texts = Self.corpus(2_000, seed: 7)
    let one = BPETrainer.train(
      texts, vocabularySize: 400, specialTokens: ["<s>"], pool: ThreadPool(threads: 1))
    let four = BPETrainer.train(
      texts, vocabularySize: 400, specialTokens: ["<s>"], pool: ThreadPool(threads: 4))
    #expect(one == four)
  }

  @Test("texts come back from their ids, and trained ones take fewer tokens than bytes")
  func roundTrip() throws {
    let json = BPETrainer.train(
      Self.corpus(500, seed: 3), vocabularySize: 400, specialTokens: ["<s>", "<s>", "</s>"],
      pool: ThreadPool(threads: 1), bos: "<s>")
    let tokenizer = try Tokenizer(json: json, configuration: nil, file: "tokenizer.json")
    #expect(tokenizer.id(of: "<s>") == 0)
    #expect(tokenizer.id(of: "</s>") == 1)
    #expect(tokenizer.vocabularySize <= 400)
    for text in Self.corpus(20, seed: 99) + ["", " ", "ß\u{0}\r\n", "👩‍🚀 new words"] {
      let ids = tokenizer.encode(text, addSpecialTokens: false, parseSpecial: false)
      #expect(tokenizer.decode(ids, skipSpecialTokens: false) == text)
      #expect(tokenizer.encode(text, addSpecialTokens: true, parseSpecial: false) == [0] + ids)
    }
    let known = Self.corpus(1, seed: 3)[0]
    let ids = tokenizer.encode(known, addSpecialTokens: false, parseSpecial: false)
    #expect(ids.count * 2 < known.utf8.count)
  }

  @Test("the most frequent pair comes first; of equals the one with lower ids")
  func order() throws {
    let json = BPETrainer.train(
      ["zz", "zz", "zz", "ab", "ab", "cd", "cd"], vocabularySize: 259, specialTokens: [],
      pool: ThreadPool(threads: 1))
    let merges = try #require(json["model"]?["merges"]?.arrayValue)
    let names = merges.map { $0.arrayValue?.compactMap(\.stringValue).joined() ?? "" }
    #expect(names == ["zz", "ab", "cd"])
  }

  @Test("a pair seen less often than the minimum becomes no token")
  func minimum() throws {
    for (minimum, count) in [(1, 2), (2, 1), (3, 0)] {
      let json = BPETrainer.train(
        ["ab", "ab", "cd"], vocabularySize: 300, specialTokens: [],
        pool: ThreadPool(threads: 1), minimumFrequency: minimum)
      #expect(json["model"]?["merges"]?.arrayValue?.count == count)
    }
  }

  @Test("3,000 short texts and 2,000 tokens take less than 2 s")
  func speed() {
    let clock = ContinuousClock()
    let texts = Self.corpus(3_000, seed: 1)
    let time = clock.measure {
      _ = BPETrainer.train(
        texts, vocabularySize: 2_000, specialTokens: [], pool: ThreadPool(threads: 1),
        minimumFrequency: 1)
    }
    #expect(time < .seconds(2))
  }
}
