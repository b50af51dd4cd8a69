extension QualityRuleSet {
  /// Together 2023, RedPajama-V2: signals without thresholds. Every rule is off until a pipeline
  /// names its threshold: `redpajama: {max_uppercase_word_ratio: 0.3}`.
  static let redpajama = QualityRuleSet(
    name: "redpajama",
    rules: bounds([
      .words, .mean_word_length, .unique_word_ratio, .stop_words, .hash_ratio, .ellipsis_ratio,
      .ellipsis_line_ratio, .bullet_line_ratio, .curly_bracket_ratio, .uppercase_word_ratio,
      .alphabetic_word_ratio, .digit_ratio, .sentences, .top_2_gram_ratio, .top_3_gram_ratio,
      .top_4_gram_ratio, .duplicate_5_gram_ratio, .duplicate_6_gram_ratio, .duplicate_7_gram_ratio,
      .duplicate_8_gram_ratio, .duplicate_9_gram_ratio, .duplicate_10_gram_ratio,
    ]), source: "Together 2023, RedPajama-V2 quality annotations")

  private static func bounds(_ signals: [QualitySignal]) -> [QualityRule] {
    signals.flatMap { signal in
      [
        QualityRule(
          "redpajama.\(signal.rawValue)", "min_\(signal.rawValue)", signal, .atLeast,
          -Double.infinity),
        QualityRule(
          "redpajama.\(signal.rawValue)", "max_\(signal.rawValue)", signal, .atMost,
          Double.infinity),
      ]
    }
  }
}
