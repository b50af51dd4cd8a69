// Registers, and the exponential that every softmax and gate uses.

typedef float vf __attribute__((vector_size(LANES * 4), aligned(4)));

/// The next whole number of registers.
INLINE size_t padded(size_t n) { return (n + LANES - 1) / LANES * LANES; }

INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf x) { *(vf *)p = x; }

INLINE vf splat(float x) {
  vf y = {0};
  return y + x;
}

// The lanes of two registers in turn: the lower halves of both, the upper halves of both.
#if LANES == 16
#define INTERLEAVE_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define INTERLEAVE_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif LANES == 8
#define INTERLEAVE_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define INTERLEAVE_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#else
#define INTERLEAVE_LOW 0, 4, 1, 5
#define INTERLEAVE_HIGH 2, 6, 3, 7
#endif

/// A square of LANES x LANES: each round moves one bit of the row's number to the column's.
INLINE void transpose(vf square[LANES]) {
#pragma clang loop unroll(full)
  for (int round = 1; round < LANES; round *= 2) {
    vf next[LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      vf a = square[i], b = square[i + LANES / 2];
      next[2 * i] = __builtin_shufflevector(a, b, INTERLEAVE_LOW);
      next[2 * i + 1] = __builtin_shufflevector(a, b, INTERLEAVE_HIGH);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) square[i] = next[i];
  }
}

typedef int32_t vi __attribute__((vector_size(LANES * 4)));

/// a where the mask is set (all bits of a lane), else b.
INLINE vf choose(vi mask, vf a, vf b) { return (vf)((mask & (vi)a) | (~mask & (vi)b)); }

// A register turned by 8, 4, 2 and 1 lanes; a turn by 0 where it has no more.
#if LANES == 16
#define TURN_8 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7
#define TURN_4 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3
#define TURN_2 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1
#define TURN_1 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0
#define NUMBERS 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
#elif LANES == 8
#define TURN_4 4, 5, 6, 7, 0, 1, 2, 3
#define TURN_2 2, 3, 4, 5, 6, 7, 0, 1
#define TURN_1 1, 2, 3, 4, 5, 6, 7, 0
#define NUMBERS 0, 1, 2, 3, 4, 5, 6, 7
#else
#define TURN_2 2, 3, 0, 1
#define TURN_1 1, 2, 3, 0
#define NUMBERS 0, 1, 2, 3
#endif

/// Lanes added in halves: (0..L/2) + (L/2..L), and so on: one fixed order.
INLINE float lane_sum(vf x) {
#if LANES == 16
  x = x + __builtin_shufflevector(x, x, TURN_8);
#endif
#if LANES >= 8
  x = x + __builtin_shufflevector(x, x, TURN_4);
#endif
  x = x + __builtin_shufflevector(x, x, TURN_2);
  x = x + __builtin_shufflevector(x, x, TURN_1);
  return x[0];
}

/// The greater of each lane of a and b, b's where one is NaN.
INLINE vf greater(vf a, vf b) { return choose(a > b, a, b); }

INLINE float lane_maximum(vf x) {
#if LANES == 16
  x = greater(x, __builtin_shufflevector(x, x, TURN_8));
#endif
#if LANES >= 8
  x = greater(x, __builtin_shufflevector(x, x, TURN_4));
#endif
  x = greater(x, __builtin_shufflevector(x, x, TURN_2));
  x = greater(x, __builtin_shufflevector(x, x, TURN_1));
  return x[0];
}

/// The greatest of n values, n a multiple of LANES; -infinity for none. NaN is passed over.
INLINE float row_maximum(const float *p, size_t n) {
  vf best = splat(-INFINITY);
  for (size_t i = 0; i < n; i += LANES) best = greater(load(p + i), best);
  return lane_maximum(best);
}

/// LANES exponentials at once, the same numbers as exponential's.
INLINE vf exponentials(vf x) {
  FUSED
  vf c = choose(x > 88.0f, splat(88.0f), x);
  vf shifted = c * 1.44269504088896341f + 12582912.0f;
  vf n = shifted - 12582912.0f;
  vf r = c - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  vf p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  vf scale = (vf)(((vi)shifted + 127) << 23);
  return choose(x < -87.3f, splat(0), p * scale);
}

/// e^x, 0 below -87.3 and e^88 above 88, within 1e-7 of its value: x = n ln 2 + r by the rounding
/// trick of adding 1.5 * 2^23, then a polynomial of degree 6 (the coefficients of Cephes' expf).
/// Branch-free, so loops around it vectorize. NaN stays NaN.
INLINE float exponential(float x) {
  FUSED
  float c = x > 88.0f ? 88.0f : x;
  float shifted = c * 1.44269504088896341f + 12582912.0f;
  float n = shifted - 12582912.0f;
  float r = c - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  union {
    float value;
    uint32_t bits;
  } shiftedBits = {shifted}, scale;
  scale.bits = (shiftedBits.bits + 127u) << 23;
  float y = p * scale.value;
  return x < -87.3f ? 0.0f : y;
}

/// tanh x within 3e-7 of its value: below 0.625 an odd polynomial (the coefficients of Cephes'
/// tanhf), above 1 - 2 / (e^2x + 1). NaN stays NaN.
INLINE float hyperbolic_tangent(float x) {
  FUSED
  float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  float near = p * z * x + x;
  float magnitude = __builtin_elementwise_abs(x);
  float far = 1.0f - 2.0f / (exponential(2.0f * magnitude) + 1.0f);
  return magnitude < 0.625f ? near : __builtin_elementwise_copysign(far, x);
}

/// alpha * sum + beta * c, every operation rounded: left to fuse, the compiler would choose anew
/// for each size of tile, and an element's bits would depend on the tile it fell into.
INLINE vf settle(vf sum, vf c, float alpha, float beta) {
  _Pragma("clang fp contract(off)")
  vf scaled = alpha * sum, kept = beta * c;
  return scaled + kept;
}

INLINE float settle_one(float sum, float c, float alpha, float beta) {
  _Pragma("clang fp contract(off)")
  float scaled = alpha * sum, kept = beta * c;
  return scaled + kept;
}
