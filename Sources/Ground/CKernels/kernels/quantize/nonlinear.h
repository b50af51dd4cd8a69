// The 16 values of the IQ4 types: NonlinearLevels.

/// Doubled for lookups of eight.
static const float nonlinear_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                           1,    13,   25,  38,  53,  69,  89,  113};

/// A level is above k where the value is at least edge k, the middle of values k and k + 1: in
/// single precision the differences to both are exact there.
static const float nonlinear_edges[16] = {-115.5f, -93.5f, -74, -57, -42,   -28.5f, -16, -4.5f,
                                          7,       19,     31.5f, 45.5f, 61, 79, 101, INFINITY};

#if LANES >= 8
/// table[level], level 0 ..< 16.
INLINE vf look_up(const float table[16], vi level) {
#if LANES == 16
  return (vf)_mm512_permutexvar_ps((__m512i)level, _mm512_loadu_ps(table));
#else
  vf low = (vf)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)level);
  vf high = (vf)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table + 8), (__m256i)level);
  return choose(level > 7, high, low);
#endif
}

/// The number of edges that are not above x, by halving.
INLINE vi nonlinear_level(vf x) {
  vi level = (vi)(x >= nonlinear_edges[7]) & 8;
  level |= (vi)(x >= look_up(nonlinear_edges, level + 3)) & 4;
  level |= (vi)(x >= look_up(nonlinear_edges, level + 1)) & 2;
  return level | ((vi)(x >= look_up(nonlinear_edges, level)) & 1);
}

INLINE vf nonlinear_value(vf x) { return look_up(nonlinear_values, nonlinear_level(x)); }
#else
INLINE vi nonlinear_level(vf x) {
  vi level = (vi)splat(0);
#pragma clang loop unroll(full)
  for (int k = 0; k < 15; k++) level -= (vi)(x >= nonlinear_edges[k]);
  return level;
}

INLINE vf nonlinear_value(vf x) {
  vf value = splat(nonlinear_values[0]);
#pragma clang loop unroll(full)
  for (int k = 0; k < 15; k++) {
    vf step = splat(nonlinear_values[k + 1] - nonlinear_values[k]);
    value = value + (vf)((vi)step & (vi)(x >= nonlinear_edges[k]));
  }
  return value;
}
#endif

/// The scale of 32 values: NonlinearLevels.scale.
INLINE vf search_nonlinear(const vf *restrict x, const vf *restrict w) {
  vf outer = outermost(x, 32), scale = splat(0), best = splat(0);
  for (int step = -8; step <= 7; step++) {
    // The first round is the one that maps the outermost value to 127.
    int first = step == -8;
    vf inverse = first ? 1.0f / (-outer / -127.0f) : ((float)step + -127.0f) / outer;
    vf sum_xq = splat(0), sum_qq = splat(0);
#pragma clang loop unroll_count(4)
    for (size_t i = 0; i < 32; i++) {
      vf q = nonlinear_value(inverse * x[i]), wq = w[i] * q;
      sum_xq = sum_xq + wq * x[i];
      sum_qq = sum_qq + wq * q;
    }
    vi better = sum_qq > 0;
    if (!first) better &= sum_xq * sum_xq > best * sum_qq;
    scale = choose(better, sum_xq / sum_qq, scale);
    best = choose(better, scale * sum_xq, best);
  }
  return choose(magnitude(outer) < SCALE_MIN, splat(0), scale);
}

/// Overwrites 16 bytes with the levels of 32 values.
INLINE void store_nonlinear(uint8_t *y, const float *x, float inverse) {
  for (size_t i = 0; i < 16; i += LANES) {
    vi low = nonlinear_level(load(x + i) * inverse);
    vi high = nonlinear_level(load(x + i + 16) * inverse);
    store_bytes(y + i, __builtin_convertvector(low | high << 4, vb));
  }
}

