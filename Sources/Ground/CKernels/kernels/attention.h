// Causal attention in tiles (Dao 2023, FlashAttention-2): never more than QUERIES x KEYS scores.
// Keys and values of one head of one sequence are laid out once, padded to registers; the products
// are product.h's. Forward keeps lse = m + log(sum) per row; backward recomputes the scores.

// A tile of scores is 48 x 64 floats = 12 KiB, with its gradient 24 KiB: half of a 48 KiB L1.
// 48 is a multiple of the register tile's 6 rows.
enum { QUERIES = 48, KEYS = 64 };

INLINE size_t padded(size_t n) { return (n + LANES - 1) / LANES * LANES; }

/// The columns of a key tile that a query sees.
typedef struct span {
  size_t first, end;
} span;

/// Query i sees the keys max(0, i - window + 1) ... i; the tile holds j0 ... j0 + columns - 1.
INLINE span visible(size_t i, size_t j0, size_t columns, size_t window) {
  size_t low = i + 1 > window ? i + 1 - window : 0, high = i + 1;
  span s = {low > j0 ? low - j0 : 0, high > j0 ? high - j0 : 0};
  if (s.first > columns) s.first = columns;
  if (s.end > columns) s.end = columns;
  return s;
}

/// The first tile that any query from i on sees.
INLINE size_t first_tile(size_t i, size_t window) {
  return i + 1 > window ? (i + 1 - window) / KEYS * KEYS : 0;
}

/// Key tile j transposed: out[tile][d][KEYS], zeros beyond T.
static void pack_transposed(float *restrict out, const float *restrict x, size_t stride, size_t T,
                            size_t D) {
  for (size_t first = 0; first < T; first += KEYS) {
    size_t count = T - first < KEYS ? T - first : KEYS;
    for (size_t d = 0; d < D; d++) {
      float *row = out + first * D + d * KEYS;
      for (size_t j = 0; j < count; j++) row[j] = x[(first + j) * stride + d];
      for (size_t j = count; j < KEYS; j++) row[j] = 0;
    }
  }
}

/// Rows padded with zeros to width P.
static void pack_rows(float *restrict out, const float *restrict x, size_t stride, size_t T,
                      size_t D, size_t P) {
  for (size_t t = 0; t < T; t++) {
    for (size_t d = 0; d < D; d++) out[t * P + d] = x[t * stride + d];
    for (size_t d = D; d < P; d++) out[t * P + d] = 0;
  }
}

/// softcap * tanh(s / softcap) of a row (Gemma 2).
INLINE void cap_row(float *restrict s, size_t width, float softcap) {
  float inverse = 1.0f / softcap;
  for (size_t j = 0; j < width; j++) s[j] = softcap * hyperbolic_tangent(s[j] * inverse);
}

/// One row of scores after its product: p = exp(cap(scale * s) - m) with the running maximum m.
/// Returns the factor by which what was summed before must shrink.
INLINE float online_softmax_row(float *restrict s, span seen, size_t width, float scale,
                                float softcap, float *maximum, float *sum) {
  FREE_ORDER
  for (size_t j = 0; j < width; j++) s[j] *= scale;
  if (softcap > 0) cap_row(s, width, softcap);
  for (size_t j = 0; j < seen.first; j++) s[j] = -INFINITY;
  for (size_t j = seen.end; j < width; j++) s[j] = -INFINITY;
  float before = *maximum, now = row_maximum(s, width);
  now = before > now ? before : now;
  float total = 0;
  for (size_t j = 0; j < width; j++) {
    s[j] = exponential(s[j] - now);
    total += s[j];
  }
  float shrink = exponential(before - now);
  *maximum = now;
  *sum = *sum * shrink + total;
  return shrink;
}

