// Weights in GGUF's blocks, 256 of a row at a time: each is q * scale + offset with q in 0 ..< 256,
// scale and offset those of 16 consecutive weights. What ggml calls a minimum, and the middle that
// signed codes are counted from, are offsets here. Layouts: ggml-common.h of ggml 0.25.

typedef uint8_t bytes8 __attribute__((vector_size(8), aligned(1)));
typedef uint8_t bytes16 __attribute__((vector_size(16), aligned(1)));
typedef uint8_t bytes32 __attribute__((vector_size(32), aligned(1)));

/// Registers that hold a number for each of the 16 groups.
enum { GROUP_REGISTERS = 16 / LANES, BLOCK_WEIGHTS = 256 };

typedef struct {
  bytes32 q[8];
  vf scale[GROUP_REGISTERS], offset[GROUP_REGISTERS];
} block256;

#define BYTES32(p) (*(const bytes32 *)(p))
#define BYTES16(p) (*(const bytes16 *)(p))
/// Each of 8 values twice.
#define DOUBLED(x) __builtin_shufflevector(x, x, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)
/// 16 bytes in 32 values: low halves, then high halves.
#define NIBBLES(p)                                                                                 \
  (__builtin_shufflevector(BYTES16(p), BYTES16(p) >> 4, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,   \
                           13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,  \
                           31) &                                                                   \
   15)

INLINE uint32_t word(const uint8_t *p) {
  uint32_t x;
  memcpy(&x, p, 4);
  return x;
}

INLINE float half_at(const uint8_t *p) {
  uint16_t h;
  memcpy(&h, p, 2);
  return widen_f16(h);
}

/// 16 bytes as numbers.
INLINE void widen_groups(vf *out, const bytes16 *bytes) {
#if LANES == 16
  out[0] = __builtin_convertvector(*bytes, vf);
#elif LANES == 8
  out[0] = __builtin_convertvector(
      __builtin_shufflevector(*bytes, *bytes, 0, 1, 2, 3, 4, 5, 6, 7), vf);
  out[1] = __builtin_convertvector(
      __builtin_shufflevector(*bytes, *bytes, 8, 9, 10, 11, 12, 13, 14, 15), vf);
#else
  uint8_t plain[16];
  memcpy(plain, bytes, 16);
  for (int i = 0; i < 4; i++)
    for (int k = 0; k < 4; k++) out[i][k] = plain[4 * i + k];
#endif
}

/// Eight numbers, each for two groups.
INLINE void spread_eight(vf *out, const float eight[8]) {
#if LANES == 16
  typedef float eight_floats __attribute__((vector_size(32), aligned(4)));
  eight_floats x = *(const eight_floats *)eight;
  out[0] = DOUBLED(x);
#else
  for (int i = 0; i < GROUP_REGISTERS; i++)
    for (int k = 0; k < LANES; k++) out[i][k] = eight[(i * LANES + k) / 2];
#endif
}

#define EACH_GROUP_REGISTER                                                                        \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < GROUP_REGISTERS; i++)

/// The values of a table for 32 codes below 16.
INLINE void look_up(bytes32 *q, const uint8_t table[16]) {
#if LANES >= 8
  __m256i book = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
  *q = (bytes32)_mm256_shuffle_epi8(book, (__m256i)*q);
#else
  for (int i = 0; i < 32; i++) (*q)[i] = table[(*q)[i]];
#endif
}

/// ggml's 16 values of the IQ4 types, plus 128.
static const uint8_t iq4_values[16] = {1,   24,  45,  63,  79,  93,  106, 118,
                                       129, 141, 153, 166, 181, 197, 217, 241};

// MARK: - Blocks of 32, eight at a time

/// Scales of eight blocks that begin with a binary16 scale; offsets are `middle` of them.
INLINE void plain_scales(block256 *out, const uint8_t *p, size_t size, float middle) {
  float d[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) d[i] = half_at(p + (size_t)i * size);
  spread_eight(out->scale, d);
  EACH_GROUP_REGISTER out->offset[i] = out->scale[i] * middle;
}

