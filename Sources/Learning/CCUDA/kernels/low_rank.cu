#line 2 "low_rank.cu"
// Low-rank adapters of all members in two launches: y += s (x At) Bt, and the way back.
//
// First the low products, a block for some rows and 512 steps of the sum: as many blocks for few rows as
// the steps give. Then a block for 16 rows and 1024 columns adds up the pieces, in order, and what they
// give to the columns, which are read and written once. A row's bits do not depend on the rows it is with.
//
// In float32, a piece is four sums over every fourth group of 16 steps, added in order. On tensor cores
// each factor is two bfloat16 numbers, x = hi + lo, and a product hi hi + hi lo + lo hi: 16 bits.

enum { LOW_ROWS = 16, LOW_PIECE = 512, LOW_COLUMNS = 1024 };
enum { LOW_STEPS = 64, LOW_RANKS = 64, LOW_WIDE = LOW_STEPS + 4 };
/// On tensor cores: rows of a block, words of a row of 64 steps.
enum { PAIR_ROWS = 64, PAIR_THREADS = 128, PAIR_WIDE = LOW_STEPS / 2 + 4 };

ORC_DEVICE int pieces_of(int steps) { return (steps + LOW_PIECE - 1) / LOW_PIECE; }

/// One member: B (outputs, ranks), the columns of y and of low that are its own, and its scale.
#define ORC_MEMBER(i)                                                                                \
  const float *b##i, ll ldb##i, int output##i, int outputs##i, int rank##i, int ranks##i, float scale##i
#define ORC_MEMBERS ORC_MEMBER(0), ORC_MEMBER(1), ORC_MEMBER(2)

struct Member {
  const float *b;
  ll ldb;
  int output, outputs, rank, ranks;
  float scale;
};
#define ORC_TAKE_MEMBER(i) {b##i, ldb##i, output##i, outputs##i, rank##i, ranks##i, scale##i}
#define ORC_TAKE_MEMBERS \
  const Member members[3] = {ORC_TAKE_MEMBER(0), ORC_TAKE_MEMBER(1), ORC_TAKE_MEMBER(2)}

/// 64 steps of up to 64 ranks: neighbours in memory to neighbouring threads.
ORC_DEVICE void read_ranks(float *tile, const float *w, ll w_rank, ll w_step, int ranks, int steps,
                           int tiles) {
  int lane = (int)threadIdx.x % 32, warp = (int)threadIdx.x / 32;
  for (int i = 0; i < 4 * tiles; i++) {
    int e = (int)threadIdx.x + 256 * (i % 4);
    int r = w_step == 1 ? i % 4 * 4 + lane / 8 : e % 16, k = w_step == 1 ? warp * 8 + lane % 8 : e / 16;
    r += i / 4 * 16;
    tile[k * LOW_WIDE + r] = r < ranks && k < steps ? w[r * w_rank + k * w_step] : 0.0f;
  }
}

ORC_DEVICE void read_rows(float *tile, const float *x, ll ldx, int rows, int steps) {
  for (int i = 0; i < 4; i++) {
    int place = (int)threadIdx.x + 256 * i, t = place / LOW_STEPS, k = place % LOW_STEPS;
    tile[t * LOW_WIDE + k] = t < rows && k < steps ? x[t * ldx + k] : 0.0f;
  }
}

