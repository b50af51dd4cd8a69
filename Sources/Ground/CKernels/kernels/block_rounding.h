// Rows for products with weights in blocks: see block_product.h.

INLINE void pack_32(packed256 *out, size_t at, const float *x) {
  float largest = 0;
  for (int i = 0; i < 32; i++) {
    float magnitude = __builtin_fabsf(x[i]);
    // Not a number: kept, so that the sums are none either.
    largest = magnitude > largest || magnitude != magnitude ? magnitude : largest;
    if (magnitude != magnitude) break;
  }
  int usable = largest >= 0x1p-110f && largest <= 0x1.fffffep127f;
  float inverse = usable ? 127.0f / largest : 0, d = usable ? largest / 127.0f : 0;
  if (!(largest <= 0x1.fffffep127f)) d = NAN;
  int32_t sums[2] = {0, 0};
  for (int i = 0; i < 32; i++) {
    // To the nearest whole number, ties to even.
    float shifted = usable ? x[i] * inverse + 12582912.0f : 12582912.0f;
    int32_t q = (int32_t)(shifted - 12582912.0f);
    out->q[at + (size_t)i] = (int8_t)q;
    sums[i / 16] += q;
  }
  for (size_t g = 0; g < 2; g++) {
    out->scale[at / 16 + g] = d;
    out->sum[at / 16 + g] = d * (float)sums[g];
  }
}

/// The same values for lanes that belong to one group throughout.
INLINE void turn_groups(packed256 *out) {
#if LANES == 16
  for (size_t group = 0; group < 8; group++) {
    int8_t *to = group % 2 == 0 ? out->even : out->odd;
    float *scale = group % 2 == 0 ? out->even_scale : out->odd_scale;
    for (size_t piece = 0; piece < 4; piece++)
      memcpy(to + 32 * piece + 8 * (group / 2), out->q + 32 * group + 8 * piece, 8);
    for (size_t half = 0; half < 2; half++)
      for (size_t lane = 0; lane < 2; lane++)
        scale[8 * half + 2 * (group / 2) + lane] = out->scale[2 * group];
    out->group_sum[group] = out->sum[2 * group] + out->sum[2 * group + 1];
    out->group_sum[8 + group] = 0;
  }
#else
  (void)out;
#endif
}

static void round_rows(void *packed, const float *x, size_t stride, size_t T, size_t K) {
  _Pragma("clang fp contract(off)")
  size_t blocks = (K + BLOCK_WEIGHTS - 1) / BLOCK_WEIGHTS;
  packed256 *out = packed;
  for (size_t t = 0; t < T; t++) {
    const float *row = x + t * stride;
    for (size_t b = 0; b < blocks; b++, out++) {
      if (K - b * BLOCK_WEIGHTS < BLOCK_WEIGHTS) memset(out, 0, sizeof *out);
      for (size_t k = b * BLOCK_WEIGHTS; k < K && k < (b + 1) * BLOCK_WEIGHTS; k += 32)
        pack_32(out, k % BLOCK_WEIGHTS, row + k);
      turn_groups(out);
    }
  }
}
