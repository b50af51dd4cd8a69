// Products of a few rows with weights in GGUF's blocks: rows are rounded to 8 bits, multiplied as
// integers and summed in float32, as llama.cpp does. What generation uses: the weights are read from
// memory once, as they are stored.
//
// Rows are rounded for each 32 values: x = d * q, d = max|x| / 127, an error of d / 2 at most.
// (llama.cpp rounds for each 256 values where weights are in blocks of 256.)

/// 256 values of a row, rounded.
typedef struct {
  int8_t q[BLOCK_WEIGHTS];
  /// d of each 16 values, and d times the sum of their q.
  float scale[16], sum[16];
  /// For lanes that belong to one group of 32 throughout: 8 values of each even group in turn (then
  /// the next 8 of each, ...), then of each odd one; their d; d times the sums of q of each group.
  int8_t even[128], odd[128];
  float even_scale[16], odd_scale[16], group_sum[16];
} packed256;

/// Codes of LANES fours, in a register.
typedef uint8_t vq __attribute__((vector_size(LANES * 4), aligned(4)));

/// Part c of a block's codes.
#if LANES == 16
#define CODES(w, c)                                                                                \
  __builtin_shufflevector(                                                                         \
      (w)->q[2 * (c)], (w)->q[2 * (c) + 1], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,   \
      16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,   \
      39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61,   \
      62, 63)
#elif LANES == 8
#define CODES(w, c) ((vq)(w)->q[c])
#endif

/// Sums of four products q * x each, exact: codes below 256, x of -127 ... 127.
/// `wide`: codes may be 128 or more, whose pairs of products do not fit 16 bits.
#if LANES == 16 && defined(DOT_BYTES)
#define DOT_FOURS(q, x, wide)                                                                      \
  ((vi)_mm512_dpbusd_epi32(_mm512_setzero_si512(), (__m512i)(q), _mm512_loadu_si512(x)))
#elif LANES == 16
#define DOT_NARROW(q, x)                                                                           \
  _mm512_madd_epi16(_mm512_maddubs_epi16(q, x), _mm512_set1_epi16(1))
#define JOIN(a, b) _mm512_add_epi32(a, b)
#define SAME(x) _mm512_set1_epi8((char)(x))
#define BOTH(a, b) _mm512_and_si512(a, b)
#define SIGNED(x) _mm512_loadu_si512(x)
#define WHOLE(q) ((__m512i)(q))
#elif LANES == 8
#define DOT_NARROW(q, x)                                                                           \
  _mm256_madd_epi16(_mm256_maddubs_epi16(q, x), _mm256_set1_epi16(1))
#define JOIN(a, b) _mm256_add_epi32(a, b)
#define SAME(x) _mm256_set1_epi8((char)(x))
#define BOTH(a, b) _mm256_and_si256(a, b)
#define SIGNED(x) _mm256_loadu_si256((const __m256i *)(x))
#define WHOLE(q) ((__m256i)(q))
#endif
#if defined(DOT_NARROW)
#define DOT_FOURS(q, x, wide)                                                                      \
  ((vi)((wide) ? JOIN(DOT_NARROW(BOTH(WHOLE(q), SAME(127)), SIGNED(x)),                            \
                      DOT_NARROW(BOTH(WHOLE(q), SAME(128)), SIGNED(x)))                            \
               : DOT_NARROW(WHOLE(q), SIGNED(x))))
#endif

#if LANES == 4
/// SSE2 and NEON: products fit 16 bits, 255 * 127 being below 32768.
INLINE vi dot_fours(const uint8_t *q, const int8_t *x) {
  typedef int16_t shorts __attribute__((vector_size(32)));
  typedef int16_t half_of_them __attribute__((vector_size(16)));
  typedef int32_t eight __attribute__((vector_size(32)));
  typedef int8_t signed_bytes __attribute__((vector_size(16), aligned(1)));
  shorts p = __builtin_convertvector(BYTES16(q), shorts)
             * __builtin_convertvector(*(const signed_bytes *)x, shorts);
  half_of_them even = __builtin_shufflevector(p, p, 0, 2, 4, 6, 8, 10, 12, 14);
  half_of_them odd = __builtin_shufflevector(p, p, 1, 3, 5, 7, 9, 11, 13, 15);
  eight pairs = __builtin_convertvector(even, eight) + __builtin_convertvector(odd, eight);
  return __builtin_shufflevector(pairs, pairs, 0, 2, 4, 6)
         + __builtin_shufflevector(pairs, pairs, 1, 3, 5, 7);
}
#define DOT_FOURS(q, x, wide) dot_fours(q, x)
#define CODES(w, c) ((const uint8_t *)(w)->q + 16 * (c))
#endif

/// The factors of the lanes of part c: a group has four.
#if LANES == 16
#define LANE_FACTORS(t, c)                                                                         \
  __builtin_shufflevector((t)[0], (t)[0], 4 * (c), 4 * (c), 4 * (c), 4 * (c), 4 * (c) + 1,         \
                          4 * (c) + 1, 4 * (c) + 1, 4 * (c) + 1, 4 * (c) + 2, 4 * (c) + 2,         \
                          4 * (c) + 2, 4 * (c) + 2, 4 * (c) + 3, 4 * (c) + 3, 4 * (c) + 3,         \
                          4 * (c) + 3)