/// low[t, r] = sum over k of x[t, k] w[r * w_rank + k * w_step], low (rows, ranks).
ORC_DEVICE void low_products(float *tiles_memory, float *low, const float *x, ll ldx, int rows,
                             const float *w, ll w_rank, ll w_step, int ranks, int K) {
  float *x_tile = tiles_memory, *w_tile = x_tile + LOW_ROWS * LOW_WIDE;
  int slice = (int)threadIdx.x / 64, t = (int)threadIdx.x % 64 / 4, four = (int)threadIdx.x % 4 * 4;
  for (int r0 = 0; r0 < ranks; r0 += LOW_RANKS) {
    int tiles = ranks - r0 >= LOW_RANKS ? 4 : (ranks - r0 + 15) / 16;
    float sums[4][4] = {};
    for (int k0 = 0; k0 < K; k0 += LOW_STEPS) {
      __syncthreads();
      read_rows(x_tile, x + k0, ldx, rows, K - k0);
      read_ranks(w_tile, w + r0 * w_rank + k0 * w_step, w_rank, w_step, ranks - r0, K - k0, tiles);
      __syncthreads();
      for (int k = slice * 16; k < slice * 16 + 16; k += 4) {
        float4 left = *(const float4 *)(x_tile + t * LOW_WIDE + k);
        float steps[4] = {left.x, left.y, left.z, left.w};
        for (int e = 0; e < 4; e++)
          for (int tile = 0; tile < 4; tile++) {
            if (tile >= tiles) continue;
            float4 right = *(const float4 *)(w_tile + (k + e) * LOW_WIDE + tile * 16 + four);
            float rank[4] = {right.x, right.y, right.z, right.w};
            for (int j = 0; j < 4; j++) sums[tile][j] += steps[e] * rank[j];
          }
      }
    }
    // The slices of a sum meet where the ranks were.
    __syncthreads();
    for (int tile = 0; tile < 4; tile++)
      for (int j = 0; j < 4; j++)
        w_tile[(slice * LOW_ROWS + t) * LOW_RANKS + tile * 16 + four + j] = sums[tile][j];
    __syncthreads();
    for (int i = (int)threadIdx.x; i < LOW_ROWS * LOW_RANKS; i += 256) {
      int row = i / LOW_RANKS, r = i % LOW_RANKS;
      if (r0 + r >= ranks || row >= rows) continue;
      float sum = w_tile[row * LOW_RANKS + r];
      for (int s = 1; s < 4; s++) sum += w_tile[(s * LOW_ROWS + row) * LOW_RANKS + r];
      low[row * ranks + r0 + r] = sum;
    }
  }
}

/// y[t, n] += scale * sum over r of low[t, r] w[n * w_column + r * w_rank], for 1024 columns from n0 on.
ORC_DEVICE void add_low(float *y, ll ldy, int rows, const float *low, int wide, const float *w,
                        ll w_column, ll w_rank, int n0, int N, int ranks, float scale) {
  bool is_aligned = ranks % 4 == 0 && (unsigned long long)low % 16 == 0;
  for (int n = n0 + (int)threadIdx.x; n < N && n < n0 + LOW_COLUMNS; n += 256) {
    float sums[LOW_ROWS] = {};
    const float *column = w + n * w_column;
    if (is_aligned) {
      for (int r = 0; r < ranks; r += 4) {
        float four[4];
        for (int e = 0; e < 4; e++) four[e] = column[(r + e) * w_rank];
        for (int t = 0; t < LOW_ROWS; t++) {
          float4 kept = *(const float4 *)(low + t * wide + r);
          sums[t] += kept.x * four[0];
          sums[t] += kept.y * four[1];
          sums[t] += kept.z * four[2];
          sums[t] += kept.w * four[3];
        }
      }
    } else {
      for (int r = 0; r < ranks; r++) {
        float rank = column[r * w_rank];
        for (int t = 0; t < LOW_ROWS; t++) sums[t] += low[t * wide + r] * rank;
      }
    }
    for (int t = 0; t < LOW_ROWS; t++)
      if (t < rows) y[t * ldy + n] += scale * sums[t];
  }
}


// ---- The same on tensor cores ----------------------------------------------------------------------

/// Two neighbours as hi and lo, each a word.
ORC_DEVICE void split_pair(unsigned *hi, unsigned *lo, float first, float second) {
  *hi = pack_bf16(first, second);
  *lo = pack_bf16(first - __uint_as_float(*hi << 16),
                  second - __uint_as_float(*hi & 0xFFFF0000u));
}

