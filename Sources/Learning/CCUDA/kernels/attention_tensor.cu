#line 2 "attention_tensor.cu"
// attention.cu on tensor cores: queries, keys, values and weights rounded to bfloat16, sums in float32.
// 64 queries of a head by 4 warps, 64 keys at a time, whose tiles begin at multiples of 64.

enum { TILE_KEYS = 64, PIECES = TILE_KEYS / 8 };

/// exp(score - maximum) of 64 keys in place for the rows that lane / 4 and 8 below it are, and the sums
/// shrunk to the new maxima; 4 lanes share a row.
template <int SIZE>
ORC_DEVICE void weigh(float (*scores)[4], float (*sums)[4], float *maxima, float *totals, int i, int j0,
                      int end, int window, float scale, float softcap) {
  const float LOG2E = 1.4426950408889634f;
  int t = (int)(threadIdx.x % 4);
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int row = i + 8 * half;
    float top = maxima[half];
#pragma unroll
    for (int n = 0; n < PIECES; n++)
      for (int e = 0; e < 2; e++) {
        int j = j0 + 8 * n + 2 * t + e;
        float *s = &scores[n][2 * half + e];
        *s = j < end && sees(row, j, window) ? capped(*s * scale, softcap) : -INFINITY;
        top = fmaxf(top, *s);
      }
    for (int step = 2; step > 0; step >>= 1)
      top = fmaxf(top, __shfl_xor_sync(0xFFFFFFFFu, top, step));
    float base = top == -INFINITY ? 0.0f : top, total = 0;
    float shrink = top == -INFINITY ? 1.0f : exp2f((maxima[half] - top) * LOG2E);
#pragma unroll
    for (int n = 0; n < PIECES; n++)
      for (int e = 0; e < 2; e++) {
        float *s = &scores[n][2 * half + e];
        *s = *s == -INFINITY ? 0.0f : exp2f((*s - base) * LOG2E);
        total += *s;
      }
    for (int step = 2; step > 0; step >>= 1) total += __shfl_xor_sync(0xFFFFFFFFu, total, step);
    maxima[half] = top;
    totals[half] = totals[half] * shrink + total;
#pragma unroll
    for (int n = 0; n < SIZE / 8; n++)
      for (int e = 0; e < 2; e++) sums[n][2 * half + e] *= shrink;
  }
}

template <int SIZE>
ORC_DEVICE void attend(float *o, ll ldo, float *lse, ll ldlse, const float *q, ll ldq,
                       const ll *sequences, const ll *runs, const int *tiles, int group, int D,
                       int window, float scale, float softcap) {
  ORC_SHARED(unsigned, shared);
  const int WIDE = SIZE / 2 + 4;
  unsigned *keys = shared, *values = keys + TILE_KEYS * WIDE;
  // Queries take the values' place for the time before the first key.
  unsigned *queries = values;
  int head = (int)blockIdx.y, column = head / group * D, warp = (int)(threadIdx.x / 32);
  int g = (int)(threadIdx.x % 32 / 4);
  Sequence s = sequence_at(sequences, tiles[2 * blockIdx.x]);
  int first = tiles[2 * blockIdx.x + 1], i0 = s.position + first, length = s.position + s.count;
  int last = i0 + BLOCK_ROWS < length ? i0 + BLOCK_ROWS : length, run = s.run_begin;
  take_pair_rows<SIZE>(queries, q + s.first_row * ldq + head * D, ldq, first, s.count, BLOCK_ROWS, D);
  __syncthreads();
  unsigned left[SIZE / 16][4];
#pragma unroll
  for (int k = 0; k < SIZE / 16; k++)
    left_piece(left[k], queries + warp * WARP_ROWS * WIDE + 8 * k, WIDE);
  float sums[SIZE / 8][4] = {}, maxima[2] = {-INFINITY, -INFINITY}, totals[2] = {0, 0};
  int low = i0 - window + 1 > 0 ? (i0 - window + 1) / TILE_KEYS * TILE_KEYS : 0;
  for (int j0 = low; j0 < last; j0 += TILE_KEYS) {
    run = run_of(runs, run, s.run_end, j0);
    __syncthreads();
    take_pair_positions<SIZE>(keys, runs, run, s.run_end, 0, j0, last, TILE_KEYS, column, D);
    take_pair_positions<SIZE>(values, runs, run, s.run_end, 1, j0, last, TILE_KEYS, column, D);
    __syncthreads();
    float scores[PIECES][4];
    row_pieces<SIZE, PIECES>(scores, left, keys);
    weigh<SIZE>(scores, sums, maxima, totals, i0 + warp * WARP_ROWS + g, j0, last, window, scale,
                softcap);
    add_pieces<SIZE, PIECES>(sums, scores, values);
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int t = first + warp * WARP_ROWS + g + 8 * half;
    if (t >= s.count) continue;
    give_piece_row<SIZE>(o + (s.first_row + t) * ldo + head * D, sums, half, 1.0f / totals[half], D);
    if (lse != nullptr && threadIdx.x % 4 == 0)
      lse[(s.first_row + t) * ldlse + head] = maxima[half] + logf(totals[half]);
  }
}

#define ORC_TENSOR_ATTENTION(SIZE)                                                                          \
  ORC_KERNEL void __launch_bounds__(128) orc_attention_tensor_##SIZE(                                 \
      float *o, ll ldo, float *lse, ll ldlse, const float *q, ll ldq, const ll *sequences,            \
      const ll *runs, const int *tiles, int heads, int group, int D, int window, float scale,         \
      float softcap) {                                                                               \
    (void)heads;                                                                                     \
    attend<SIZE>(o, ldo, lse, ldlse, q, ldq, sequences, runs, tiles, group, D, window, scale,         \
                 softcap);                                                                           \
  }

ORC_TENSOR_ATTENTION(64)
ORC_TENSOR_ATTENTION(128)