#elif LANES == 8
#define LANE_FACTORS(t, c)                                                                         \
  __builtin_shufflevector((t)[(c) / 4], (t)[(c) / 4], (c) % 4 * 2, (c) % 4 * 2, (c) % 4 * 2,       \
                          (c) % 4 * 2, (c) % 4 * 2 + 1, (c) % 4 * 2 + 1, (c) % 4 * 2 + 1,          \
                          (c) % 4 * 2 + 1)
#else
#define LANE_FACTORS(t, c) splat((t)[(c) / 4][(c) % 4])
#endif

/// sum += block . x, in lanes. Contraction inside an expression alone: every caller rounds alike.
INLINE void add_block(vf *sum, const block256 *w, const packed256 *x, const int wide) {
  _Pragma("clang fp contract(on)")
  (void)wide;
  vf t[GROUP_REGISTERS], even = splat(0), odd = splat(0);
#pragma clang loop unroll(full)
  for (int i = 0; i < GROUP_REGISTERS; i++) {
    t[i] = w->scale[i] * load(x->scale + i * LANES);
    even = w->offset[i] * load(x->sum + i * LANES) + even;
  }
#define PART(c, total)                                                                             \
  total = __builtin_convertvector(DOT_FOURS(CODES(w, c), x->q + LANES * 4 * (c), wide), vf)        \
              * LANE_FACTORS(t, c) + total;
  PART(0, odd) PART(1, even) PART(2, odd) PART(3, even)
#if LANES <= 8
  PART(4, odd) PART(5, even) PART(6, odd) PART(7, even)
#endif
#if LANES == 4
  PART(8, odd) PART(9, even) PART(10, odd) PART(11, even)
  PART(12, odd) PART(13, even) PART(14, odd) PART(15, even)
#endif
#undef PART
  *sum = *sum + (even + odd);
}

#if LANES == 16
#if defined(DOT_BYTES)
#define ADD_FOURS(sum, q, x) _mm512_dpbusd_epi32(sum, q, _mm512_loadu_si512(x))
#else
#define ADD_FOURS(sum, q, x) JOIN(sum, DOT_NARROW(q, SIGNED(x)))
#endif

/// The same for groups in lanes of their own.
INLINE void add_grouped(vf *sum, const grouped256 *w, const packed256 *x, const int wide) {
  _Pragma("clang fp contract(on)")
  (void)wide;
  __m512i even = _mm512_setzero_si512(), odd = _mm512_setzero_si512();
  even = ADD_FOURS(ADD_FOURS(even, w->even[0], x->even), w->even[1], x->even + 64);
  odd = ADD_FOURS(ADD_FOURS(odd, w->odd[0], x->odd), w->odd[1], x->odd + 64);
  vf even_factor = w->even_scale * load(x->even_scale);
  vf odd_factor = w->odd_scale * load(x->odd_scale);
  vf total = __builtin_convertvector((vi)even, vf) * even_factor;
  total = __builtin_convertvector((vi)odd, vf) * odd_factor + total;
  vf low = w->minimum * load(x->group_sum);
  *sum = total * w->d + *sum;
  *sum = low * w->dmin + *sum;
}
#define GROUPED_BLOCK grouped256
#define ADD_GROUPED add_grouped
#else
#define GROUPED_BLOCK block256
#define ADD_GROUPED add_block
#endif

/// Rows of x that share what a block of weights is unpacked to: 8 rows of 2048 are 24 KiB, which
/// stay in a first-level cache of 32 while the tile's weights pass.
enum { SHARING_ROWS = 8 };

/// How far ahead weights are fetched, in bytes.
enum { BYTES_AHEAD = 2048 };

/// Where a block of a row begins; the last one may be short: it is copied and padded with zeros,
/// which are blocks whose scales are zero.
INLINE const uint8_t *block_at(const uint8_t *p, uint8_t *rest, size_t b, size_t whole, size_t row,
                               size_t size) {
  if (b < whole) return p + b * size;
  memset(rest, 0, size);
  memcpy(rest, p + b * size, row - whole * size);
  return rest;
}

INLINE void settle_sum(float *c, vf sum, float alpha, float beta) {
  float total = lane_sum(sum);
  *c = beta == 0 ? alpha * total : settle_one(total, *c, alpha, beta);
}