/// The same with a binary16 offset after the scale.
INLINE void paired_scales(block256 *out, const uint8_t *p, size_t size) {
  float d[8], m[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    d[i] = half_at(p + (size_t)i * size);
    m[i] = half_at(p + (size_t)i * size + 2);
  }
  spread_eight(out->scale, d);
  spread_eight(out->offset, m);
}

/// Adds 16 to the codes whose bit is set.
INLINE void add_fifth_bits(bytes32 *q, const uint8_t *bits) {
  uint32_t mask = word(bits);
#if LANES == 16
  *q |= (bytes32)_mm256_maskz_set1_epi8(mask, 16);
#else
  bytes32 fifth;
#pragma clang loop unroll(full)
  for (int i = 0; i < 32; i++) fifth[i] = (uint8_t)(mask >> i & 1) << 4;
  *q |= fifth;
#endif
}

#define EACH_SMALL_BLOCK _Pragma("clang loop unroll(full)") for (int i = 0; i < 8; i++)

INLINE void unpack_q4_0(block256 *out, const uint8_t *p) {
  plain_scales(out, p, 18, -8);
  EACH_SMALL_BLOCK out->q[i] = NIBBLES(p + 18 * i + 2);
}

INLINE void unpack_q4_1(block256 *out, const uint8_t *p) {
  paired_scales(out, p, 20);
  EACH_SMALL_BLOCK out->q[i] = NIBBLES(p + 20 * i + 4);
}

INLINE void unpack_q5_0(block256 *out, const uint8_t *p) {
  plain_scales(out, p, 22, -16);
  EACH_SMALL_BLOCK {
    out->q[i] = NIBBLES(p + 22 * i + 6);
    add_fifth_bits(&out->q[i], p + 22 * i + 2);
  }
}

INLINE void unpack_q5_1(block256 *out, const uint8_t *p) {
  paired_scales(out, p, 24);
  EACH_SMALL_BLOCK {
    out->q[i] = NIBBLES(p + 24 * i + 8);
    add_fifth_bits(&out->q[i], p + 24 * i + 4);
  }
}

INLINE void unpack_q8_0(block256 *out, const uint8_t *p) {
  plain_scales(out, p, 34, -128);
  EACH_SMALL_BLOCK out->q[i] = BYTES32(p + 34 * i + 2) ^ 128;
}

INLINE void unpack_iq4_nl(block256 *out, const uint8_t *p) {
  plain_scales(out, p, 18, -128);
  EACH_SMALL_BLOCK {
    out->q[i] = NIBBLES(p + 18 * i + 2);
    look_up(&out->q[i], iq4_values);
  }
}

// MARK: - Blocks of 256

/// Scales and minimums of 6 bits for each 32 weights, in 12 bytes.
INLINE void six_bit_scales(block256 *out, const uint8_t *p, float d, float dmin) {
  uint32_t a = word(p), b = word(p + 4), c = word(p + 8);
  uint64_t low = a & 0x3F3F3F3Fu, high = (c & 0x0F0F0F0Fu) | (a >> 2 & 0x30303030u);
  uint64_t scales = low | high << 32;
  low = b & 0x3F3F3F3Fu;
  high = (c >> 4 & 0x0F0F0F0Fu) | (b >> 2 & 0x30303030u);
  uint64_t minimums = low | high << 32;
  bytes8 s, m;
  memcpy(&s, &scales, 8);
  memcpy(&m, &minimums, 8);
  bytes16 s16 = DOUBLED(s), m16 = DOUBLED(m);
  widen_groups(out->scale, &s16);
  widen_groups(out->offset, &m16);
  EACH_GROUP_REGISTER {
    out->scale[i] = out->scale[i] * d;
    out->offset[i] = out->offset[i] * -dmin;
  }
}

#if LANES == 16
/// A block of 4 or 5 bits whose scales are those of 32 weights, laid out so that a lane of the
/// products belongs to one of them throughout: 8 weights of each even group in turn, then of each
/// odd one. Integers are added before they become floats, half as often.
typedef struct {
  __m512i even[2], odd[2];
  vf even_scale, odd_scale;
  /// Of the eight groups, in the lower lanes.
  vf minimum;
  vf d, dmin;
} grouped256;

