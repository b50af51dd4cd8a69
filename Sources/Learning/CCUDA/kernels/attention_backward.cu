#line 2 "attention_backward.cu"
// Attention backward in two passes, so that no two blocks write one cell: the gradient of queries by
// tiles of queries, that of keys and values by tiles of keys. Scores are computed anew from lse.
//
// With c = scale q.k, capped, P = exp(c - lse), dP = dO.v and dots = dO.o:
//   dV = Pt dO;  dS = P (dP - dots) (1 - (c / softcap)^2) scale;  dQ = dS K;  dK = dSt Q.

enum { ROWS = KEYS };

#if !defined(ORC_SMALL_TILES)
/// dots[t, h] = dO . o of a head.
ORC_KERNEL void orc_attention_dots(float *dots, const float *dO, ll lddO, const float *o, ll ldo,
                                   int heads, int D) {
  ll t = blockIdx.x / heads, column = (ll)(blockIdx.x % heads) * D;
  const float *a = dO + t * lddO + column, *b = o + t * ldo + column;
  float sum = 0;
  for (int d = threadIdx.x; d < D; d += 32) sum += a[d] * b[d];
  sum = warp_sum(sum);
  if (threadIdx.x == 0) dots[blockIdx.x] = sum;
}
#endif

/// P and dS of one pair.
struct Pair {
  float weight, slope;
};

ORC_DEVICE Pair pair_of(float product, float up, float lse, float dot, float scale, float softcap) {
  float score = capped(product * scale, softcap), ratio = softcap > 0 ? score / softcap : 0.0f;
  float p = expf(score - lse);
  Pair pair = {p, p * (up - dot) * (1.0f - ratio * ratio) * scale};
  return pair;
}

template <int SIZE>
ORC_DEVICE void queries_backward(float *dq, ll lddq, const float *dO, ll lddO, const float *lse,
                                 ll ldlse, const float *dots, const float *q, ll ldq,
                                 const ll *sequences, const ll *runs, const int *tiles, int heads,
                                 int group, int D, int window, float scale, float softcap) {
  ORC_SHARED(float, shared);
  const int WIDE = SIZE + 4;
  float *queries = shared, *ups = queries + ROWS * WIDE, *keys = ups + ROWS * WIDE;
  float *values = keys + KEYS * WIDE, *slopes = values + KEYS * WIDE;
  int head = (int)blockIdx.y, column = head / group * D;
  int ty = (int)(threadIdx.x / 8), tx = (int)(threadIdx.x % 8);
  Sequence s = sequence_at(sequences, tiles[2 * blockIdx.x]);
  int first = tiles[2 * blockIdx.x + 1], i0 = s.position + first, length = s.position + s.count;
  int last = i0 + ROWS < length ? i0 + ROWS : length, run = s.run_begin, i = i0 + ty;
  take_rows(queries, WIDE, q + s.first_row * ldq + head * D, ldq, first, s.count, ROWS, D, SIZE);
  take_rows(ups, WIDE, dO + s.first_row * lddO + head * D, lddO, first, s.count, ROWS, D, SIZE);
  bool isInside = first + ty < s.count;
  ll row = s.first_row + first + ty;
  float total = isInside ? lse[row * ldlse + head] : 0.0f;
  float dot = isInside ? dots[row * heads + head] : 0.0f;
  float sums[SIZE / 8];
  for (int d = 0; d < SIZE / 8; d++) sums[d] = 0;
  int low = i0 - window + 1 > 0 ? (i0 - window + 1) / KEYS * KEYS : 0;
  for (int j0 = low; j0 < last; j0 += KEYS) {
    float products[OWN_KEYS], up[OWN_KEYS];
    run = run_of(runs, run, s.run_end, j0);
    __syncthreads();
    take_positions(keys, WIDE, runs, run, s.run_end, 0, j0, last, column, D, SIZE);
    take_positions(values, WIDE, runs, run, s.run_end, 1, j0, last, column, D, SIZE);
    __syncthreads();
    row_products(products, queries + ty * WIDE, keys, WIDE, SIZE);
    row_products(up, ups + ty * WIDE, values, WIDE, SIZE);
    for (int c = 0; c < OWN_KEYS; c++) {
      int j = j0 + tx + 8 * c;
      bool isSeen = isInside && j < last && sees(i, j, window);
      slopes[ty * SCORES_WIDE + tx + 8 * c] =
          isSeen ? pair_of(products[c], up[c], total, dot, scale, softcap).slope : 0.0f;
    }
    // A row's slopes are written and read by 8 threads of one warp.
    __syncwarp();
    add_weighted<SIZE>(sums, slopes + ty * SCORES_WIDE, keys, WIDE);
  }
  if (isInside) give_row<SIZE>(dq + row * lddq + head * D, sums, 1.0f, D);
}

