// Many blocks at once, one in each lane: every lane does, in its order, what the definition does
// with one block.

#define ALIGNED _Alignas(64)

/// The largest size of a number that `nearest` rounds as the definitions do, with room.
#define ROUNDABLE 0x1p21f

/// Values below this can be multiplied with two others of their block and summed.
#define CUBABLE 0x1p38f

typedef uint8_t vb __attribute__((vector_size(LANES), aligned(1)));

/// a < b ? a : b, as the definitions compare: b where one is NaN.
INLINE vf lesser(vf a, vf b) {
#if LANES == 16
  return (vf)_mm512_min_ps((__m512)a, (__m512)b);
#elif LANES == 8
  return (vf)_mm256_min_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (vf)_mm_min_ps((__m128)a, (__m128)b);
#else
  return choose(a < b, a, b);
#endif
}

/// a > b ? a : b.
INLINE vf larger(vf a, vf b) {
#if LANES == 16
  return (vf)_mm512_max_ps((__m512)a, (__m512)b);
#elif LANES == 8
  return (vf)_mm256_max_ps((__m256)a, (__m256)b);
#elif defined(__SSE2__)
  return (vf)_mm_max_ps((__m128)a, (__m128)b);
#else
  return choose(a > b, a, b);
#endif
}

/// The nearest integer, ties to even, of magnitudes below 2^22.
INLINE vf nearest(vf x) {
#if LANES == 16
  return (vf)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#elif LANES == 8
  return (vf)_mm256_round_ps((__m256)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
  return (x + 12582912.0f) - 12582912.0f;
#endif
}

INLINE vf nearest_in(vf x, float low, float high) {
  return lesser(larger(nearest(x), splat(low)), splat(high));
}

INLINE vf magnitude(vf x) { return (vf)((vi)x & 0x7FFFFFFF); }

INLINE vf root(vf x) { return __builtin_elementwise_sqrt(x); }

/// Whether a lane of the mask is set.
INLINE int any(vi mask) {
#if LANES == 16
  return _mm512_movepi32_mask((__m512i)mask) != 0;
#elif LANES == 8
  return _mm256_movemask_ps((__m256)mask) != 0;
#elif defined(__SSE2__)
  return _mm_movemask_ps((__m128)mask) != 0;
#else
  return __builtin_reduce_or(mask) != 0;
#endif
}

/// Integers in float lanes, 0 ..< 256, as bytes.
INLINE vb bytes_of(vf levels) {
  return __builtin_convertvector(__builtin_convertvector(levels, vi), vb);
}

INLINE void store_bytes(uint8_t *p, vb bytes) { memcpy(p, &bytes, LANES); }

/// out[i] = value i of each lane's block; count is a multiple of LANES.
INLINE void gather(vf *restrict out, const float *const rows[LANES], size_t first, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
#pragma clang loop unroll(full)
    for (int lane = 0; lane < LANES; lane++) out[i + lane] = load(rows[lane] + first + i);
    transpose(out + i);
  }
}

/// Where the blocks of one round lie: the last one again in the lanes beyond.
typedef struct {
  size_t first, count;
  const float *x[LANES];
  const float *weights[LANES];
} lane_blocks;

INLINE lane_blocks lanes_from(size_t first, size_t blocks, const float *x, size_t elements,
                              const orc_importance *importance) {
  lane_blocks at = {.first = first, .count = blocks - first < LANES ? blocks - first : LANES};
  for (size_t lane = 0; lane < LANES; lane++) {
    size_t block = first + (lane < at.count ? lane : at.count - 1);
    at.x[lane] = x + block * elements;
    at.weights[lane] =
        importance ? importance->weights + block * elements % importance->columns : NULL;
  }
  return at;
}

/// sum_i x[i]^2, i ascending.
INLINE vf squares(const vf *x, size_t count) {
  vf sum = splat(0);
  for (size_t i = 0; i < count; i++) sum = sum + x[i] * x[i];
  return sum;
}

/// The largest magnitude of each lane, NaN above all.
INLINE vf largest_magnitude(const vf *x, size_t count) {
  vi most = (vi)splat(0);
  for (size_t i = 0; i < count; i++) {
    vi bits = (vi)x[i] & 0x7FFFFFFF;
    most = __builtin_elementwise_max(most, bits);
  }
  return (vf)most;
}

/// The value of largest magnitude, the first of equal ones; 0 where all are 0.
INLINE vf outermost(const vf *x, size_t count) {
  vf most = splat(0), value = splat(0);
  for (size_t i = 0; i < count; i++) {
    vf size = magnitude(x[i]);
    vi more = size > most;
    most = choose(more, size, most);
    value = choose(more, x[i], value);
  }
  return value;
}

/// w[i] *= sqrt(mean_square + x[i]^2).
INLINE void weigh(vf *restrict w, const vf *restrict x, vf mean_square, size_t count) {
  for (size_t i = 0; i < count; i++) w[i] = w[i] * root(mean_square + x[i] * x[i]);
}

INLINE vf sum_of(const vf *x, size_t count) {
  vf sum = splat(0);
  for (size_t i = 0; i < count; i++) sum = sum + x[i];
  return sum;
}

// MARK: - One block

INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

INLINE float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

/// binary32 to binary16, nearest, ties to even: BlockFormat.half.
INLINE uint16_t half_of(float x) {
  uint32_t bits = bits_of(x), sign = bits >> 16 & 0x8000, size = bits & 0x7FFFFFFF;
  if (size > 0x7F800000) return (uint16_t)(sign | 0x7E00);
  if (size >= 0x47800000) return (uint16_t)(sign | 0x7C00);
  if (size < 0x38800000) return (uint16_t)(sign | (bits_of(float_of(size) + 0.5f) - 0x3F000000));
  return (uint16_t)(sign | (size - 0x38000000 + 0xFFF + (size >> 13 & 1)) >> 13);
}

/// binary16 to binary32: BlockFormat.float.
INLINE float float_of_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16, size = half & 0x7FFF;
  if (size >= 0x7C00) return float_of(sign | 0x7F800000 | (size & 0x3FF) << 13);
  return float_of(sign | bits_of(float_of(size << 13) * 0x1p112f));
}

/// Stores x as binary16 and returns what was stored.
INLINE float store_half(uint8_t *p, float x) {
  uint16_t half = half_of(x);
  memcpy(p, &half, 2);
  return float_of_half(half);
}

INLINE float half_at(const uint8_t *p) {
  uint16_t half;
  memcpy(&half, p, 2);
  return float_of_half(half);
}

/// The nearest integer, ties to even, of a magnitude below 2^22.
INLINE int nearest_one(float x, int low, int high) {
  int level = (int)((x + 12582912.0f) - 12582912.0f);
  return level < low ? low : level > high ? high : level;
}

/// Whether a scale is in the range in which the searches' products stay finite; not for NaN.
INLINE int has_range(float x) { return __builtin_fabsf(x) < 0x1p100f; }

/// Whether 1 / x, or 0 for 0, is finite: a product with it is then no NaN.
INLINE int has_inverse(float x, float *inverse) {
  *inverse = x != 0 ? 1 / x : 0;
  return __builtin_fabsf(*inverse) < INFINITY;
}
