#line 2 "attention_tensor_backward.cu"
// attention_backward.cu on tensor cores: queries, keys, values and dO come rounded to bfloat16, P and dS
// are rounded, sums are float32. Tiles of 64 queries or keys by 4 warps, 32 of the others at a time: the
// next 32 are copied while these are multiplied.

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

/// The tile and the head of a block: tiles that have the most to do begin first, of all heads.
ORC_DEVICE int block_head() { return (int)((blockIdx.y * gridDim.x + blockIdx.x) % gridDim.y); }
ORC_DEVICE int block_turn() { return (int)((blockIdx.y * gridDim.x + blockIdx.x) / gridDim.y); }

/// A warp's 16 rows of a tile in shared memory, as left factors.
template <int SIZE>
ORC_DEVICE void hold_rows(unsigned (*left)[4], const unsigned *tile) {
#pragma unroll
  for (int k = 0; k < SIZE / 16; k++) left_piece(left[k], tile + 8 * k, SIZE / 2 + 4);
}

template <int SIZE>
ORC_DEVICE void queries_backward(float *dq, ll lddq, const half_word *dO, ll lddO, const float *lse,
                                 ll ldlse, const float *dots, const half_word *q, ll ldq,
                                 const ll *sequences, const ll *runs, const int *tiles, int heads,
                                 int group, int D, int window, float scale, float softcap) {
  ORC_SHARED(unsigned, shared);
  const int WIDE = SIZE / 2 + 4, BOTH = 2 * STEP_ROWS * WIDE;
  int head = block_head(), column = head / group * D, warp = (int)(threadIdx.x / 32);
  int g = (int)(threadIdx.x % 32 / 4), t = (int)(threadIdx.x % 4);
  const int *tile = tiles + 2 * block_turn();
  Sequence s = sequence_at(sequences, tile[0]);
  int first = tile[1], i0 = s.position + first, length = s.position + s.count;
  int last = i0 + BLOCK_ROWS < length ? i0 + BLOCK_ROWS : length, run = s.run_begin;
  // Queries and dO pass through the places of keys and values.
  unsigned queries[SIZE / 16][4], ups[SIZE / 16][4];
  copy_half_rows<SIZE>(shared, q + s.first_row * ldq + head * D, ldq, first, s.count, BLOCK_ROWS, D,
                       (int)threadIdx.x, BLOCK_THREADS);
  copy_half_rows<SIZE>(shared + BOTH, dO + s.first_row * lddO + head * D, lddO, first, s.count,
                       BLOCK_ROWS, D, (int)threadIdx.x, BLOCK_THREADS);
  wait_for_copies();
  __syncthreads();
  hold_rows<SIZE>(queries, shared + warp * WARP_ROWS * WIDE);
  hold_rows<SIZE>(ups, shared + BOTH + warp * WARP_ROWS * WIDE);
  int own = first + warp * WARP_ROWS + g, side = 0;
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
  run = run_of(runs, run, s.run_end, low);
  __syncthreads();
  copy_half_positions<SIZE>(shared, runs, run, s.run_end, low, last, STEP_ROWS, column, D);
  for (int j0 = low; j0 < last; j0 += STEP_ROWS, side ^= 1) {
    const unsigned *keys = shared + side * BOTH, *values = keys + STEP_ROWS * WIDE;
    float p[PIECES][4], up[PIECES][4];
    wait_for_copies();
    // Behind the last use of the other side, too.
    __syncthreads();
    if (j0 + STEP_ROWS < last) {
      run = run_of(runs, run, s.run_end, j0 + STEP_ROWS);
      copy_half_positions<SIZE>(shared + (side ^ 1) * BOTH, runs, run, s.run_end, j0 + STEP_ROWS, last,
                                STEP_ROWS, column, D);
    }
    row_pieces<SIZE, PIECES>(p, queries, keys);
    row_pieces<SIZE, PIECES>(up, ups, values);
#pragma unroll
    for (int n = 0; n < PIECES; n++)
#pragma unroll
      for (int e = 0; e < 4; e++) {
        int half = e / 2, j = j0 + 8 * n + 2 * t + e % 2, i = s.position + own + 8 * half;
        bool isSeen = own + 8 * half < s.count && j < last && sees(i, j, window);
        slopes.apply(&p[n][e], &up[n][e], isSeen, total[half], dot[half]);
      }
    add_pieces<SIZE, PIECES>(sums, up, keys);
  }
#pragma unroll
  for (int half = 0; half < 2; half++) {
    ll row = s.first_row + own + 8 * half;
    if (own + 8 * half < s.count)
      give_piece_row<SIZE>(dq + row * lddq + head * D, sums, half, 1.0f, D);
  }
}

