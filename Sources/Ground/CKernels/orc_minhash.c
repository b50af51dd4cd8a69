#include "include/orc_minhash.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Both halves of a product of 64-bit numbers, folded.
static inline uint64_t fold(uint64_t a, uint64_t b) {
  __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load64(const uint8_t *at) {
  uint64_t value;
  memcpy(&value, at, 8);
  return value;
}

void orc_digest128(uint64_t digest[2], const uint8_t *bytes, size_t count) {
  const uint64_t k0 = 0xA0761D6478BD642Fu, k1 = 0xE7037ED1A0B428DBu, k2 = 0x8EBC6AF09C88C6E3u,
                 k3 = 0x589965CC75374CC3u;
  uint64_t a = digest[0] ^ count, b = digest[1] ^ fold(count ^ k0, k3), c = a ^ k2, d = b ^ k1;
  size_t at = 0;
  for (; at + 32 <= count; at += 32) {
    uint64_t x = load64(bytes + at), y = load64(bytes + at + 8);
    uint64_t z = load64(bytes + at + 16), w = load64(bytes + at + 24);
    a = fold(a ^ x ^ k0, y ^ k1) + x;
    b = fold(b ^ y ^ k2, x ^ k3) + y;
    c = fold(c ^ z ^ k1, w ^ k2) + z;
    d = fold(d ^ w ^ k3, z ^ k0) + w;
  }
  uint8_t rest[32] = {0};
  if (at < count) memcpy(rest, bytes + at, count - at);
  for (int half = 0; half < 2; half++) {
    uint64_t x = load64(rest + 16 * half), y = load64(rest + 16 * half + 8);
    a = fold(a ^ c ^ x ^ k2, y ^ k3) + x;
    b = fold(b ^ d ^ y ^ k0, x ^ k1) + y;
  }
  digest[0] = fold(a ^ k1, b ^ k2) ^ a;
  digest[1] = fold(b ^ k3, a ^ k0) ^ b;
}

/// Few values, or values that are nearly in order.
static void sort_by_insertion(uint32_t *values, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint32_t value = values[i];
    size_t j = i;
    for (; j > 0 && values[j - 1] > value; j--) values[j] = values[j - 1];
    values[j] = value;
  }
}

/// Values are spread evenly, as hashes are: one pass puts each into one of about `count` buckets
/// by its upper bits, insertion does the rest. At most 4,096 values, so that values that are not
/// spread cost no more than 4 million steps.
static void sort_by_bucket(uint32_t *values, uint32_t *scratch, size_t count) {
  int bits = 64 - __builtin_clzll(count - 1), shift = 32 - bits;
  uint16_t start[4097];
  memset(start, 0, (((size_t)1 << bits) + 1) * sizeof *start);
  for (size_t i = 0; i < count; i++) start[(values[i] >> shift) + 1]++;
  for (size_t bucket = 1; bucket < (size_t)1 << bits; bucket++) start[bucket] += start[bucket - 1];
  for (size_t i = 0; i < count; i++) scratch[start[values[i] >> shift]++] = values[i];
  sort_by_insertion(scratch, count);
  memcpy(values, scratch, count * sizeof *values);
}

/// Least significant digit first, 8 bits a pass; after four passes the values are back in place.
static void sort_by_radix(uint32_t *values, uint32_t *scratch, size_t count) {
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
}

size_t orc_sort_unique_u32(uint32_t *values, uint32_t *scratch, size_t count) {
  if (count < 2) return count;
  if (count < 24) {
    sort_by_insertion(values, count);
  } else if (count <= 4096) {
    sort_by_bucket(values, scratch, count);
  } else {
    sort_by_radix(values, scratch, count);
  }
  size_t kept = 1;
  for (size_t i = 1; i < count; i++) {
    values[kept] = values[i];
    kept += values[i] != values[kept - 1];
  }
  return kept;
}

uint64_t *orc_sort_upper_u64(uint64_t *values, uint64_t *scratch, size_t count) {
  int bits = count < 8192 ? 8 : 11;
  for (int shift = 32; shift < 64; shift += bits) {
    size_t start[2048] = {0};
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (size_t i = 0; i < count; i++) start[values[i] >> shift & mask]++;
    size_t sum = 0;
    for (size_t digit = 0; digit <= mask; digit++) {
      size_t here = start[digit];
      start[digit] = sum;
      sum += here;
    }
    for (size_t i = 0; i < count; i++) scratch[start[values[i] >> shift & mask]++] = values[i];
    uint64_t *other = values;
    values = scratch;
    scratch = other;
  }
  return values;
}

size_t orc_common_u32_reference(const uint32_t *a, size_t a_count, const uint32_t *b,
                                size_t b_count) {
  size_t i = 0, j = 0, common = 0;
  while (i < a_count && j < b_count) {
    uint32_t x = a[i], y = b[j];
    common += x == y;
    i += x <= y;
    j += y <= x;
  }
  return common;
}

