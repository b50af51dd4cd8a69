static void add(float *restrict y, const float *restrict x, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += x[i];
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

static double sum_squares(const float *restrict x, size_t n) {
  FREE_ORDER
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

/// Loshchilov & Hutter 2019, in the order of PyTorch's single-tensor AdamW.
static void adamw(float *restrict p, const float *restrict gradient, float *restrict m,
                  float *restrict v, size_t n, float lr, float beta1, float beta2, float eps,
                  float decay, float bias1, float bias2, float gradient_scale) {
  FUSED
  float keep = 1.0f - lr * decay, step = lr / bias1;
  float root = 1.0f / __builtin_elementwise_sqrt(bias2);
  for (size_t i = 0; i < n; i++) {
    float g = gradient[i] * gradient_scale;
    float first = beta1 * m[i] + (1.0f - beta1) * g;
    float second = beta2 * v[i] + (1.0f - beta2) * g * g;
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * keep - step * first / (__builtin_elementwise_sqrt(second) * root + eps);
  }
}
