import Scrubbing
import Testing

@Suite struct ShapedPseudonymTests {
  static func fake(_ text: String, key: String = "k") -> String {
    Scrubber(detector: Detector(), operator: .pseudonym, key: key).scrub(text).text
  }

  /// Letters and digits as one sign each.
  static func shape(_ text: String) -> String {
    String(text.map { $0.isNumber ? "0" : $0.isLetter ? "x" : $0 })
  }

  @Test(
    "invented numbers keep their shape, depend on the value and the key, and are found again",
    arguments: [
      "+44 7400 123456", "(212) 555-7788", "+33 6 12 34 56 78", "0151/12345678",
      "4111-1111-1111-1111", "3782 822463 10005", "943 476 5919",
    ])
  func shapes(value: String) {
    let fake = Self.fake(value)
    #expect(fake != value && Self.shape(fake) == Self.shape(value), "\(value) → \(fake)")
    #expect(fake == Self.fake(value) && fake != Self.fake(value, key: "other"))
    #expect(
      Detector().detections(in: fake).map(\.entity)
        == Detector().detections(in: value).map(\.entity),
      "\(value) → \(fake)")
  }

  @Test("ranges set aside for examples are used")
  func reserved() {
    #expect(Self.fake("+44 7400 123456").hasPrefix("+44 7700 900"))
    #expect(Self.fake("(212) 555-7788").contains(") 555-01"))
    #expect(Self.fake("ssn 536-22-8145").hasPrefix("ssn 666-"))
    #expect(Self.fake("NHS 943 476 5919").hasPrefix("NHS 999 "))
    #expect(Self.fake("4111 1111 1111 1111").hasPrefix("4000 00"))
  }

  @Test("spellings of one value get one pseudonym, digit for digit")
  func spellings() {
    let digits = { (text: String) in text.filter(\.isNumber) }
    #expect(digits(Self.fake("4111 1111 1111 1111")) == digits(Self.fake("4111-1111-1111-1111")))
  }

  @Test("a date of birth keeps its form and year")
  func dates() {
    for text in ["born 12/03/1980", "geb. 3. März 1980", "DOB 1980-03-12"] {
      let fake = Self.fake(text)
      #expect(fake.contains("1980") && Self.shape(fake) == Self.shape(text), "\(text) → \(fake)")
    }
  }
}
