#ifndef ORC_TEXT_H
#define ORC_TEXT_H

#include <stddef.h>
#include <stdint.h>

/// What a scalar is to the measures of text quality.
#define ORC_TEXT_LETTER 1u    /* letter or mark */
#define ORC_TEXT_NUMBER 2u    /* decimal digit or other number */
#define ORC_TEXT_SPACE 4u     /* white space */
#define ORC_TEXT_SYMBOL 8u    /* punctuation, symbols, control characters */
#define ORC_TEXT_TERMINAL 16u /* ends a sentence */
#define ORC_TEXT_UPPER 32u    /* upper case letter */
#define ORC_TEXT_LINE 64u     /* ends a line, as Python's str.splitlines */
#define ORC_TEXT_ALONE 128u   /* a word of its own: scripts written without spaces */

/// What is counted of a text. Characters are Unicode scalars. See docs/filters.md for the rules
/// that these serve; "tokens" are words and the marks between them, "words" those tokens that are
/// not symbols alone.
typedef struct {
  int64_t characters;
  int64_t tokens, words, word_characters, token_characters, alphabetic_tokens;
  int64_t hashes, ellipses, curly_brackets, replacement_characters;
  int64_t uppercase_words, distinct_words, median_word_length;
  int64_t digits, alphabetic_characters;
  /// Bit i: the i-th of the be to of and that have with.
  uint32_t stop_words;
  int64_t sentences;
  /// Lines as of str.splitlines.
  int64_t lines, bullet_lines, ellipsis_lines;
  /// Pieces between runs of line feeds; those seen before, and their characters.
  int64_t runs, duplicate_runs, duplicate_run_characters;
  /// Pieces between runs of two line feeds or more, of the stripped text.
  int64_t paragraphs, duplicate_paragraphs, duplicate_paragraph_characters;
  /// Lines between single line feeds that are not blank.
  int64_t full_lines, terminal_lines, short_lines, duplicate_line_characters;
  /// Line feeds, and lines between single ones with the length of the third longest.
  int64_t line_feeds, third_longest_line;
  /// Characters of the most frequent 2-, 3- and 4-gram of tokens, blanks between included,
  /// times how often it occurs; 0 when there is none.
  int64_t top_gram_characters[3];
  /// Characters in 5- to 10-grams that occurred before, each counted once.
  int64_t duplicate_gram_characters[6];
  /// The most repeats of one token sequence of up to 13 tokens in a row.
  int64_t repeats_in_a_row;
} orc_text_measures;

/// Which of the costly measures are wanted.
#define ORC_TEXT_GRAMS 1u    /* n-grams */
#define ORC_TEXT_DISTINCT 2u /* distinct_words, median_word_length, repeats_in_a_row */

/// Memory that measuring one text after another needs; not for two threads at once.
typedef struct orc_text_scratch orc_text_scratch;

/// NULL when there is no memory.
orc_text_scratch *orc_text_scratch_create(void);
void orc_text_scratch_destroy(orc_text_scratch *scratch);

/// Measures count bytes of valid UTF-8. classes: class_count entries by scalar; scalars beyond are
/// letters. short_line: characters of a short line at most. wanted: ORC_TEXT_GRAMS, ORC_TEXT_DISTINCT;
/// what is not wanted stays 0.
///
/// Returns 0, or -1 when there is no memory. Integer arithmetic alone.
int orc_text_measure(orc_text_measures *out, const uint8_t *text, size_t count,
                     const uint8_t *classes, size_t class_count, int64_t short_line,
                     unsigned wanted, orc_text_scratch *scratch);

/// C4's rules for lines (Raffel et al. 2020, as in the published code).
typedef struct {
  /// A line with a word of more characters goes; 0 for no limit.
  int64_t word_length_max;
  /// A line of fewer words goes.
  int64_t line_words_min;
  /// Non-zero: lines must end in . ? ! " or ' and not in "...".
  int terminal;
  /// Non-zero: lines that mention javascript, and lines with a policy phrase, go.
  int javascript, policy;
} orc_c4_rules;

/// What C4's rules find.
typedef struct {
  int64_t sentences; /* of the lines kept */
  int64_t lines, lines_kept;
  int64_t lorem_ipsum, curly_bracket; /* in lines that passed the rules before, as in the code */
} orc_c4_result;

/// Applies the rules to the text measured last with this scratch, whose bytes and classes are given
/// again. kept: NULL, or room for count + 1 bytes, which gets the lines kept, stripped and without
/// citation marks, joined by line feeds; *kept_count their bytes.
void orc_c4_lines(orc_c4_result *out, const uint8_t *text, size_t count, const uint8_t *classes,
                  size_t class_count, const orc_c4_rules *rules, const orc_text_scratch *scratch,
                  uint8_t *kept, size_t *kept_count);

#endif