#if defined(__x86_64__)
/// Blocks of 8 against 8: each value of one against all turns of the other; the block that ends
/// with the smaller value is left behind. Values do not repeat, so none is counted twice.
__attribute__((target("avx2,popcnt"))) static size_t common_avx2(
    const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
  size_t i = 0, j = 0, common = 0;
  const __m256i turn = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
  const __m256i across = _mm256_setr_epi32(4, 5, 6, 7, 0, 1, 2, 3);
  while (i + 8 <= a_count && j + 8 <= b_count) {
    __m256i x = _mm256_loadu_si256((const __m256i *)(a + i));
    __m256i y = _mm256_loadu_si256((const __m256i *)(b + j));
    __m256i z = _mm256_permutevar8x32_epi32(y, across);
    __m256i equal = _mm256_or_si256(_mm256_cmpeq_epi32(x, y), _mm256_cmpeq_epi32(x, z));
    for (int k = 0; k < 3; k++) {
      y = _mm256_permutevar8x32_epi32(y, turn);
      z = _mm256_permutevar8x32_epi32(z, turn);
      equal = _mm256_or_si256(
          equal, _mm256_or_si256(_mm256_cmpeq_epi32(x, y), _mm256_cmpeq_epi32(x, z)));
    }
    common += (size_t)__builtin_popcount(
        (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(equal)));
    uint32_t last_a = a[i + 7], last_b = b[j + 7];
    i += last_a <= last_b ? 8 : 0;
    j += last_b <= last_a ? 8 : 0;
  }
  return common + orc_common_u32_reference(a + i, a_count - i, b + j, b_count - j);
}
#endif

int orc_common_at_least_u32_reference(const uint32_t *a, size_t a_count, const uint32_t *b,
                                      size_t b_count, size_t wanted) {
  return orc_common_u32_reference(a, a_count, b, b_count) >= wanted;
}

#if defined(__x86_64__)
/// As common_avx2, until the answer is known.
__attribute__((target("avx2,popcnt"))) static int common_at_least_avx2(
    const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, size_t wanted) {
  size_t i = 0, j = 0, common = 0;
  const __m256i turn = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 0);
  const __m256i across = _mm256_setr_epi32(4, 5, 6, 7, 0, 1, 2, 3);
  while (i + 8 <= a_count && j + 8 <= b_count) {
    size_t left_a = a_count - i, left_b = b_count - j;
    if (common + (left_a < left_b ? left_a : left_b) < wanted) return 0;
    __m256i x = _mm256_loadu_si256((const __m256i *)(a + i));
    __m256i y = _mm256_loadu_si256((const __m256i *)(b + j));
    __m256i z = _mm256_permutevar8x32_epi32(y, across);
    __m256i equal = _mm256_or_si256(_mm256_cmpeq_epi32(x, y), _mm256_cmpeq_epi32(x, z));
    for (int k = 0; k < 3; k++) {
      y = _mm256_permutevar8x32_epi32(y, turn);
      z = _mm256_permutevar8x32_epi32(z, turn);
      equal = _mm256_or_si256(
          equal, _mm256_or_si256(_mm256_cmpeq_epi32(x, y), _mm256_cmpeq_epi32(x, z)));
    }
    common += (size_t)__builtin_popcount(
        (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(equal)));
    if (common >= wanted) return 1;
    uint32_t last_a = a[i + 7], last_b = b[j + 7];
    i += last_a <= last_b ? 8 : 0;
    j += last_b <= last_a ? 8 : 0;
  }
  return common + orc_common_u32_reference(a + i, a_count - i, b + j, b_count - j) >= wanted;
}
#endif

int orc_common_at_least_u32(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
                            size_t wanted) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return common_at_least_avx2(a, a_count, b, b_count, wanted);
#endif
  return orc_common_at_least_u32_reference(a, a_count, b, b_count, wanted);
}

size_t orc_common_u32(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return common_avx2(a, a_count, b, b_count);
#endif
  return orc_common_u32_reference(a, a_count, b, b_count);
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

void orc_minhash_signature_reference(uint32_t *signature, const uint32_t *shingles, size_t count,
                                     const uint32_t *multiplier, const uint32_t *offset,
                                     size_t permutations) {
  for (size_t p = 0; p < permutations; p++) {
    signature[p] = 0xFFFFFFFFu;
    for (size_t i = 0; i < count; i++) {
      uint32_t h = multiplier[p] * shingles[i] + offset[p];
      if (h < signature[p]) signature[p] = h;
    }
  }
}

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

void orc_minhash_keys(uint32_t *keys, size_t stride, const uint32_t *signature, size_t bands,
                      size_t rows) {
  for (size_t band = 0; band < bands; band++) {
    uint32_t h = 0;
    for (size_t row = 0; row < rows; row++) h = h * 0x9E3779B7u + signature[row * bands + band];
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    keys[band * stride] = h ^ h >> 16;
  }
}