/// The scales and minimums of six_bit_scales, for lanes that belong to even and odd groups.
INLINE void grouped_scales(grouped256 *out, const uint8_t *p) {
  uint32_t a = word(p + 4), b = word(p + 8), c = word(p + 12);
  uint64_t low = a & 0x3F3F3F3Fu, high = (c & 0x0F0F0F0Fu) | (a >> 2 & 0x30303030u);
  uint64_t scales = low | high << 32;
  low = b & 0x3F3F3F3Fu;
  high = (c >> 4 & 0x0F0F0F0Fu) | (b >> 2 & 0x30303030u);
  bytes8 s, m;
  uint64_t minimums = low | high << 32;
  memcpy(&s, &scales, 8);
  memcpy(&m, &minimums, 8);
  bytes16 even = __builtin_shufflevector(s, s, 0, 0, 2, 2, 4, 4, 6, 6, 0, 0, 2, 2, 4, 4, 6, 6);
  bytes16 odd = __builtin_shufflevector(s, s, 1, 1, 3, 3, 5, 5, 7, 7, 1, 1, 3, 3, 5, 5, 7, 7);
  out->even_scale = __builtin_convertvector(even, vf);
  out->odd_scale = __builtin_convertvector(odd, vf);
  __m256 eight = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)minimums)));
  out->minimum = (vf)_mm512_zextps256_ps512(eight);
  out->d = splat(half_at(p));
  out->dmin = splat(-half_at(p + 2));
}

INLINE void grouped_nibbles(grouped256 *out, const uint8_t *p) {
  const __m512i first = _mm512_setr_epi64(0, 4, 8, 12, 1, 5, 9, 13);
  const __m512i second = _mm512_setr_epi64(2, 6, 10, 14, 3, 7, 11, 15);
  const __m512i half = _mm512_set1_epi8(15);
  __m512i a = _mm512_loadu_si512(p), b = _mm512_loadu_si512(p + 64);
  __m512i parts[2] = {_mm512_permutex2var_epi64(a, first, b),
                      _mm512_permutex2var_epi64(a, second, b)};
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++) {
    out->even[i] = _mm512_and_si512(parts[i], half);
    out->odd[i] = _mm512_and_si512(_mm512_srli_epi16(parts[i], 4), half);
  }
}

INLINE void unpack_q4_k(grouped256 *out, const uint8_t *p) {
  grouped_scales(out, p);
  grouped_nibbles(out, p + 16);
}

INLINE void unpack_q5_k(grouped256 *out, const uint8_t *p) {
  grouped_scales(out, p);
  grouped_nibbles(out, p + 48);
  // Bit 2j of a byte is the fifth of group 2j, bit 2j + 1 of group 2j + 1.
  const __m512i steps = _mm512_setr_epi64(0, 2, 4, 6, 0, 2, 4, 6), one = _mm512_set1_epi8(1);
  __m512i bits = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(p + 16)));
  const __m512i pieces[2] = {_mm512_setr_epi64(0, 0, 0, 0, 1, 1, 1, 1),
                             _mm512_setr_epi64(2, 2, 2, 2, 3, 3, 3, 3)};
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++) {
    __m512i even = _mm512_srlv_epi64(_mm512_permutexvar_epi64(pieces[i], bits), steps);
    __m512i odd = _mm512_srli_epi64(even, 1);
    even = _mm512_slli_epi16(_mm512_and_si512(even, one), 4);
    odd = _mm512_slli_epi16(_mm512_and_si512(odd, one), 4);
    out->even[i] = _mm512_or_si512(out->even[i], even);
    out->odd[i] = _mm512_or_si512(out->odd[i], odd);
  }
}
#else
INLINE void unpack_q4_k(block256 *out, const uint8_t *p) {
  six_bit_scales(out, p + 4, half_at(p), half_at(p + 2));
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) {
    bytes32 q = BYTES32(p + 16 + 32 * j);
    out->q[2 * j] = q & 15;
    out->q[2 * j + 1] = q >> 4;
  }
}

