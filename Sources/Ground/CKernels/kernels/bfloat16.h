// bfloat16: the upper half of a float32.

INLINE uint16_t round_to_bf16(float x) {
  union {
    float value;
    uint32_t bits;
  } u = {x};
  uint32_t rounded = (u.bits + 0x7FFFu + ((u.bits >> 16) & 1u)) >> 16;
  // A NaN could round to infinity, or carry into the sign: it keeps its head and becomes quiet.
  uint32_t quiet = (u.bits >> 16) | 0x40u;
  return (uint16_t)((u.bits & 0x7FFFFFFFu) > 0x7F800000u ? quiet : rounded);
}

INLINE float widen_bf16(uint16_t x) {
  union {
    uint32_t bits;
    float value;
  } u = {(uint32_t)x << 16};
  return u.value;
}

static void bf16_from_f32(uint16_t *restrict y, const float *restrict x, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = round_to_bf16(x[i]);
}

static void f32_from_bf16(float *restrict y, const uint16_t *restrict x, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = widen_bf16(x[i]);
}

typedef uint16_t vh __attribute__((vector_size(LANES * 2), aligned(2)));
typedef uint32_t vw __attribute__((vector_size(LANES * 4)));

INLINE vf load_bf16(const uint16_t *p) {
  vw wide = __builtin_convertvector(*(const vh *)p, vw) << 16;
  return (vf)wide;
}

/// dot_tile of product.h with B in bfloat16.
INLINE void dot_tile_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                          size_t ldb, size_t K, const int rows, const int columns, float alpha,
                          float beta) {
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
    for (int c = 0; c < columns; c++) b[c] = load_bf16(B + (size_t)c * ldb + k);
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
      const float *a = A + (size_t)r * lda;
      const uint16_t *b = B + (size_t)c * ldb;
      for (size_t rest = k; rest < K; rest++) total = a[rest] * widen_bf16(b[rest]) + total;
      float *target = C + (size_t)r * ldc + c;
      *target = beta == 0 ? alpha * total : alpha * total + beta * *target;
    }
}

/// Four rows of B at a time for all rows of A, so that B is read from memory once.
static void product_nt_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  size_t j = 0;
  for (; j + 4 <= N; j += 4) {
    const uint16_t *b = B + j * ldb;
    size_t i = 0;
    for (; i + 4 <= M; i += 4)
      dot_tile_bf16(C + i * ldc + j, ldc, A + i * lda, lda, b, ldb, K, 4, 4, alpha, beta);
    for (; i < M; i++)
      dot_tile_bf16(C + i * ldc + j, ldc, A + i * lda, lda, b, ldb, K, 1, 4, alpha, beta);
  }
  for (; j < N; j++)
    for (size_t i = 0; i < M; i++)
      dot_tile_bf16(C + i * ldc + j, ldc, A + i * lda, lda, B + j * ldb, ldb, K, 1, 1, alpha, beta);
}
