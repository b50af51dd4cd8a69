#line 2 "pairs.cuh"
// Tiles of attention on tensor cores, by 4 warps of 16 rows each.

enum { WARP_ROWS = 16, BLOCK_ROWS = 64, WARPS = 4, BLOCK_THREADS = 32 * WARPS };

/// A bfloat16 in memory.
typedef unsigned short half_word;

/// One row of D cells as SIZE / 2 words, zeros behind it, by one warp.
template <int SIZE>
ORC_DEVICE void take_pair_row(unsigned *row, const float *from, int D) {
  bool isEven = (unsigned long long)from % 8 == 0;
  for (int pair = (int)(threadIdx.x % 32); pair < SIZE / 2; pair += 32) {
    int d = 2 * pair;
    float2 two = {0.0f, 0.0f};
    if (from != nullptr && d + 1 < D && isEven) {
      two = *(const float2 *)(from + d);
    } else if (from != nullptr) {
      if (d < D) two.x = from[d];
      if (d + 1 < D) two.y = from[d + 1];
    }
    row[pair] = pack_bf16(two.x, two.y);
  }
}

/// Rows first ... of a matrix, zeros from `end` on.
template <int SIZE>
ORC_DEVICE void take_pair_rows(unsigned *tile, const float *from, ll stride, int first, int end,
                               int rows, int D) {
  for (int r = (int)(threadIdx.x / 32); r < rows; r += WARPS)
    take_pair_row<SIZE>(tile + r * (SIZE / 2 + 4),
                        first + r < end ? from + (first + r) * stride : nullptr, D);
}

/// Keys or values (part 0, 1) of `rows` positions from j0 on, zeros from `end` on.
template <int SIZE>
ORC_DEVICE void take_pair_positions(unsigned *tile, const ll *runs, int run, int run_end, int part,
                                    int j0, int end, int rows, int column, int D) {
  for (int r = (int)(threadIdx.x / 32); r < rows; r += WARPS) {
    const float *from = nullptr;
    if (j0 + r < end) {
      run = run_of(runs, run, run_end, j0 + r);
      from = row_of(runs, run, part, j0 + r) + column;
    }
    take_pair_row<SIZE>(tile + r * (SIZE / 2 + 4), from, D);
  }
}

/// 8 numbers of a row of D, zeros behind them, copied; `from` is read where `is_there` alone.
ORC_DEVICE void copy_half_piece(unsigned *words, const half_word *from, int d, int D, bool is_there) {
  if (d + 8 <= D && (unsigned long long)(from + d) % 16 == 0) {
    copy_later(words, from + d, is_there);
    return;
  }
  for (int e = 0; e < 4; e++) {
    unsigned lower = is_there && d + 2 * e < D ? from[d + 2 * e] : 0;
    unsigned upper = is_there && d + 2 * e + 1 < D ? from[d + 2 * e + 1] : 0;
    words[e] = lower | upper << 16;
  }
}

/// Rows first ... of a matrix, zeros from `end` on, by the threads of which this is `thread`.
template <int SIZE>
ORC_DEVICE void copy_half_rows(unsigned *tile, const half_word *from, ll stride, int first, int end,
                               int rows, int D, int thread, int threads) {
  for (int i = thread; i < rows * (SIZE / 8); i += threads) {
    int r = i / (SIZE / 8), piece = i % (SIZE / 8);
    bool is_there = first + r < end;
    copy_half_piece(tile + r * (SIZE / 2 + 4) + 4 * piece, from + (is_there ? first + r : 0) * stride,
                    8 * piece, D, is_there);
  }
}

