#line 2 "tensor_tiles.cuh"
// Products on tensor cores: factors rounded to bfloat16 as they are read, sums in float32. A tile of
// 128 x 128 by 8 warps, each 64 x 32 in pieces of 16 x 8, 32 steps at a time.

enum {
  TENSOR_TILE = 128,
  TENSOR_STEPS = 32,
  /// Words of a row of 32 steps and 8 that keep rows in different banks.
  ROW_WORDS = 20,
};

/// Where pair i of 8 of a thread lies in a tile of 128 rows and 16 pairs of steps.
ORC_DEVICE int pair_row(bool along_k, int i) {
  return along_k ? (int)(threadIdx.x / 16) + 16 * i : (int)(threadIdx.x % 128);
}
ORC_DEVICE int pair_step(bool along_k, int i) {
  return along_k ? (int)(threadIdx.x % 16) : (int)(threadIdx.x / 128) + 2 * i;
}

template <class Factor>
ORC_DEVICE void read_pairs(unsigned *pairs, const Factor &f, int first, int k) {
  bool along_k = f.runs_along_k();
#pragma unroll
  for (int i = 0; i < 8; i++)
    pairs[i] = f.pair(first + pair_row(along_k, i), k + 2 * pair_step(along_k, i));
}

ORC_DEVICE void write_pairs(unsigned *tile, const unsigned *pairs, bool along_k) {
  for (int i = 0; i < 8; i++) tile[pair_row(along_k, i) * ROW_WORDS + pair_step(along_k, i)] = pairs[i];
}

/// Copies 32 steps of 128 rows to a tile: two pieces of 8 steps for each thread.
template <class Factor>
ORC_DEVICE void copy_words(unsigned *tile, const Factor &f, int first, int k) {
  for (int i = 0; i < 2; i++) {
    int row = (int)(threadIdx.x / 4) + 64 * i, piece = (int)(threadIdx.x % 4);
    int i0 = first + row, k0 = k + 8 * piece;
    bool is_there = i0 < f.rows && k0 < f.K;
    copy_later(tile + row * ROW_WORDS + 4 * piece, f.words(is_there ? i0 : 0, is_there ? k0 : 0),
               is_there);
  }
}

/// 16 steps of a warp's 64 x 32 sums.
ORC_DEVICE void multiply_steps(float (*sums)[4][4], const unsigned *a_tile, const unsigned *b_tile) {
  unsigned a[4], b[2][4];
  for (int j = 0; j < 2; j++) right_pieces(b[j], b_tile + 16 * j * ROW_WORDS, ROW_WORDS);
  for (int i = 0; i < 4; i++) {
    left_piece(a, a_tile + 16 * i * ROW_WORDS, ROW_WORDS);
    for (int j = 0; j < 4; j++) multiply_piece(sums[i][j], a, b[j / 2] + j % 2 * 2);
  }
}

ORC_DEVICE void settle(float *c, ll ldc, int m, int n, int M, int N, float sum, float alpha,
                       int accumulate) {
  if (m >= M || n >= N) return;
  float *cell = c + m * ldc + n, value = alpha * sum;
  *cell = accumulate ? *cell + value : value;
}

/// Declared by the kernel: each compiled form of a product would have tiles of its own.
#define ORC_TENSOR_TILES __shared__ __align__(16) unsigned tiles[4 * TENSOR_TILE * ROW_WORDS]

template <class A, class B>
ORC_DEVICE void tensor_product(unsigned *tiles, float *c, ll ldc, const A &a, const B &b, float alpha,
                               int accumulate) {
  const int WORDS = TENSOR_TILE * ROW_WORDS;
  int m0 = (int)blockIdx.y * TENSOR_TILE, n0 = (int)blockIdx.x * TENSOR_TILE;
  int warp = (int)(threadIdx.x / 32), lane = (int)(threadIdx.x % 32);
  int warp_m = warp / 4 * 64, warp_n = warp % 4 * 32, side = 0;
  float sums[4][4][4] = {};
  unsigned a_next[8], b_next[8];
  bool is_copied = B::MAY_COPY && b.is_copied();
  read_pairs(a_next, a, m0, 0);
  if (is_copied) {
    copy_words(tiles + 2 * WORDS, b, n0, 0);
  } else {
    read_pairs(b_next, b, n0, 0);
  }
  for (int k0 = 0; k0 < a.K; k0 += TENSOR_STEPS, side ^= 1) {
    // Two tiles in turn: whoever still multiplies the last one is one barrier behind.
    unsigned *a_tile = tiles + side * WORDS, *b_tile = a_tile + 2 * WORDS;
    write_pairs(a_tile, a_next, a.runs_along_k());
    if (is_copied) {
      wait_for_copies();
    } else {
      write_pairs(b_tile, b_next, b.runs_along_k());
    }
    __syncthreads();
    if (k0 + TENSOR_STEPS < a.K) {
      read_pairs(a_next, a, m0, k0 + TENSOR_STEPS);
      if (is_copied) {
        copy_words(tiles + (side ^ 1) * WORDS + 2 * WORDS, b, n0, k0 + TENSOR_STEPS);
      } else {
        read_pairs(b_next, b, n0, k0 + TENSOR_STEPS);
      }
    }
    for (int half = 0; half < 16; half += 8)
      multiply_steps(sums, a_tile + warp_m * ROW_WORDS + half,
                     b_tile + warp_n * ROW_WORDS + half);
  }
  int m = m0 + warp_m + lane / 4, n = n0 + warp_n + lane % 4 * 2;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++)
      for (int e = 0; e < 4; e++)
        settle(c, ldc, m + 16 * i + e / 2 * 8, n + 8 * j + e % 2, a.rows, b.rows, sums[i][j][e],
               alpha, accumulate);
}
