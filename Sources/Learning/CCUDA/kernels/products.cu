#line 2 "products.cu"
// Products in float32: c (M, N) (+)= alpha a b, both factors by rows and steps of the sum. Each element
// is one sum over k ascending, so its bits depend on its factors and K alone.

enum { TILE = 64, STEPS = 16, WIDE = TILE + 4 };

/// Where value i of 4 of a thread lies in a tile of 64 rows and 16 steps: threads of a warp read
/// neighbours.
ORC_DEVICE int tile_row(bool along_k, int i) {
  return along_k ? (int)(threadIdx.x / 16) + 16 * i : (int)(threadIdx.x % 64);
}
ORC_DEVICE int tile_step(bool along_k, int i) {
  return along_k ? (int)(threadIdx.x % 16) : (int)(threadIdx.x / 64) + 4 * i;
}

template <class Factor>
ORC_DEVICE void read_tile(float *values, const Factor &f, int first, int k) {
  bool along_k = f.runs_along_k();
  for (int i = 0; i < 4; i++)
    values[i] = f.at(first + tile_row(along_k, i), k + tile_step(along_k, i));
}

ORC_DEVICE void write_tile(float *tile, const float *values, bool along_k) {
  for (int i = 0; i < 4; i++) tile[tile_step(along_k, i) * WIDE + tile_row(along_k, i)] = values[i];
}

/// Declared by the kernel: each compiled form of a product would have tiles of its own.
#define ORC_TILES __shared__ __align__(16) float tiles[2 * STEPS * WIDE]

/// A tile of 64 x 64 by 256 threads, 4 x 4 sums each; the next steps are read while these are summed.
template <class A, class B>
ORC_DEVICE void product(float *tiles, float *c, ll ldc, const A &a, const B &b, float alpha,
                        int accumulate) {
  float *a_tile = tiles, *b_tile = tiles + STEPS * WIDE;
  int m0 = (int)blockIdx.y * TILE, n0 = (int)blockIdx.x * TILE;
  int m = (int)(threadIdx.x / 16) * 4, n = (int)(threadIdx.x % 16) * 4;
  float sums[4][4] = {}, a_next[4], b_next[4];
  read_tile(a_next, a, m0, 0);
  read_tile(b_next, b, n0, 0);
  for (int k0 = 0; k0 < a.K; k0 += STEPS) {
    __syncthreads();
    write_tile(a_tile, a_next, a.runs_along_k());
    write_tile(b_tile, b_next, b.runs_along_k());
    __syncthreads();
    if (k0 + STEPS < a.K) {
      read_tile(a_next, a, m0, k0 + STEPS);
      read_tile(b_next, b, n0, k0 + STEPS);
    }
    for (int k = 0; k < STEPS; k++) {
      float4 x = *(const float4 *)(a_tile + k * WIDE + m);
      float4 y = *(const float4 *)(b_tile + k * WIDE + n);
      float left[4] = {x.x, x.y, x.z, x.w}, right[4] = {y.x, y.y, y.z, y.w};
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sums[i][j] += left[i] * right[j];
    }
  }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      if (m0 + m + i >= a.rows || n0 + n + j >= b.rows) continue;
      float *cell = c + (m0 + m + i) * ldc + (n0 + n + j), value = alpha * sums[i][j];
      *cell = accumulate ? *cell + value : value;
    }
}

ORC_KERNEL void __launch_bounds__(256) orc_product(float *c, ll ldc, const float *a, ll a_row, ll a_k,
                                                   const float *b, ll b_column, ll b_k, int M, int N,
                                                   int K, float alpha, int accumulate) {
  ORC_TILES;
  Cells left = {a, a_row, a_k, M, K}, right = {b, b_column, b_k, N, K};
  product(tiles, c, ldc, left, right, alpha, accumulate);
}

template <int FORM>
ORC_DEVICE void project(float *tiles, float *y, ll ldy, const Cells &x, const Weights &w, int N, float alpha,
                        int accumulate) {
  WeightRows<FORM> rows = {w, N, x.K};
  product(tiles, y, ldy, x, rows, alpha, accumulate);
}

