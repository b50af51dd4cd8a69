#include "include/orc_words.h"

#define FNV_START 0xCBF29CE484222325u
#define FNV_PRIME 0x100000001B3u

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
static inline uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static inline uint32_t scalar(const uint8_t *text, size_t count, size_t *at) {
  uint32_t lead = text[*at];
  if (lead < 0x80) {
    *at += 1;
    return lead;
  }
  size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (*at + length > count) {
    *at = count;
    return 0x20;
  }
  uint32_t value = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) value = value << 6 | (text[*at + i] & 0x3F);
  *at += length;
  return value;
}

/// Whether a digit begins at `at`.
static int digit_at(const uint8_t *text, size_t count, size_t at, const uint32_t *table,
                    size_t table_count) {
  if (at >= count) return 0;
  uint32_t value = scalar(text, count, &at);
  return value < table_count && (table[value] & ORC_NORMAL_DIGIT) != 0;
}

size_t orc_normal_words(uint64_t *out, const uint8_t *text, size_t count, const uint32_t *table,
                        size_t table_count) {
  size_t written = 0;
  uint64_t word = FNV_START;
  int open = 0, in_number = 0;
  for (size_t at = 0; at < count;) {
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < table_count ? table[value] : 0;
    if (entry & ORC_NORMAL_SKIP) continue;
    if (entry & ORC_NORMAL_DIGIT) {
      if (!in_number) word = (word ^ '0') * FNV_PRIME;
      in_number = open = 1;
      continue;
    }
    if (in_number && (value == '.' || value == ',') &&
        digit_at(text, count, at, table, table_count))
      continue;
    in_number = 0;
    if (entry & ORC_NORMAL_WORD) {
      word = (word ^ (entry & ORC_NORMAL_READ)) * FNV_PRIME;
      open = 1;
      continue;
    }
    if (open) out[written++] = mix(word);
    word = FNV_START;
    open = 0;
    if (entry & ORC_NORMAL_ALONE) {
      out[written++] = mix((FNV_START ^ (entry & ORC_NORMAL_READ)) * FNV_PRIME);
    }
  }
  if (open) out[written++] = mix(word);
  return written;
}
