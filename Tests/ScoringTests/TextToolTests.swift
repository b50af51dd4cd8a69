import Documents
import Reproducibility
import Scoring
import Testing

@Suite struct TextToolTests {
  @Test(
    "Levenshtein's distance",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
      ("e\u{301}", "é", 2), ("👍🏽", "👍", 1), ("abcdef", "azced", 3),
    ])
  func distances(first: String, second: String, distance: Int) {
    #expect(EditDistance.between(first, second) == distance)
    #expect(EditDistance.between(second, first) == distance)
  }

  /// The table as textbooks write it.
  static func slowDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }

  @Test("distances of random texts equal the table's, across words of 64 bits")
  func randomDistances() {
    let random = CounterRandom(seed: 3, stream: "distance")
    var next: UInt64 = 0
    func draw(_ bound: Int) -> Int {
      next += 1
      return random.integer(next, below: bound)
    }
    for _ in 0..<300 {
      let letters = Array("abcé".unicodeScalars).prefix(2 + draw(3))
      func text() -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<draw(200) { view.append(letters[draw(letters.count)]) }
        return String(view)
      }
      let (a, b) = (text(), text())
      let slow = Self.slowDistance(Array(a.unicodeScalars), Array(b.unicodeScalars))
      #expect(EditDistance.between(a, b) == slow, "\(a.debugDescription) \(b.debugDescription)")
    }
  }

  @Test("longest common subsequences of random texts equal the table's")
  func randomSubsequences() {
    let random = CounterRandom(seed: 4, stream: "subsequence")
    var next: UInt64 = 0
    func draw(_ bound: Int) -> Int {
      next += 1
      return random.integer(next, below: bound)
    }
    for _ in 0..<200 {
      let words = (0..<(2 + draw(5))).map { "w\($0)" }
      func text() -> [String] { (0..<(1 + draw(200))).map { _ in words[draw(words.count)] } }
      let (a, b) = (text(), text())
      var row = [Int](repeating: 0, count: b.count + 1)
      for x in a {
        var diagonal = 0
        for (j, y) in b.enumerated() {
          let above = row[j + 1]
          row[j + 1] = x == y ? diagonal + 1 : max(above, row[j])
          diagonal = above
        }
      }
      let score = Rouge(.longest).score(a.joined(separator: " "), b.joined(separator: " "))
      #expect(abs(score.recall * Double(b.count) - Double(row[b.count])) < 1e-9)
      let lines = Rouge(.longestByLine).score(a.joined(separator: " "), b.joined(separator: " "))
      #expect(lines.recall == score.recall)
    }
  }

  @Test(
    "the first JSON in a text",
    arguments: [
      ("a {\"b\": 1} [2]", "{\"b\":1}"), ("[x] then [1, 2]", "[1,2]"),
      ("{ {\"a\":{}} }", "{\"a\":{}}"),
      ("\"{\" [\"]\"]", "[\"]\"]"), ("[\"\\\"]\"]", "[\"\\\"]\"]"),
    ])
  func firstJSON(text: String, json: String) {
    #expect(JSONText.first(in: text).map(JSONWriter.compact) == json)
  }

  @Test(
    "no JSON in a text",
    arguments: ["", "{", "[1, 2", "{a: 1}", "42", "] [", "{\"a\": \"", "[\"\\"])
  func noJSON(text: String) {
    #expect(JSONText.first(in: text) == nil)
  }

  @Test("a fence is taken off when asked")
  func fences() {
    #expect(JSONText.strict("```json\n[1]\n```") == nil)
    #expect(JSONText.lenient(" ```json\n[1]\n```\n") == [1])
    #expect(JSONText.lenient("[1]") == [1])
    #expect(JSONText.lenient("```json [1] ```") == nil)
  }

  static let tolerances: [(String, Double, NumberTolerance, Bool)] = [
    ("about 10.4", 10.0, NumberTolerance(absolute: 0.5), true),
    ("about 10.6", 10.0, NumberTolerance(absolute: 0.5), false),
    ("10.4", 10.0, NumberTolerance(absolute: 0, relative: 0.05), true),
    ("10.6", 10.0, NumberTolerance(absolute: 0, relative: 0.05), false),
    ("12 %", 0.12, NumberTolerance(), true),
    ("12 %", 12.0, NumberTolerance(percentIsFraction: false), true),
    ("none", 0.0, NumberTolerance(absolute: 1), false),
  ]

  @Test("numbers are right within either tolerance", arguments: tolerances)
  func tolerance(answer: String, wanted: Double, tolerance: NumberTolerance, isRight: Bool) {
    #expect(tolerance.matches(answer, references: [-1e9, wanted]) == isRight)
  }

  @Test("distinct n-grams of all texts together")
  func distinct() {
    #expect(DistinctNGrams.share(["a b a b", "a b"], order: 1) == 2.0 / 6)
    #expect(DistinctNGrams.share(["a b a b", "a b"], order: 2) == 2.0 / 4)
    #expect(DistinctNGrams.share(["a", "b"], order: 2) == nil)
    #expect(DistinctNGrams.share(["a b", "b a", "a b"], order: 2) == 2.0 / 3)
  }

  @Test("names of ROUGE's variants")
  func variants() {
    #expect(Rouge.Variant(name: "rouge1") == .ngrams(1))
    #expect(Rouge.Variant(name: "rougeL") == .longest)
    #expect(Rouge.Variant(name: "rougeLsum") == .longestByLine)
    for name in ["rouge", "rouge0", "rouge10", "rougel", "bleu", "rouge-1", "rouge+"] {
      #expect(Rouge.Variant(name: name) == nil)
    }
  }

  @Test("of several references the best counts, for BLEU the closest length")
  func references() {
    #expect(TokenF1.score("b", references: ["a c", "b"]) == 1)
    #expect(!TokenF1.exact("b", references: ["c"]) && TokenF1.exact("B.", references: ["c", "b"]))
    #expect(Rouge(.ngrams(1)).score("b", references: ["c", "b c"]).recall == 0.5)
    #expect(Bleu().sums("a b c", ["a b c d e", "a b"])[1] == 2)
    #expect(Bleu().sums("a b c", ["a b c d", "a b"])[1] == 2)
    #expect(ChrF().score("abc", ["xyz", "abc"]) == 100)
  }
}