static void attention_forward(float *o, size_t o_stride, float *lse, size_t lse_stride,
                              const float *q, const float *k, const float *v, size_t stride,
                              size_t T, size_t D, size_t group, size_t window, float scale,
                              float softcap) {
  FUSED
  size_t P = padded(D), tiles = (T + KEYS - 1) / KEYS;
  float *keys = orc_scratch(tiles * KEYS * (D + P) + QUERIES * (KEYS + P + 2));
  float *values = keys + tiles * KEYS * D, *scores = values + tiles * KEYS * P;
  float *sums = scores + QUERIES * KEYS, *maxima = sums + QUERIES * P, *totals = maxima + QUERIES;
  pack_transposed(keys, k, stride, T, D);
  pack_rows(values, v, stride, T, D, P);
  for (size_t head = 0; head < group; head++) {
    for (size_t i0 = 0; i0 < T; i0 += QUERIES) {
      size_t rows = T - i0 < QUERIES ? T - i0 : QUERIES;
      memset(sums, 0, rows * P * sizeof(float));
      for (size_t i = 0; i < rows; i++) maxima[i] = -INFINITY, totals[i] = 0;
      const float *queries = q + i0 * stride + head * D;
      for (size_t j0 = first_tile(i0, window); j0 < i0 + rows; j0 += KEYS) {
        size_t columns = i0 + rows - j0 < KEYS ? i0 + rows - j0 : KEYS, width = padded(columns);
        product_padded(scores, KEYS, queries, stride, 1, keys + j0 * D, KEYS, rows, width, D, 1, 0);
        for (size_t i = 0; i < rows; i++) {
          span seen = visible(i0 + i, j0, columns, window);
          if (seen.first >= seen.end) {
            memset(scores + i * KEYS, 0, columns * sizeof(float));
            continue;
          }
          float shrink = online_softmax_row(scores + i * KEYS, seen, width, scale, softcap,
                                            maxima + i, totals + i);
          for (size_t d = 0; d < P; d++) sums[i * P + d] *= shrink;
        }
        product_padded(sums, P, scores, KEYS, 1, values + j0 * P, P, rows, P, columns, 1, 1);
      }
      for (size_t i = 0; i < rows; i++) {
        float inverse = 1.0f / totals[i];
        float *out = o + (i0 + i) * o_stride + head * D;
        for (size_t d = 0; d < D; d++) out[d] = sums[i * P + d] * inverse;
        lse[(i0 + i) * lse_stride + head] = maxima[i] + logf(totals[i]);
      }
    }
  }
}

/// With c = scale s, or softcap tanh(scale s / softcap) whose slope is 1 - tanh^2:
/// P = exp(c - lse) and dS = P (dP - D) slope scale in place, zero where it is not seen.
INLINE void score_gradients(float *restrict s, float *restrict dp, span seen, size_t width,
                            float scale, float softcap, float lse, float dot) {
  FUSED
  // All of the row at once: a whole number of registers; what is not seen is zeroed after.
  if (softcap > 0) {
    float inverse = scale / softcap;
    for (size_t j = 0; j < width; j++) {
      float bent = hyperbolic_tangent(s[j] * inverse);
      float p = exponential(softcap * bent - lse);
      s[j] = p;
      dp[j] = p * (dp[j] - dot) * (1.0f - bent * bent) * scale;
    }
  } else {
    for (size_t j = 0; j < width; j++) {
      float p = exponential(s[j] * scale - lse);
      s[j] = p;
      dp[j] = p * (dp[j] - dot) * scale;
    }
  }
  for (size_t j = 0; j < seen.first; j++) s[j] = dp[j] = 0;
  for (size_t j = seen.end > seen.first ? seen.end : seen.first; j < width; j++)
    s[j] = dp[j] = 0;
}

