/// RMS normalization (Zhang & Sennrich 2019, eq. 4; eps inside the root, as Llama does) of `groups`
/// parts of C in each row. One is added to the weight where the family says so (gemma).
INLINE void rmsnorm_scale(float *y, const float *x, const float *restrict w, size_t C, float scale,
                          float one) {
  FUSED
#pragma clang loop vectorize(assume_safety)
  for (size_t c = 0; c < C; c++) y[c] = x[c] * scale * (w[c] + one);
}

static void rmsnorm_forward(float *y, size_t y_stride, float *restrict r, const float *x,
                            size_t x_stride, const float *restrict w, size_t T, size_t groups,
                            size_t C, float eps, float one) {
  FREE_ORDER
  for (size_t t = 0; t < T; t++)
    for (size_t g = 0; g < groups; g++) {
      const float *row = x + t * x_stride + g * C;
      float sum = 0;
      for (size_t c = 0; c < C; c++) sum += row[c] * row[c];
      float scale = 1.0f / __builtin_elementwise_sqrt(sum / (float)C + eps);
      r[t * groups + g] = scale;
      rmsnorm_scale(y + t * y_stride + g * C, row, w, C, scale, one);
    }
}

static void rmsnorm_again(float *y, size_t y_stride, const float *restrict r, const float *x,
                          size_t x_stride, const float *restrict w, size_t T, size_t groups,
                          size_t C, float one) {
  for (size_t t = 0; t < T; t++)
    for (size_t g = 0; g < groups; g++)
      rmsnorm_scale(y + t * y_stride + g * C, x + t * x_stride + g * C, w, C, r[t * groups + g],
                    one);
}

INLINE void rmsnorm_row_backward(float *dx, const float *dy, const float *restrict x,
                                 const float *restrict w, size_t C, float scale, float one,
                                 float keep) {
  FREE_ORDER
  float dot = 0;
  for (size_t c = 0; c < C; c++) dot += (w[c] + one) * dy[c] * x[c];
  float shrink = dot / (float)C * scale * scale * scale;
#pragma clang loop vectorize(assume_safety)
  for (size_t c = 0; c < C; c++)
    dx[c] = (keep != 0 ? dx[c] : 0.0f) + (scale * (w[c] + one) * dy[c] - x[c] * shrink);
}

static void rmsnorm_backward(float *dx, size_t dx_stride, float *restrict dw, const float *dy,
                             size_t dy_stride, const float *restrict x, size_t x_stride,
                             const float *restrict w, const float *restrict r, size_t T,
                             size_t groups, size_t C, float one, int accumulate) {
  FREE_ORDER
  for (size_t t = 0; t < T; t++)
    for (size_t g = 0; g < groups; g++) {
      const float *row = x + t * x_stride + g * C, *up = dy + t * dy_stride + g * C;
      float *down = dx + t * dx_stride + g * C, scale = r[t * groups + g];
      // Before dx, which may be dy.
      if (dw)
        for (size_t c = 0; c < C; c++) dw[c] += up[c] * row[c] * scale;
      if (accumulate)
        rmsnorm_row_backward(down, up, row, w, C, scale, one, 1.0f);
      else
        rmsnorm_row_backward(down, up, row, w, C, scale, one, 0.0f);
    }
}
