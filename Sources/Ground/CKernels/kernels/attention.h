// Causal attention in tiles (Dao 2023, FlashAttention-2): never more than QUERIES x KEYS scores.
// Keys and values of one head of one sequence are laid out once, padded to registers; the products
// are product.h's. Forward keeps lse = m + log(sum) per row; backward recomputes the scores.

// A tile of scores is 48 x 64 floats = 12 KiB, with its gradient 24 KiB: half of a 48 KiB L1.
// 48 is a multiple of the register tile's 6 rows.
enum { QUERIES = 48, KEYS = 64 };

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

/// Key tile j transposed: out[tile][d][KEYS], zeros beyond T. The rows are numbers `first` to
/// `first` + T of the keys that are laid out, so that runs of keys may follow each other.
static void pack_transposed_from(float *restrict out, const float *restrict x, size_t stride,
                                 size_t first, size_t T, size_t D, int is_last) {
  for (size_t t = 0, count; t < T; t += count) {
    size_t lane = (first + t) % KEYS;
    count = T - t < KEYS - lane ? T - t : KEYS - lane;
    size_t end = is_last && t + count == T ? KEYS : lane + count;
    float *tile = out + (first + t - lane) * D;
    for (size_t d = 0; d < D; d++) {
      float *row = tile + d * KEYS + lane;
      for (size_t j = 0; j < count; j++) row[j] = x[(t + j) * stride + d];
      for (size_t j = count; j < end - lane; j++) row[j] = 0;
    }
  }
}

