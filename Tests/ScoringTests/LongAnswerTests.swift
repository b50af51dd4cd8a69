import Foundation
import Scoring
import Testing

/// Answers of megabytes (10 MB where COVERAGE is set): no metric takes quadratic time or memory, and
/// each is right where that is easy to know.
@Suite(.serialized) struct LongAnswerTests {
  static let limit = Duration.seconds(300)
  static let bytes = ProcessInfo.processInfo.environment["COVERAGE"] == nil ? 2_000_000 : 10_000_000

  static func text(_ unit: String) -> String {
    String(repeating: unit, count: bytes / unit.utf8.count)
  }

  static let cases: [(name: String, text: String)] = [
    ("words", text("the cat sat on mat ")), ("lines", text("a\n")), ("one word", text("y")),
    ("brackets", text("[\"")), ("marks", text("\u{1F600}.")), ("open", text("{\"a\":")),
  ]

  @Test("n-gram metrics take linear time", arguments: ["words", "lines", "one word", "marks"])
  func overlap(name: String) throws {
    let text = try #require(Self.cases.first { $0.name == name }?.text)
    let clock = ContinuousClock()
    let reference = "the cat sat on the mat"
    let took = clock.measure {
      #expect(Rouge(.ngrams(2), stems: true).score(text, reference).precision < 0.3)
      #expect(Bleu().sums(text, [reference]).count == Bleu.width)
      #expect(ChrF.plusPlus.score(text, [reference]) < 50)
      #expect(TokenF1.score(text, reference) < 0.5)
    }
    #expect(took < Self.limit, "\(name): \(took)")
  }

  @Test("longest common subsequences take bounded time and memory", arguments: ["words", "lines"])
  func subsequences(name: String) throws {
    let text = try #require(Self.cases.first { $0.name == name }?.text)
    let clock = ContinuousClock()
    let took = clock.measure {
      // Against itself: the first words alone are compared, the lengths count in full.
      for variant in [Rouge.Variant.longest, .longestByLine] {
        let score = Rouge(variant).score(text, text)
        #expect(score.f1 > 0 && score.f1 <= 1)
        #expect(Rouge(variant).score(text, "a cat on mat").recall >= 0.25)
      }
    }
    #expect(took < Self.limit, "\(name): \(took)")
  }

  @Test("searches for JSON, texts and distances take bounded time")
  func searches() {
    let clock = ContinuousClock()
    for (name, text) in Self.cases {
      let took = clock.measure {
        #expect(JSONText.first(in: text) == nil, "\(name)")
        #expect(JSONText.lenient(text) == nil)
        #expect(!ContainedText(text, ignoreCase: true).contains("zebra"))
        #expect(EditDistance.between(text, "x" + text) == 1 || name == "one word")
        #expect(EditDistance.between(text, "kitten") >= Self.bytes / 10)
        #expect(DistinctNGrams.share([text], order: 2) ?? 0 <= 1)
      }
      #expect(took < Self.limit, "\(name): \(took)")
    }
  }
}
