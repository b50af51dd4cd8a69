#include "include/orc_rows.h"

#include <string.h>

/// The index behind the closing quote of the string that opens at text[at].
static size_t string_end(const uint8_t *text, size_t at, size_t count) {
  size_t from = at + 1;
  while (from < count) {
    const uint8_t *quote = memchr(text + from, '"', count - from);
    if (!quote) return count;
    size_t end = (size_t)(quote - text);
    size_t slashes = 0;
    while (end - slashes > at + 1 && text[end - slashes - 1] == '\\') slashes++;
    if (slashes % 2 == 0) return end + 1;
    from = end + 1;
  }
  return count;
}

size_t orc_json_value_end(const uint8_t *text, size_t at, size_t count) {
  size_t depth = 0;
  while (at < count) {
    switch (text[at]) {
      case '"':
        at = string_end(text, at, count);
        if (depth == 0) return at;
        break;
      case '{':
      case '[':
        depth++;
        at++;
        break;
      case '}':
      case ']':
        if (depth == 0) return at;
        at++;
        if (--depth == 0) return at;
        break;
      case ',':
        if (depth == 0) return at;
        at++;
        break;
      default: at++;
    }
  }
  return count;
}

#define EACH(byte) ((byte) * UINT64_C(0x0101010101010101))

static inline uint64_t word(const uint8_t *at) {
  uint64_t value;
  memcpy(&value, at, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  value = __builtin_bswap64(value);
#endif
  return value;
}

/// The 32 bits that eight lower-case hexadecimal digits say; *wrong becomes other than 0 where a
/// byte is none. All bytes are worked on at once.
static inline uint64_t eight_digits(const uint8_t *at, uint64_t *wrong) {
  uint64_t bytes = word(at), letter = (bytes >> 6 & EACH(1)) * 0xFF;
  // Less '0', or less 'a' and more by ten; a byte below that borrows from its neighbour, and both
  // are found wrong.
  uint64_t value = bytes - (letter & EACH('a' - 10)) - (~letter & EACH('0'));
  // Above 127, a digit above 9, a letter outside 10 to 15.
  *wrong |= (bytes & EACH(0x80)) | (value & EACH(0xF0)) |
            (((value + EACH(6)) & EACH(0x10)) ^ (letter & EACH(0x10)));
  // Pairs of digits, pairs of pairs, both halves; the first digit is the lowest byte.
  value = (value << 4 | value >> 8) & UINT64_C(0x00FF00FF00FF00FF);
  value = (value << 8 | value >> 16) & UINT64_C(0x0000FFFF0000FFFF);
  return (value << 16 | value >> 32) & UINT64_C(0x00000000FFFFFFFF);
}

size_t orc_row_id(const uint8_t *text, size_t count, uint64_t *high, uint64_t *low,
                  uint32_t *ordinal) {
  if (count < 33) return 0;
  uint64_t halves[2], wrong = 0;
  for (int half = 0; half < 2; half++) {
    halves[half] = eight_digits(text + 16 * half, &wrong) << 32;
    halves[half] |= eight_digits(text + 16 * half + 8, &wrong);
  }
  if (wrong) return 0;
  size_t at = 32;
  uint64_t number = 0;
  if (text[at] == '-') {
    at++;
    if (at < count && text[at] == '0') return 0;
    while (at < count && (uint8_t)(text[at] - '0') < 10) {
      number = number * 10 + (uint64_t)(text[at++] - '0');
      if (number > UINT32_MAX) return 0;
    }
    if (number == 0) return 0;
  }
  if (at >= count || text[at] != '"') return 0;
  *high = halves[0];
  *low = halves[1];
  *ordinal = (uint32_t)number;
  return at;
}

static inline uint64_t fold(uint64_t a, uint64_t b) {
  __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Odd, from the digits of the golden ratio and of SplitMix64's finalizer.
#define K0 0x9E3779B97F4A7C15u
#define K1 0xBF58476D1CE4E5B9u
#define K2 0x94D049BB133111EBu

uint64_t orc_hash64(const uint8_t *bytes, size_t count, uint64_t seed) {
  uint64_t a = seed ^ K0, b = seed + K1;
  size_t at = 0;
  for (; at + 32 <= count; at += 32) {
    a = fold(word(bytes + at) ^ K1, word(bytes + at + 8) ^ a);
    b = fold(word(bytes + at + 16) ^ K2, word(bytes + at + 24) ^ b);
  }
  for (; at + 8 <= count; at += 8) a = fold(word(bytes + at) ^ K1, a ^ K2);
  uint8_t rest[8] = {0};
  memcpy(rest, bytes + at, count - at);
  b = fold(word(rest) ^ K2, b ^ K0);
  return fold(fold(a ^ K2, b ^ K1) ^ (uint64_t)count, K0);
}
