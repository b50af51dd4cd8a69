/// RMS normalization over the last axis (Zhang & Sennrich 2019, eq. 4; eps inside the root, as
/// Llama does). Called once per block of rows by the CPU backend.
static void rmsnorm_forward(float *restrict y, float *restrict r, const float *restrict x,
                            const float *restrict w, size_t T, size_t C, float eps) {
  FREE_ORDER
  for (size_t t = 0; t < T; t++) {
    const float *row = x + t * C;
    float sum = 0;
    for (size_t c = 0; c < C; c++) sum += row[c] * row[c];
    float scale = 1.0f / __builtin_elementwise_sqrt(sum / (float)C + eps);
    r[t] = scale;
    float *out = y + t * C;
    for (size_t c = 0; c < C; c++) out[c] = row[c] * scale * w[c];
  }
}

static void rmsnorm_backward(float *restrict dx, float *restrict dw, const float *restrict dy,
                             const float *restrict x, const float *restrict w,
                             const float *restrict r, size_t T, size_t C) {
  FREE_ORDER
  for (size_t t = 0; t < T; t++) {
    const float *row = x + t * C, *up = dy + t * C;
    float scale = r[t], dot = 0;
    for (size_t c = 0; c < C; c++) dot += w[c] * up[c] * row[c];
    float shrink = dot / (float)C * scale * scale * scale;
    float *down = dx + t * C;
    for (size_t c = 0; c < C; c++) down[c] += scale * w[c] * up[c] - row[c] * shrink;
    if (dw)
      for (size_t c = 0; c < C; c++) dw[c] += up[c] * row[c] * scale;
  }
}
