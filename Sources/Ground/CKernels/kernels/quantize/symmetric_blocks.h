// Q3_K and Q6_K: sub-blocks of 16 values with a scale each.

/// What the search found for LANES blocks.
typedef struct {
  vf scale[16], inverse[16], sum_w[16];
  /// Q3_K: numbers of steps, 0 ..< 64, the step, and without importance the levels searched.
  vf scales[16], d;
  uint8_t levels[256][LANES];
  vi odd;
} symmetric_found;

INLINE vi beyond_range(vf scale) { return ~(vi)(magnitude(scale) < 0x1p100f); }

/// Levels i ..< i + LANES by a stored scale that is not 0.
INLINE vb symmetric_levels(const float *x, float scale, float half, vi *odd) {
  vf level = load(x) / scale;
  *odd |= ~(vi)(magnitude(level) < ROUNDABLE);
  return bytes_of(nearest_in(level, -half, half - 1) + half);
}

/// Levels i ..< i + LANES of a search; `inverse` is 0 where its scale is.
INLINE vb searched_levels(const float *x, float inverse, float half) {
  vf level = nearest_in(load(x) * inverse, -half, half - 1) + half;
  return bytes_of(inverse == 0 ? splat(0) : level);
}

INLINE void keep(symmetric_found *found, size_t j, symmetric_fit fit) {
  found->scale[j] = fit.scale;
  found->inverse[j] = choose(fit.zero, splat(0), fit.inverse);
  found->odd |= beyond_range(fit.scale);
}

INLINE int finish_q6_k(uint8_t *restrict y, const float *x, const symmetric_found *found,
                       size_t lane) {
  ALIGNED uint8_t levels[256];
  float outer = 0;
  for (int j = 0; j < 16; j++) {
    float scale = found->scale[j][lane];
    if (__builtin_fabsf(scale) > __builtin_fabsf(outer)) outer = scale;
  }
  if (__builtin_fabsf(outer) < SCALE_MIN) {
    memset(y, 0, 210);
    return 1;
  }
  float inverse = -128.0f / outer, d = store_half(y + 208, 1 / inverse);
  vi odd = (vi)splat(0);
  for (size_t j = 0; j < 16; j++) {
    int step = nearest_one(inverse * found->scale[j][lane], -128, 127);
    y[192 + j] = (uint8_t)step;
    float scale = d * (float)step;
    for (size_t i = 16 * j; i < 16 * j + 16; i += LANES)
      store_bytes(levels + i, scale == 0
                                  ? searched_levels(x + i, found->inverse[j][lane], 32)
                                  : symmetric_levels(x + i, scale, 32, &odd));
  }
  for (int half = 0; half < 2; half++) {
    const uint8_t *l = levels + 128 * half;
    for (int j = 0; j < 64; j++)
      y[64 * half + j] = (uint8_t)((l[j] & 15) | l[j + 64] << 4);
    for (int j = 0; j < 32; j++)
      y[128 + 32 * half + j] = (uint8_t)(l[j] >> 4 | l[j + 32] >> 4 << 2 | l[j + 64] >> 4 << 4 |
                                         l[j + 96] >> 4 << 6);
  }
  return !any(odd);
}

INLINE void search_q6_k(symmetric_found *restrict found, const lane_blocks *at, int weighted) {
  ALIGNED vf values[256], weights[16];
  gather(values, at->x, 0, 256);
  found->odd = ~(vi)(largest_magnitude(values, 256) < CUBABLE);
  for (size_t j = 0; j < 16; j++) {
    if (weighted) gather(weights, at->weights, 16 * j, 16);
    keep(found, j, search_symmetric(values + 16 * j, weighted ? weights : NULL, 16, 32));
  }
}

INLINE void store_q3_k_scales(uint8_t *restrict y, const symmetric_found *found, size_t lane) {
  memset(y, 0, 12);
  for (int j = 0; j < 16; j++) {
    unsigned step = (unsigned)found->scales[j][lane];
    y[j % 8] |= (uint8_t)((step & 15) << j / 8 * 4);
    y[8 + j % 4] |= (uint8_t)((step >> 4) << j / 4 * 2);
  }
}

