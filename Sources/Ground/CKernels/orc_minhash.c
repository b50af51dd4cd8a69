#include "include/orc_minhash.h"

#include <string.h>

/// Upper half of SplitMix64's finalizer (Steele, Lea, Flood 2014).
static inline uint32_t finish(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (uint32_t)((z ^ (z >> 31)) >> 32);
}

#define FNV_START 0xCBF29CE484222325u
#define FNV_PRIME 0x100000001B3u
/// Odd, with well-spread bits: the base of the polynomial over words.
#define BASE 0x9E3779B97F4A7C15u

/// Reads the scalar at *at of valid UTF-8 and steps over it.
static inline uint32_t scalar(const uint8_t *text, size_t count, size_t *at) {
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

/// A window of the last `size` unit hashes, as a polynomial that rolls.
typedef struct {
  uint64_t ring[64];
  uint64_t value, power;
  size_t size, seen, written;
} window;

static void window_start(window *w, size_t size) {
  memset(w, 0, sizeof *w);
  w->size = size;
  w->power = 1;
  for (size_t i = 0; i < size; i++) w->power *= BASE;
}

static inline void window_push(window *w, uint64_t unit, uint32_t *out) {
  size_t slot = w->seen % w->size;
  w->value = w->value * BASE + unit - w->ring[slot] * w->power;
  w->ring[slot] = unit;
  w->seen++;
  if (w->seen >= w->size) out[w->written++] = finish(w->value);
}

/// A text with fewer units than the window has one shingle of all of them.
static inline size_t window_end(window *w, uint32_t *out) {
  if (w->seen > 0 && w->seen < w->size) out[w->written++] = finish(w->value);
  return w->written;
}

size_t orc_word_shingles(uint32_t *out, const uint8_t *text, size_t count, size_t size,
                         const uint32_t *table, size_t scalar_count) {
  window w;
  window_start(&w, size);
  uint64_t word = FNV_START;
  int open = 0;
  for (size_t at = 0; at < count;) {
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < scalar_count ? table[value] : 0;
    if (entry & ORC_SCALAR_WORD) {
      word = (word ^ (entry & ORC_SCALAR_LOWER)) * FNV_PRIME;
      open = 1;
      continue;
    }
    if (open) {
      window_push(&w, word, out);
      word = FNV_START;
      open = 0;
    }
    if (entry & ORC_SCALAR_ALONE) {
      window_push(&w, (FNV_START ^ (entry & ORC_SCALAR_LOWER)) * FNV_PRIME, out);
    }
  }
  if (open) window_push(&w, word, out);
  return window_end(&w, out);
}

size_t orc_character_shingles(uint32_t *out, const uint8_t *text, size_t count, size_t size,
                              const uint32_t *table, size_t scalar_count) {
  window w;
  window_start(&w, size);
  int owed = 0, begun = 0;
  for (size_t at = 0; at < count;) {
    uint32_t value = scalar(text, count, &at);
    uint32_t entry = value < scalar_count ? table[value] : value;
    if (entry & ORC_SCALAR_SPACE) {
      owed = begun;
      continue;
    }
    if (owed) window_push(&w, (FNV_START ^ 0x20) * FNV_PRIME, out);
    owed = 0;
    begun = 1;
    window_push(&w, (FNV_START ^ (entry & ORC_SCALAR_LOWER)) * FNV_PRIME, out);
  }
  return window_end(&w, out);
}

/// Least significant digit first, 8 bits a pass; insertion sort for few values.
size_t orc_sort_unique_u32(uint32_t *values, uint32_t *scratch, size_t count) {
  if (count < 2) return count;
  if (count < 48) {
    for (size_t i = 1; i < count; i++) {
      uint32_t value = values[i];
      size_t j = i;
      for (; j > 0 && values[j - 1] > value; j--) values[j] = values[j - 1];
      values[j] = value;
    }
  } else {
    for (int shift = 0; shift < 32; shift += 8) {
      size_t start[256] = {0};
      for (size_t i = 0; i < count; i++) start[values[i] >> shift & 255]++;
      size_t sum = 0;
      for (size_t digit = 0; digit < 256; digit++) {
        size_t here = start[digit];
        start[digit] = sum;
        sum += here;
      }
      for (size_t i = 0; i < count; i++) scratch[start[values[i] >> shift & 255]++] = values[i];
      uint32_t *other = values;
      values = scratch;
      scratch = other;
    }
    // An even number of passes: the sorted values are back where they came from.
  }
  size_t kept = 1;
  for (size_t i = 1; i < count; i++) {
    if (values[i] != values[kept - 1]) values[kept++] = values[i];
  }
  return kept;
}

size_t orc_common_u32(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
  size_t i = 0, j = 0, common = 0;
  while (i < a_count && j < b_count) {
    uint32_t x = a[i], y = b[j];
    common += x == y;
    i += x <= y;
    j += y <= x;
  }
  return common;
}

/// 32 permutations at a time: their minima stay in registers (2 of AVX-512, 4 of AVX2, 8 of SSE2).
#define LANES 32
#define SIGNATURE(name, attributes)                                                              \
  attributes static void name(uint32_t *signature, const uint32_t *shingles, size_t count,       \
                              const uint32_t *multiplier, const uint32_t *offset,                \
                              size_t permutations) {                                             \
    for (size_t start = 0; start < permutations; start += LANES) {                               \
      uint32_t least[LANES], m[LANES], o[LANES];                                                 \
      for (size_t p = 0; p < LANES; p++) {                                                       \
        least[p] = 0xFFFFFFFFu;                                                                  \
        m[p] = multiplier[start + p];                                                            \
        o[p] = offset[start + p];                                                                \
      }                                                                                          \
      for (size_t i = 0; i < count; i++) {                                                       \
        uint32_t s = shingles[i];                                                                \
        for (size_t p = 0; p < LANES; p++) {                                                     \
          uint32_t h = m[p] * s + o[p];                                                          \
          least[p] = h < least[p] ? h : least[p];                                                \
        }                                                                                        \
      }                                                                                          \
      for (size_t p = 0; p < LANES; p++) signature[start + p] = least[p];                        \
    }                                                                                            \
  }

SIGNATURE(signature_base, )
#if defined(__x86_64__)
SIGNATURE(signature_avx2, __attribute__((target("avx2"))))
SIGNATURE(signature_avx512, __attribute__((target("avx512f"))))
#endif

void orc_minhash_signature(uint32_t *signature, const uint32_t *shingles, size_t count,
                           const uint32_t *multiplier, const uint32_t *offset,
                           size_t permutations) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) {
    signature_avx512(signature, shingles, count, multiplier, offset, permutations);
    return;
  }
  if (__builtin_cpu_supports("avx2")) {
    signature_avx2(signature, shingles, count, multiplier, offset, permutations);
    return;
  }
#endif
  signature_base(signature, shingles, count, multiplier, offset, permutations);
}
