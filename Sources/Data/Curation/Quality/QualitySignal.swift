internal import CKernels

/// A measure of one text by name. What the published rules compare, and more that a user may.
///
/// Names and formulas are listed in docs/filters.md with their sources. A share of nothing is 0.
package enum QualitySignal: String, Sendable, CaseIterable {
  case characters
  case words
  case mean_word_length
  case median_word_length
  case hash_ratio
  case ellipsis_ratio
  case bullet_line_ratio
  case ellipsis_line_ratio
  case alphabetic_word_ratio
  case stop_words
  case duplicate_line_ratio
  case duplicate_line_character_ratio
  case duplicate_paragraph_ratio
  case duplicate_paragraph_character_ratio
  case top_2_gram_ratio, top_3_gram_ratio, top_4_gram_ratio
  case duplicate_5_gram_ratio, duplicate_6_gram_ratio, duplicate_7_gram_ratio
  case duplicate_8_gram_ratio, duplicate_9_gram_ratio, duplicate_10_gram_ratio
  case terminal_line_ratio
  case short_line_ratio
  case duplicate_full_line_character_ratio
  case line_feed_ratio
  case third_longest_line
  case sentences
  case c4_sentences
  case c4_line_ratio
  case c4_lorem_ipsum
  case c4_curly_bracket
  case unique_word_ratio
  case uppercase_word_ratio
  case curly_bracket_ratio
  case digit_ratio
  case alphabetic_character_ratio
  case replacement_ratio
  case repeats_in_a_row
  case word_top_2_gram_ratio, word_top_3_gram_ratio, word_top_4_gram_ratio
  case word_duplicate_5_gram_ratio, word_duplicate_6_gram_ratio, word_duplicate_7_gram_ratio
  case word_duplicate_8_gram_ratio, word_duplicate_9_gram_ratio, word_duplicate_10_gram_ratio

  /// Whether the value is a number of things rather than a share or a mean.
  package var isCount: Bool {
    switch self {
    case .characters, .words, .median_word_length, .stop_words, .third_longest_line, .sentences,
      .c4_sentences, .c4_lorem_ipsum, .c4_curly_bracket, .repeats_in_a_row:
      true
    default: false
    }
  }

  /// What must be measured for it.
  package var wanted: TextMeter.Wanted {
    switch self {
    case .median_word_length, .unique_word_ratio, .repeats_in_a_row: .distinct
    case .c4_sentences, .c4_line_ratio, .c4_lorem_ipsum, .c4_curly_bracket: .lines
    default: gramIndex == nil ? [] : .grams
    }
  }

  /// Index into the 2- to 4-grams, or 3 and up for the 5- to 10-grams.
  private var gramIndex: Int? {
    switch self {
    case .top_2_gram_ratio, .word_top_2_gram_ratio: 0
    case .top_3_gram_ratio, .word_top_3_gram_ratio: 1
    case .top_4_gram_ratio, .word_top_4_gram_ratio: 2
    case .duplicate_5_gram_ratio, .word_duplicate_5_gram_ratio: 3
    case .duplicate_6_gram_ratio, .word_duplicate_6_gram_ratio: 4
    case .duplicate_7_gram_ratio, .word_duplicate_7_gram_ratio: 5
    case .duplicate_8_gram_ratio, .word_duplicate_8_gram_ratio: 6
    case .duplicate_9_gram_ratio, .word_duplicate_9_gram_ratio: 7
    case .duplicate_10_gram_ratio, .word_duplicate_10_gram_ratio: 8
    default: nil
    }
  }
}

extension TextMeasures {
  /// The value of a signal that was wanted.
  package func value(_ signal: QualitySignal) -> Double {
    let c = counts
    func share(_ part: Int64, _ whole: Int64) -> Double {
      whole == 0 ? 0 : Double(part) / Double(whole)
    }
    switch signal {
    case .characters: return Double(c.characters)
    case .words: return Double(c.words)
    case .mean_word_length: return share(c.word_characters, c.words)
    case .median_word_length: return Double(c.median_word_length)
    case .hash_ratio: return share(c.hashes, c.tokens)
    case .ellipsis_ratio: return share(c.ellipses, c.tokens)
    case .bullet_line_ratio: return share(c.bullet_lines, c.lines)
    case .ellipsis_line_ratio: return share(c.ellipsis_lines, c.lines)
    case .alphabetic_word_ratio: return share(c.alphabetic_tokens, c.tokens)
    case .stop_words: return Double(c.stop_words.nonzeroBitCount)
    case .duplicate_line_ratio: return share(c.duplicate_runs, c.runs)
    case .duplicate_line_character_ratio: return share(c.duplicate_run_characters, c.characters)
    case .duplicate_paragraph_ratio: return share(c.duplicate_paragraphs, c.paragraphs)
    case .duplicate_paragraph_character_ratio:
      return share(c.duplicate_paragraph_characters, c.characters)
    case .terminal_line_ratio: return share(c.terminal_lines, c.full_lines)
    case .short_line_ratio: return share(c.short_lines, c.full_lines)
    case .duplicate_full_line_character_ratio:
      return share(c.duplicate_line_characters, c.characters - c.line_feeds)
    case .line_feed_ratio: return share(c.line_feeds, c.tokens)
    case .third_longest_line: return Double(c.third_longest_line)
    case .sentences: return Double(c.sentences)
    case .c4_sentences: return Double(lines.sentences)
    case .c4_line_ratio: return share(lines.lines_kept, lines.lines)
    case .c4_lorem_ipsum: return Double(lines.lorem_ipsum)
    case .c4_curly_bracket: return Double(lines.curly_bracket)
    case .unique_word_ratio: return share(c.distinct_words, c.words)
    case .uppercase_word_ratio: return share(c.uppercase_words, c.words)
    case .curly_bracket_ratio: return share(c.curly_brackets, c.characters)
    case .digit_ratio: return share(c.digits, c.characters)
    case .alphabetic_character_ratio: return share(c.alphabetic_characters, c.characters)
    case .replacement_ratio: return share(c.replacement_characters, c.characters)
    case .repeats_in_a_row: return Double(c.repeats_in_a_row)
    default: return gramShare(signal)
    }
  }

  /// Characters in repeated n-grams, over those of the text or over those of its words.
  private func gramShare(_ signal: QualitySignal) -> Double {
    let c = counts
    let whole = signal.rawValue.hasPrefix("word_") ? c.token_characters : c.characters
    let top = c.top_gram_characters
    let again = c.duplicate_gram_characters
    let part: Int64 =
      switch signal {
      case .top_2_gram_ratio, .word_top_2_gram_ratio: top.0
      case .top_3_gram_ratio, .word_top_3_gram_ratio: top.1
      case .top_4_gram_ratio, .word_top_4_gram_ratio: top.2
      case .duplicate_5_gram_ratio, .word_duplicate_5_gram_ratio: again.0
      case .duplicate_6_gram_ratio, .word_duplicate_6_gram_ratio: again.1
      case .duplicate_7_gram_ratio, .word_duplicate_7_gram_ratio: again.2
      case .duplicate_8_gram_ratio, .word_duplicate_8_gram_ratio: again.3
      case .duplicate_9_gram_ratio, .word_duplicate_9_gram_ratio: again.4
      default: again.5
      }
    return whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
