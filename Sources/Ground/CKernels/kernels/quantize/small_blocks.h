// Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0: blocks of 32 values.

typedef struct {
  /// Bytes of a block, and levels.
  size_t bytes;
  int levels;
  /// Whether a minimum is stored, from which levels count.
  int has_minimum;
} small_kind;

/// What is stored of LANES blocks, and how their values become levels.
typedef struct {
  vf scale, minimum, inverse, low;
  vi odd;
} small_fit;

/// The scale that the extremes of a block give, without importance.
INLINE small_fit fit_small(const lane_blocks *at, small_kind kind) {
  ALIGNED vf x[32];
  gather(x, at->x, 0, 32);
  vf most = largest_magnitude(x, 32), low = splat(0);
  small_fit fit;
  if (kind.has_minimum) {
    vf high = splat(-3.402823466e38f);
    low = -high;
    for (size_t i = 0; i < 32; i++) {
      low = lesser(x[i], low);
      high = larger(x[i], high);
    }
    fit.scale = (high - low) / (float)(kind.levels - 1);
  } else {
    fit.scale = kind.levels == 256 ? most / 127.0f
                                   : outermost(x, 32) / (float)(-kind.levels / 2);
  }
  fit.minimum = fit.low = low;
  fit.inverse = choose(fit.scale == 0, splat(0), 1.0f / fit.scale);
  fit.odd = ~((vi)(most < 0x1p120f) & (vi)(magnitude(fit.inverse) < INFINITY));
  return fit;
}

/// The scale that the search finds with importance.
INLINE small_fit search_small(const lane_blocks *at, const orc_importance *importance,
                              small_kind kind) {
  ALIGNED vf x[32], weights[32];
  vf mean_square = splat(0);
  gather(x, at->x, 0, 32);
  gather(weights, at->weights, 0, 32);
  for (size_t lane = 0; lane < LANES; lane++) {
    size_t block = at->first + (lane < at->count ? lane : at->count - 1);
    mean_square[lane] = importance->mean_squares[block * 32 / importance->columns];
  }
  weigh(weights, x, mean_square, 32);
  vi odd = ~(vi)(largest_magnitude(x, 32) < CUBABLE);
  if (kind.has_minimum) {
    affine_steps steps = WEIGHTED_STEPS((float)(kind.levels - 1));
    affine_fit fit = search_affine(x, weights, 32, steps);
    return (small_fit){fit.scale, -fit.minimum, fit.inverse, fit.low, odd | fit.odd};
  }
  symmetric_fit fit = search_symmetric(x, weights, 32, (float)(kind.levels / 2));
  vf inverse = choose(fit.zero, splat(0), fit.inverse);
  return (small_fit){fit.scale, splat(0), inverse, splat(0), odd};
}

/// Levels of LANES values of one block.
INLINE vi small_levels(const float *p, float inverse, float low, int weighted, small_kind kind) {
  vf x = load(p), half = splat((float)(kind.levels / 2));
  if (weighted) {
    if (kind.has_minimum)
      return __builtin_convertvector(
          nearest_in(inverse * (x - low), 0, (float)(kind.levels - 1)), vi);
    if (inverse == 0) return (vi)splat(0);
    return __builtin_convertvector(
        lesser(larger(nearest(inverse * x), -half), half - 1) + half, vi);
  }
  vf level = kind.has_minimum ? (x - low) * inverse + 0.5f : x * inverse + (half + 0.5f);
  return __builtin_convertvector(lesser(level, splat((float)(kind.levels - 1))), vi);
}

/// The bits of LANES levels that are above 15, the first level's lowest.
INLINE uint32_t fifth_bits(vi levels) {
#if LANES == 16
  return _mm512_cmpgt_epi32_mask((__m512i)levels, _mm512_set1_epi32(15));
#elif LANES == 8
  return (uint32_t)_mm256_movemask_ps((__m256)(levels > 15));
#elif defined(__SSE2__)
  return (uint32_t)_mm_movemask_ps((__m128)(levels > 15));
#else
  uint32_t bits = 0;
  for (int i = 0; i < LANES; i++) bits |= (uint32_t)(levels[i] > 15) << i;
  return bits;
#endif
}