/// What one tile of queries of one head adds to a tile of keys. `at`: position of the tile's first
/// query; `rows`: those of it that are there.
template <int SIZE>
ORC_DEVICE void add_queries(float *key_sums, float *value_sums, float *shared, const float *totals,
                            const float *tile_dots, int j, bool isInside, int at, int rows,
                            int window, float scale, float softcap) {
  const int WIDE = SIZE + 4;
  const float *keys = shared, *values = keys + KEYS * WIDE, *queries = values + KEYS * WIDE;
  const float *ups = queries + ROWS * WIDE;
  float *weights = shared + 4 * KEYS * WIDE, *slopes = weights + KEYS * SCORES_WIDE;
  int ty = (int)(threadIdx.x / 8), tx = (int)(threadIdx.x % 8);
  float products[OWN_KEYS], up[OWN_KEYS];
  row_products(products, keys + ty * WIDE, queries, WIDE, SIZE);
  row_products(up, values + ty * WIDE, ups, WIDE, SIZE);
  for (int c = 0; c < OWN_KEYS; c++) {
    int r = tx + 8 * c;
    Pair pair = {0, 0};
    if (isInside && r < rows && sees(at + r, j, window))
      pair = pair_of(products[c], up[c], totals[r], tile_dots[r], scale, softcap);
    weights[ty * SCORES_WIDE + r] = pair.weight;
    slopes[ty * SCORES_WIDE + r] = pair.slope;
  }
  __syncwarp();
  add_weighted<SIZE>(value_sums, weights + ty * SCORES_WIDE, ups, WIDE);
  add_weighted<SIZE>(key_sums, slopes + ty * SCORES_WIDE, queries, WIDE);
}

template <int SIZE>
ORC_DEVICE void keys_backward(float *dk, float *dv, ll lddk, const float *dO, ll lddO,
                              const float *lse, ll ldlse, const float *dots, const float *q, ll ldq,
                              const float *k, const float *v, ll ldk, const ll *sequences,
                              const ll *viewers, const int *tiles, int heads, int group, int D,
                              int window, float scale, float softcap) {
  ORC_SHARED(float, shared);
  __shared__ float totals[ROWS];
  __shared__ float tile_dots[ROWS];
  const int WIDE = SIZE + 4;
  float *values = shared + KEYS * WIDE, *queries = values + KEYS * WIDE, *ups = queries + ROWS * WIDE;
  int column = (int)blockIdx.y * D, ty = (int)(threadIdx.x / 8);
  Sequence own = sequence_at(sequences, tiles[2 * blockIdx.x]);
  int first = tiles[2 * blockIdx.x + 1], j0 = own.position + first;
  bool isInside = first + ty < own.count;
  take_rows(shared, WIDE, k + own.first_row * ldk + column, ldk, first, own.count, KEYS, D, SIZE);
  take_rows(values, WIDE, v + own.first_row * ldk + column, ldk, first, own.count, KEYS, D, SIZE);
  float key_sums[SIZE / 8], value_sums[SIZE / 8];
  for (int d = 0; d < SIZE / 8; d++) key_sums[d] = value_sums[d] = 0;
  for (int head = (int)blockIdx.y * group; head < ((int)blockIdx.y + 1) * group; head++)
    for (int viewer = own.viewer_begin; viewer < own.viewer_end; viewer++) {
      Sequence s = sequence_at(sequences, viewers[viewer]);
      // The queries that see any of the keys: from the first key's position on, less than a window
      // behind the last.
      ll stop = (ll)j0 + KEYS - 1 + window - s.position;
      int end = stop < s.count ? (int)stop : s.count, begin = j0 > s.position ? j0 - s.position : 0;
      for (int t0 = begin / ROWS * ROWS; t0 < end; t0 += ROWS) {
        __syncthreads();
        take_rows(queries, WIDE, q + s.first_row * ldq + head * D, ldq, t0, s.count, ROWS, D, SIZE);
        take_rows(ups, WIDE, dO + s.first_row * lddO + head * D, lddO, t0, s.count, ROWS, D, SIZE);
        int rows = s.count - t0 < ROWS ? s.count - t0 : ROWS;
        if ((int)threadIdx.x < rows) {
          ll row = s.first_row + t0 + threadIdx.x;
          totals[threadIdx.x] = lse[row * ldlse + head];
          tile_dots[threadIdx.x] = dots[row * heads + head];
        }
        __syncthreads();
        add_queries<SIZE>(key_sums, value_sums, shared, totals, tile_dots, j0 + ty, isInside,
                          s.position + t0, rows, window, scale, softcap);
      }
    }
  if (!isInside) return;
  ll row = own.first_row + first + ty;
  give_row<SIZE>(dk + row * lddk + column, key_sums, 1.0f, D);
  give_row<SIZE>(dv + row * lddk + column, value_sums, 1.0f, D);
}

#define ORC_BACKWARD(SIZE, name)                                                                     \
  ORC_KERNEL void __launch_bounds__(8 * KEYS) orc_attention_queries_##name(                           \
      float *dq, ll lddq, const float *dO, ll lddO, const float *lse, ll ldlse, const float *dots,    \
      const float *q, ll ldq, const ll *sequences, const ll *runs, const int *tiles, int heads,       \
      int group, int D, int window, float scale, float softcap) {                                    \
    queries_backward<SIZE>(dq, lddq, dO, lddO, lse, ldlse, dots, q, ldq, sequences, runs, tiles,      \
                           heads, group, D, window, scale, softcap);                                 \
  }                                                                                                  \
  ORC_KERNEL void __launch_bounds__(8 * KEYS) orc_attention_keys_##name(                              \
      float *dk, float *dv, ll lddk, const float *dO, ll lddO, const float *lse, ll ldlse,            \
      const float *dots, const float *q, ll ldq, const float *k, const float *v, ll ldk,              \
      const ll *sequences, const ll *viewers, const int *tiles, int heads, int group, int D,          \
      int window, float scale, float softcap) {                                                      \
    keys_backward<SIZE>(dk, dv, lddk, dO, lddO, lse, ldlse, dots, q, ldq, k, v, ldk, sequences,       \
                        viewers, tiles, heads, group, D, window, scale, softcap);                    \
  }

#if defined(ORC_SMALL_TILES)
ORC_BACKWARD(256, 256_small)
#else
ORC_BACKWARD(64, 64)
ORC_BACKWARD(128, 128)
ORC_BACKWARD(256, 256)
#endif
