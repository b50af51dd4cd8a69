#line 2 "attention.cu"
// Causal attention in tiles with a running maximum (Dao 2023, FlashAttention-2): 64 queries of a head
// by 256 threads, 32 keys at a time, or half of each. Tiles of keys begin at multiples of their size and
// a tile that a query does not see changes nothing, so a row's bits depend on its query and the keys that it sees,
// not on its neighbours or on where runs end.

enum { QUERIES = 2 * KEYS };

/// A query's greatest score, the sum of its weights and of the values by them. 8 threads share it.
template <int SIZE>
struct Running {
  float maximum, total, sums[SIZE / 8];
};

/// p = exp(score - maximum) of a tile's keys, to `scores`, and the sums shrunk to the new maximum.
template <int SIZE>
ORC_DEVICE void weigh(Running<SIZE> &state, float *scores, const float *raw, int i, int j0, int end,
                      int window, float scale, float softcap) {
  int tx = (int)(threadIdx.x % 8);
  float s[OWN_KEYS], top = state.maximum;
  for (int c = 0; c < OWN_KEYS; c++) {
    int j = j0 + tx + 8 * c;
    s[c] = j < end && sees(i, j, window) ? capped(raw[c] * scale, softcap) : -INFINITY;
    top = fmaxf(top, s[c]);
  }
  for (int step = 4; step > 0; step >>= 1)
    top = fmaxf(top, __shfl_xor_sync(0xFFFFFFFFu, top, step));
  // Nothing seen yet: the sums stay as they are.
  float base = top == -INFINITY ? 0.0f : top;
  float shrink = top == -INFINITY ? 1.0f : expf(state.maximum - top), total = 0;
  for (int c = 0; c < OWN_KEYS; c++) {
    float p = s[c] == -INFINITY ? 0.0f : expf(s[c] - base);
    scores[tx + 8 * c] = p;
    total += p;
  }
  for (int step = 4; step > 0; step >>= 1) total += __shfl_xor_sync(0xFFFFFFFFu, total, step);
  state.maximum = top;
  state.total = state.total * shrink + total;
  for (int d = 0; d < SIZE / 8; d++) state.sums[d] *= shrink;
}

template <int SIZE>
ORC_DEVICE void attend(float *o, ll ldo, float *lse, ll ldlse, const float *q, ll ldq,
                       const ll *sequences, const ll *runs, const int *tiles, int group, int D,
                       int window, float scale, float softcap) {
  ORC_SHARED(float, shared);
  const int WIDE = SIZE + 4;
  float *queries = shared, *tile = queries + QUERIES * WIDE, *scores = tile + KEYS * WIDE;
  int head = (int)blockIdx.y, column = head / group * D, ty = (int)(threadIdx.x / 8);
  Sequence s = sequence_at(sequences, tiles[2 * blockIdx.x]);
  int first = tiles[2 * blockIdx.x + 1], i0 = s.position + first, length = s.position + s.count;
  int last = i0 + QUERIES < length ? i0 + QUERIES : length, run = s.run_begin;
  take_rows(queries, WIDE, q + s.first_row * ldq + head * D, ldq, first, s.count, QUERIES, D, SIZE);
  // Rows ty and ty + KEYS.
  Running<SIZE> state[2];
  for (int h = 0; h < 2; h++) {
    state[h].maximum = -INFINITY;
    state[h].total = 0;
    for (int d = 0; d < SIZE / 8; d++) state[h].sums[d] = 0;
  }
  int low = i0 - window + 1 > 0 ? (i0 - window + 1) / KEYS * KEYS : 0;
  for (int j0 = low; j0 < last; j0 += KEYS) {
    float raw[2][OWN_KEYS];
    run = run_of(runs, run, s.run_end, j0);
    __syncthreads();
    take_positions(tile, WIDE, runs, run, s.run_end, 0, j0, last, column, D, SIZE);
    __syncthreads();
    for (int h = 0; h < 2; h++)
      row_products(raw[h], queries + (ty + KEYS * h) * WIDE, tile, WIDE, SIZE);
    __syncthreads();
    take_positions(tile, WIDE, runs, run, s.run_end, 1, j0, last, column, D, SIZE);
    for (int h = 0; h < 2; h++)
      weigh<SIZE>(state[h], scores + (ty + KEYS * h) * SCORES_WIDE, raw[h], i0 + ty + KEYS * h, j0, last,
                  window, scale, softcap);
    __syncthreads();
    for (int h = 0; h < 2; h++)
      add_weighted<SIZE>(state[h].sums, scores + (ty + KEYS * h) * SCORES_WIDE, tile, WIDE);
  }
  for (int h = 0; h < 2; h++) {
    int t = first + ty + KEYS * h;
    if (t >= s.count) continue;
    give_row<SIZE>(o + (s.first_row + t) * ldo + head * D, state[h].sums, 1.0f / state[h].total, D);
    if (lse != nullptr && threadIdx.x % 8 == 0)
      lse[(s.first_row + t) * ldlse + head] = state[h].maximum + logf(state[h].total);
  }
}

#define ORC_ATTENTION(SIZE, name)                                                                    \
  ORC_KERNEL void __launch_bounds__(8 * KEYS) orc_attention_##name(                                   \
      float *o, ll ldo, float *lse, ll ldlse, const float *q, ll ldq, const ll *sequences,            \
      const ll *runs, const int *tiles, int heads, int group, int D, int window, float scale,         \
      float softcap) {                                                                               \
    (void)heads;                                                                                     \
    attend<SIZE>(o, ldo, lse, ldlse, q, ldq, sequences, runs, tiles, group, D, window, scale,         \
                 softcap);                                                                           \
  }

#if defined(ORC_SMALL_TILES)
ORC_ATTENTION(256, 256_small)
#else
ORC_ATTENTION(64, 64)
ORC_ATTENTION(128, 128)
ORC_ATTENTION(256, 256)
#endif
