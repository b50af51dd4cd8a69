#define _GNU_SOURCE  // memmem
#include "include/orc_minhash.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define WORD_START 0xA0761D6478BD642Fu
#define K1 0x9E3779B97F4A7C15u
#define K2 0xD6E8FEB86659FD93u
/// Base of the polynomial over a window; P - 1 has one factor of two, so that words that change
/// places are told apart.
#define P 0x9E3779B7u

/// Reads the scalar at *at and steps over it; bytes that are no scalar are read as U+FFFD.
static inline uint32_t scalar(const uint8_t *text, size_t count, size_t *at) {
  uint32_t lead = text[*at];
  if (lead < 0x80) {
    *at += 1;
    return lead;
  }
  size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (length == 1 || *at + length > count) {
    *at += 1;
    return 0xFFFD;
  }
  uint32_t value = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) value = value << 6 | (text[*at + i] & 0x3F);
  *at += length;
  return value;
}

/// A word that grows byte by byte.
typedef struct {
  uint64_t hash, block;
  size_t length;
} word;

static inline uint64_t mix_block(uint64_t hash, uint64_t block) {
  hash = (hash ^ block) * K1;
  return hash ^ hash >> 32;
}

static inline uint32_t finish_word(uint64_t hash, size_t length) {
  return (uint32_t)(((hash ^ length) * K2) >> 32);
}

static inline void word_byte(word *w, uint32_t byte) {
  w->block |= (uint64_t)byte << 8 * (w->length % 8);
  w->length++;
  if (w->length % 8 == 0) {
    w->hash = mix_block(w->hash, w->block);
    w->block = 0;
  }
}

static void word_scalar(word *w, uint32_t value) {
  if (value < 0x80) {
    word_byte(w, value);
    return;
  }
  int rest = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  word_byte(w, (0xF00u >> rest & 0xFF) | value >> 6 * rest);
  while (rest-- > 0) word_byte(w, 0x80 | (value >> 6 * rest & 0x3F));
}

static inline uint32_t word_end(word *w) {
  uint64_t hash = w->length % 8 ? mix_block(w->hash, w->block) : w->hash;
  uint32_t unit = finish_word(hash, w->length);
  *w = (word){WORD_START, 0, 0};
  return unit;
}

size_t orc_word_units_reference(uint32_t *out, const uint8_t *text, size_t count,
                                const uint32_t *table, size_t scalar_count) {
  word w = {WORD_START, 0, 0};
  size_t written = 0;
  for (size_t at = 0; at < count;) {
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < scalar_count ? table[value] : 0;
    if (entry & ORC_SCALAR_SKIP) continue;
    if (entry & ORC_SCALAR_WORD) {
      word_scalar(&w, entry & ORC_SCALAR_LOWER);
      continue;
    }
    if (w.length) out[written++] = word_end(&w);
    if (entry & ORC_SCALAR_ALONE) {
      word_scalar(&w, entry & ORC_SCALAR_LOWER);
      out[written++] = word_end(&w);
    }
  }
  if (w.length) out[written++] = word_end(&w);
  return written;
}

/// A word that may hold scalars beyond ASCII, or that ends near the end of the text.
static uint32_t hash_scalars(const uint8_t *text, size_t start, size_t end, const uint32_t *table,
                             size_t scalar_count) {
  word w = {WORD_START, 0, 0};
  for (size_t at = start; at < end;) {
    uint32_t value = scalar(text, end, &at);
    uint32_t entry = value < scalar_count ? table[value] : 0;
    if (entry & ORC_SCALAR_WORD) word_scalar(&w, entry & ORC_SCALAR_LOWER);
  }
  return word_end(&w);
}

/// The lowest `length` bytes of a block, in lower case once bit 5 is set: of ASCII letters and
/// digits, only capitals lack it.
static inline uint64_t lower_bytes(uint64_t block, size_t length) {
  uint64_t mask = length >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * length) - 1;
  return (block | 0x2020202020202020u) & mask;
}

/// A word of ASCII letters and digits with at least 16 bytes of text from its start on. No branch
/// on the length up to 16.
static inline uint32_t hash_ascii(const uint8_t *word, size_t length) {
  uint64_t low, high;
  memcpy(&low, word, 8);
  memcpy(&high, word + 8, 8);
  uint64_t one = mix_block(WORD_START, lower_bytes(low, length));
  uint64_t two = mix_block(one, lower_bytes(high, length > 8 ? length - 8 : 0));
  return finish_word(length > 8 ? two : one, length);
}