INLINE void unpack_q5_k(block256 *out, const uint8_t *p) {
  six_bit_scales(out, p + 4, half_at(p), half_at(p + 2));
  bytes32 fifth = BYTES32(p + 16);
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j++) {
    bytes32 q = BYTES32(p + 48 + 32 * j);
    out->q[2 * j] = (q & 15) | (fifth >> (2 * j) & 1) << 4;
    out->q[2 * j + 1] = q >> 4 | (fifth >> (2 * j + 1) & 1) << 4;
  }
}
#endif

INLINE void unpack_q6_k(block256 *out, const uint8_t *p) {
  // Signed scales: counted from 128, so that bytes widen alike.
  bytes16 scales = BYTES16(p + 192) ^ 128;
  float d = half_at(p + 208);
  widen_groups(out->scale, &scales);
  EACH_GROUP_REGISTER {
    out->scale[i] = (out->scale[i] - 128) * d;
    out->offset[i] = out->scale[i] * -32;
  }
#pragma clang loop unroll(full)
  for (int half = 0; half < 2; half++) {
    bytes32 a = BYTES32(p + 64 * half), b = BYTES32(p + 64 * half + 32);
    bytes32 high = BYTES32(p + 128 + 32 * half);
    out->q[4 * half] = (a & 15) | (high & 3) << 4;
    out->q[4 * half + 1] = (b & 15) | (high >> 2 & 3) << 4;
    out->q[4 * half + 2] = a >> 4 | (high >> 4 & 3) << 4;
    out->q[4 * half + 3] = b >> 4 | high >> 6 << 4;
  }
}

INLINE void unpack_q2_k(block256 *out, const uint8_t *p) {
  bytes16 scales = BYTES16(p) & 15, minimums = BYTES16(p) >> 4;
  float d = half_at(p + 80), dmin = half_at(p + 82);
  widen_groups(out->scale, &scales);
  widen_groups(out->offset, &minimums);
  EACH_GROUP_REGISTER {
    out->scale[i] = out->scale[i] * d;
    out->offset[i] = out->offset[i] * -dmin;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) out->q[i] = BYTES32(p + 16 + i / 4 * 32) >> (i % 4 * 2) & 3;
}

INLINE void unpack_q3_k(block256 *out, const uint8_t *p) {
  // Six bits: low halves of bytes 0 to 7, then high halves; two more from bytes 8 to 11 in turn.
  const uint8_t *s = p + 96;
  uint32_t a = word(s), b = word(s + 4), c = word(s + 8);
  uint32_t six[4] = {(a & 0x0F0F0F0Fu) | (c & 0x03030303u) << 4,
                     (b & 0x0F0F0F0Fu) | (c >> 2 & 0x03030303u) << 4,
                     (a >> 4 & 0x0F0F0F0Fu) | (c >> 4 & 0x03030303u) << 4,
                     (b >> 4 & 0x0F0F0F0Fu) | (c >> 6 & 0x03030303u) << 4};
  bytes16 scales;
  memcpy(&scales, six, 16);
  float d = half_at(p + 108);
  widen_groups(out->scale, &scales);
  EACH_GROUP_REGISTER {
    out->scale[i] = (out->scale[i] - 32) * d;
    out->offset[i] = out->scale[i] * -4;
  }
  bytes32 third = BYTES32(p);
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++)
    out->q[i] = (BYTES32(p + 32 + i / 4 * 32) >> (i % 4 * 2) & 3) | (third >> i & 1) << 2;
}

INLINE void unpack_iq4_xs(block256 *out, const uint8_t *p) {
  uint32_t high = (uint32_t)p[2] | (uint32_t)p[3] << 8;
  float d = half_at(p), scales[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) {
    uint32_t six = (p[4 + i / 2] >> (i % 2 * 4) & 15u) | (high >> (2 * i) & 3u) << 4;
    scales[i] = d * (float)((int32_t)six - 32);
    out->q[i] = NIBBLES(p + 8 + 16 * i);
    look_up(&out->q[i], iq4_values);
  }
  spread_eight(out->scale, scales);
  EACH_GROUP_REGISTER out->offset[i] = out->scale[i] * -128;
}
