// Registers, and the exponential that every softmax and gate uses.

typedef float vf __attribute__((vector_size(LANES * 4), aligned(4)));

INLINE vf load(const float *p) { return *(const vf *)p; }
INLINE void store(float *p, vf x) { *(vf *)p = x; }

INLINE vf splat(float x) {
  vf y = {0};
  return y + x;
}

/// Lanes added in halves: (0..L/2) + (L/2..L), and so on: one fixed order.
INLINE float lane_sum(vf x) {
  float lanes[LANES];
  store(lanes, x);
#pragma clang loop unroll(full)
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}

/// The greatest of n values, n a multiple of LANES; -infinity for none. NaN is passed over.
INLINE float row_maximum(const float *p, size_t n) {
  vf best = splat(-INFINITY);
  for (size_t i = 0; i < n; i += LANES) best = __builtin_elementwise_max(best, load(p + i));
  float maximum = -INFINITY;
  for (int i = 0; i < LANES; i++) maximum = best[i] > maximum ? best[i] : maximum;
  return maximum;
}

/// e^x for any x, 0 below -87.3, within 2 units in the last place: x = n ln 2 + r by the rounding
/// trick of adding 1.5 * 2^23, then a polynomial of degree 6 (the coefficients of Cephes' expf).
/// Branch-free, so loops around it vectorize. NaN stays NaN.
INLINE float exponential(float x) {
  FUSED
  float c = x > 88.0f ? 88.0f : x;
  c = c < -87.3f ? -87.3f : c;
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