/// round(x * inverse), halves away from zero, of magnitudes up to 127: the addition reaches the
/// next integer exactly from one half on.
INLINE void store_q8_0(uint8_t *restrict y, const float *restrict x, float inverse) {
  typedef int8_t signed_bytes __attribute__((vector_size(LANES)));
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 32; i += LANES) {
    vf value = load(x + i) * inverse;
    vf away = (vf)(((vi)value & INT32_MIN) | (vi)splat(0x1.fffffep-2f));
    signed_bytes q =
        __builtin_convertvector(__builtin_convertvector(value + away, vi), signed_bytes);
    memcpy(y + i, &q, LANES);
  }
}

INLINE void store_small(uint8_t *restrict y, const float *restrict x, float scale, float minimum,
                        float inverse, float low, int weighted, small_kind kind) {
  store_half(y, scale);
  y += 2;
  if (kind.has_minimum) {
    store_half(y, minimum);
    y += 2;
  }
  if (kind.levels == 256) {
    store_q8_0(y, x, inverse);
    return;
  }
  uint32_t fifth = 0;
  uint8_t *nibbles = y + (kind.levels == 32 ? 4 : 0);
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 16; i += LANES) {
    vi a = small_levels(x + i, inverse, low, weighted, kind);
    vi b = small_levels(x + i + 16, inverse, low, weighted, kind);
    if (kind.levels == 32) fifth |= fifth_bits(a) << i | fifth_bits(b) << (i + 16);
    store_bytes(nibbles + i, __builtin_convertvector((a & 15) | (b & 15) << 4, vb));
  }
  if (kind.levels == 32) memcpy(y, &fifth, 4);
}

INLINE size_t encode_small(uint8_t *restrict y, const float *restrict x, size_t blocks,
                           const orc_importance *importance, uint32_t *restrict odd,
                           small_kind kind) {
  size_t odd_count = 0;
  for (size_t first = 0; first < blocks; first += LANES) {
    lane_blocks at = lanes_from(first, blocks, x, 32, importance);
    small_fit fit = importance ? search_small(&at, importance, kind) : fit_small(&at, kind);
    for (size_t lane = 0; lane < at.count; lane++) {
      if (fit.odd[lane]) {
        odd[odd_count++] = (uint32_t)(first + lane);
      } else {
        store_small(y + kind.bytes * (first + lane), at.x[lane], fit.scale[lane],
                    fit.minimum[lane], fit.inverse[lane], fit.low[lane], importance != NULL, kind);
      }
    }
  }
  return odd_count;
}

static const small_kind kind_q4_0 = {18, 16, 0}, kind_q4_1 = {20, 16, 1}, kind_q5_0 = {22, 32, 0},
                        kind_q5_1 = {24, 32, 1}, kind_q8_0 = {34, 256, 0};

#define SMALL_ENCODER(type)                                                                        \
  static size_t encode_##type(uint8_t *restrict y, const float *restrict x, size_t blocks,         \
                              const orc_importance *importance, uint32_t *restrict odd) {          \
    if (importance) return encode_small(y, x, blocks, importance, odd, kind_##type);               \
    return encode_small(y, x, blocks, NULL, odd, kind_##type);                                     \
  }

SMALL_ENCODER(q4_0)
SMALL_ENCODER(q4_1)
SMALL_ENCODER(q5_0)
SMALL_ENCODER(q5_1)

static size_t encode_q8_0(uint8_t *restrict y, const float *restrict x, size_t blocks,
                          const orc_importance *importance, uint32_t *restrict odd) {
  (void)importance;
  return encode_small(y, x, blocks, NULL, odd, kind_q8_0);
}

static void mean_squares(float *restrict y, const float *restrict x, size_t R, size_t C) {
  for (size_t first = 0; first < R; first += LANES) {
    lane_blocks at = lanes_from(first, R, x, C, NULL);
    vf sum = splat(0);
    size_t c = 0;
    for (; c + LANES <= C; c += LANES) {
      vf square[LANES];
      gather(square, at.x, c, LANES);
      for (size_t i = 0; i < LANES; i++) sum = sum + square[i] * square[i];
    }
    for (size_t lane = 0; lane < at.count; lane++) {
      float total = sum[lane];
      for (size_t i = c; i < C; i++) total += at.x[lane][i] * at.x[lane][i];
      y[first + lane] = total / (float)C;
    }
  }
}