/// 64 steps of `count` rows, hi and, a tile further, lo; zeros outside.
ORC_DEVICE void take_split_rows(unsigned *tile, const float *x, ll ldx, int rows, int steps, int count) {
  int lane = (int)threadIdx.x % 32, k = 2 * lane;
  for (int r = (int)threadIdx.x / 32; r < count; r += PAIR_THREADS / 32) {
    const float *from = x + r * ldx + k;
    float2 two = {0.0f, 0.0f};
    if (r < rows && k + 1 < steps && (unsigned long long)from % 8 == 0) {
      two = *(const float2 *)from;
    } else if (r < rows) {
      if (k < steps) two.x = from[0];
      if (k + 1 < steps) two.y = from[1];
    }
    unsigned *words = tile + r * PAIR_WIDE + lane;
    split_pair(words, words + PAIR_ROWS * PAIR_WIDE, two.x, two.y);
  }
}

/// 64 steps of up to 64 ranks, whose neighbours in memory are ranks.
ORC_DEVICE void take_split_ranks(unsigned *tile, const float *w, ll w_step, int ranks, int steps,
                                 int count) {
  for (int i = (int)threadIdx.x; i < count * LOW_STEPS / 2; i += PAIR_THREADS) {
    int r = i % count, k = i / count * 2;
    float first = r < ranks && k < steps ? w[k * w_step + r] : 0.0f;
    float second = r < ranks && k + 1 < steps ? w[(k + 1) * w_step + r] : 0.0f;
    unsigned *words = tile + r * PAIR_WIDE + k / 2;
    split_pair(words, words + PAIR_ROWS * PAIR_WIDE, first, second);
  }
}

/// 16 steps of a warp's 16 rows and `pairs` times 16 ranks.
ORC_DEVICE void multiply_split(float (*sums)[4], const unsigned *x, const unsigned *w, int pairs) {
  const int LO = PAIR_ROWS * PAIR_WIDE;
  unsigned hi[4], lo[4], right[4], right_lo[4];
  left_piece(hi, x, PAIR_WIDE);
  left_piece(lo, x + LO, PAIR_WIDE);
#pragma unroll
  for (int n = 0; n < 4; n++) {
    if (n >= pairs) continue;
    right_pieces(right, w + 16 * n * PAIR_WIDE, PAIR_WIDE);
    right_pieces(right_lo, w + LO + 16 * n * PAIR_WIDE, PAIR_WIDE);
    for (int half = 0; half < 2; half++) {
      float *sum = sums[2 * n + half];
      multiply_piece(sum, lo, right + 2 * half);
      multiply_piece(sum, hi, right_lo + 2 * half);
      multiply_piece(sum, hi, right + 2 * half);
    }
  }
}

/// As low_products, for up to 64 rows.
ORC_DEVICE void low_split_products(unsigned *tiles, float *low, const float *x, ll ldx, int rows,
                                   const float *w, ll w_rank, ll w_step, int ranks, int K) {
  unsigned *x_tile = tiles, *w_tile = tiles + 2 * PAIR_ROWS * PAIR_WIDE;
  int lane = (int)threadIdx.x % 32, first = (int)threadIdx.x / 32 * 16;
  for (int r0 = 0; r0 < ranks; r0 += LOW_RANKS) {
    int pairs = ranks - r0 >= LOW_RANKS ? 4 : (ranks - r0 + 15) / 16;
    float sums[8][4] = {};
    for (int k0 = 0; k0 < K; k0 += LOW_STEPS) {
      const float *part = w + r0 * w_rank + k0 * w_step;
      __syncthreads();
      take_split_rows(x_tile, x + k0, ldx, rows, K - k0, PAIR_ROWS);
      if (w_step == 1) {
        take_split_rows(w_tile, part, w_rank, ranks - r0, K - k0, 16 * pairs);
      } else {
        take_split_ranks(w_tile, part, w_step, ranks - r0, K - k0, 16 * pairs);
      }
      __syncthreads();
      for (int k = 0; k < LOW_STEPS / 2; k += 8)
        multiply_split(sums, x_tile + first * PAIR_WIDE + k, w_tile + k, pairs);
    }
    for (int n = 0; n < 8; n++)
      for (int e = 0; e < 4; e++) {
        int row = first + lane / 4 + e / 2 * 8, r = r0 + 8 * n + lane % 4 * 2 + e % 2;
        if (row < rows && r < ranks) low[(ll)row * ranks + r] = sums[n][e];
      }
  }
}