INLINE int finish_q3_k(uint8_t *restrict y, const float *x, const symmetric_found *found,
                       size_t lane, int weighted) {
  ALIGNED uint8_t levels[256];
  uint8_t high[32] = {0};
  store_q3_k_scales(y + 96, found, lane);
  float d = store_half(y + 108, found->d[lane]);
  vi odd = (vi)splat(0);
  for (size_t j = 0; j < 16; j++) {
    float scale = d * (found->scales[j][lane] - 32);
    if (scale == 0 && !weighted) {
      for (size_t i = 16 * j; i < 16 * j + 16; i++) levels[i] = found->levels[i][lane];
      continue;
    }
    for (size_t i = 16 * j; i < 16 * j + 16; i += LANES)
      store_bytes(levels + i, scale == 0 ? searched_levels(x + i, found->inverse[j][lane], 4)
                                         : symmetric_levels(x + i, scale, 4, &odd));
  }
  for (int k = 0; k < 8; k++)
    for (int j = 0; j < 32; j++) {
      high[j] |= (uint8_t)(levels[32 * k + j] >> 2 << k);
      levels[32 * k + j] &= 3;
    }
  memcpy(y, high, 32);
  store_two_bits(y + 32, levels);
  return !any(odd);
}

INLINE void search_q3_k(symmetric_found *restrict found, const lane_blocks *at) {
  ALIGNED vf values[256], levels[32];
  gather(values, at->x, 0, 256);
  found->odd = ~(vi)(largest_magnitude(values, 256) < CUBABLE);
  for (size_t j = 0; j < 16; j += 2) {
    moved_fit fits[2];
    search_refined(fits, values + 16 * j, levels, 16, 4);
    for (size_t k = 0; k < 2; k++) {
      found->scale[j + k] = fits[k].scale;
      found->odd |= fits[k].odd | beyond_range(fits[k].scale);
    }
    for (size_t i = 0; i < 32; i++)
      store_bytes(found->levels[16 * j + i], bytes_of(levels[i] + 4.0f));
  }
  vf outer = outermost(found->scale, 16), inverse = -32.0f / outer;
  vi zero = outer == 0;
  found->odd |= ~zero & (vi)(magnitude(outer) < 0x1p-110f);
  for (size_t j = 0; j < 16; j++)
    found->scales[j] =
        choose(zero, splat(0), nearest_in(inverse * found->scale[j], -32, 31) + 32.0f);
  found->d = choose(zero, splat(0), 1.0f / inverse);
}

INLINE void search_q3_k_weighted(symmetric_found *restrict found, const lane_blocks *at) {
  ALIGNED vf values[256], weights[16];
  gather(values, at->x, 0, 256);
  found->odd = ~(vi)(largest_magnitude(values, 256) < CUBABLE);
  vf mean_square = 2.0f * squares(values, 256) / 256.0f;
  for (size_t j = 0; j < 16; j++) {
    gather(weights, at->weights, 16 * j, 16);
    weigh(weights, values + 16 * j, mean_square, 16);
    found->sum_w[j] = sum_of(weights, 16);
    keep(found, j, search_symmetric(values + 16 * j, weights, 16, 4));
  }
  symmetric_fit fit = search_symmetric(found->scale, found->sum_w, 16, 32);
  found->d = fit.scale;
  for (size_t j = 0; j < 16; j++) {
    vf level = nearest_in(fit.inverse * found->scale[j], -32, 31) + 32.0f;
    found->scales[j] = choose(fit.zero, splat(0), level);
  }
}

/// type: 3 or 6.
INLINE size_t encode_symmetric(uint8_t *restrict y, const float *restrict x, size_t blocks,
                               const orc_importance *importance, uint32_t *restrict odd,
                               int type) {
  size_t odd_count = 0, bytes = type == 3 ? 110 : 210;
  ALIGNED symmetric_found found;
  for (size_t first = 0; first < blocks; first += LANES) {
    lane_blocks at = lanes_from(first, blocks, x, 256, importance);
    if (type == 6) {
      search_q6_k(&found, &at, importance != NULL);
    } else if (importance) {
      search_q3_k_weighted(&found, &at);
    } else {
      search_q3_k(&found, &at);
    }
    for (size_t lane = 0; lane < at.count; lane++) {
      uint8_t *block = y + bytes * (first + lane);
      int same = !found.odd[lane] &&
                 (type == 6 ? finish_q6_k(block, at.x[lane], &found, lane)
                            : finish_q3_k(block, at.x[lane], &found, lane, importance != NULL));
      if (!same) odd[odd_count++] = (uint32_t)(first + lane);
    }
  }
  return odd_count;
}

#define SYMMETRIC_ENCODER(name, type)                                                              \
  static size_t name(uint8_t *restrict y, const float *restrict x, size_t blocks,                  \
                     const orc_importance *importance, uint32_t *restrict odd) {                   \
    if (importance) return encode_symmetric(y, x, blocks, importance, odd, type);                  \
    return encode_symmetric(y, x, blocks, NULL, odd, type);                                        \
  }

SYMMETRIC_ENCODER(encode_q3_k, 3)
SYMMETRIC_ENCODER(encode_q6_k, 6)