/// Keys of `rows` positions from j0 on, zeros from `end` on, and behind them their values.
template <int SIZE>
ORC_DEVICE void copy_half_positions(unsigned *tile, const ll *runs, int run, int run_end, int j0, int end,
                                    int rows, int column, int D) {
  for (int i = (int)threadIdx.x; i < rows * (SIZE / 8); i += BLOCK_THREADS) {
    int r = i / (SIZE / 8), piece = i % (SIZE / 8);
    bool is_there = j0 + r < end;
    int position = is_there ? j0 + r : j0;
    run = run_of(runs, run, run_end, position);
    const ll *at = runs + run * 4;
    ll place = (position - at[3]) * at[2] + column;
    unsigned *words = tile + r * (SIZE / 2 + 4) + 4 * piece;
    copy_half_piece(words, (const half_word *)at[0] + place, 8 * piece, D, is_there);
    copy_half_piece(words + rows * (SIZE / 2 + 4), (const half_word *)at[1] + place, 8 * piece, D,
                    is_there);
  }
}

/// sums[n] = 16 rows of a . 8 n ... rows of b, over SIZE columns; both tiles as they were taken.
template <int SIZE, int COUNT>
ORC_DEVICE void row_pieces(float (*sums)[4], const unsigned *a, const unsigned *b) {
  const int WIDE = SIZE / 2 + 4;
  for (int n = 0; n < COUNT; n++)
    for (int e = 0; e < 4; e++) sums[n][e] = 0;
#pragma unroll
  for (int k = 0; k < SIZE / 2; k += 8) {
    unsigned left[4], right[4];
    left_piece(left, a + k, WIDE);
#pragma unroll
    for (int n = 0; n < COUNT; n += 2) {
      right_pieces(right, b + 8 * n * WIDE + k, WIDE);
      multiply_piece(sums[n], left, right);
      multiply_piece(sums[n + 1], left, right + 2);
    }
  }
}

/// The same where the 16 rows are already with the lanes.
template <int SIZE, int COUNT>
ORC_DEVICE void row_pieces(float (*sums)[4], unsigned (*left)[4], const unsigned *b) {
  const int WIDE = SIZE / 2 + 4;
  for (int n = 0; n < COUNT; n++)
    for (int e = 0; e < 4; e++) sums[n][e] = 0;
#pragma unroll
  for (int k = 0; k < SIZE / 16; k++) {
    unsigned right[4];
#pragma unroll
    for (int n = 0; n < COUNT; n += 2) {
      right_pieces(right, b + 8 * n * WIDE + 8 * k, WIDE);
      multiply_piece(sums[n], left[k], right);
      multiply_piece(sums[n + 1], left[k], right + 2);
    }
  }
}

/// sums += p b over the 8 COUNT columns of p: what row_pieces gave, rounded to bfloat16, is the left
/// factor where it lies; b: 8 COUNT rows as they were taken, turned round as they are loaded.
template <int SIZE, int COUNT>
ORC_DEVICE void add_pieces(float (*sums)[4], float (*p)[4], const unsigned *b) {
  const int WIDE = SIZE / 2 + 4;
#pragma unroll
  for (int k = 0; k < COUNT / 2; k++) {
    unsigned left[4], right[4];
    for (int half = 0; half < 2; half++) {
      left[2 * half] = pack_bf16(p[2 * k + half][0], p[2 * k + half][1]);
      left[2 * half + 1] = pack_bf16(p[2 * k + half][2], p[2 * k + half][3]);
    }
#pragma unroll
    for (int n = 0; n < SIZE / 8; n += 2) {
      turned_pieces(right, b + 16 * k * WIDE + 4 * n, WIDE);
      multiply_piece(sums[n], left, right);
      multiply_piece(sums[n + 1], left, right + 2);
    }
  }
}

/// A row's half of such sums, times a factor: rows lane / 4 (half 0) and 8 below it.
template <int SIZE>
ORC_DEVICE void give_piece_row(float *row, float (*sums)[4], int half, float factor, int D) {
  int t = (int)(threadIdx.x % 4);
#pragma unroll
  for (int n = 0; n < SIZE / 8; n++)
    for (int e = 0; e < 2; e++) {
      int d = 8 * n + 2 * t + e;
      if (d < D) row[d] = sums[n][2 * half + e] * factor;
    }
}