/// A longer one that ends at least 7 bytes before the text does.
static uint32_t hash_long_ascii(const uint8_t *word, size_t length) {
  uint64_t hash = WORD_START;
  for (size_t at = 0; at < length; at += 8) {
    uint64_t block;
    memcpy(&block, word + at, 8);
    hash = mix_block(hash, lower_bytes(block, length - at));
  }
  return finish_word(hash, length);
}

static inline int is_ascii(const uint8_t *bytes, size_t count) {
  uint8_t seen = 0;
  for (size_t i = 0; i < count; i++) seen |= bytes[i];
  return seen < 0x80;
}

static inline uint32_t hash_one(const uint8_t *text, size_t start, size_t end, size_t count,
                                const uint32_t *table, size_t scalar_count, int all_ascii) {
  size_t length = end - start;
  if (all_ascii || is_ascii(text + start, length)) {
    if (length <= 16 && start + 16 <= count) return hash_ascii(text + start, length);
    if (length > 16 && end + 7 <= count) return hash_long_ascii(text + start, length);
  }
  return hash_scalars(text, start, end, table, scalar_count);
}

/// Borders of words in out become hashes of words, in place, from the word `from` on.
static inline size_t hash_words(uint32_t *out, size_t from, size_t borders, const uint8_t *text,
                                size_t count, const uint32_t *table, size_t scalar_count,
                                int all_ascii) {
  size_t words = borders / 2;
  for (size_t i = from; i < words; i++) {
    out[i] = hash_one(text, out[2 * i], out[2 * i + 1], count, table, scalar_count, all_ascii);
  }
  return words;
}

/// Which of 64 bytes are ASCII letters or digits; *high: which are beyond ASCII.
typedef uint64_t (*classifier)(const uint8_t *bytes, uint64_t *high);

static uint64_t classify_base(const uint8_t *bytes, uint64_t *high) {
  uint64_t words = 0, beyond = 0;
  for (int i = 0; i < 64; i++) {
    uint8_t byte = bytes[i];
    uint8_t letter = (uint8_t)((byte | 0x20) - 'a'), digit = (uint8_t)(byte - '0');
    words |= (uint64_t)(letter < 26 || digit < 10) << i;
    beyond |= (uint64_t)(byte >> 7) << i;
  }
  *high = beyond;
  return words;
}

#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw")))
/// What Ice Lake and Zen 4 and later have.
#define VBMI2                                                                                    \
  __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2")))

AVX2 static inline uint32_t classify_32(__m256i v) {
  __m256i letter = _mm256_sub_epi8(_mm256_or_si256(v, _mm256_set1_epi8(0x20)),
                                   _mm256_set1_epi8('a'));
  __m256i digit = _mm256_sub_epi8(v, _mm256_set1_epi8('0'));
  __m256i isLetter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(25)), letter);
  __m256i isDigit = _mm256_cmpeq_epi8(_mm256_min_epu8(digit, _mm256_set1_epi8(9)), digit);
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(isLetter, isDigit));
}