#define ORC_LOW_TILES __shared__ __align__(16) float tiles[(LOW_ROWS + LOW_STEPS) * LOW_WIDE]
#define ORC_PAIR_TILES __shared__ __align__(16) unsigned tiles[4 * PAIR_ROWS * PAIR_WIDE]

// ---- Pieces of low products ------------------------------------------------------------------------

/// Piece blockIdx.y of x (M, K) At: partial (pieces, M, ranks).
#define ORC_DOWN(products, ROWS)                                                                     \
  int k0 = (int)blockIdx.y * LOW_PIECE, K1 = K - k0 < LOW_PIECE ? K - k0 : LOW_PIECE;                 \
  ll t0 = (ll)blockIdx.x * ROWS;                                                                     \
  int rows = M - t0 < ROWS ? (int)(M - t0) : ROWS;                                                   \
  products(tiles, partial + ((ll)blockIdx.y * M + t0) * ranks, x + t0 * ldx + k0, ldx, rows, a + k0,  \
           lda, 1, ranks, K1);

/// Pieces of dy B of each member: partial (pieces, M, ranks) of its own, one behind the other.
#define ORC_UP(products, ROWS)                                                                       \
  ORC_TAKE_MEMBERS;                                                                                  \
  int piece = (int)blockIdx.y, i = 0;                                                                \
  while (i < 2 && piece >= pieces_of(members[i].outputs)) {                                          \
    piece -= pieces_of(members[i].outputs);                                                          \
    partial += (ll)pieces_of(members[i].outputs) * M * members[i].ranks;                             \
    i++;                                                                                             \
  }                                                                                                  \
  Member m = members[i];                                                                             \
  int k0 = piece * LOW_PIECE, K1 = m.outputs - k0 < LOW_PIECE ? m.outputs - k0 : LOW_PIECE;           \
  ll t0 = (ll)blockIdx.x * ROWS;                                                                     \
  int rows = M - t0 < ROWS ? (int)(M - t0) : ROWS;                                                   \
  products(tiles, partial + ((ll)piece * M + t0) * m.ranks, dy + t0 * lddy + m.output + k0, lddy,     \
           rows, m.b + k0 * m.ldb, 1, m.ldb, m.ranks, K1);

ORC_KERNEL void __launch_bounds__(256)
    orc_low_rank_down(float *partial, const float *x, ll ldx, const float *a, ll lda, int M, int K,
                      int ranks) {
  ORC_LOW_TILES;
  ORC_DOWN(low_products, LOW_ROWS)
}

ORC_KERNEL void __launch_bounds__(128)
    orc_low_rank_down_tensor(float *partial, const float *x, ll ldx, const float *a, ll lda, int M, int K,
                             int ranks) {
  ORC_PAIR_TILES;
  ORC_DOWN(low_split_products, PAIR_ROWS)
}

ORC_KERNEL void __launch_bounds__(256)
    orc_low_rank_up(float *partial, const float *dy, ll lddy, ORC_MEMBERS, int M) {
  ORC_LOW_TILES;
  ORC_UP(low_products, LOW_ROWS)
}

ORC_KERNEL void __launch_bounds__(128)
    orc_low_rank_up_tensor(float *partial, const float *dy, ll lddy, ORC_MEMBERS, int M) {
  ORC_PAIR_TILES;
  ORC_UP(low_split_products, PAIR_ROWS)
}

