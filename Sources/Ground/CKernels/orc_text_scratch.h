#ifndef ORC_TEXT_SCRATCH_H
#define ORC_TEXT_SCRATCH_H

#include "include/orc_text.h"

/// A word, or a mark between words.
typedef struct {
  uint64_t hash;
  uint32_t length; /* characters */
  uint32_t line;   /* as of str.splitlines */
  uint32_t kind;   /* ORC_TOKEN_ */
} orc_token;

#define ORC_TOKEN_ALPHABETIC 1u /* holds a letter */
#define ORC_TOKEN_SYMBOL 2u     /* nothing but symbols */
#define ORC_TOKEN_TERMINAL 4u   /* one mark that ends a sentence */
#define ORC_TOKEN_UPPER 8u      /* letters, all upper case, two or more */

/// A slot of the hash table; empty unless its stamp is the table's. The place gives the low bits of a
/// key, the tag 32 of the others: 8 bytes a slot keep the table of a usual text in the first cache.
typedef struct {
  uint32_t tag;
  uint32_t stamp : 10, count : 22;
} orc_slot;

#define ORC_STAMP_MAX 1023u

struct orc_text_scratch {
  orc_token *tokens;
  size_t token_count, token_room;
  int other_line_ends; /* whether the text has line ends besides line feeds */
  uint64_t *keys; /* of the n-gram that begins at each token; token_room */
  orc_slot *slots;
  size_t slot_room; /* a power of two */
  size_t mask;      /* of the slots in use */
  uint32_t stamp;
};

/// Empties the table and makes it large enough for `count` keys. 0, or -1 without memory.
int orc_table_start(orc_text_scratch *scratch, size_t count);

/// The slot of `key`, with a count of 0 when it is new.
static inline orc_slot *orc_table_find(orc_text_scratch *scratch, uint64_t key) {
  size_t at = (size_t)(key ^ key >> 29) & scratch->mask;
  uint32_t tag = (uint32_t)(key >> 32);
  for (;; at = (at + 1) & scratch->mask) {
    orc_slot *slot = scratch->slots + at;
    if (slot->stamp != scratch->stamp) {
      *slot = (orc_slot){tag, scratch->stamp, 0};
      return slot;
    }
    if (slot->tag == tag) return slot;
  }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
static inline uint64_t orc_mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/// Reads the scalar at *at of valid UTF-8 and steps over it.
static inline uint32_t orc_text_scalar(const uint8_t *text, size_t count, size_t *at) {
  uint32_t lead = text[*at];
  if (lead < 0x80) {
    *at += 1;
    return lead;
  }
  size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (*at + length > count) {
    *at = count;
    return 0xFFFD;
  }
  uint32_t value = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) value = value << 6 | (text[*at + i] & 0x3F);
  *at += length;
  return value;
}

static inline uint32_t orc_text_class(uint32_t scalar, const uint8_t *classes, size_t count) {
  return scalar < count ? classes[scalar] : ORC_TEXT_LETTER;
}

/// Cuts the text into tokens. 0, or -1 without memory.
int orc_text_tokens(orc_text_measures *out, const uint8_t *text, size_t count,
                    const uint8_t *classes, size_t class_count, orc_text_scratch *scratch);

/// Lines, paragraphs and their duplicates.
int orc_text_lines(orc_text_measures *out, const uint8_t *text, size_t count,
                   const uint8_t *classes, size_t class_count, int64_t short_line,
                   orc_text_scratch *scratch);

/// n-grams of the tokens.
int orc_text_grams(orc_text_measures *out, orc_text_scratch *scratch);

/// Distinct words, their median length, repeats in a row.
int orc_text_distinct(orc_text_measures *out, orc_text_scratch *scratch);

#endif
