/// SwiGLU (Shazeer 2020): h = silu(g) * u with silu(g) = g / (1 + exp(-g)).
static void swiglu_forward(float *restrict h, const float *restrict gu, size_t T, size_t F) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    const float *restrict g = gu + t * 2 * F, *restrict u = g + F;
    float *restrict out = h + t * F;
    for (size_t f = 0; f < F; f++) out[f] = g[f] / (1.0f + exponential(-g[f])) * u[f];
  }
}

/// With p = 1 / (1 + exp(-g)):  du = dh g p;  dg = dh u p (1 + g (1 - p)).
/// Reads each element before it writes it, so dgu may be gu.
static void swiglu_backward(float *dgu, const float *restrict dh, const float *gu, size_t T,
                            size_t F) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    const float *g = gu + t * 2 * F, *u = g + F, *up = dh + t * F;
    float *dg = dgu + t * 2 * F, *du = dg + F;
#pragma clang loop vectorize(assume_safety)
    for (size_t f = 0; f < F; f++) {
      float gate = g[f], linear = u[f];
      float p = 1.0f / (1.0f + exponential(-gate));
      du[f] = up[f] * gate * p;
      dg[f] = up[f] * linear * p * (1.0f + gate * (1.0f - p));
    }
  }
}