#define BLOCK_PRODUCT_AS(BLOCK, ADD, NAME, SIZE, WIDE)                                                            \
  static void one_row_##NAME(float *C, const packed256 *x, const uint8_t *w, size_t N, size_t K,   \
                             float alpha, float beta) {                                            \
    size_t blocks = (K + BLOCK_WEIGHTS - 1) / BLOCK_WEIGHTS, whole = K / BLOCK_WEIGHTS;            \
    size_t row = K * SIZE / BLOCK_WEIGHTS;                                                         \
    uint8_t rest[SIZE];                                                                            \
    for (size_t j = 0; j < N; j++, w += row) {                                                     \
      vf sum = splat(0);                                                                           \
      for (size_t b = 0; b < whole; b++) {                                                         \
        BLOCK block;                                                                            \
        for (size_t line = 0; line < SIZE; line += 64)                                             \
          __builtin_prefetch(w + b * SIZE + BYTES_AHEAD + line);                                   \
        unpack_##NAME(&block, w + b * SIZE);                                                       \
        ADD(&sum, &block, x + b, WIDE);                                                      \
      }                                                                                            \
      if (whole < blocks) {                                                                        \
        BLOCK block;                                                                            \
        unpack_##NAME(&block, block_at(w, rest, whole, whole, row, SIZE));                         \
        ADD(&sum, &block, x + whole, WIDE);                                                  \
      }                                                                                            \
      settle_sum(C + j, sum, alpha, beta);                                                         \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  static void product_##NAME(float *C, size_t ldc, const packed256 *x, const uint8_t *w, size_t M, \
                             size_t N, size_t K, float alpha, float beta) {                        \
    size_t blocks = (K + BLOCK_WEIGHTS - 1) / BLOCK_WEIGHTS, whole = K / BLOCK_WEIGHTS;            \
    size_t row = K * SIZE / BLOCK_WEIGHTS;                                                         \
    uint8_t rest[SIZE];                                                                            \
    if (M == 1) {                                                                                  \
      one_row_##NAME(C, x, w, N, K, alpha, beta);                                                  \
      return;                                                                                      \
    }                                                                                              \
    for (size_t first = 0; first < M; first += SHARING_ROWS) {                                     \
      size_t rows = M - first < SHARING_ROWS ? M - first : SHARING_ROWS;                           \
      const packed256 *part = x + first * blocks;                                                  \
      for (size_t j = 0; j < N; j++) {                                                             \
        vf sum[SHARING_ROWS];                                                                      \
        for (size_t i = 0; i < rows; i++) sum[i] = splat(0);                                       \
        for (size_t b = 0; b < blocks; b++) {                                                      \
          BLOCK block;                                                                          \
          unpack_##NAME(&block, block_at(w + j * row, rest, b, whole, row, SIZE));                 \
          for (size_t i = 0; i < rows; i++)                                                        \
            ADD(&sum[i], &block, part + i * blocks + b, WIDE);                               \
        }                                                                                          \
        for (size_t i = 0; i < rows; i++)                                                          \
          settle_sum(C + (first + i) * ldc + j, sum[i], alpha, beta);                              \
      }                                                                                            \
    }                                                                                              \
  }

#define BLOCK_PRODUCT(NAME, SIZE, WIDE)                                                            \
  BLOCK_PRODUCT_AS(block256, add_block, NAME, SIZE, WIDE)
#define GROUPED_PRODUCT(NAME, SIZE)                                                                \
  BLOCK_PRODUCT_AS(GROUPED_BLOCK, ADD_GROUPED, NAME, SIZE, 0)

BLOCK_PRODUCT(q4_0, 144, 0)
BLOCK_PRODUCT(q4_1, 160, 0)
BLOCK_PRODUCT(q5_0, 176, 0)
BLOCK_PRODUCT(q5_1, 192, 0)
BLOCK_PRODUCT(q8_0, 272, 1)
BLOCK_PRODUCT(q2_k, 84, 0)
BLOCK_PRODUCT(q3_k, 110, 0)
GROUPED_PRODUCT(q4_k, 144)
GROUPED_PRODUCT(q5_k, 176)
BLOCK_PRODUCT(q6_k, 210, 0)
BLOCK_PRODUCT(iq4_nl, 144, 1)
BLOCK_PRODUCT(iq4_xs, 136, 1)

static void product_nt_blocks(float *C, size_t ldc, const void *packed, const uint8_t *B, int type,
                              size_t M, size_t N, size_t K, float alpha, float beta) {
#if LANES == 16 && !defined(DOT_BYTES)
  // The same integers, and so the same bits, by fewer instructions.
  if (__builtin_cpu_supports("avx512vnni")) {
    orc_product_nt_blocks_vnni(C, ldc, packed, B, type, M, N, K, alpha, beta);
    return;
  }
#endif
  const packed256 *x = packed;
#define CASE(NUMBER, NAME)                                                                         \
  case NUMBER: product_##NAME(C, ldc, x, B, M, N, K, alpha, beta); break;
  switch (type) {
    CASE(2, q4_0)
    CASE(3, q4_1)
    CASE(6, q5_0)
    CASE(7, q5_1)
    CASE(8, q8_0)
    CASE(10, q2_k)
    CASE(11, q3_k)
    CASE(12, q4_k)
    CASE(13, q5_k)
    CASE(14, q6_k)
    CASE(20, iq4_nl)
    CASE(23, iq4_xs)
  default: break;
  }
#undef CASE
}