AVX2 static inline uint64_t classify_avx2(const uint8_t *bytes, uint64_t *high) {
  __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
  __m256i up = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  *high = (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(up) << 32;
  return classify_32(low) | (uint64_t)classify_32(up) << 32;
}

AVX512 static inline uint64_t classify_avx512(const uint8_t *bytes, uint64_t *high) {
  __m512i v = _mm512_loadu_si512(bytes);
  *high = _mm512_movepi8_mask(v);
  __m512i letter =
      _mm512_sub_epi8(_mm512_or_si512(v, _mm512_set1_epi8(0x20)), _mm512_set1_epi8('a'));
  __m512i digit = _mm512_sub_epi8(v, _mm512_set1_epi8('0'));
  return _mm512_cmplt_epu8_mask(letter, _mm512_set1_epi8(26)) |
         _mm512_cmplt_epu8_mask(digit, _mm512_set1_epi8(10));
}
#endif

/// Adds the WORD scalars beyond ASCII that begin in a block to its bits; the bytes of the last one
/// that lie in the next block to *next. Returns 0 where the fast way ends: a scalar that is a word
/// of its own, or one that is left out between words.
static int add_scalars(uint64_t *words, uint64_t *next, uint64_t high, const uint8_t *text,
                       size_t base, size_t count, const uint32_t *table, size_t scalar_count) {
  while (high) {
    size_t bit = (size_t)__builtin_ctzll(high);
    high &= high - 1;
    size_t at = base + bit;
    if ((text[at] & 0xC0) == 0x80) continue;
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < scalar_count ? table[value] : 0;
    if (entry & (ORC_SCALAR_ALONE | ORC_SCALAR_SKIP)) return 0;
    if (!(entry & ORC_SCALAR_WORD)) continue;
    for (size_t i = bit; i < at - base; i++) {
      if (i < 64) {
        *words |= UINT64_C(1) << i;
      } else {
        *next |= UINT64_C(1) << (i - 64);
      }
    }
  }
  return 1;
}

/// Writes the places of the bits of a block, 16 at once since there are seldom more.
static inline size_t flatten(uint32_t *out, uint64_t bits, size_t base) {
  size_t count = (size_t)__builtin_popcountll(bits);
  uint64_t rest = bits;
  for (int i = 0; i < 16; i++) {
    out[i] = (uint32_t)(base + (rest ? (size_t)__builtin_ctzll(rest) : 0));
    rest &= rest - 1;
  }
  for (size_t i = 16; i < count; i++) {
    out[i] = (uint32_t)(base + (size_t)__builtin_ctzll(rest));
    rest &= rest - 1;
  }
  return count;
}

#if defined(__x86_64__)
/// The same with one instruction that gathers the places; may write as many as 15 more.
VBMI2 static inline size_t flatten_vbmi2(uint32_t *out, uint64_t bits, size_t base) {
  static const uint8_t places[64] __attribute__((aligned(64))) = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  size_t count = (size_t)__builtin_popcountll(bits);
  __m512i set = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(places));
  __m512i start = _mm512_set1_epi32((int)base);
  __m128i part = _mm512_castsi512_si128(set);
  _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), start));
  if (count > 16) {
    part = _mm512_extracti32x4_epi32(set, 1);
    _mm512_storeu_si512(out + 16, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), start));
  }
  if (count > 32) {
    part = _mm512_extracti32x4_epi32(set, 2);
    _mm512_storeu_si512(out + 32, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), start));
    part = _mm512_extracti32x4_epi32(set, 3);
    if (count > 48) {
      _mm512_storeu_si512(out + 48, _mm512_add_epi32(_mm512_cvtepu8_epi32(part), start));
    }
  }
  return count;
}

VBMI2 static inline __m512i mix_blocks(__m512i hash, __m512i block) {
  hash = _mm512_mullo_epi64(_mm512_xor_si512(hash, block), _mm512_set1_epi64((long long)K1));
  return _mm512_xor_si512(hash, _mm512_srli_epi64(hash, 32));
}

/// Eight words at a time, blocks of all side by side; words that are not ASCII, or longer than 32
/// bytes, one by one.
VBMI2 static size_t hash_words_vbmi2(uint32_t *out, size_t from, size_t borders,
                                     const uint8_t *text, size_t count, const uint32_t *table,
                                     size_t scalar_count, int all_ascii) {
  size_t words = borders / 2, i = from;
  const __m512i eight = _mm512_set1_epi64(8), ones = _mm512_set1_epi64(-1);
  for (; i + 8 <= words; i += 8) {
    // The last of them begins last.
    if ((size_t)out[2 * i + 14] + 32 > count) break;
    __m512i both = _mm512_loadu_si512(out + 2 * i);
    __m512i at = _mm512_and_si512(both, _mm512_set1_epi64(0xFFFFFFFF));
    __m512i length = _mm512_sub_epi64(_mm512_srli_epi64(both, 32), at), left = length;
    __m512i hash = _mm512_set1_epi64((long long)WORD_START), high = _mm512_setzero_si512();
    __mmask8 open = 0xFF;
    for (int k = 0; k < 4 && open; k++) {
      __m512i block = _mm512_i64gather_epi64(at, text, 1);
      // A shift by 64 or more leaves nothing: all 8 bytes count.
      __m512i bytes = _mm512_andnot_si512(_mm512_sllv_epi64(ones, _mm512_slli_epi64(left, 3)), ones);
      high = _mm512_mask_or_epi64(high, open, high, _mm512_and_si512(block, bytes));
      block = _mm512_and_si512(_mm512_or_si512(block, _mm512_set1_epi8(0x20)), bytes);
      hash = _mm512_mask_mov_epi64(hash, open, mix_blocks(hash, block));
      open &= _mm512_cmpgt_epi64_mask(left, eight);
      left = _mm512_sub_epi64(left, eight);
      at = _mm512_add_epi64(at, eight);
    }
    __mmask8 other = open | _mm512_test_epi64_mask(high, _mm512_set1_epi8((char)0x80));
    __m512i unit = _mm512_mullo_epi64(_mm512_xor_si512(hash, length),
                                      _mm512_set1_epi64((long long)K2));
    __m256i units = _mm512_cvtepi64_epi32(_mm512_srli_epi64(unit, 32));
    if (other == 0) {
      _mm256_storeu_si256((__m256i *)(out + i), units);
      continue;
    }
    uint32_t places[16], hashes[8];
    _mm512_storeu_si512(places, both);
    _mm256_storeu_si256((__m256i *)hashes, units);
    for (size_t k = 0; k < 8; k++) {
      out[i + k] = other >> k & 1 ? hash_one(text, places[2 * k], places[2 * k + 1], count, table,
                                             scalar_count, all_ascii)
                                  : hashes[k];
    }
  }
  return hash_words(out, i, borders, text, count, table, scalar_count, all_ascii);
}
#endif

