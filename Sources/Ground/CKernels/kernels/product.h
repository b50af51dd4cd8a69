// Matrix products on plain layouts: the fallback where no BLAS is found, the products inside
// attention, and every product of generation, where a row must not depend on its neighbours.

enum { TILE_ROWS = 6, TILE_COLUMNS = PANEL * LANES };

// Weights that a product reads as they are stored.
enum { AS_FLOAT32, AS_BFLOAT16, AS_FLOAT16 };

INLINE vf load_as(const void *p, size_t i, const int type) {
  if (type == AS_BFLOAT16) return load_bf16((const uint16_t *)p + i);
  return type == AS_FLOAT16 ? load_f16((const uint16_t *)p + i) : load((const float *)p + i);
}

INLINE float one_as(const void *p, size_t i, const int type) {
  if (type == AS_BFLOAT16) return widen_bf16(((const uint16_t *)p)[i]);
  return type == AS_FLOAT16 ? widen_f16(((const uint16_t *)p)[i]) : ((const float *)p)[i];
}

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
      else store(c, settle(sum[r][p], load(c), alpha, beta));
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
  // What is left is one tile of fewer registers per row: 6 x 1 would wait for its own sums.
  switch ((N - j) / LANES) {
#if PANEL > 2
  case 3: tile_rows(C + j, ldc, A, ars, acs, B + j, ldb, M, K, 3, alpha, beta); break;
  case 2: tile_rows(C + j, ldc, A, ars, acs, B + j, ldb, M, K, 2, alpha, beta); break;
#endif
  case 1: tile_rows(C + j, ldc, A, ars, acs, B + j, ldb, M, K, 1, alpha, beta); break;
  default: break;
  }
}

/// C = edge + beta C over the first columns of an edge of LANES.
INLINE void add_edge(float *C, size_t ldc, const float *edge, size_t rows, size_t columns,
                     float beta) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      float *target = C + r * ldc + c, value = edge[r * LANES + c];
      *target = beta == 0 ? value : settle_one(value, *target, 1, beta);
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

// Dot products: 8 x 3 sums, 3 rows of B and one of A fill AVX-512's registers, 4 x 3 the others'.
enum { DOT_ROWS = LANES == 16 ? 8 : 4, DOT_COLUMNS = 3 };

/// How far ahead rows of B are fetched, in elements: whole groups of rows, at least 16 KiB of
/// float32, by which time they are there.
INLINE size_t fetched_ahead(size_t ldb) {
  size_t group = DOT_COLUMNS * ldb;
  return group >= 4096 ? group : (4096 + group - 1) / group * group;
}

INLINE void fetch_as(const void *p, size_t i, const int type) {
  if (type == AS_FLOAT32) __builtin_prefetch((const float *)p + i);
  else if (i % 32 == 0) __builtin_prefetch((const uint16_t *)p + i);
}

/// rows x columns dot products at once: K in lanes, lanes added in a fixed order, then the tail.
INLINE void dot_tile(float *C, size_t ldc, const float *A, size_t lda, const void *B, size_t first,
                     size_t ldb, size_t K, const int rows, const int columns, float alpha,
                     float beta, const int type) {
  FUSED
  size_t ahead = fetched_ahead(ldb);
  vf sum[DOT_ROWS][DOT_COLUMNS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < columns; c++) sum[r][c] = splat(0);
  size_t k = 0;
  for (; k + LANES <= K; k += LANES) {
    vf b[DOT_COLUMNS];
#pragma clang loop unroll(full)
    for (int c = 0; c < columns; c++) {
      b[c] = load_as(B, first + (size_t)c * ldb + k, type);
      fetch_as(B, first + (size_t)c * ldb + k + ahead, type);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      vf a = load(A + (size_t)r * lda + k);
#pragma clang loop unroll(full)
      for (int c = 0; c < columns; c++) sum[r][c] = a * b[c] + sum[r][c];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < columns; c++) {
      float total = lane_sum(sum[r][c]);
      const float *a = A + (size_t)r * lda;
      for (size_t rest = k; rest < K; rest++)
        total = a[rest] * one_as(B, first + (size_t)c * ldb + rest, type) + total;
      float *target = C + (size_t)r * ldc + c;
      *target = beta == 0 ? alpha * total : settle_one(total, *target, alpha, beta);
    }
}

INLINE void dot_rows(float *C, size_t ldc, const float *A, size_t lda, const void *B, size_t first,
                     size_t ldb, size_t M, size_t K, const int columns, float alpha, float beta,
                     const int type) {
#define DOT(ROWS)                                                                                  \
  dot_tile(C + i * ldc, ldc, A + i * lda, lda, B, first, ldb, K, ROWS, columns, alpha, beta, type)
  size_t i = 0;
  for (; i + DOT_ROWS <= M; i += DOT_ROWS) DOT(DOT_ROWS);
  switch (M - i) {
#if LANES == 16
  case 7: DOT(7); break;
  case 6: DOT(6); break;
  case 5: DOT(5); break;
  case 4: DOT(4); break;
#endif
  case 3: DOT(3); break;
  case 2: DOT(2); break;
  case 1: DOT(1); break;
  default: break;
  }
#undef DOT
}

/// A few rows of B at a time for all rows of A, so that B comes from memory once.
INLINE void dot_product(float *C, size_t ldc, const float *A, size_t lda, const void *B,
                        size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta,
                        const int type) {
  size_t j = 0;
  for (; j + DOT_COLUMNS <= N; j += DOT_COLUMNS)
    dot_rows(C + j, ldc, A, lda, B, j * ldb, ldb, M, K, DOT_COLUMNS, alpha, beta, type);
  for (; j < N; j++) dot_rows(C + j, ldc, A, lda, B, j * ldb, ldb, M, K, 1, alpha, beta, type);
}

static void product_nt(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  dot_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT32);
}

static void product_nt_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  dot_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_BFLOAT16);
}

static void product_nt_f16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                           size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  dot_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT16);
}
