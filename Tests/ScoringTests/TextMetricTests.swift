import Scoring
import Testing

@Suite struct TextMetricTests {
  @Test(
    "exact match overlooks what its options name",
    arguments: [
      ("Paris", " Paris\n", ExactMatch(), true),
      ("paris", "Paris", ExactMatch(), false),
      ("paris", "Paris", ExactMatch(ignoreCase: true), true),
      ("Paris.", "Paris", ExactMatch(ignorePunctuation: true), true),
      ("Paris 2", "Paris ", ExactMatch(ignoreNumbers: true), false),
      ("7 8", "9 0", ExactMatch(ignoreNumbers: true), true),
      ("", "", ExactMatch(), true),
    ])
  func exactMatch(prediction: String, reference: String, rule: ExactMatch, isEqual: Bool) {
    #expect(rule.matches(prediction, reference) == isEqual)
  }

  @Test(
    "only the simple regular expressions are read",
    arguments: [
      (",", true), ("\\$", true), ("\\.$", true), ("(?s).*#### ", true), ("[0-9]+", false),
      ("a|b", false), ("^x", false), ("\\d", false), ("", false), ("\\", false),
    ])
  func patterns(regex: String, isRead: Bool) {
    #expect((IgnoredPattern(regex: regex) != nil) == isRead)
  }

  @Test("names of classes are compared without case, space and marks")
  func labels() {
    #expect(TextNormalization.label("  Billing.\n") == "billing")
    #expect(TextNormalization.label("'Fraud  Desk'") == "fraud desk")
    #expect(TextNormalization.label("a.b") == "a.b")
  }

  @Test("macro F1 gives each class the same weight")
  func macroF1() {
    // a: right 2, wrong 1, missed 0 → 0.8; b: right 0, wrong 0, missed 1 → 0.
    #expect(abs(Classification.macroF1(["a", "a", "a"], ["a", "a", "b"]) - 0.4) < 1e-15)
    #expect(Classification.macroF1(["x"], ["x"]) == 1)
    #expect(Classification.accuracy(["a", "b"], ["a", "a"]) == 0.5)
  }

  @Test("perplexity of a fair coin is two")
  func perplexity() {
    let loss = 10 * 0.6931471805599453
    #expect(abs(Summary.perplexity(negativeLogLikelihood: loss, units: 10) - 2) < 1e-12)
  }
}
