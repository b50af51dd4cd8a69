// Q2_K, Q4_K and Q5_K: sub-blocks with a scale and a minimum each.

/// What a type's blocks are made of.
typedef struct {
  /// Sub-blocks of a block, and values of a sub-block.
  size_t parts, part;
  affine_steps steps, weighted_steps;
  /// Scales and minima are numbers of steps up to this.
  float highest;
  size_t bytes;
  /// What the weights of importance add to x^2: so many mean squares of the block.
  float mean_squares;
} affine_kind;

/// What the search found for LANES blocks.
typedef struct {
  vf scale[16], minimum[16], inverse[16], low[16], sum_w[16];
  /// Scales and minima as numbers of steps, and the steps.
  vf scales[16], minima[16], d, dmin;
  vi odd;
} affine_found;

/// One block of them.
typedef struct {
  const float *x;
  float d, dmin;
  /// Of each sub-block: numbers of steps, and the step of its search.
  float scales[16], minima[16], inverse[16], low[16];
} affine_block;

/// Weights without importance: |x|, or sqrt(mean square) + |x| for sub-blocks of 32.
INLINE void weigh_plainly(vf *restrict w, const vf *restrict x, size_t part) {
  vf mean = part == 32 ? root(squares(x, 32) / 32.0f) : splat(0);
  for (size_t i = 0; i < part; i++)
    w[i] = part == 32 ? mean + magnitude(x[i]) : magnitude(x[i]);
}

/// Numbers of steps, the largest value being `highest` of them; returns the step.
INLINE vf steps_of(const vf *values, vf *restrict numbers, size_t count, float highest, vi *odd) {
  vf most = splat(0);
  for (size_t j = 0; j < count; j++) most = larger(values[j], most);
  vi some = most > 0;
  *odd |= some & ~(vi)(most > 0x1p-110f);
  vf inverse = choose(some, highest / most, splat(0));
  for (size_t j = 0; j < count; j++) {
    *odd |= ~(vi)(values[j] >= 0);
    numbers[j] = nearest(inverse * values[j]);
  }
  return most / highest;
}

INLINE void search_affine_blocks(affine_found *restrict found, const lane_blocks *at,
                                 int weighted, affine_kind kind) {
  ALIGNED vf values[256], weights[32];
  gather(values, at->x, 0, 256);
  found->odd = ~(vi)(largest_magnitude(values, 256) < CUBABLE);
  vf mean_square = splat(0);
  if (weighted) mean_square = kind.mean_squares * squares(values, 256) / 256.0f;
  for (size_t j = 0; j < kind.parts; j++) {
    const vf *x = values + j * kind.part;
    if (weighted) {
      gather(weights, at->weights, j * kind.part, kind.part);
      weigh(weights, x, mean_square, kind.part);
      found->sum_w[j] = sum_of(weights, kind.part);
    } else {
      weigh_plainly(weights, x, kind.part);
    }
    affine_fit fit =
        search_affine(x, weights, kind.part, weighted ? kind.weighted_steps : kind.steps);
    found->scale[j] = fit.scale;
    found->minimum[j] = fit.minimum;
    found->inverse[j] = fit.inverse;
    found->low[j] = fit.low;
    found->odd |= fit.odd;
  }
  if (weighted) {
    moved_fit scales = search_positive(found->scale, found->sum_w, found->scales, kind.parts,
                                       kind.highest);
    moved_fit minima = search_positive(found->minimum, found->sum_w, found->minima, kind.parts,
                                       kind.highest);
    found->d = scales.scale;
    found->dmin = minima.scale;
    found->odd |= scales.odd | minima.odd;
  } else {
    found->d = steps_of(found->scale, found->scales, kind.parts, kind.highest, &found->odd);
    found->dmin = steps_of(found->minimum, found->minima, kind.parts, kind.highest, &found->odd);
  }
}

INLINE affine_block affine_block_at(const affine_found *found, const float *x, size_t lane,
                                    size_t parts) {
  affine_block block = {.x = x, .d = found->d[lane], .dmin = found->dmin[lane]};
  for (size_t j = 0; j < parts; j++) {
    block.scales[j] = found->scales[j][lane];
    block.minima[j] = found->minima[j][lane];
    block.inverse[j] = found->inverse[j][lane];
    block.low[j] = found->low[j][lane];
  }
  return block;
}

/// The levels of values i ..< i + LANES of sub-block j, whose stored scale and minimum are given.
/// A sub-block with scale 0 keeps the levels of its search.
INLINE vf affine_levels(const affine_block *block, size_t i, size_t j, float scale, float minimum,
                        float top, vi *odd) {
  vf x = load(block->x + i);
  if (scale == 0) return nearest_in(block->inverse[j] * (x - block->low[j]), 0, top);
  vf level = (x + minimum) / scale;
  *odd |= ~(vi)(magnitude(level) < ROUNDABLE);
  return nearest_in(level, 0, top);
}

/// Overwrites 256 levels. Returns whether the definition would round the same.
INLINE int round_affine(uint8_t *restrict levels, const affine_block *block, size_t part,
                        float top) {
  vi odd = (vi)splat(0);
  for (size_t j = 0; j < 256 / part; j++) {
    float scale = block->d * block->scales[j], minimum = block->dmin * block->minima[j];
    for (size_t i = j * part; i < (j + 1) * part; i += LANES)
      store_bytes(levels + i, bytes_of(affine_levels(block, i, j, scale, minimum, top, &odd)));
  }
  return !any(odd);
}

