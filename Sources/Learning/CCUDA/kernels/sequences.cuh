#line 2 "sequences.cuh"
// Sequences, runs of keys and values, and tiles of their rows in shared memory. The tables are those
// of orc_cuda_kernels.h.

#if defined(ORC_SMALL_TILES)
enum { KEYS = 16 };
#else
enum { KEYS = 32 };
#endif
/// 8 threads share a row of a tile; each has every eighth key.
enum { SCORES_WIDE = KEYS + 4, OWN_KEYS = KEYS / 8, TILE_WARPS = KEYS / 4 };

struct Sequence {
  ll first_row;
  int count, position, run_begin, run_end, viewer_begin, viewer_end;
};

ORC_DEVICE Sequence sequence_at(const ll *sequences, ll number) {
  const ll *s = sequences + number * 8;
  Sequence out = {s[0], (int)s[1], (int)s[2], (int)s[3], (int)s[4], (int)s[5], (int)s[6]};
  return out;
}

/// The run that holds a position, from `run` on.
ORC_DEVICE int run_of(const ll *runs, int run, int end, int position) {
  while (run + 1 < end && runs[(run + 1) * 4 + 3] <= position) run++;
  return run;
}

/// Where keys (part 0) or values (part 1) of a position begin.
ORC_DEVICE const float *row_of(const ll *runs, int run, int part, int position) {
  const ll *r = runs + run * 4;
  return (const float *)r[part] + (position - r[3]) * r[2];
}

/// Whether the query at position i sees the key at j.
ORC_DEVICE bool sees(int i, int j, int window) { return j <= i && j > i - window; }

/// One row of D cells, zeros up to D4, by one warp.
ORC_DEVICE void take_row(float *row, const float *from, int D, int D4) {
  for (int d = (int)(threadIdx.x % 32); d < D4; d += 32)
    row[d] = from != nullptr && d < D ? from[d] : 0.0f;
}

/// Rows first ... of a matrix, zeros from `end` on, by all warps. The caller synchronizes.
ORC_DEVICE void take_rows(float *tile, int wide, const float *from, ll stride, int first, int end,
                          int rows, int D, int D4) {
  for (int r = (int)(threadIdx.x / 32); r < rows; r += TILE_WARPS)
    take_row(tile + r * wide, first + r < end ? from + (first + r) * stride : nullptr, D, D4);
}

/// Keys or values of the positions j0 ... j0 + KEYS - 1, zeros from `end` on; `run` is the first to look in.
ORC_DEVICE void take_positions(float *tile, int wide, const ll *runs, int run, int run_end, int part,
                               int j0, int end, int column, int D, int D4) {
  for (int r = (int)(threadIdx.x / 32); r < KEYS; r += TILE_WARPS) {
    const float *from = nullptr;
    if (j0 + r < end) {
      run = run_of(runs, run, run_end, j0 + r);
      from = row_of(runs, run, part, j0 + r) + column;
    }
    take_row(tile + r * wide, from, D, D4);
  }
}

ORC_DEVICE float dot4(float4 a, float4 b, float sum) {
  sum += a.x * b.x;
  sum += a.y * b.y;
  sum += a.z * b.z;
  sum += a.w * b.w;
  return sum;
}

/// sums[c] = a . row tx + 8 c of the tile, c < OWN_KEYS.
ORC_DEVICE void row_products(float *sums, const float *a, const float *tile, int wide, int D4) {
  int tx = (int)(threadIdx.x % 8);
  for (int c = 0; c < OWN_KEYS; c++) sums[c] = 0;
  for (int d = 0; d < D4; d += 4) {
    float4 left = *(const float4 *)(a + d);
    for (int c = 0; c < OWN_KEYS; c++)
      sums[c] = dot4(left, *(const float4 *)(tile + (tx + 8 * c) * wide + d), sums[c]);
  }
}

/// sums += weights[j] row j of the tile, for columns 4 tx + 32 c: SIZE / 8 of them.
template <int SIZE>
ORC_DEVICE void add_weighted(float *sums, const float *weights, const float *tile, int wide) {
  int tx = (int)(threadIdx.x % 8);
  for (int j = 0; j < KEYS; j++) {
    float weight = weights[j];
    for (int c = 0; c < SIZE / 32; c++) {
      float4 x = *(const float4 *)(tile + j * wide + 4 * tx + 32 * c);
      sums[4 * c] += weight * x.x;
      sums[4 * c + 1] += weight * x.y;
      sums[4 * c + 2] += weight * x.z;
      sums[4 * c + 3] += weight * x.w;
    }
  }
}

/// The sums of add_weighted, times a factor, to the cells of one row.
template <int SIZE>
ORC_DEVICE void give_row(float *row, const float *sums, float factor, int D) {
  int tx = (int)(threadIdx.x % 8);
  for (int c = 0; c < SIZE / 32; c++)
    for (int e = 0; e < 4; e++) {
      int d = 4 * tx + 32 * c + e;
      if (d < D) row[d] = sums[4 * c + e] * factor;
    }
}

ORC_DEVICE float capped(float score, float softcap) {
  return softcap > 0 ? softcap * tanhf(score / softcap) : score;
}
