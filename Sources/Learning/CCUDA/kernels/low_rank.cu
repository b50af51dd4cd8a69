#line 2 "low_rank.cu"
// Low-rank adapters: down and up of all members in one launch, y += s (x At) Bt, and the way back.
//
// A block owns 16 rows. Their low products stay in shared memory, where all outputs read them: what
// they are added to is read and written once. Each low product is four sums over every fourth group of
// 16 steps, added in order; each output one sum over ranks ascending: a row's bits do not depend on the
// rows it is with.

enum { LOW_ROWS = 16, LOW_STEPS = 64, LOW_RANKS = 64, LOW_WIDE = LOW_STEPS + 4 };

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

/// low[t, r] = scale * sum over k of x[t, k] w[r * w_rank + k * w_step].
ORC_DEVICE void low_products(float *tiles_memory, float *low, int wide, const float *x, ll ldx, int rows,
                             const float *w, ll w_rank, ll w_step, int ranks, int K, float scale) {
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
      if (r0 + r >= ranks) continue;
      float sum = w_tile[row * LOW_RANKS + r];
      for (int s = 1; s < 4; s++) sum += w_tile[(s * LOW_ROWS + row) * LOW_RANKS + r];
      low[row * wide + r0 + r] = scale * sum;
    }
  }
}

/// y[t, n] += scale * sum over r of low[t, r] w[n * w_column + r * w_rank].
ORC_DEVICE void add_low(float *y, ll ldy, int rows, const float *low, int wide, const float *w,
                        ll w_column, ll w_rank, int N, int ranks, float scale) {
  bool is_aligned = ranks % 4 == 0 && (unsigned long long)low % 16 == 0;
  for (int n = (int)threadIdx.x; n < N; n += 256) {
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

ORC_DEVICE void keep_low(float *target, ll ld, const float *low, int wide, int rows, int ranks) {
  for (int i = (int)threadIdx.x; i < rows * ranks; i += 256)
    target[i / ranks * ld + i % ranks] = low[i / ranks * wide + i % ranks];
}

/// low = x At;  y[, outputs] += scale low[, ranks] Bt of each member.
ORC_KERNEL void __launch_bounds__(256) orc_add_low_rank(float *y, ll ldy, float *low, ll ldl,
                                                        const float *x, ll ldx, const float *a, ll lda,
                                                        ORC_MEMBERS, int M, int K, int ranks) {
  ORC_SHARED(float, shared);
  ORC_TAKE_MEMBERS;
  float *kept = shared + (LOW_ROWS + LOW_STEPS) * LOW_WIDE;
  int wide = (ranks + 3) / 4 * 4, rows = M - (int)blockIdx.x * LOW_ROWS;
  ll t0 = (ll)blockIdx.x * LOW_ROWS;
  if (rows > LOW_ROWS) rows = LOW_ROWS;
  low_products(shared, kept, wide, x + t0 * ldx, ldx, rows, a, lda, 1, ranks, K, 1.0f);
  __syncthreads();
  keep_low(low + t0 * ldl, ldl, kept, wide, rows, ranks);
  for (int i = 0; i < 3; i++) {
    const Member &m = members[i];
    add_low(y + t0 * ldy + m.output, ldy, rows, kept + m.rank, wide, m.b, m.ldb, 1, m.outputs, m.ranks,
            m.scale);
  }
}

/// up[, ranks] = scale dy[, outputs] B of each member;  dx += up A where there is a dx.
ORC_KERNEL void __launch_bounds__(256) orc_low_rank_back(float *dx, ll lddx, float *up, ll ldu,
                                                         const float *dy, ll lddy, const float *a,
                                                         ll lda, ORC_MEMBERS, int M, int K, int ranks) {
  ORC_SHARED(float, shared);
  ORC_TAKE_MEMBERS;
  float *kept = shared + (LOW_ROWS + LOW_STEPS) * LOW_WIDE;
  int wide = (ranks + 3) / 4 * 4, rows = M - (int)blockIdx.x * LOW_ROWS;
  ll t0 = (ll)blockIdx.x * LOW_ROWS;
  if (rows > LOW_ROWS) rows = LOW_ROWS;
  for (int i = 0; i < 3; i++) {
    const Member &m = members[i];
    low_products(shared, kept + m.rank, wide, dy + t0 * lddy + m.output, lddy, rows, m.b, 1, m.ldb,
                 m.ranks, m.outputs, m.scale);
  }
  __syncthreads();
  keep_low(up + t0 * ldu, ldu, kept, wide, rows, ranks);
  if (dx) add_low(dx + t0 * lddx, lddx, rows, kept, wide, a, 1, lda, K, ranks, 1.0f);
}
