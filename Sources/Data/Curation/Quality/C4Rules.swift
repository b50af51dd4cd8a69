extension QualityRuleSet {
  /// Raffel et al. 2020, §2.2. The rules for single lines are ``C4LineRules``.
  static let c4 = QualityRuleSet(
    name: "c4",
    rules: [
      QualityRule("c4.lorem_ipsum", "max_lorem_ipsum", .c4_lorem_ipsum, .atMost, 0),
      QualityRule("c4.curly_bracket", "max_curly_brackets", .c4_curly_bracket, .atMost, 0),
      QualityRule("c4.sentences", "min_sentences", .c4_sentences, .atLeast, 5),
    ], source: "Raffel et al. 2020, section 2.2")

  /// Xue et al. 2021 (mC4), §3.1: three lines of 200 characters.
  static let c4Paragraph = QualityRuleSet(
    name: "c4_paragraph",
    rules: [
      QualityRule("c4.paragraphs", "min_third_longest_line", .third_longest_line, .atLeast, 200)
    ], source: "Xue et al. 2021, section 3.1")
}
