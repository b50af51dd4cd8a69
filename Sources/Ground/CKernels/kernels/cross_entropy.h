/// Log-probability of one label per row, by the maximum and the log of the shifted sum.
static void cross_entropy_forward(float *restrict logp, float *restrict lse,
                                  const float *restrict logits, const int32_t *restrict labels,
                                  size_t T, size_t V) {
  FREE_ORDER
  for (size_t t = 0; t < T; t++) {
    const float *row = logits + t * V;
    size_t whole = V / LANES * LANES;
    float maximum = row_maximum(row, whole);
    for (size_t v = whole; v < V; v++) maximum = row[v] > maximum ? row[v] : maximum;
    float sum = 0;
    for (size_t v = 0; v < V; v++) sum += exponential(row[v] - maximum);
    // A NaN is no maximum, but the sum holds it.
    lse[t] = maximum + logf(sum);
    logp[t] = row[labels[t]] - lse[t];
  }
}

/// With a soft cap, l = cap tanh(x / cap), the derivative by x: dl/dx = 1 - (l / cap)^2.
static void cross_entropy_backward(float *restrict logits, const float *restrict lse,
                                   const int32_t *restrict labels, const float *restrict dlogp,
                                   size_t T, size_t V, float softcap) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    float *restrict row = logits + t * V;
    float weight = dlogp[t], total = lse[t], label = row[labels[t]];
    float inverse = softcap > 0 ? 1.0f / softcap : 0.0f;
    if (softcap > 0) {
      for (size_t v = 0; v < V; v++) {
        float ratio = row[v] * inverse;
        row[v] = -weight * exponential(row[v] - total) * (1.0f - ratio * ratio);
      }
    } else {
      for (size_t v = 0; v < V; v++) row[v] = -weight * exponential(row[v] - total);
    }
    row[labels[t]] += weight * (1.0f - label * inverse * (label * inverse));
  }
}

static void softcap(float *x, size_t n, float cap) {
  float inverse = 1.0f / cap;
  for (size_t i = 0; i < n; i++) x[i] = cap * hyperbolic_tangent(x[i] * inverse);
}
