import Curation
import Reproducibility
import Testing

@Suite("InstructionRules, the end of an answer")
struct TruncationTests {
  static let cases: [(text: String, isTruncated: Bool)] = [
    ("It works. You take the box to the counter and then you wait until they", true),
    ("It works. You take the box to the counter and then you wait for them.", false),
    ("One sentence without an end that is still rather long for an answer", false),
    ("It works. Short end", false), ("It works,", true), ("It works (", true), ("It works;", true),
    ("Yes.\n- first point of a list that is longer than forty characters", false),
    ("Yes.\n- first point,", true), ("Yes.\n3 points,", true), ("Yes.\n• a point,", true),
    ("Yes.\n# A heading that is a good deal longer than forty characters", false),
    ("Yes.\n| a | table | that | is | longer | than | forty | characters", false),
    ("Yes.\n```\ncode, and more of it that goes on for forty characters\n```", false),
    ("It works.\r\nYou take the box to the counter and then you wait until they", true),
    ("Ça marche. Vous prenez la boîte au comptoir et vous attendez qu'ils", true),
    ("", false), (" \n\t ", false),
    ("It works. You take the box to the counter and wait until they \n", true),
  ]

  @Test("ends that are known", arguments: cases)
  func known(_ item: (text: String, isTruncated: Bool)) {
    #expect(InstructionRules.isTruncated(item.text) == item.isTruncated)
    #expect(InstructionRules.isTruncatedByCharacters(item.text) == item.isTruncated)
  }

  @Test("bytes of plain texts say what characters say")
  func random() {
    let random = CounterRandom(seed: 4, stream: "ends")
    let pieces = [
      "word", "a", " ", "  ", "\n", "\n\n", ".", "!", "?", ",", "(", ";", "- ", "* ", "| ", "# ",
      "```", "7 ", "\t", "\u{1C}", "\u{0B}", "_", "and then some more words that follow",
      "\r\n", "é", "e\u{301}",
    ]
    var (truncated, draw) = (0, UInt64(0))
    for _ in 0..<20_000 {
      let count = random.integer(draw, below: 14)
      // Two thirds are plain.
      let choice = random.integer(draw + 1, below: 3) == 0 ? pieces.count : pieces.count - 3
      let text = (0..<count).map { index in
        pieces[Int(random.integer(draw + 2 + UInt64(index), below: choice))]
      }.joined()
      draw += 20
      let bySlow = InstructionRules.isTruncatedByCharacters(text)
      #expect(InstructionRules.isTruncated(text) == bySlow, "\(text.debugDescription)")
      truncated += bySlow ? 1 : 0
    }
    #expect(truncated > 2000)
  }
}
