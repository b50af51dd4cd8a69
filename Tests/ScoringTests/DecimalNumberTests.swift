import Scoring
import Testing

@Suite("DecimalNumber")
struct DecimalNumberTests {
  /// Text, its last number, as a fraction where it is a percentage.
  static let cases: [(String, Double?)] = [
    ("", nil), ("none", nil), ("7", 7), ("3 or 4", 4), ("-5", -5), ("\u{2212}5", -5), ("10-5", 5),
    ("x - 5", 5), ("(3)-4", 4), ("+5", 5), ("$-3", -3), ("-$3", -3), ("€ 3", 3), ("1,234", 1234),
    ("1,234,567.89", 1234567.89), ("1,23", 23), ("1234,567", 567), ("1,2345", 2345), (".5", 0.5),
    ("-.5", -0.5), ("5.", 5), ("3.14.", 3.14), ("1e3", 1000), ("1.5E-2", 0.015), ("3e4x", 4),
    ("12%", 0.12), ("12 %", 0.12), ("v1.2.3", 3), ("A4", 4), ("1,000,00", 0),
  ]

  @Test("the last number of a text", arguments: cases.indices)
  func last(_ index: Int) {
    let (text, expected) = Self.cases[index]
    let found = DecimalNumber.last(in: text)?.fraction
    if let found, let expected {
      #expect(abs(found - expected) < 1e-12 * max(1, abs(expected)), "\(text)")
    } else {
      #expect(found == expected, "\(text)")
    }
  }

  @Test("a text that is a number, or not")
  func only() {
    for (text, expected) in [("42", 42.0), (" -$1,000. ", -1000), ("50 %", 50), ("7 €", 7)] {
      #expect(DecimalNumber.only(text)?.value == expected, "\(text)")
    }
    for text in ["3 apples", "x = 3", "3 4", ""] {
      #expect(DecimalNumber.only(text) == nil, "\(text)")
    }
  }

  @Test("a number that no double holds is none")
  func huge() {
    #expect(DecimalNumber.last(in: String(repeating: "9", count: 400)) == nil)
    #expect(DecimalNumber.last(in: "1e999") == nil)
  }
}