/// Borders of words first, then their hashes. SIZE_MAX where the text needs the reference.
#define WORD_UNITS(name, attributes, classify, flatten, hash_words)                                                   \
  attributes static size_t name(uint32_t *out, const uint8_t *text, size_t count,                \
                                const uint32_t *table, size_t scalar_count) {                    \
    size_t borders = 0;                                                                          \
    uint64_t inside = 0, next = 0, beyond = 0;                                                   \
    for (size_t base = 0; base < count; base += 64) {                                            \
      uint8_t filled[64];                                                                        \
      const uint8_t *block = text + base;                                                        \
      if (count - base < 64) {                                                                   \
        memset(filled, 0, sizeof filled);                                                        \
        memcpy(filled, block, count - base);                                                     \
        block = filled;                                                                          \
      }                                                                                          \
      uint64_t high, words = classify(block, &high) | next;                                      \
      next = 0;                                                                                  \
      beyond |= high;                                                                            \
      if (high && !add_scalars(&words, &next, high, text, base, count, table, scalar_count)) {   \
        return SIZE_MAX;                                                                         \
      }                                                                                          \
      borders += flatten(out + borders, words ^ (words << 1 | inside), base);                    \
      inside = words >> 63;                                                                      \
    }                                                                                            \
    if (borders & 1) out[borders++] = (uint32_t)count;                                           \
    return hash_words(out, 0, borders, text, count, table, scalar_count, beyond == 0);           \
  }

WORD_UNITS(word_units_base, , classify_base, flatten, hash_words)
#if defined(__x86_64__)
WORD_UNITS(word_units_avx2, AVX2, classify_avx2, flatten, hash_words)
WORD_UNITS(word_units_avx512, AVX512, classify_avx512, flatten, hash_words)
WORD_UNITS(word_units_vbmi2, VBMI2, classify_avx512, flatten_vbmi2, hash_words_vbmi2)
#endif

size_t orc_word_units(uint32_t *out, const uint8_t *text, size_t count, const uint32_t *table,
                      size_t scalar_count, int plain_ascii) {
  size_t written = SIZE_MAX;
  if (plain_ascii && count < UINT32_MAX) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512dq")) {
      written = word_units_vbmi2(out, text, count, table, scalar_count);
    } else if (__builtin_cpu_supports("avx512bw")) {
      written = word_units_avx512(out, text, count, table, scalar_count);
    } else if (__builtin_cpu_supports("avx2")) {
      written = word_units_avx2(out, text, count, table, scalar_count);
    } else
#endif
      written = word_units_base(out, text, count, table, scalar_count);
  }
  return written != SIZE_MAX ? written
                             : orc_word_units_reference(out, text, count, table, scalar_count);
}

