/// Log-probability of one label per row, by a running maximum and the sum shifted by it: a piece of
/// the row that fits L1 is read twice, the row once.
enum { PIECE = 2048 };

/// Adds the piece x[0 ..< n] to sum = sum_v exp(x[v] - maximum). A NaN is no maximum, but the sum
/// holds it.
INLINE void add_piece(const float *restrict x, size_t n, float *maximum, float *sum) {
  FUSED
  size_t whole = n / LANES * LANES;
  float now = row_maximum(x, whole);
  for (size_t v = whole; v < n; v++) now = x[v] > now ? x[v] : now;
  if (!(now > *maximum)) now = *maximum;
  vf lanes = splat(0);
  for (size_t v = 0; v < whole; v += LANES) lanes += exponentials(load(x + v) - now);
  float total = lane_sum(lanes);
  for (size_t v = whole; v < n; v++) total += exponential(x[v] - now);
  *sum = *sum * exponential(*maximum - now) + total;
  *maximum = now;
}

static void cross_entropy_forward(float *restrict logp, float *restrict lse,
                                  const float *restrict logits, const int32_t *restrict labels,
                                  size_t T, size_t V) {
  for (size_t t = 0; t < T; t++) {
    const float *row = logits + t * V;
    float maximum = -INFINITY, sum = 0;
    for (size_t v = 0; v < V; v += PIECE)
      add_piece(row + v, V - v < PIECE ? V - v : PIECE, &maximum, &sum);
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

/// A NaN is no greatest; without any other value, 0.
static size_t greatest(const float *x, size_t n) {
  size_t whole = n / LANES * LANES, i = 0;
  float top = row_maximum(x, whole);
  for (size_t v = whole; v < n; v++) top = x[v] > top ? x[v] : top;
  while (i < n && x[i] != top) i++;
  return i < n ? i : 0;
}

static void softcap(float *x, size_t n, float cap) {
  float inverse = 1.0f / cap;
  for (size_t i = 0; i < n; i++) x[i] = cap * hyperbolic_tangent(x[i] * inverse);
}
