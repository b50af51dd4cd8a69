/// Rotary positions (Su et al. 2021) of the first R of D components in the half-split layout: (a, b) =
/// (x[i], x[i + R/2]) becomes
/// (a cos - b sin, b cos + a sin). The backward pass is the rotation by the negative angle.
static void rope(float *restrict x, size_t stride, const float *restrict cosine,
                 const float *restrict sine, const int32_t *restrict positions, size_t T,
                 size_t heads, size_t D, size_t R, float sign) {
  FUSED
  size_t half = R / 2;
  for (size_t t = 0; t < T; t++) {
    const float *c = cosine + (size_t)positions[t] * half;
    const float *s = sine + (size_t)positions[t] * half;
    for (size_t h = 0; h < heads; h++) {
      float *restrict a = x + t * stride + h * D;
      float *restrict b = a + half;
      for (size_t i = 0; i < half; i++) {
        float first = a[i], second = b[i], turn = s[i] * sign;
        a[i] = first * c[i] - second * turn;
        b[i] = second * c[i] + first * turn;
      }
    }
  }
}
