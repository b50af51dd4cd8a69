#line 2 "attention_tensor_backward.cu"
// attention_backward.cu on tensor cores: factors, P and dS rounded to bfloat16, sums in float32. Tiles of
// 64 queries or keys by 4 warps, 32 of the others at a time.

enum { STEP_ROWS = 32, PIECES = STEP_ROWS / 8 };

/// P to `p`, dS to `up`, of one row of a product (half: which of the lane's two) and its columns.
struct Slopes {
  float scale, softcap;

  __device__ __forceinline__ void apply(float *p, float *up, bool isSeen, float lse, float dot) const {
    float score = capped(*p * scale, softcap), ratio = softcap > 0 ? score / softcap : 0.0f;
    *p = isSeen ? expf(score - lse) : 0.0f;
    *up = isSeen ? *p * (*up - dot) * (1.0f - ratio * ratio) * scale : 0.0f;
  }
};

template <int SIZE>
ORC_DEVICE void queries_backward(float *dq, ll lddq, const float *dO, ll lddO, const float *lse,
                                 ll ldlse, const float *dots, const float *q, ll ldq,
                                 const ll *sequences, const ll *runs, const int *tiles, int heads,
                                 int group, int D, int window, float scale, float softcap) {
  ORC_SHARED(unsigned, shared);
  const int WIDE = SIZE / 2 + 4;
  unsigned *queries = shared, *ups = queries + BLOCK_ROWS * WIDE, *keys = ups + BLOCK_ROWS * WIDE;
  unsigned *values = keys + STEP_ROWS * WIDE, *turned = values + STEP_ROWS * WIDE;
  int head = (int)blockIdx.y, column = head / group * D, warp = (int)(threadIdx.x / 32);
  int g = (int)(threadIdx.x % 32 / 4), t = (int)(threadIdx.x % 4);
  Sequence s = sequence_at(sequences, tiles[2 * blockIdx.x]);
  int first = tiles[2 * blockIdx.x + 1], i0 = s.position + first, length = s.position + s.count;
  int last = i0 + BLOCK_ROWS < length ? i0 + BLOCK_ROWS : length, run = s.run_begin;
  take_pair_rows<SIZE>(queries, q + s.first_row * ldq + head * D, ldq, first, s.count, BLOCK_ROWS, D);
  take_pair_rows<SIZE>(ups, dO + s.first_row * lddO + head * D, lddO, first, s.count, BLOCK_ROWS, D);
  int own = first + warp * WARP_ROWS + g;
  float total[2], dot[2], sums[SIZE / 8][4] = {};
#pragma unroll
  for (int half = 0; half < 2; half++) {
    bool isInside = own + 8 * half < s.count;
    ll row = s.first_row + own + 8 * half;
    total[half] = isInside ? lse[row * ldlse + head] : 0.0f;
    dot[half] = isInside ? dots[row * heads + head] : 0.0f;
  }
  Slopes slopes = {scale, softcap};
  int low = i0 - window + 1 > 0 ? (i0 - window + 1) / STEP_ROWS * STEP_ROWS : 0;
  for (int j0 = low; j0 < last; j0 += STEP_ROWS) {
    float p[PIECES][4], up[PIECES][4];
    run = run_of(runs, run, s.run_end, j0);
    // The barrier before the sums is behind the last use of both tiles.
    take_pair_positions<SIZE>(keys, runs, run, s.run_end, 0, j0, last, STEP_ROWS, column, D);
    take_pair_positions<SIZE>(values, runs, run, s.run_end, 1, j0, last, STEP_ROWS, column, D);
    __syncthreads();
    turn_pairs<SIZE, STEP_ROWS>(turned, keys);
    row_pieces<SIZE, PIECES>(p, queries + warp * WARP_ROWS * WIDE, keys);
    row_pieces<SIZE, PIECES>(up, ups + warp * WARP_ROWS * WIDE, values);
#pragma unroll
    for (int n = 0; n < PIECES; n++)
#pragma unroll
      for (int e = 0; e < 4; e++) {
        int half = e / 2, j = j0 + 8 * n + 2 * t + e % 2, i = s.position + own + 8 * half;
        bool isSeen = own + 8 * half < s.count && j < last && sees(i, j, window);
        slopes.apply(&p[n][e], &up[n][e], isSeen, total[half], dot[half]);
      }
    __syncthreads();
    add_pieces<SIZE, PIECES>(sums, up, turned);
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    ll row = s.first_row + own + 8 * half;
    if (own + 8 * half < s.count)
      give_piece_row<SIZE>(dq + row * lddq + head * D, sums, half, 1.0f, D);
  }
}

/// One step of 32 queries for a tile of 64 keys, whose rows are the rows of the products.
template <int SIZE>
ORC_DEVICE void add_queries(float (*key_sums)[4], float (*value_sums)[4], const unsigned *keys,
                            const unsigned *values, const unsigned *queries, const unsigned *ups,
                            const unsigned *turned_queries, const unsigned *turned_ups,
                            const float *totals, const float *tile_dots, int j, int key_end, int at,
                            int rows, int window, const Slopes &slopes) {
  float p[PIECES][4], up[PIECES][4];
  int t = (int)(threadIdx.x % 4);
  row_pieces<SIZE, PIECES>(p, keys, queries);
  row_pieces<SIZE, PIECES>(up, values, ups);
#pragma unroll
  for (int n = 0; n < PIECES; n++)
#pragma unroll
    for (int e = 0; e < 4; e++) {
      int r = 8 * n + 2 * t + e % 2, key = j + e / 2 * 8;
      bool isSeen = key < key_end && r < rows && sees(at + r, key, window);
      slopes.apply(&p[n][e], &up[n][e], isSeen, isSeen ? totals[r] : 0.0f,
                   isSeen ? tile_dots[r] : 0.0f);
    }
  add_pieces<SIZE, PIECES>(value_sums, p, turned_ups);
  add_pieces<SIZE, PIECES>(key_sums, up, turned_queries);
}