// ---- What they give --------------------------------------------------------------------------------

/// kept[t, rank + r] = scale * the sum of the pieces, ascending, for 16 rows; zeros behind the last.
ORC_DEVICE void join_pieces(float *kept, int wide, const float *partial, int pieces, int M, ll t0,
                            int rows, int rank, int ranks, float scale) {
  for (int i = (int)threadIdx.x; i < LOW_ROWS * ranks; i += 256) {
    int row = i / ranks, r = i % ranks;
    const float *from = partial + (t0 + row) * ranks + r;
    float sum = 0;
    if (row < rows) {
#pragma unroll 4
      for (int piece = 0; piece < pieces; piece++) sum += from[(ll)piece * M * ranks];
    }
    kept[row * wide + rank + r] = scale * sum;
  }
}

ORC_DEVICE void keep_low(float *target, ll ld, const float *low, int wide, int rows, int ranks) {
  for (int i = (int)threadIdx.x; i < rows * ranks; i += 256)
    target[i / ranks * ld + i % ranks] = low[i / ranks * wide + i % ranks];
}

/// low = the sum of the pieces;  y[, outputs] += scale low[, ranks] Bt of each member.
ORC_KERNEL void __launch_bounds__(256)
    orc_add_low_rank(float *y, ll ldy, float *low, ll ldl, const float *partial, ORC_MEMBERS, int M, int K,
                     int ranks) {
  ORC_SHARED(float, kept);
  ORC_TAKE_MEMBERS;
  int wide = (ranks + 3) / 4 * 4, tile = (int)blockIdx.y;
  ll t0 = (ll)blockIdx.x * LOW_ROWS;
  int rows = M - t0 < LOW_ROWS ? (int)(M - t0) : LOW_ROWS;
  join_pieces(kept, wide, partial, pieces_of(K), M, t0, rows, 0, ranks, 1.0f);
  __syncthreads();
  if (tile == 0) keep_low(low + t0 * ldl, ldl, kept, wide, rows, ranks);
  for (int i = 0; i < 3; i++) {
    const Member &m = members[i];
    int n0 = tile * LOW_COLUMNS;
    tile -= (m.outputs + LOW_COLUMNS - 1) / LOW_COLUMNS;
    if (n0 < 0 || n0 >= m.outputs) continue;
    add_low(y + t0 * ldy + m.output, ldy, rows, kept + m.rank, wide, m.b, m.ldb, 1, n0, m.outputs,
            m.ranks, m.scale);
  }
}

/// up[, ranks] = scale times the sum of each member's pieces;  dx += up A where there is a dx.
ORC_KERNEL void __launch_bounds__(256)
    orc_low_rank_back(float *dx, ll lddx, float *up, ll ldu, const float *partial, const float *a, ll lda,
                      ORC_MEMBERS, int M, int K, int ranks) {
  ORC_SHARED(float, kept);
  ORC_TAKE_MEMBERS;
  int wide = (ranks + 3) / 4 * 4;
  ll t0 = (ll)blockIdx.x * LOW_ROWS;
  int rows = M - t0 < LOW_ROWS ? (int)(M - t0) : LOW_ROWS;
  for (int i = 0; i < 3; i++) {
    const Member &m = members[i];
    int pieces = pieces_of(m.outputs);
    join_pieces(kept, wide, partial, pieces, M, t0, rows, m.rank, m.ranks, m.scale);
    partial += (ll)pieces * M * m.ranks;
  }
  __syncthreads();
  if (blockIdx.y == 0) keep_low(up + t0 * ldu, ldu, kept, wide, rows, ranks);
  if (dx)
    add_low(dx + t0 * lddx, lddx, rows, kept, wide, a, 1, lda, (int)blockIdx.y * LOW_COLUMNS, K, ranks,
            1.0f);
}
