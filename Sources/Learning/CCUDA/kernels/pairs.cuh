#line 2 "pairs.cuh"
// Tiles of attention on tensor cores, by 4 warps of 16 rows each.

enum { WARP_ROWS = 16, BLOCK_ROWS = 64, WARPS = 4 };

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

/// out[d] = pairs of neighbouring rows of column d: the tile turned round, for products over its rows.
template <int SIZE, int ROWS>
ORC_DEVICE void turn_pairs(unsigned *out, const unsigned *tile) {
  const int WIDE = SIZE / 2 + 4, OUT = ROWS / 2 + 4;
  for (int i = (int)threadIdx.x; i < SIZE / 2 * ROWS / 2; i += 32 * WARPS) {
    // 8 columns by 4 pairs of rows a warp.
    int block = i / 32, d = block % (SIZE / 16) * 8 + i % 8, r = block / (SIZE / 16) * 4 + i / 8 % 4;
    unsigned upper = tile[2 * r * WIDE + d], lower = tile[(2 * r + 1) * WIDE + d];
    out[2 * d * OUT + r] = (upper & 0xFFFFu) | lower << 16;
    out[(2 * d + 1) * OUT + r] = upper >> 16 | (lower & 0xFFFF0000u);
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
    unsigned left[4], right[2];
    left_piece(left, a + k, WIDE);
#pragma unroll
    for (int n = 0; n < COUNT; n++) {
      right_piece(right, b + 8 * n * WIDE + k, WIDE);
      multiply_piece(sums[n], left, right);
    }
  }
}

/// sums += p b over the 8 COUNT columns of p: what row_pieces gave, rounded to bfloat16, is the left
/// factor where it lies; b: turned pairs.
template <int SIZE, int COUNT>
ORC_DEVICE void add_pieces(float (*sums)[4], float (*p)[4], const unsigned *b) {
  const int WIDE = 4 * COUNT + 4;
#pragma unroll
  for (int k = 0; k < COUNT / 2; k++) {
    unsigned left[4], right[2];
    for (int half = 0; half < 2; half++) {
      left[2 * half] = pack_bf16(p[2 * k + half][0], p[2 * k + half][1]);
      left[2 * half + 1] = pack_bf16(p[2 * k + half][2], p[2 * k + half][3]);
    }
#pragma unroll
    for (int n = 0; n < SIZE / 8; n++) {
      right_piece(right, b + 8 * n * WIDE + 8 * k, WIDE);
      multiply_piece(sums[n], left, right);
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
