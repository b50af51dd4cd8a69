import Curation
import Reproducibility
import Testing

@Suite struct SameTextTests {
  @Test("texts are the same exactly when their normalised forms are")
  func same() {
    let pieces = [
      "a", "b", "ab", " ", "  ", "\n", "\r\n", "\t", "\u{A0}", "\u{2009}", "é", "e\u{301}", "e",
      "\u{301}", "漢", "🙂", "", "\u{85}", "\u{C}", "\u{1C}",
    ]
    var equal = 0
    for number in 0..<20_000 {
      let random = CounterRandom(seed: 8, stream: "same", UInt64(number))
      let texts = [0, 100].map { start in
        (0..<random.integer(UInt64(start), below: 5)).map {
          pieces[random.integer(UInt64(start + 1 + $0), below: pieces.count)]
        }.joined()
      }
      let normalised = texts.map(LabeledRow.normalisedByCharacters)
      #expect(texts.map(LabeledRow.normalised) == normalised, "texts \(number)")
      let expected = normalised[0] == normalised[1]
      #expect(LabeledRow.areSame(texts[0], texts[1]) == expected, "texts \(number)")
      equal += expected ? 1 : 0
    }
    #expect(equal > 500)
  }
}