static void pack_transposed(float *restrict out, const float *restrict x, size_t stride, size_t T,
                            size_t D) {
  pack_transposed_from(out, x, stride, 0, T, D, 1);
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

/// The lanes of register j ..< j + LANES that are seen.
INLINE vi seen_lanes(span seen, size_t j) {
  static const int32_t numbers[LANES] = {NUMBERS};
  vi lane;
  memcpy(&lane, numbers, sizeof lane);
  return (lane >= (int32_t)seen.first - (int32_t)j) & (lane < (int32_t)seen.end - (int32_t)j);
}

/// One row of scores: p = exp(s - m) with the running maximum m, 0 where it is not seen.
/// Returns the factor by which what was summed before must shrink; sums stay in lanes.
INLINE float online_softmax_row(float *restrict s, span seen, size_t width, float softcap,
                                float *maximum, float *sum) {
  FUSED
  if (softcap > 0) cap_row(s, width, softcap);
  if (seen.first > 0 || seen.end < width)
    for (size_t j = 0; j < width; j += LANES)
      store(s + j, choose(seen_lanes(seen, j), load(s + j), splat(-INFINITY)));
  float before = *maximum, now = row_maximum(s, width);
  now = before > now ? before : now;
  vf total = splat(0);
  for (size_t j = 0; j < width; j += LANES) {
    vf p = exponentials(load(s + j) - now);
    store(s + j, p);
    total += p;
  }
  float shrink = exponential(before - now);
  *maximum = now;
  store(sum, load(sum) * shrink + total);
  return shrink;
}

/// The state of a block of queries: per row the sums over values (P), the sum of weights in lanes,
/// and the greatest score.
typedef struct running {
  float *sums, *totals, *maxima;
} running;

/// Adds one key tile to the rows i0 + first ..< i0 + first + rows, at most TILE_ROWS.
INLINE void add_tile(running state, float *restrict scores, const float *queries, size_t stride,
                     const float *keys, const float *values, size_t i0, size_t first, size_t rows,
                     size_t j0, size_t D, size_t P, size_t window, float scale, float softcap) {
  FUSED
  // Nothing beyond the diagonal of the last row.
  size_t end = i0 + first + rows;
  if (end <= j0) return;
  size_t columns = end - j0 < KEYS ? end - j0 : KEYS, width = padded(columns);
  float *sums = state.sums + first * P;
  product_padded(scores, KEYS, queries + first * stride, stride, 1, keys, KEYS, rows, width, D,
                 scale, 0);
  for (size_t r = 0; r < rows; r++) {
    size_t i = first + r;
    span seen = visible(i0 + i, j0, columns, window);
    if (seen.first >= seen.end) {
      memset(scores + r * KEYS, 0, width * sizeof(float));
      continue;
    }
    float shrink = online_softmax_row(scores + r * KEYS, seen, width, softcap, state.maxima + i,
                                      state.totals + i * LANES);
    for (size_t d = 0; d < P; d += LANES)
      store(sums + r * P + d, load(sums + r * P + d) * shrink);
  }
  product_padded(sums, P, scores, KEYS, 1, values, P, rows, P, columns, 1, 1);
}

/// Keys from `low` on laid out in tiles, values in rows, and room for one block of queries.
typedef struct laid_out {
  float *keys, *values, *scores;
  running state;
} laid_out;

/// Scratch for `length` keys, a multiple of KEYS.
INLINE laid_out room_for(size_t length, size_t D, size_t P) {
  laid_out room;
  room.keys = orc_scratch(length * (D + P) + TILE_ROWS * KEYS + QUERIES * (P + LANES + 1));
  room.values = room.keys + length * D;
  room.scores = room.values + length * P;
  room.state.sums = room.scores + TILE_ROWS * KEYS;
  room.state.totals = room.state.sums + QUERIES * P;
  room.state.maxima = room.state.totals + QUERIES * LANES;
  return room;
}

/// The queries start ..< stop of one head; q and o are the rows of query `start`, and lse, which may
/// be NULL, too. The bits of a row depend on its query and on the keys that it sees alone.
static void attend(laid_out room, float *o, size_t o_stride, float *lse, size_t lse_stride,
                   const float *q, size_t stride, size_t low, size_t start, size_t stop, size_t D,
                   size_t P, size_t window, float scale, float softcap) {
  running state = room.state;
  for (size_t i0 = start; i0 < stop; i0 += QUERIES) {
    size_t rows = stop - i0 < QUERIES ? stop - i0 : QUERIES;
    memset(state.sums, 0, rows * P * sizeof(float));
    memset(state.totals, 0, rows * LANES * sizeof(float));
    for (size_t i = 0; i < rows; i++) state.maxima[i] = -INFINITY;
    for (size_t j0 = first_tile(i0, window); j0 < i0 + rows; j0 += KEYS)
      for (size_t i = 0; i < rows; i += TILE_ROWS)
        add_tile(state, room.scores, q + (i0 - start) * stride, stride, room.keys + (j0 - low) * D,
                 room.values + (j0 - low) * P, i0, i, rows - i < TILE_ROWS ? rows - i : TILE_ROWS,
                 j0, D, P, window, scale, softcap);
    for (size_t i = 0; i < rows; i++) {
      float total = lane_sum(load(state.totals + i * LANES)), inverse = 1.0f / total;
      float *out = o + (i0 - start + i) * o_stride;
      for (size_t d = 0; d < D; d++) out[d] = state.sums[i * P + d] * inverse;
      if (lse) lse[(i0 - start + i) * lse_stride] = state.maxima[i] + logf(total);
    }
  }
}

static void attention_forward(float *o, size_t o_stride, float *lse, size_t lse_stride,
                              const float *q, const float *k, const float *v, size_t stride,
                              size_t start, size_t count, size_t D, size_t group, size_t window,
                              float scale, float softcap) {
  size_t P = padded(D), stop = start + count, low = first_tile(start, window);
  laid_out room = room_for((stop - low + KEYS - 1) / KEYS * KEYS, D, P);
  pack_transposed(room.keys, k + low * stride, stride, stop - low, D);
  pack_rows(room.values, v + low * stride, stride, stop - low, D, P);
  for (size_t head = 0; head < group; head++)
    attend(room, o + start * o_stride + head * D, o_stride, lse + start * lse_stride + head,
           lse_stride, q + start * stride + head * D, stride, low, start, stop, D, P, window,
           scale, softcap);
}

static void attention_runs(float *o, size_t o_stride, const float *q, size_t stride,
                           const orc_run *runs, size_t run_count, size_t count, size_t D,
                           size_t group, size_t window, float scale, float softcap) {
  size_t P = padded(D), stop = 0;
  for (size_t r = 0; r < run_count; r++) stop += runs[r].count;
  size_t start = stop - count, low = first_tile(start, window);
  laid_out room = room_for((stop - low + KEYS - 1) / KEYS * KEYS, D, P);
  for (size_t r = 0, first = 0; r < run_count; first += runs[r].count, r++) {
    size_t skipped = first < low ? low - first : 0;
    if (skipped >= runs[r].count) continue;
    size_t place = first + skipped - low, rows = runs[r].count - skipped, s = runs[r].stride;
    pack_transposed_from(room.keys, runs[r].k + skipped * s, s, place, rows, D,
                         r + 1 == run_count);
    pack_rows(room.values + place * P, runs[r].v + skipped * s, s, rows, D, P);
  }
  for (size_t head = 0; head < group; head++)
    attend(room, o + head * D, o_stride, NULL, 0, q + head * D, stride, low, start, stop, D, P,
           window, scale, softcap);
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
  float *values = keys + length * D, *key_rows = values + length * D;
  float *key_sums = key_rows + length * P, *value_sums = key_sums + length * P;
  float *scores = value_sums + length * P;
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

static void attention_one_runs(float *restrict o, const float *restrict q, const orc_run *runs,
                               size_t run_count, size_t D, float scale, float softcap) {
  FUSED
  size_t length = 0, j = 0;
  for (size_t r = 0; r < run_count; r++) length += runs[r].count;
  float *weights = orc_scratch(padded(length));
  float maximum = -INFINITY, total = 0;
  for (size_t r = 0; r < run_count; r++)
    for (size_t i = 0; i < runs[r].count; i++, j++)
      weights[j] = dot_row(q, runs[r].k + i * runs[r].stride, D) * scale;
  if (softcap > 0) cap_row(weights, length, softcap);
  for (j = 0; j < length; j++) maximum = weights[j] > maximum ? weights[j] : maximum;
  for (j = 0; j < length; j++) weights[j] = exponential(weights[j] - maximum);
  for (j = 0; j < length; j++) total += weights[j];
  for (size_t d = 0; d < D; d++) o[d] = 0;
  j = 0;
  for (size_t r = 0; r < run_count; r++)
    for (size_t i = 0; i < runs[r].count; i++, j++) {
      float weight = weights[j];
      const float *row = runs[r].v + i * runs[r].stride;
      for (size_t d = 0; d < D; d++) o[d] += weight * row[d];
    }
  float inverse = 1.0f / total;
  for (size_t d = 0; d < D; d++) o[d] *= inverse;
}

static void attention_one(float *restrict o, const float *restrict q, const float *restrict k,
                          const float *restrict v, size_t kv_stride, size_t length, size_t D,
                          float scale, float softcap) {
  orc_run run = {k, v, kv_stride, length};
  attention_one_runs(o, q, &run, 1, D, scale, softcap);
}