/// The steps of 32 queries that see a tile of keys: of each head, each viewer, ascending.
struct QuerySteps {
  const ll *sequences, *viewers;
  int viewer_begin, viewer_end, head_end, head_step, j0, window;
  int head, viewer, t0, end, count, position;
  ll first_row;

  /// Goes to the next one; false: there is none.
  __device__ __forceinline__ bool next() {
    t0 += STEP_ROWS;
    while (t0 >= end) {
      if (++viewer >= viewer_end) {
        viewer = viewer_begin;
        if ((head += head_step) >= head_end) return false;
      }
      Sequence s = sequence_at(sequences, viewers[viewer]);
      ll stop = (ll)j0 + BLOCK_ROWS - 1 + window - s.position;
      first_row = s.first_row;
      count = s.count;
      position = s.position;
      end = stop < s.count ? (int)stop : s.count;
      t0 = (j0 > s.position ? j0 - s.position : 0) / STEP_ROWS * STEP_ROWS;
    }
    return true;
  }
};

/// One step of 32 queries for a tile of 64 keys, whose rows are the rows of the products.
template <int SIZE>
ORC_DEVICE void add_queries(float (*key_sums)[4], float (*value_sums)[4], const unsigned *keys,
                            const unsigned *values, const unsigned *step, int j, int key_end, int at,
                            int rows, int window, const Slopes &slopes) {
  const int WIDE = SIZE / 2 + 4;
  const unsigned *queries = step, *ups = step + STEP_ROWS * WIDE;
  const float *totals = (const float *)(ups + STEP_ROWS * WIDE), *dots = totals + STEP_ROWS;
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
      slopes.apply(&p[n][e], &up[n][e], isSeen, totals[r], dots[r]);
    }
  add_pieces<SIZE, PIECES>(value_sums, p, ups);
  add_pieces<SIZE, PIECES>(key_sums, up, queries);
}

/// Adds the second four warps' sums to those of the first, through shared memory.
template <int SIZE>
ORC_DEVICE void join_sums(float (*sums)[4], float *memory, int part) {
  int own = (int)(threadIdx.x % BLOCK_THREADS);
#pragma unroll
  for (int n = 0; n < SIZE / 8; n++)
    for (int e = 0; e < 4; e++) {
      float *cell = memory + (n * 4 + e) * BLOCK_THREADS + own;
      if (part == 1) *cell = sums[n][e];
    }
  __syncthreads();
#pragma unroll
  for (int n = 0; n < SIZE / 8; n++)
    for (int e = 0; e < 4; e++)
      if (part == 0) sums[n][e] += memory[(n * 4 + e) * BLOCK_THREADS + own];
}