/// y (M, N) (+)= alpha x (M, K) Wt.
ORC_KERNEL void __launch_bounds__(256) orc_project(float *y, ll ldy, const float *x, ll ldx,
                                                   ORC_WEIGHTS, int M, int N, int K, float alpha,
                                                   int accumulate) {
  ORC_TAKE_WEIGHTS(w, K);
  ORC_TILES;
  Cells left = {x, ldx, 1, M, K};
  ORC_EACH_FORM(kind, (project<FORM>(tiles, y, ldy, left, w, N, alpha, accumulate)))
}

template <int FORM>
ORC_DEVICE void project_back(float *tiles, float *dx, ll lddx, const Cells &dy, const Weights &w, int K,
                             float alpha, int accumulate) {
  WeightColumns<FORM> columns = {w, K, dy.K};
  product(tiles, dx, lddx, dy, columns, alpha, accumulate);
}

/// dx (M, K) (+)= alpha dy (M, N) W (N, K).
ORC_KERNEL void __launch_bounds__(256) orc_project_back(float *dx, ll lddx, const float *dy, ll lddy,
                                                        ORC_WEIGHTS, int M, int N, int K, float alpha,
                                                        int accumulate) {
  ORC_TAKE_WEIGHTS(w, K);
  ORC_TILES;
  Cells left = {dy, lddy, 1, M, N};
  ORC_EACH_FORM(kind, (project_back<FORM>(tiles, dx, lddx, left, w, K, alpha, accumulate)))
}

/// Rows of generation: a warp a column of y for 4 rows, 8 neighbours of 256 steps a lane, so weights are
/// read once, 16 bytes at a time where they lie so.
template <int FORM>
ORC_DEVICE void project_rows(float *y, ll ldy, const float *x, ll ldx, const Weights &w, int M, int N,
                             int K, float alpha, int accumulate) {
  int n = (int)(blockIdx.x * 8 + threadIdx.x / 32), lane = (int)(threadIdx.x % 32);
  int m0 = (int)blockIdx.y * 4, rows = M - m0 < 4 ? M - m0 : 4;
  if (n >= N) return;
  // Rows of whole groups of 8 keep the alignment of the first.
  bool isWhole = K % 8 == 0 && (unsigned long long)w.codes % 16 == 0;
  float sums[4] = {0, 0, 0, 0}, values[8];
  for (int k = lane * 8; k < K; k += 256) {
    if (k + 8 <= K) {
      eight_weights<FORM>(w, n * w.K + k, isWhole, values);
    } else {
      for (int e = 0; e < 8; e++) values[e] = k + e < K ? weight<FORM>(w, n * w.K + k + e) : 0.0f;
    }
    int steps = K - k < 8 ? K - k : 8;
    for (int m = 0; m < 4; m++)
      if (m < rows) {
        const float *row = x + (m0 + m) * ldx + k;
        float cells[8];
        if (steps == 8 && (unsigned long long)row % 16 == 0) {
          float4 low = *(const float4 *)row, high = *(const float4 *)(row + 4);
          float eight[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
          for (int e = 0; e < 8; e++) cells[e] = eight[e];
        } else {
          for (int e = 0; e < 8; e++) cells[e] = e < steps ? row[e] : 0.0f;
        }
        for (int e = 0; e < 8; e++) sums[m] += cells[e] * values[e];
      }
  }
  for (int m = 0; m < 4; m++) {
    float value = alpha * warp_sum(sums[m]);
    if (lane > 0 || m >= rows) continue;
    float *cell = y + (m0 + m) * ldy + n;
    *cell = accumulate ? *cell + value : value;
  }
}

ORC_KERNEL void __launch_bounds__(256) orc_project_rows(float *y, ll ldy, const float *x, ll ldx,
                                                        ORC_WEIGHTS, int M, int N, int K, float alpha,
                                                        int accumulate) {
  ORC_TAKE_WEIGHTS(w, K);
  ORC_EACH_FORM(kind, (project_rows<FORM>(y, ldy, x, ldx, w, M, N, K, alpha, accumulate)))
}
