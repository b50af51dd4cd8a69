// The products of blocked.h with B in bfloat16 by the dot products of AVX512-BF16: A is rounded to
// bfloat16 as it is laid out, terms are taken in pairs, sums are float32. Subnormals count as 0.
// A word holds the pair of terms (2p, 2p + 1), the even one in its low half.

// A panel is 128 words x 64 columns = 32 KiB: in L1 beside 6 rows of A.
enum { PAIRS = DEPTH / 2 };

INLINE __mmask32 first_lanes(size_t n) {
  return n >= 32 ? 0xFFFFFFFFu : (__mmask32)((1u << n) - 1u);
}

/// words[i][PAIRS] = pairs of A[i][0 ..< depth], zero beyond.
static void round_block(float *words, const float *A, size_t lda, size_t M, size_t depth) {
  for (size_t i = 0; i < M; i++) {
    const float *row = A + i * lda;
    for (size_t k = 0; k < depth; k += 32) {
      __mmask32 mask = first_lanes(depth - k);
      __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, row + k);
      __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> 16), row + k + 16);
      _mm512_storeu_ps(words + i * PAIRS + k / 2, (__m512)_mm512_cvtne2ps_pbh(high, low));
    }
  }
}

/// panel[p][width] = pairs of B[j + c][first ...], zero beyond.
static void pair_transposed(float *panel, size_t width, const uint16_t *B, size_t ldb, size_t j,
                            size_t columns, size_t first, size_t depth) {
  for (size_t c = 0; c < width; c += 16)
    for (size_t k = 0; k < depth; k += 32) {
      __mmask32 mask = first_lanes(depth - k);
      vf square[16];
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) {
        __mmask32 seen = c + (size_t)i < columns ? mask : 0;
        const uint16_t *row = B + (j + (seen ? c + (size_t)i : 0)) * ldb + first + k;
        square[i] = (vf)_mm512_maskz_loadu_epi16(seen, row);
      }
      transpose(square);
      size_t pairs = (depth - k + 1) / 2;
      float *out = panel + k / 2 * width + c;
      if (pairs > 16) pairs = 16;
      for (size_t i = 0; i < pairs; i++)
        memcpy(out + i * width, (float *)square + i * 16, sizeof(vf));
    }
}

/// panel[p][width] = pairs of B[first ...][j + c], zero beyond.
static void pair_rows(float *panel, size_t width, const uint16_t *B, size_t ldb, size_t j,
                      size_t columns, size_t first, size_t depth) {
  for (size_t k = 0; k < depth; k += 2)
    for (size_t c = 0; c < width; c += 16) {
      __mmask16 mask = columns > c ? (__mmask16)first_lanes(columns - c) : 0;
      const uint16_t *row = B + (first + k) * ldb + j + (mask ? c : 0);
      __mmask16 second = k + 1 < depth ? mask : 0;
      __m256i even = _mm256_maskz_loadu_epi16(mask, row);
      __m256i odd = _mm256_maskz_loadu_epi16(second, row + (second ? ldb : 0));
      __m512i words = _mm512_or_si512(_mm512_cvtepu16_epi32(even),
                                      _mm512_slli_epi32(_mm512_cvtepu16_epi32(odd), 16));
      _mm512_storeu_ps(panel + k / 2 * width + c, (__m512)words);
    }
}

/// register_tile of product.h over pairs; the last register is written where `mask` says.
INLINE void pair_tile(float *C, size_t ldc, const float *A, const float *B, size_t ldb,
                      size_t pairs, const int rows, const int panels, __mmask16 mask, float alpha,
                      float beta) {
  __m512 sum[TILE_ROWS][PANEL];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) sum[r][p] = _mm512_setzero_ps();
  for (size_t k = 0; k < pairs; k++) {
    __m512bh b[PANEL];
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++)
      b[p] = (__m512bh)_mm512_loadu_ps(B + k * ldb + (size_t)p * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      __m512bh a = (__m512bh)_mm512_set1_ps(A[(size_t)r * PAIRS + k]);
#pragma clang loop unroll(full)
      for (int p = 0; p < panels; p++) sum[r][p] = _mm512_dpbf16_ps(sum[r][p], a, b[p]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int p = 0; p < panels; p++) {
      float *c = C + (size_t)r * ldc + (size_t)p * LANES;
      __mmask16 written = p + 1 < panels ? 0xFFFF : mask;
      __m512 y = _mm512_mul_ps(_mm512_set1_ps(alpha), sum[r][p]);
      if (beta != 0)
        y = _mm512_fmadd_ps(_mm512_set1_ps(beta), _mm512_maskz_loadu_ps(written, c), y);
      _mm512_mask_storeu_ps(c, written, y);
    }
}

/// All rows of A by one panel; what is needed next is fetched as in multiply_registers.
INLINE void pair_tile_rows(float *C, size_t ldc, const float *A, const float *B, size_t M,
                           size_t pairs, const int panels, __mmask16 mask, float alpha,
                           float beta, next_panel next) {
#define ROWS(COUNT)                                                                                \
  pair_tile(c, ldc, A + i * PAIRS, B, (size_t)panels * LANES, pairs, COUNT, panels, mask, alpha,   \
            beta)
  size_t share = (next.lines * TILE_ROWS + M - 1) / M;
  for (size_t i = 0; i < M; i += TILE_ROWS) {
    size_t rows = M - i < TILE_ROWS ? M - i : TILE_ROWS;
    float *c = C + i * ldc;
    fetch_tile(c, ldc, rows, panels);
    ask(&next, share);
    switch (rows) {
    case 6: ROWS(6); break;
    case 5: ROWS(5); break;
    case 4: ROWS(4); break;
    case 3: ROWS(3); break;
    case 2: ROWS(2); break;
    default: ROWS(1); break;
    }
  }
#undef ROWS
}

INLINE void paired_product(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                           size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta,
                           const int transposed) {
  float *panel = orc_scratch(PAIRS * TILE_COLUMNS + M * PAIRS);
  float *words = panel + PAIRS * TILE_COLUMNS;
  for (size_t first = 0; first < K; first += DEPTH) {
    size_t depth = K - first < DEPTH ? K - first : DEPTH, pairs = (depth + 1) / 2;
    float keep = first == 0 ? beta : 1.0f;
    round_block(words, A + first, lda, M, depth);
    for (size_t j = 0, columns; j < N; j += columns) {
      columns = N - j < TILE_COLUMNS ? N - j : TILE_COLUMNS;
      size_t width = padded(columns);
      __mmask16 mask = (__mmask16)first_lanes(columns + LANES - width);
      float *c = C + j;
      if (transposed) pair_transposed(panel, width, B, ldb, j, columns, first, depth);
      else pair_rows(panel, width, B, ldb, j, columns, first, depth);
      next_panel next =
          panel_behind(B, ldb, j, columns, N, first, K, AS_BFLOAT16, transposed);
#define PANELS(COUNT) pair_tile_rows(c, ldc, words, panel, M, pairs, COUNT, mask, alpha, keep, next)
      switch (width / LANES) {
      case 4: PANELS(4); break;
      case 3: PANELS(3); break;
      case 2: PANELS(2); break;
      default: PANELS(1); break;
      }
#undef PANELS
    }
  }
}

static void blocked_nt_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  paired_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, 1);
}

static void blocked_nn_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  paired_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, 0);
}