template <int SIZE>
ORC_DEVICE void keys_backward(float *dk, float *dv, ll lddk, const float *dO, ll lddO,
                              const float *lse, ll ldlse, const float *dots, const float *q, ll ldq,
                              const float *k, const float *v, ll ldk, const ll *sequences,
                              const ll *viewers, const int *tiles, int heads, int group, int D,
                              int window, float scale, float softcap) {
  ORC_SHARED(unsigned, shared);
  __shared__ float totals[STEP_ROWS];
  __shared__ float tile_dots[STEP_ROWS];
  const int WIDE = SIZE / 2 + 4, TURNED = STEP_ROWS / 2 + 4;
  unsigned *keys = shared, *values = keys + BLOCK_ROWS * WIDE, *queries = values + BLOCK_ROWS * WIDE;
  unsigned *ups = queries + STEP_ROWS * WIDE, *turned_queries = ups + STEP_ROWS * WIDE;
  unsigned *turned_ups = turned_queries + SIZE * TURNED;
  int column = (int)blockIdx.y * D, warp = (int)(threadIdx.x / 32), part = warp * WARP_ROWS * WIDE;
  Sequence own = sequence_at(sequences, tiles[2 * blockIdx.x]);
  int first = tiles[2 * blockIdx.x + 1], j0 = own.position + first;
  int j = j0 + warp * WARP_ROWS + (int)(threadIdx.x % 32 / 4), key_end = own.position + own.count;
  take_pair_rows<SIZE>(keys, k + own.first_row * ldk + column, ldk, first, own.count, BLOCK_ROWS, D);
  take_pair_rows<SIZE>(values, v + own.first_row * ldk + column, ldk, first, own.count, BLOCK_ROWS,
                       D);
  float key_sums[SIZE / 8][4] = {}, value_sums[SIZE / 8][4] = {};
  Slopes slopes = {scale, softcap};
  for (int head = (int)blockIdx.y * group; head < ((int)blockIdx.y + 1) * group; head++)
    for (int viewer = own.viewer_begin; viewer < own.viewer_end; viewer++) {
      Sequence s = sequence_at(sequences, viewers[viewer]);
      ll stop = (ll)j0 + BLOCK_ROWS - 1 + window - s.position;
      int end = stop < s.count ? (int)stop : s.count, begin = j0 > s.position ? j0 - s.position : 0;
      for (int t0 = begin / STEP_ROWS * STEP_ROWS; t0 < end; t0 += STEP_ROWS) {
        __syncthreads();
        take_pair_rows<SIZE>(queries, q + s.first_row * ldq + head * D, ldq, t0, s.count, STEP_ROWS,
                             D);
        take_pair_rows<SIZE>(ups, dO + s.first_row * lddO + head * D, lddO, t0, s.count, STEP_ROWS, D);
        int rows = s.count - t0 < STEP_ROWS ? s.count - t0 : STEP_ROWS;
        if ((int)threadIdx.x < rows) {
          ll row = s.first_row + t0 + threadIdx.x;
          totals[threadIdx.x] = lse[row * ldlse + head];
          tile_dots[threadIdx.x] = dots[row * heads + head];
        }
        __syncthreads();
        turn_pairs<SIZE, STEP_ROWS>(turned_queries, queries);
        turn_pairs<SIZE, STEP_ROWS>(turned_ups, ups);
        __syncthreads();
        add_queries<SIZE>(key_sums, value_sums, keys + part, values + part, queries, ups,
                          turned_queries, turned_ups, totals, tile_dots, j, key_end, s.position + t0,
                          rows, window, slopes);
      }
    }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    if (j + 8 * half >= key_end) continue;
    ll row = own.first_row + j + 8 * half - own.position;
    give_piece_row<SIZE>(dk + row * lddk + column, key_sums, half, 1.0f, D);
    give_piece_row<SIZE>(dv + row * lddk + column, value_sums, half, 1.0f, D);
  }
}

#define ORC_TENSOR_BACKWARD(SIZE)                                                                           \
  ORC_KERNEL void __launch_bounds__(128) orc_attention_queries_tensor_##SIZE(                         \
      float *dq, ll lddq, const float *dO, ll lddO, const float *lse, ll ldlse, const float *dots,    \
      const float *q, ll ldq, const ll *sequences, const ll *runs, const int *tiles, int heads,       \
      int group, int D, int window, float scale, float softcap) {                                    \
    queries_backward<SIZE>(dq, lddq, dO, lddO, lse, ldlse, dots, q, ldq, sequences, runs, tiles,      \
                           heads, group, D, window, scale, softcap);                                 \
  }                                                                                                  \
  ORC_KERNEL void __launch_bounds__(128) orc_attention_keys_tensor_##SIZE(                            \
      float *dk, float *dv, ll lddk, const float *dO, ll lddO, const float *lse, ll ldlse,            \
      const float *dots, const float *q, ll ldq, const float *k, const float *v, ll ldk,              \
      const ll *sequences, const ll *viewers, const int *tiles, int heads, int group, int D,          \
      int window, float scale, float softcap) {                                                      \
    keys_backward<SIZE>(dk, dv, lddk, dO, lddO, lse, ldlse, dots, q, ldq, k, v, ldk, sequences,       \
                        viewers, tiles, heads, group, D, window, scale, softcap);                    \
  }

ORC_TENSOR_BACKWARD(64)
ORC_TENSOR_BACKWARD(128)
