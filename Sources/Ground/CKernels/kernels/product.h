// Matrix products on plain layouts: the fallback where no BLAS is found, the products inside
// attention, and every product of generation, where a row must not depend on its neighbours.

enum { TILE_ROWS = 6, TILE_COLUMNS = PANEL * LANES };

/// A register tile: `rows` x `panels` registers of C, k ascending, one accumulator per element.
/// A is read by broadcast with strides (ars, acs), B by rows.
/// With `fresh` C is overwritten by alpha * sum, else it becomes alpha * sum + beta * C.
INLINE void register_tile(float *C, size_t ldc, const float *A, size_t ars, size_t acs,
                          const float *B, size_t ldb, size_t K, const int rows, const int panels,
                          float alpha, float beta) {
  FUSED
  vf sum[TILE_ROWS][PANEL];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) sum[r][p] = splat(0);
  for (size_t k = 0; k < K; k++) {
    vf b[PANEL];
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) b[p] = load(B + k * ldb + (size_t)p * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float a = A[(size_t)r * ars + k * acs];
#pragma clang loop unroll(full)
      for (int p = 0; p < panels; p++) sum[r][p] = a * b[p] + sum[r][p];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) {
      float *c = C + (size_t)r * ldc + (size_t)p * LANES;
      if (beta == 0) store(c, alpha * sum[r][p]);
      else store(c, alpha * sum[r][p] + beta * load(c));
    }
}

INLINE void tile_rows(float *C, size_t ldc, const float *A, size_t ars, size_t acs, const float *B,
                      size_t ldb, size_t M, size_t K, const int panels, float alpha, float beta) {
  size_t i = 0;
  for (; i + TILE_ROWS <= M; i += TILE_ROWS)
    register_tile(C + i * ldc, ldc, A + i * ars, ars, acs, B, ldb, K, TILE_ROWS, panels, alpha,
                  beta);
  float *c = C + i * ldc;
  const float *a = A + i * ars;
  switch (M - i) {
  case 5: register_tile(c, ldc, a, ars, acs, B, ldb, K, 5, panels, alpha, beta); break;
  case 4: register_tile(c, ldc, a, ars, acs, B, ldb, K, 4, panels, alpha, beta); break;
  case 3: register_tile(c, ldc, a, ars, acs, B, ldb, K, 3, panels, alpha, beta); break;
  case 2: register_tile(c, ldc, a, ars, acs, B, ldb, K, 2, panels, alpha, beta); break;
  case 1: register_tile(c, ldc, a, ars, acs, B, ldb, K, 1, panels, alpha, beta); break;
  default: break;
  }
}

/// product_nn where N is a multiple of LANES.
static void product_padded(float *C, size_t ldc, const float *A, size_t ars, size_t acs,
                           const float *B, size_t ldb, size_t M, size_t N, size_t K, float alpha,
                           float beta) {
  size_t j = 0;
  for (; j + TILE_COLUMNS <= N; j += TILE_COLUMNS)
    tile_rows(C + j, ldc, A, ars, acs, B + j, ldb, M, K, PANEL, alpha, beta);
  for (; j + LANES <= N; j += LANES)
    tile_rows(C + j, ldc, A, ars, acs, B + j, ldb, M, K, 1, alpha, beta);
}

/// C = edge + beta C over the first columns of an edge of LANES.
INLINE void add_edge(float *C, size_t ldc, const float *edge, size_t rows, size_t columns,
                     float beta) {
  FUSED
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      float *target = C + r * ldc + c, value = edge[r * LANES + c];
      *target = beta == 0 ? value : value + beta * *target;
    }
}

static void product_nn(float *C, size_t ldc, const float *A, size_t ars, size_t acs,
                       const float *B, size_t ldb, size_t M, size_t N, size_t K, float alpha,
                       float beta) {
  FUSED
  size_t whole = N / LANES * LANES, rest = N - whole;
  product_padded(C, ldc, A, ars, acs, B, ldb, M, whole, K, alpha, beta);
  if (rest == 0) return;
  // The last columns go through a copy of B that is padded to a register.
  float *panel = orc_scratch(K * LANES + TILE_ROWS * LANES), *out = panel + K * LANES;
  memset(panel, 0, K * LANES * sizeof(float));
  for (size_t k = 0; k < K; k++)
    for (size_t c = 0; c < rest; c++) panel[k * LANES + c] = B[k * ldb + whole + c];
  for (size_t i = 0; i < M; i += TILE_ROWS) {
    size_t rows = M - i < TILE_ROWS ? M - i : TILE_ROWS;
    tile_rows(out, LANES, A + i * ars, ars, acs, panel, LANES, rows, K, 1, alpha, 0);
    add_edge(C + i * ldc + whole, ldc, out, rows, rest, beta);
  }
}

/// rows x columns dot products at once: K in lanes, lanes added in a fixed order, then the tail.
INLINE void dot_tile(float *C, size_t ldc, const float *A, size_t lda, const float *B, size_t ldb,
                     size_t K, const int rows, const int columns, float alpha, float beta) {
  FUSED
  vf sum[4][4];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < columns; c++) sum[r][c] = splat(0);
  size_t k = 0;
  for (; k + LANES <= K; k += LANES) {
    vf b[4];
#pragma clang loop unroll(full)
    for (int c = 0; c < columns; c++) b[c] = load(B + (size_t)c * ldb + k);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      vf a = load(A + (size_t)r * lda + k);
#pragma clang loop unroll(full)
      for (int c = 0; c < columns; c++) sum[r][c] = a * b[c] + sum[r][c];
    }
  }
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) {
      float total = lane_sum(sum[r][c]);
      const float *a = A + (size_t)r * lda, *b = B + (size_t)c * ldb;
      for (size_t rest = k; rest < K; rest++) total = a[rest] * b[rest] + total;
      float *target = C + (size_t)r * ldc + c;
      *target = beta == 0 ? alpha * total : alpha * total + beta * *target;
    }
}

INLINE void dot_columns(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                        size_t ldb, size_t N, size_t K, const int rows, float alpha, float beta) {
  size_t j = 0;
  for (; j + 4 <= N; j += 4)
    dot_tile(C + j, ldc, A, lda, B + j * ldb, ldb, K, rows, 4, alpha, beta);
  for (; j < N; j++) dot_tile(C + j, ldc, A, lda, B + j * ldb, ldb, K, rows, 1, alpha, beta);
}

static void product_nt(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  size_t i = 0;
  for (; i + 4 <= M; i += 4)
    dot_columns(C + i * ldc, ldc, A + i * lda, lda, B, ldb, N, K, 4, alpha, beta);
  for (; i < M; i++)
    dot_columns(C + i * ldc, ldc, A + i * lda, lda, B, ldb, N, K, 1, alpha, beta);
}