/// Weights of 32 values: those of the importance times sqrt(mean_square + x^2), or x^2.
INLINE void weigh_nonlinear(vf *restrict w, const vf *restrict x, const lane_blocks *at,
                            size_t first, int weighted, vf mean_square) {
  if (weighted) {
    gather(w, at->weights, first, 32);
    weigh(w, x, mean_square, 32);
  } else {
    for (size_t i = 0; i < 32; i++) w[i] = x[i] * x[i];
  }
}

INLINE int finish_iq4_nl(uint8_t *y, const float *x, float scale) {
  float inverse;
  if (!has_inverse(scale, &inverse) || !has_range(scale)) return 0;
  store_half(y, scale);
  store_nonlinear(y + 2, x, inverse);
  return 1;
}

static size_t encode_iq4_nl(uint8_t *restrict y, const float *restrict x, size_t blocks,
                            const orc_importance *importance, uint32_t *restrict odd) {
  size_t odd_count = 0;
  ALIGNED vf values[32], weights[32];
  for (size_t first = 0; first < blocks; first += LANES) {
    lane_blocks at = lanes_from(first, blocks, x, 32, importance);
    gather(values, at.x, 0, 32);
    vi usable = largest_magnitude(values, 32) < CUBABLE;
    vf mean_square = importance ? squares(values, 32) * (2.0f / 32) : splat(0);
    weigh_nonlinear(weights, values, &at, 0, importance != NULL, mean_square);
    vf scale = search_nonlinear(values, weights);
    for (size_t lane = 0; lane < at.count; lane++) {
      size_t block = first + lane;
      if (!usable[lane] || !finish_iq4_nl(y + 18 * block, at.x[lane], scale[lane]))
        odd[odd_count++] = (uint32_t)block;
    }
  }
  return odd_count;
}

INLINE int finish_iq4_xs(uint8_t *y, const float *x, const vf *scales, size_t lane) {
  float outer = 0, inverse;
  for (int j = 0; j < 8; j++) {
    float scale = scales[j][lane];
    if (!has_range(scale)) return 0;
    if (__builtin_fabsf(scale) > __builtin_fabsf(outer)) outer = scale;
  }
  float d = -outer / 32;
  if (!has_inverse(d, &inverse)) return 0;
  store_half(y, d);
  memset(y + 2, 0, 6);
  for (int j = 0; j < 8; j++) {
    int level = nearest_one(inverse * scales[j][lane], -32, 31);
    float own;
    if (!has_inverse(d * (float)level, &own)) return 0;
    store_nonlinear(y + 8 + 16 * j, x + 32 * j, own);
    unsigned bits = (unsigned)(level + 32);
    y[4 + j / 2] |= (uint8_t)((bits & 15) << (j % 2 * 4));
    y[2 + j / 4] |= (uint8_t)((bits >> 4) << (j % 4 * 2));
  }
  return 1;
}

static size_t encode_iq4_xs(uint8_t *restrict y, const float *restrict x, size_t blocks,
                            const orc_importance *importance, uint32_t *restrict odd) {
  size_t odd_count = 0;
  ALIGNED vf values[256], weights[32], scales[8];
  for (size_t first = 0; first < blocks; first += LANES) {
    lane_blocks at = lanes_from(first, blocks, x, 256, importance);
    gather(values, at.x, 0, 256);
    vi usable = largest_magnitude(values, 256) < CUBABLE;
    vf mean_square = importance ? squares(values, 256) * (2.0f / 256) : splat(0);
    for (size_t j = 0; j < 8; j++) {
      weigh_nonlinear(weights, values + 32 * j, &at, 32 * j, importance != NULL, mean_square);
      scales[j] = search_nonlinear(values + 32 * j, weights);
    }
    for (size_t lane = 0; lane < at.count; lane++) {
      size_t block = first + lane;
      if (!usable[lane] || !finish_iq4_xs(y + 136 * block, at.x[lane], scales, lane))
        odd[odd_count++] = (uint32_t)block;
    }
  }
  return odd_count;
}
