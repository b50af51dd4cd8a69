#line 2 "projections.cu"
// Products with stored weights: a module of its own, since each form of weights is compiled.

template <int FORM>
ORC_DEVICE void project(float *tiles, float *y, ll ldy, const Cells &x, const Weights &w, int N,
                        float alpha, int accumulate) {
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
ORC_DEVICE void project_back(float *tiles, float *dx, ll lddx, const Cells &dy, const Weights &w,
                             int K, float alpha, int accumulate) {
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
