extension QualityRuleSet {
  /// Rae et al. 2021, "Scaling Language Models: Methods, Analysis & Insights from Training Gopher",
  /// appendix A1.1.
  static let gopherQuality = QualityRuleSet(
    name: "gopher_quality",
    rules: [
      QualityRule("gopher.word_count", "min_words", .words, .atLeast, 50),
      QualityRule("gopher.word_count", "max_words", .words, .atMost, 100_000),
      QualityRule(
        "gopher.mean_word_length", "min_mean_word_length", .mean_word_length, .atLeast, 3),
      QualityRule(
        "gopher.mean_word_length", "max_mean_word_length", .mean_word_length, .atMost, 10),
      QualityRule("gopher.hash_ratio", "max_hash_ratio", .hash_ratio, .atMost, 0.1),
      QualityRule("gopher.ellipsis_ratio", "max_ellipsis_ratio", .ellipsis_ratio, .atMost, 0.1),
      QualityRule(
        "gopher.bullet_lines", "max_bullet_line_ratio", .bullet_line_ratio, .atMost, 0.9),
      QualityRule(
        "gopher.ellipsis_lines", "max_ellipsis_line_ratio", .ellipsis_line_ratio, .atMost, 0.3),
      QualityRule(
        "gopher.alphabetic_words", "min_alphabetic_word_ratio", .alphabetic_word_ratio, .atLeast,
        0.8),
      QualityRule("gopher.stop_words", "min_stop_words", .stop_words, .atLeast, 2),
    ], source: "Rae et al. 2021, appendix A1.1")

  /// The same paper, table A1.
  static let gopherRepetition = QualityRuleSet(
    name: "gopher_repetition",
    rules: [
      QualityRule(
        "gopher.duplicate_paragraphs", "max_duplicate_paragraph_ratio", .duplicate_paragraph_ratio,
        .atMost, 0.3),
      QualityRule(
        "gopher.duplicate_paragraph_characters", "max_duplicate_paragraph_character_ratio",
        .duplicate_paragraph_character_ratio, .atMost, 0.2),
      QualityRule(
        "gopher.duplicate_lines", "max_duplicate_line_ratio", .duplicate_line_ratio, .atMost, 0.3),
      QualityRule(
        "gopher.duplicate_line_characters", "max_duplicate_line_character_ratio",
        .duplicate_line_character_ratio, .atMost, 0.2),
    ] + topGrams("gopher", [.top_2_gram_ratio, .top_3_gram_ratio, .top_4_gram_ratio])
      + duplicateGrams(
        "gopher",
        [
          .duplicate_5_gram_ratio, .duplicate_6_gram_ratio, .duplicate_7_gram_ratio,
          .duplicate_8_gram_ratio, .duplicate_9_gram_ratio, .duplicate_10_gram_ratio,
        ]), source: "Rae et al. 2021, table A1")

  static func topGrams(_ family: String, _ signals: [QualitySignal]) -> [QualityRule] {
    zip(signals, [(2, 0.20), (3, 0.18), (4, 0.16)]).map { signal, entry in
      QualityRule(
        "\(family).top_\(entry.0)_gram", "max_top_\(entry.0)_gram_ratio", signal, .atMost, entry.1)
    }
  }

  static func duplicateGrams(_ family: String, _ signals: [QualitySignal]) -> [QualityRule] {
    let entries = [(5, 0.15), (6, 0.14), (7, 0.13), (8, 0.12), (9, 0.11), (10, 0.10)]
    return zip(signals, entries).map { signal, entry in
      QualityRule(
        "\(family).duplicate_\(entry.0)_gram", "max_duplicate_\(entry.0)_gram_ratio", signal,
        .atMost, entry.1)
    }
  }
}
