extension QualityRuleSet {
  /// Penedo et al. 2024, "The FineWeb Datasets", section 3.6 and the published code.
  static let fineweb = QualityRuleSet(
    name: "fineweb",
    rules: [
      QualityRule(
        "fineweb.terminal_lines", "min_terminal_line_ratio", .terminal_line_ratio, .atLeast, 0.12),
      QualityRule("fineweb.short_lines", "max_short_line_ratio", .short_line_ratio, .atMost, 0.67),
      QualityRule(
        "fineweb.duplicate_line_characters", "max_duplicate_line_character_ratio",
        .duplicate_full_line_character_ratio, .atMost, 0.01),
      QualityRule("fineweb.line_feeds", "max_line_feed_ratio", .line_feed_ratio, .atMost, 0.3),
    ], source: "Penedo et al. 2024, section 3.6")
}