size_t orc_character_units(uint32_t *out, const uint8_t *text, size_t count,
                           const uint32_t *table, size_t scalar_count) {
  size_t written = 0;
  int owed = 0;
  for (size_t at = 0; at < count;) {
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < scalar_count ? table[value] : value;
    if (entry & ORC_SCALAR_SKIP) continue;
    if (entry & ORC_SCALAR_SPACE) {
      owed = written > 0;
      continue;
    }
    if (owed) out[written++] = 0x20u * 0x85EBCA6Bu;
    owed = 0;
    out[written++] = (entry & ORC_SCALAR_LOWER) * 0x85EBCA6Bu;
  }
  return written;
}

static inline uint32_t finish_window(uint32_t h) {
  h = (h ^ h >> 16) * 0x85EBCA6Bu;
  h = (h ^ h >> 13) * 0xC2B2AE35u;
  return h ^ h >> 16;
}

static inline uint32_t window(const uint32_t *units, size_t size) {
  uint32_t h = 0;
  for (size_t i = 0; i < size; i++) h = h * P + units[i];
  return finish_window(h);
}

size_t orc_windows_reference(uint32_t *out, const uint32_t *units, size_t count, size_t size) {
  if (count == 0) return 0;
  if (count < size) size = count;
  for (size_t i = 0; i + size <= count; i++) out[i] = window(units + i, size);
  return count - size + 1;
}

/// 32 windows at a time, next to each other; the last block begins earlier and writes some windows
/// twice.
#define WINDOWS(name, attributes)                                                                \
  attributes static size_t name(uint32_t *out, const uint32_t *units, size_t count,              \
                                size_t size) {                                                   \
    size_t windows = count - size + 1;                                                           \
    for (size_t start = 0; start < windows; start += 32) {                                       \
      size_t at = start + 32 <= windows ? start : windows - 32;                                  \
      uint32_t h[32];                                                                            \
      for (size_t lane = 0; lane < 32; lane++) h[lane] = units[at + lane];                       \
      for (size_t i = 1; i < size; i++) {                                                        \
        const uint32_t *from = units + at + i;                                                   \
        for (size_t lane = 0; lane < 32; lane++) h[lane] = h[lane] * P + from[lane];             \
      }                                                                                          \
      for (size_t lane = 0; lane < 32; lane++) out[at + lane] = finish_window(h[lane]);          \
    }                                                                                            \
    return windows;                                                                              \
  }

WINDOWS(windows_base, )
#if defined(__x86_64__)
WINDOWS(windows_avx2, AVX2)
WINDOWS(windows_avx512, AVX512)
#endif

size_t orc_windows(uint32_t *out, const uint32_t *units, size_t count, size_t size) {
  if (count < size + 31 || size == 0) return orc_windows_reference(out, units, count, size);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) return windows_avx512(out, units, count, size);
  if (__builtin_cpu_supports("avx2")) return windows_avx2(out, units, count, size);
#endif
  return windows_base(out, units, count, size);
}

size_t orc_word_places(uint32_t *out, const uint8_t *text, size_t count, const uint32_t *table,
                       size_t scalar_count) {
  size_t words = 0;
  int inside = 0;
  for (size_t at = 0; at < count;) {
    size_t start = at;
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < scalar_count ? table[value] : 0;
    if (entry & ORC_SCALAR_SKIP) continue;
    if (entry & ORC_SCALAR_WORD) {
      if (!inside) out[2 * words++] = (uint32_t)start;
      out[2 * words - 1] = (uint32_t)at;
      inside = 1;
      continue;
    }
    inside = 0;
    if (entry & ORC_SCALAR_ALONE) {
      out[2 * words++] = (uint32_t)start;
      out[2 * words - 1] = (uint32_t)at;
    }
  }
  return words;
}

size_t orc_long_windows(uint64_t *out, const uint32_t *units, size_t count, size_t size) {
  if (size == 0 || count < size) return 0;
  uint64_t power = 1, value = 0;
  for (size_t i = 0; i < size; i++) {
    power *= K1;
    value = value * K1 + units[i];
  }
  for (size_t i = 0;; i++) {
    uint64_t mixed = (value ^ value >> 29) * K2;
    out[i] = mixed ^ mixed >> 32;
    if (i + size == count) return i + 1;
    value = value * K1 + units[i + size] - units[i] * power;
  }
}

int orc_contains(const uint8_t *bytes, size_t count, const uint8_t *what, size_t what_count) {
  return memmem(bytes, count, what, what_count) != NULL;
}
