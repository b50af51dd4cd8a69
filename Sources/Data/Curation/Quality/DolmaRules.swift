extension QualityRuleSet {
  /// Soldaini et al. 2024 (Dolma 1.6): Gopher's rules with the median word length, shares of the
  /// characters of words, and a limit on repeats in a row.
  static let dolma = QualityRuleSet(
    name: "dolma",
    rules: [
      QualityRule("dolma.word_count", "min_words", .words, .atLeast, 50),
      QualityRule("dolma.word_count", "max_words", .words, .atMost, 100_000),
      QualityRule(
        "dolma.median_word_length", "min_median_word_length", .median_word_length, .atLeast, 3),
      QualityRule(
        "dolma.median_word_length", "max_median_word_length", .median_word_length, .atMost, 10),
      QualityRule("dolma.hash_ratio", "max_hash_ratio", .hash_ratio, .atMost, 0.1),
      QualityRule("dolma.ellipsis_ratio", "max_ellipsis_ratio", .ellipsis_ratio, .atMost, 0.1),
      QualityRule("dolma.bullet_lines", "max_bullet_line_ratio", .bullet_line_ratio, .atMost, 0.9),
      QualityRule(
        "dolma.ellipsis_lines", "max_ellipsis_line_ratio", .ellipsis_line_ratio, .atMost, 0.3),
      QualityRule(
        "dolma.alphabetic_words", "min_alphabetic_word_ratio", .alphabetic_word_ratio, .atLeast,
        0.8),
      QualityRule("dolma.stop_words", "min_stop_words", .stop_words, .atLeast, 2),
      QualityRule(
        "dolma.duplicate_lines", "max_duplicate_line_ratio", .duplicate_line_ratio, .atMost, 0.3),
      QualityRule(
        "dolma.duplicate_line_characters", "max_duplicate_line_character_ratio",
        .duplicate_line_character_ratio, .atMost, 0.3),
      QualityRule("dolma.repeats", "max_repeats_in_a_row", .repeats_in_a_row, .atMost, 99),
    ] + topGrams("dolma", [.word_top_2_gram_ratio, .word_top_3_gram_ratio, .word_top_4_gram_ratio])
      + duplicateGrams(
        "dolma",
        [
          .word_duplicate_5_gram_ratio, .word_duplicate_6_gram_ratio, .word_duplicate_7_gram_ratio,
          .word_duplicate_8_gram_ratio, .word_duplicate_9_gram_ratio, .word_duplicate_10_gram_ratio,
        ]), source: "Soldaini et al. 2024, Dolma 1.6")
}