/// Overwrites the 16 bytes that begin Q4_K and Q5_K; what is stored of d and dmin replaces them.
INLINE void store_packed_scales(uint8_t *restrict y, affine_block *block) {
  block->d = store_half(y, block->d);
  block->dmin = store_half(y + 2, block->dmin);
  for (int j = 0; j < 4; j++) {
    unsigned scale = (unsigned)block->scales[j + 4], minimum = (unsigned)block->minima[j + 4];
    y[4 + j] = (uint8_t)((unsigned)block->scales[j] | (scale & 0x30) << 2);
    y[8 + j] = (uint8_t)((unsigned)block->minima[j] | (minimum & 0x30) << 2);
    y[12 + j] = (uint8_t)((scale & 15) | minimum << 4);
  }
}

INLINE int finish_q4_k(uint8_t *restrict y, affine_block *block) {
  ALIGNED uint8_t levels[256];
  store_packed_scales(y, block);
  if (!round_affine(levels, block, 32, 15)) return 0;
  for (int group = 0; group < 4; group++)
    for (int j = 0; j < 32; j++)
      y[16 + 32 * group + j] = levels[64 * group + j] | levels[64 * group + j + 32] << 4;
  return 1;
}

INLINE int finish_q5_k(uint8_t *restrict y, affine_block *block) {
  ALIGNED uint8_t levels[256];
  uint8_t high[32] = {0};
  store_packed_scales(y, block);
  if (!round_affine(levels, block, 32, 31)) return 0;
  for (int group = 0; group < 4; group++)
    for (int j = 0; j < 32; j++) {
      uint8_t a = levels[64 * group + j], b = levels[64 * group + j + 32];
      y[48 + 32 * group + j] = (uint8_t)((a & 15) | b << 4);
      high[j] |= (uint8_t)((a >> 4 | b >> 4 << 1) << 2 * group);
    }
  memcpy(y + 16, high, 32);
  return 1;
}

/// 64 bytes of 256 two-bit levels, 32 for each 128 of them.
INLINE void store_two_bits(uint8_t *restrict y, const uint8_t *restrict levels) {
  for (int half = 0; half < 2; half++)
    for (int j = 0; j < 32; j++) {
      const uint8_t *four = levels + 128 * half + j;
      y[32 * half + j] = (uint8_t)(four[0] | four[32] << 2 | four[64] << 4 | four[96] << 6);
    }
}

INLINE int finish_q2_k(uint8_t *restrict y, affine_block *block) {
  ALIGNED uint8_t levels[256];
  block->d = store_half(y + 80, block->d);
  block->dmin = store_half(y + 82, block->dmin);
  for (int j = 0; j < 16; j++)
    y[j] = (uint8_t)((unsigned)block->scales[j] | (unsigned)block->minima[j] << 4);
  if (!round_affine(levels, block, 16, 3)) return 0;
  store_two_bits(y + 16, levels);
  return 1;
}

#define WEIGHTED_STEPS(top) {top, -0.9f, 0.05f, 36, 0}

static const affine_kind kind_q2_k = {
    16, 16, {3, -0.5f, 0.1f, 15, 1}, WEIGHTED_STEPS(3), 15, 84, 1};
static const affine_kind kind_q4_k = {
    8, 32, {15, -1, 0.1f, 20, 0}, WEIGHTED_STEPS(15), 63, 144, 2};
static const affine_kind kind_q5_k = {
    8, 32, {31, -0.5f, 0.1f, 15, 0}, WEIGHTED_STEPS(31), 63, 176, 2};

/// Encodes with `finish`, which returns 0 for a block that the definition must encode.
INLINE size_t encode_affine(uint8_t *restrict y, const float *restrict x, size_t blocks,
                            const orc_importance *importance, uint32_t *restrict odd,
                            affine_kind kind, int (*finish)(uint8_t *restrict, affine_block *)) {
  size_t odd_count = 0;
  ALIGNED affine_found found;
  for (size_t first = 0; first < blocks; first += LANES) {
    lane_blocks at = lanes_from(first, blocks, x, 256, importance);
    search_affine_blocks(&found, &at, importance != NULL, kind);
    for (size_t lane = 0; lane < at.count; lane++) {
      size_t number = first + lane;
      affine_block block = affine_block_at(&found, at.x[lane], lane, kind.parts);
      if (found.odd[lane] || !finish(y + kind.bytes * number, &block))
        odd[odd_count++] = (uint32_t)number;
    }
  }
  return odd_count;
}

#define AFFINE_ENCODER(type)                                                                       \
  static size_t encode_##type(uint8_t *restrict y, const float *restrict x, size_t blocks,         \
                              const orc_importance *importance, uint32_t *restrict odd) {          \
    if (importance)                                                                                \
      return encode_affine(y, x, blocks, importance, odd, kind_##type, finish_##type);             \
    return encode_affine(y, x, blocks, NULL, odd, kind_##type, finish_##type);                     \
  }

AFFINE_ENCODER(q2_k)
AFFINE_ENCODER(q4_k)
AFFINE_ENCODER(q5_k)
