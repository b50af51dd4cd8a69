/// GeGLU (Shazeer 2020) with the tanh form of GELU (Hendrycks & Gimpel 2016), as Gemma does:
/// gelu(g) = g / 2 (1 + tanh z) = g / (1 + exp(-2 z)),  z = sqrt(2 / pi) (g + 0.044715 g^3).

/// 1 / (1 + exp(-2 z)).
INLINE float gelu_gate(float g) {
  FUSED
  float z = 0.7978845608028654f * (g + 0.044715f * g * g * g);
  return 1.0f / (1.0f + exponential(-2.0f * z));
}

static void geglu_tanh_forward(float *restrict h, const float *restrict gu, size_t T, size_t F) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    const float *restrict g = gu + t * 2 * F, *restrict u = g + F;
    float *restrict out = h + t * F;
    for (size_t f = 0; f < F; f++) out[f] = g[f] * gelu_gate(g[f]) * u[f];
  }
}

/// With p = 1 / (1 + exp(-2 z)):  du = dh g p;  dg = dh u p (1 + 2 g (1 - p) dz/dg),
/// dz/dg = sqrt(2 / pi) (1 + 3 * 0.044715 g^2).
/// Reads each element before it writes it, so dgu may be gu.
static void geglu_tanh_backward(float *dgu, const float *restrict dh, const float *gu, size_t T,
                                size_t F) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    const float *g = gu + t * 2 * F, *u = g + F, *up = dh + t * F;
    float *dg = dgu + t * 2 * F, *du = dg + F;
#pragma clang loop vectorize(assume_safety)
    for (size_t f = 0; f < F; f++) {
      float gate = g[f], linear = u[f], p = gelu_gate(gate);
      float slope = 0.7978845608028654f * (1.0f + 0.134145f * gate * gate);
      du[f] = up[f] * gate * p;
      dg[f] = up[f] * linear * p * (1.0f + 2.0f * gate * (1.0f - p) * slope);
    }
  }
}
