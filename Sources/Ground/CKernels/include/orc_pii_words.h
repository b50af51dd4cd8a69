#ifndef ORCHESTRATE_PII_WORDS_H
#define ORCHESTRATE_PII_WORDS_H

#include <stddef.h>
#include <stdint.h>

/// The words of a text for the rules that find names and addresses: where they stand, what stands
/// between them, and what lists say of them.

/// What a word looks like.
enum {
  /// `Anna`, `McKay`, `Hans-Peter`
  ORC_PII_CAPITALISED = 0,
  /// `ANNA`; one letter counts as this too
  ORC_PII_UPPER = 1,
  ORC_PII_LOWER = 2,
  /// Letters of a script without case.
  ORC_PII_CASELESS = 3,
  ORC_PII_DIGITS = 4,
  /// Letters and digits.
  ORC_PII_MIXED = 5,
  /// `iPhone`, `getName`
  ORC_PII_OTHER = 6,
};

/// What stands before a word, behind the word before it: bits.
enum {
  ORC_PII_GAP_SPACE = 1,
  /// Two spaces or more, or a tab.
  ORC_PII_GAP_WIDE = 1 << 1,
  ORC_PII_GAP_COMMA = 1 << 2,
  ORC_PII_GAP_STOP = 1 << 3,
  /// `!`, `?`, an ellipsis or a danda.
  ORC_PII_GAP_SENTENCE_END = 1 << 4,
  ORC_PII_GAP_NEWLINE = 1 << 5,
  /// An empty line, or the start of the text.
  ORC_PII_GAP_BLANK_LINE = 1 << 6,
  ORC_PII_GAP_COLON = 1 << 7,
  ORC_PII_GAP_DASH = 1 << 8,
  ORC_PII_GAP_SLASH = 1 << 9,
  /// Brackets and double quotes.
  ORC_PII_GAP_BRACKET = 1 << 10,
  ORC_PII_GAP_APOSTROPHE = 1 << 11,
  ORC_PII_GAP_AT = 1 << 12,
  ORC_PII_GAP_UNDERSCORE = 1 << 13,
  /// `|` and `;`
  ORC_PII_GAP_BAR = 1 << 14,
  ORC_PII_GAP_REST = 1 << 15,
};

/// What lists say of a word, as far as the cut asks: bits of `classes`. Bits from ORC_PII_LANGUAGES
/// on say that it is an everyday word of a language.
enum {
  ORC_PII_GIVEN = 1,
  ORC_PII_SURNAME = 1 << 1,
  ORC_PII_COMMON = 1 << 2,
  ORC_PII_ORGANISATION = 1 << 10,
};
#define ORC_PII_LANGUAGES 48
#define ORC_PII_LANGUAGE_COUNT 10

/// A word of a text.
typedef struct orc_pii_word {
  /// Of the word without its case and accents: see orc_pii_fold.
  uint64_t hash;
  /// The last eight bytes of the folded word, the last one lowest.
  uint64_t tail;
  uint64_t classes;
  /// Of a word with a hyphen: what its last part can be.
  uint64_t last_classes;
  uint32_t start;
  /// Behind the word, without a possessive `'s`.
  uint32_t end;
  uint16_t gap;
  uint8_t shape;
  /// Letters, not bytes; at most 255.
  uint8_t letters;
  uint8_t has_hyphen;
  /// How many words further the next word stands that begins with a digit; 255 for none.
  uint8_t digits_ahead;
} orc_pii_word;

/// What lists say of words, by hash: open addressing from place (hash * 0x9E3779B97F4A7C15 >> 32) on.
/// A slot holds the upper 40 bits of the hash and, below, the number of a set of classes; 0 is free.
typedef struct orc_pii_lists {
  const uint64_t *slots;
  uint64_t mask;
  const uint64_t *sets;
} orc_pii_lists;

/// Where a cut stopped, so that it can go on with more room. Begin with orc_pii_cut_start.
typedef struct orc_pii_cut_state {
  size_t at;
  size_t words;
  /// What has been seen since the last word, and before all words.
  uint16_t gap, gaps;
  /// Everyday words by language, of those in lower case or with a capital.
  uint32_t languages[ORC_PII_LANGUAGE_COUNT];
} orc_pii_cut_state;

orc_pii_cut_state orc_pii_cut_start(void);

/// Cuts text[state->at ..< count], any bytes, into words, and looks each one up. Returns 1 when done
/// and 0 when there is no room: enlarge it, keep its words, and call again. count < 2^31.
///
/// A word is a run of letters, digits and marks. Hyphens and apostrophes between letters belong to
/// it, but for the elided words of French and Italian (`d'Artagnan` is two words); full stops and
/// underscores do not. digits_ahead is left to orc_pii_settle.
int orc_pii_cut(const uint8_t *text, size_t count, const orc_pii_lists *lists,
                orc_pii_cut_state *state, orc_pii_word *words, size_t capacity);

/// Counts digits_ahead, and gives ORC_PII_COMMON to the words with a class of `active`.
void orc_pii_settle(orc_pii_word *words, size_t count, uint64_t active);

/// The classes of a word; 0 for one that is in no list.
uint64_t orc_pii_classes(const orc_pii_lists *lists, uint64_t hash);

/// The hash of a word without its case and accents. Letters of Latin-1, Latin Extended-A and the
/// Romanian comma letters fold to those of ASCII (ß to ss, æ to ae, œ to oe); combining marks vanish;
/// all else stays.
uint64_t orc_pii_fold(const uint8_t *word, size_t count);

#endif
