/// One pass over text for the recognizers of personal data: where numbers, signs and listed words
/// stand. Everything dear happens at these marks only.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// What stands at a mark.
enum {
  /// The first digit of a run of letters and digits.
  ORC_PII_DIGIT = 0,
  /// `@`
  ORC_PII_AT = 1,
  /// `:` before `/`, or beside a hexadecimal digit or another colon.
  ORC_PII_COLON = 2,
  /// `.` between letters or digits, not between two digits.
  ORC_PII_DOT = 3,
  /// `-` between two pairs of hexadecimal digits, or the first of five.
  ORC_PII_DASH = 4,
  /// The bracket, or the letter behind a space, of an `at` that may stand for `@`.
  ORC_PII_SPELLED_AT = 5,
  /// Behind a listed word with ORC_PII_TRIGGER; `cues` counts it.
  ORC_PII_CUE = 6,
};

/// A place that recognizers look at.
typedef struct {
  uint32_t offset;
  /// Words before it, more for ends of lines and sentences.
  uint32_t word;
  /// Listed words that end before it.
  uint32_t cues;
  uint32_t kind;
} orc_pii_mark;

/// A listed word or phrase.
typedef struct {
  uint32_t start, end;
  uint32_t word;
  uint32_t entry;
} orc_pii_cue;

enum {
  /// The entry is a word or phrase of the list, not only the beginning of one.
  ORC_PII_TERMINAL = 1,
  /// A listed phrase goes on behind it.
  ORC_PII_PREFIX = 2,
  /// It makes a mark of its own.
  ORC_PII_TRIGGER = 4,
};

/// A slot of the open-addressed table: the upper half of the hash, 0 for a free slot. With the place
/// of the slot, some 45 bits of the hash are compared.
typedef struct {
  uint32_t tag;
  uint16_t entry;
  uint16_t flags;
} orc_pii_entry;

/// Listed words by hash. `slots` has `mask + 1` places; `filter` is 2^16 bits, bit (hash >> 48) set
/// for every key.
typedef struct {
  const orc_pii_entry *slots;
  uint64_t mask;
  const uint64_t *filter;
} orc_pii_table;

/// Where a scan stopped, so that it can go on with larger buffers. All zeros at the start.
typedef struct {
  size_t at;
  uint32_t mark_count, cue_count;
  uint32_t word;
  uint32_t chain_count;
  uint64_t chain_key[3];
  uint32_t chain_start[3];
  uint32_t chain_end;
  uint32_t in_run;
} orc_pii_state;

/// The hash of a word, ASCII and Latin-1 letters in lower case.
uint64_t orc_pii_hash(const uint8_t *word, size_t count);
/// The hash of a phrase whose last word has the hash `next`.
uint64_t orc_pii_join(uint64_t phrase, uint64_t next);

/// Writes marks and cues of text[state->at ..< count]. Returns 1 when done and 0 when a buffer is
/// full: enlarge it, keep its contents, and call again. count < 2^32.
int orc_pii_scan(const uint8_t *text, size_t count, const orc_pii_table *table,
                 orc_pii_state *state, orc_pii_mark *marks, uint32_t mark_capacity,
                 orc_pii_cue *cues, uint32_t cue_capacity);
