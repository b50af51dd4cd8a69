static void add_scaled(float *restrict y, size_t y_stride, const float *restrict x,
                       size_t x_stride, float alpha, size_t T, size_t C) {
  FUSED
  for (size_t t = 0; t < T; t++)
    for (size_t c = 0; c < C; c++) y[t * y_stride + c] += alpha * x[t * x_stride + c];
}

static void scale_row(float *y, const float *x, float factor, size_t C) {
  for (size_t c = 0; c < C; c++) y[c] = x[c] * factor;
}

static void add_row(float *restrict y, size_t stride, const float *restrict row, size_t T,
                    size_t C) {
  for (size_t t = 0; t < T; t++)
    for (size_t c = 0; c < C; c++) y[t * stride + c] += row[c];
}

static void sum_rows(float *restrict sum, const float *restrict x, size_t stride, size_t T,
                     size_t C) {
  for (size_t t = 0; t < T; t++)
    for (size_t c = 0; c < C; c++) sum[c] += x[t * stride + c];
}

static void sum_products(float *restrict sum, const float *restrict x, size_t x_stride,
                         const float *restrict y, size_t y_stride, size_t T, size_t C) {
  FUSED
  for (size_t t = 0; t < T; t++)
    for (size_t c = 0; c < C; c++) sum[c] += x[t * x_stride + c] * y[t * y_stride + c];
}

static void multiply_row(float *y, size_t y_stride, const float *x, size_t x_stride,
                         const float *restrict row, size_t T, size_t C, int accumulate) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    float *out = y + t * y_stride;
    const float *in = x + t * x_stride;
    if (accumulate) {
#pragma clang loop vectorize(assume_safety)
      for (size_t c = 0; c < C; c++) out[c] += in[c] * row[c];
    } else {
#pragma clang loop vectorize(assume_safety)
      for (size_t c = 0; c < C; c++) out[c] = in[c] * row[c];
    }
  }
}