INLINE float dot_row(const float *restrict a, const float *restrict b, size_t n) {
  FREE_ORDER
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static void attention_backward(float *dq, float *dk, float *dv, size_t d_stride, const float *d_o,
                               const float *o, size_t o_stride, const float *lse,
                               size_t lse_stride, const float *q, const float *k, const float *v,
                               size_t stride, size_t T, size_t D, size_t group, size_t window,
                               float scale, float softcap) {
  size_t P = padded(D), tiles = (T + KEYS - 1) / KEYS, length = tiles * KEYS;
  float *keys = orc_scratch(length * (2 * D + 3 * P) + QUERIES * (2 * KEYS + 3 * P));
  float *values = keys + length * D, *key_rows = values + length * D, *key_sums = key_rows + length * P;
  float *value_sums = key_sums + length * P, *scores = value_sums + length * P;
  float *slopes = scores + QUERIES * KEYS, *queries = slopes + QUERIES * KEYS;
  float *ups = queries + QUERIES * P, *query_sums = ups + QUERIES * P;
  pack_transposed(keys, k, stride, T, D);
  pack_transposed(values, v, stride, T, D);
  pack_rows(key_rows, k, stride, T, D, P);
  memset(key_sums, 0, length * P * sizeof(float));
  memset(value_sums, 0, length * P * sizeof(float));
  for (size_t head = 0; head < group; head++) {
    for (size_t i0 = 0; i0 < T; i0 += QUERIES) {
      size_t rows = T - i0 < QUERIES ? T - i0 : QUERIES;
      pack_rows(queries, q + i0 * stride + head * D, stride, rows, D, P);
      pack_rows(ups, d_o + i0 * o_stride + head * D, o_stride, rows, D, P);
      float dots[QUERIES];
      for (size_t i = 0; i < rows; i++)
        dots[i] = dot_row(ups + i * P, o + (i0 + i) * o_stride + head * D, D);
      memset(query_sums, 0, rows * P * sizeof(float));
      for (size_t j0 = first_tile(i0, window); j0 < i0 + rows; j0 += KEYS) {
        size_t columns = i0 + rows - j0 < KEYS ? i0 + rows - j0 : KEYS, width = padded(columns);
        product_padded(scores, KEYS, queries, P, 1, keys + j0 * D, KEYS, rows, width, D, 1, 0);
        product_padded(slopes, KEYS, ups, P, 1, values + j0 * D, KEYS, rows, width, D, 1, 0);
        for (size_t i = 0; i < rows; i++) {
          score_gradients(scores + i * KEYS, slopes + i * KEYS,
                          visible(i0 + i, j0, columns, window), width, scale, softcap,
                          lse[(i0 + i) * lse_stride + head], dots[i]);
        }
        product_padded(value_sums + j0 * P, P, scores, 1, KEYS, ups, P, columns, P, rows, 1, 1);
        product_padded(key_sums + j0 * P, P, slopes, 1, KEYS, queries, P, columns, P, rows, 1, 1);
        product_padded(query_sums, P, slopes, KEYS, 1, key_rows + j0 * P, P, rows, P, columns, 1,
                       1);
      }
      for (size_t i = 0; i < rows; i++)
        memcpy(dq + (i0 + i) * d_stride + head * D, query_sums + i * P, D * sizeof(float));
    }
  }
  for (size_t t = 0; t < T; t++) {
    memcpy(dk + t * d_stride, key_sums + t * P, D * sizeof(float));
    memcpy(dv + t * d_stride, value_sums + t * P, D * sizeof(float));
  }
}

static void attention_one(float *restrict o, const float *restrict q, const float *restrict k,
                          const float *restrict v, size_t kv_stride, size_t length, size_t D,
                          float scale, float softcap) {
  FUSED
  float *weights = orc_scratch(padded(length));
  float maximum = -INFINITY, total = 0;
  for (size_t j = 0; j < length; j++) weights[j] = dot_row(q, k + j * kv_stride, D) * scale;
  if (softcap > 0) cap_row(weights, length, softcap);
  for (size_t j = 0; j < length; j++) maximum = weights[j] > maximum ? weights[j] : maximum;
  for (size_t j = 0; j < length; j++) weights[j] = exponential(weights[j] - maximum);
  for (size_t j = 0; j < length; j++) total += weights[j];
  for (size_t d = 0; d < D; d++) o[d] = 0;
  for (size_t j = 0; j < length; j++) {
    float weight = weights[j];
    const float *row = v + j * kv_stride;
    for (size_t d = 0; d < D; d++) o[d] += weight * row[d];
  }
  float inverse = 1.0f / total;
  for (size_t d = 0; d < D; d++) o[d] *= inverse;
}
