import Curation
import Testing

@Suite struct TextMeterTests {
  static func value(_ text: String, _ signal: QualitySignal) -> Double {
    let meter = TextMeter()
    var text = text
    return text.withUTF8 { meter.measure($0, [.grams, .distinct, .lines]).value(signal) }
  }

  struct Case: Sendable {
    var text: String
    var signal: QualitySignal
    var expected: Double
    init(_ text: String, _ signal: QualitySignal, _ expected: Double) {
      (self.text, self.signal, self.expected) = (text, signal, expected)
    }
  }

  static let cases: [Case] = [
    Case("", .words, 0.0), Case("one two three", .words, 3), Case("Don't go.", .words, 3),
    Case("it's 5% of U.S. sales", .words, 6), Case("see https://a.b/c?d=e, please", .words, 3),
    Case("well-known", .words, 2), Case("日本語です", .words, 5), Case("a b", .mean_word_length, 1),
    Case("aa bbbb", .mean_word_length, 3), Case("aé öüx", .mean_word_length, 2.5),
    Case("#a #b", .hash_ratio, 0.5), Case("so... well…", .ellipsis_ratio, 0.5),
    Case("- a\n• b\nc\n", .bullet_line_ratio, 2.0 / 3),
    Case("a...\nb…\nc\n\n", .ellipsis_line_ratio, 0.5),
    Case("one 2 three .", .alphabetic_word_ratio, 0.5),
    Case("the cat of Mars with The", .stop_words, 3),
    Case("x y\nx y\nz", .duplicate_line_ratio, 1.0 / 3),
    Case("x y\nx y\nz", .duplicate_line_character_ratio, 3.0 / 9),
    Case("p q\n\np q\n\n\nr", .duplicate_paragraph_ratio, 1.0 / 3),
    Case("a b a b c", .top_2_gram_ratio, 6.0 / 9), Case("a b c d", .top_2_gram_ratio, 3.0 / 7),
    Case("a b c d e x a b c d e", .duplicate_5_gram_ratio, 5.0 / 21),
    Case("a b c d e x a b c d e", .duplicate_6_gram_ratio, 0),
    Case("A. b.\nno mark\n", .terminal_line_ratio, 0.5),
    Case("short\n" + String(repeating: "long ", count: 20), .short_line_ratio, 0.5),
    Case("a\nb", .line_feed_ratio, 0.5), Case("aaa\nbb\nc", .third_longest_line, 1),
    Case("aaa\nbb", .third_longest_line, -1), Case("One. Two! Three? And four", .sentences, 4),
    Case("a a b", .unique_word_ratio, 2.0 / 3), Case("NASA is up", .uppercase_word_ratio, 1.0 / 3),
    Case("{}", .curly_bracket_ratio, 0.5), Case("a1b2", .digit_ratio, 0.5),
    Case("x x x x y", .repeats_in_a_row, 4), Case("a b a b a b", .repeats_in_a_row, 3),
    Case("\u{FFFD}abc", .replacement_ratio, 0.25),
    Case("a bb ccc dddd eeeee", .median_word_length, 3),
  ]

  @Test("a text has the signals that are counted by hand", arguments: cases)
  func signals(_ item: Case) {
    let value = Self.value(item.text, item.signal)
    #expect(abs(value - item.expected) < 1e-12, "\(item): \(value)")
  }

  static let lines: [(String, Double)] = [
    ("This is a line.", 1.0), ("This is a line", 0), ("This is a line...", 0), ("Too few.", 0),
    ("We use JavaScript in this page.", 0), ("This site uses cookies to work.", 0),
    ("Read our Privacy Policy before you go.", 0), ("He said \"go on now\"", 1),
    ("It is known to be so.[12]", 1), ("It is known to be so[edit]", 0),
    ("A " + String(repeating: "w", count: 1001) + " word.", 0),
    ("A " + String(repeating: "w", count: 1000) + " word.", 1), ("", 0),
  ]

  @Test("a line goes by each of C4's rules and stays without it", arguments: lines)
  func c4Lines(_ line: String, _ kept: Double) {
    #expect(Self.value(line, .c4_line_ratio) == kept)
  }

  @Test("C4's lines are kept stripped, without citation marks, joined by line feeds")
  func c4Text() {
    let meter = TextMeter()
    var text = "  First line stays here.[1] \nmenu\r\nSecond[citation needed] one stays too!\n"
    let kept = text.withUTF8 { meter.lines($0) }
    #expect(
      String(decoding: kept, as: UTF8.self)
        == "First line stays here.\nSecond one stays too!")
    #expect(Self.value("One is here. Two is here.\nThree is here.", .c4_sentences) == 3)
    #expect(Self.value("Lorem ipsum dolor sit amet.\nno", .c4_lorem_ipsum) == 1)
    #expect(Self.value("This { is a line.\n{ no", .c4_curly_bracket) == 1)
  }

  @Test("measures do not depend on the texts measured before")
  func reuse() {
    let meter = TextMeter()
    let texts = (0..<40).map { index in
      (0..<(index * 37 % 300)).map { "w\($0 * index % 17)" }.joined(
        separator: index % 3 == 0 ? "\n" : " ")
    }
    for var text in texts + texts.reversed() {
      let fresh = QualitySignal.allCases.map { Self.value(text, $0) }
      let again = text.withUTF8 { meter.measure($0, [.grams, .distinct, .lines]) }
      #expect(QualitySignal.allCases.map { again.value($0) } == fresh)
    }
  }
}