/// 4 warps, or 8 where the heads of a group are an even number: each four have every second head.
template <int SIZE>
ORC_DEVICE void keys_backward(float *dk, float *dv, ll lddk, const half_word *dO, ll lddO,
                              const float *lse, ll ldlse, const float *dots, const half_word *q, ll ldq,
                              const half_word *k, const half_word *v, ll ldk, const ll *sequences,
                              const ll *viewers, const int *tiles, int heads, int group, int D,
                              int window, float scale, float softcap) {
  ORC_SHARED(unsigned, shared);
  const int WIDE = SIZE / 2 + 4, STEP = 2 * STEP_ROWS * WIDE + 2 * STEP_ROWS;
  int parts = (int)blockDim.x / BLOCK_THREADS, part = (int)threadIdx.x / BLOCK_THREADS;
  unsigned *keys = shared, *values = keys + BLOCK_ROWS * WIDE;
  unsigned *steps = values + BLOCK_ROWS * WIDE + 2 * part * STEP;
  int own_thread = (int)threadIdx.x % BLOCK_THREADS, warp = own_thread / 32, pair = block_head();
  int column = pair * D, side = 0;
  // The first tile has the most to do; the table begins with the last.
  const int *tile = tiles + 2 * ((int)gridDim.x - 1 - block_turn());
  Sequence own = sequence_at(sequences, tile[0]);
  int first = tile[1], j0 = own.position + first;
  int j = j0 + warp * WARP_ROWS + (int)(threadIdx.x % 32 / 4), key_end = own.position + own.count;
  copy_half_rows<SIZE>(keys, k + own.first_row * ldk + column, ldk, first, own.count, BLOCK_ROWS, D,
                       (int)threadIdx.x, (int)blockDim.x);
  copy_half_rows<SIZE>(values, v + own.first_row * ldk + column, ldk, first, own.count, BLOCK_ROWS, D,
                       (int)threadIdx.x, (int)blockDim.x);
  float key_sums[SIZE / 8][4] = {}, value_sums[SIZE / 8][4] = {};
  Slopes slopes = {scale, softcap};
  QuerySteps next = {sequences, viewers, own.viewer_begin, own.viewer_end, (pair + 1) * group, parts, j0,
                     window, pair * group + part - parts, own.viewer_end, 0, 0, 0, 0, 0};
  auto copy_step = [&](unsigned *step) {
    copy_half_rows<SIZE>(step, q + next.first_row * ldq + next.head * D, ldq, next.t0, next.count,
                         STEP_ROWS, D, own_thread, BLOCK_THREADS);
    copy_half_rows<SIZE>(step + STEP_ROWS * WIDE, dO + next.first_row * lddO + next.head * D, lddO,
                         next.t0, next.count, STEP_ROWS, D, own_thread, BLOCK_THREADS);
    if (own_thread >= 2 * STEP_ROWS) return;
    int r = own_thread % STEP_ROWS;
    bool isInside = next.t0 + r < next.count;
    ll row = next.first_row + (isInside ? next.t0 + r : 0);
    copy_word_later(step + 2 * STEP_ROWS * WIDE + own_thread,
                    own_thread < STEP_ROWS ? lse + row * ldlse + next.head
                                           : dots + row * heads + next.head,
                    isInside);
  };
  bool isThere = next.next();
  if (isThere) copy_step(steps);
  while (isThere) {
    int at = next.position + next.t0, rows = next.count - next.t0;
    wait_for_copies();
    // Behind the last use of the other side, too: each four warps have as many steps.
    __syncthreads();
    isThere = next.next();
    if (isThere) copy_step(steps + (side ^ 1) * STEP);
    add_queries<SIZE>(key_sums, value_sums, keys + warp * WARP_ROWS * WIDE,
                      values + warp * WARP_ROWS * WIDE, steps + side * STEP, j, key_end, at, rows, window,
                      slopes);
    side ^= 1;
  }
  if (parts == 2) {
    // The tiles' memory takes half of the sums, one after the other.
    wait_for_copies();
    __syncthreads();
    join_sums<SIZE>(key_sums, (float *)shared, part);
    __syncthreads();
    join_sums<SIZE>(value_sums, (float *)shared, part);
  }
  if (part > 0) return;
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
      float *dq, ll lddq, const half_word *dO, ll lddO, const float *lse, ll ldlse, const float *dots,    \
      const half_word *q, ll ldq, const ll *sequences, const ll *runs, const int *tiles, int heads,       \
      int group, int D, int window, float scale, float softcap) {                                    \
    queries_backward<SIZE>(dq, lddq, dO, lddO, lse, ldlse, dots, q, ldq, sequences, runs, tiles,      \
                           heads, group, D, window, scale, softcap);                                 \
  }                                                                                                  \
  ORC_KERNEL void __launch_bounds__(256) orc_attention_keys_tensor_##SIZE(                            \
      float *dk, float *dv, ll lddk, const half_word *dO, ll lddO, const float *lse, ll ldlse,            \
      const float *dots, const half_word *q, ll ldq, const half_word *k, const half_word *v, ll ldk,              \
      const ll *sequences, const ll *viewers, const int *tiles, int heads, int group, int D,          \
      int window, float scale, float softcap) {                                                      \
    keys_backward<SIZE>(dk, dv, lddk, dO, lddO, lse, ldlse, dots, q, ldq, k, v, ldk, sequences,       \
                        viewers, tiles, heads, group, D, window, scale, softcap);                    \
  }

ORC_TENSOR_BACKWARD(64)
ORC_TENSOR_BACKWARD(128)
