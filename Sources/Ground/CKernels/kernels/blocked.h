// Products of many rows by blocks (Goto & van de Geijn 2008): DEPTH terms of the sum at a time, for
// them one panel of B after another laid out for the register tile and used for all rows of A.
// B may be float32 or bfloat16, widened as it is laid out. The order of the sum of an element is
// fixed by K: terms ascending within a block, blocks ascending. So tiles of C may be cut anywhere.

// A panel of AVX-512, 256 x 64 floats, is 64 KiB and stays in L2; AVX2's 256 x 16 is 16 KiB.
enum { DEPTH = 256 };

/// panel[k][width] = B[j + c][first + k], zero where c >= columns.
INLINE void lay_out_transposed(float *panel, size_t width, const void *B, size_t ldb, size_t j,
                               size_t columns, size_t first, size_t depth, const int type) {
  for (size_t c = 0; c < width; c += LANES) {
    size_t count = columns > c ? columns - c : 0;
    if (count > LANES) count = LANES;
    for (size_t k = 0; k < depth; k += LANES) {
      size_t deep = depth - k < LANES ? depth - k : LANES, corner = (j + c) * ldb + first + k;
      vf square[LANES];
      if (count == LANES && deep == LANES) {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) square[i] = load_as(B, corner + (size_t)i * ldb, type);
      } else {
        memset(square, 0, sizeof square);
        for (size_t i = 0; i < count; i++)
          for (size_t d = 0; d < deep; d++)
            ((float *)square)[i * LANES + d] = one_as(B, corner + i * ldb + d, type);
      }
      transpose(square);
      float *out = panel + k * width + c;
      if (deep == LANES) {
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) store(out + (size_t)i * width, square[i]);
      } else {
        for (size_t i = 0; i < deep; i++)
          memcpy(out + i * width, (float *)square + i * LANES, sizeof(vf));
      }
    }
  }
}

/// panel[k][width] = B[first + k][j + c], zero where c >= columns.
INLINE void lay_out_rows(float *panel, size_t width, const void *B, size_t ldb, size_t j,
                         size_t columns, size_t first, size_t depth, const int type) {
  for (size_t k = 0; k < depth; k++) {
    size_t row = (first + k) * ldb + j, c = 0;
    for (; c + LANES <= columns; c += LANES)
      store(panel + k * width + c, load_as(B, row + c, type));
    for (; c < columns; c++) panel[k * width + c] = one_as(B, row + c, type);
    for (; c < width; c++) panel[k * width + c] = 0;
  }
}

INLINE void blocked_product(float *C, size_t ldc, const float *A, size_t lda, const void *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta,
                            const int type, const int transposed) {
  FUSED
  float *panel = orc_scratch(DEPTH * TILE_COLUMNS + TILE_ROWS * LANES);
  float *edge = panel + DEPTH * TILE_COLUMNS;
  for (size_t first = 0; first < K; first += DEPTH) {
    size_t depth = K - first < DEPTH ? K - first : DEPTH;
    float keep = first == 0 ? beta : 1.0f;
    const float *a = A + first;
    for (size_t j = 0, columns; j < N; j += columns) {
      size_t width = N - j >= TILE_COLUMNS ? TILE_COLUMNS : LANES;
      columns = N - j < width ? N - j : width;
      if (transposed) lay_out_transposed(panel, width, B, ldb, j, columns, first, depth, type);
      else lay_out_rows(panel, width, B, ldb, j, columns, first, depth, type);
      float *c = C + j;
      if (width == TILE_COLUMNS) {
        tile_rows(c, ldc, a, lda, 1, panel, width, M, depth, PANEL, alpha, keep);
      } else if (columns == LANES) {
        tile_rows(c, ldc, a, lda, 1, panel, width, M, depth, 1, alpha, keep);
      } else {
        for (size_t i = 0; i < M; i += TILE_ROWS) {
          size_t rows = M - i < TILE_ROWS ? M - i : TILE_ROWS;
          tile_rows(edge, LANES, a + i * lda, lda, 1, panel, width, rows, depth, 1, alpha, 0);
          add_edge(c + i * ldc, ldc, edge, rows, columns, keep);
        }
      }
    }
  }
}

static void blocked_nt(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT32, 1);
}

static void blocked_nn(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT32, 0);
}

#if !defined(DOT_BF16)
static void blocked_nt_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_BFLOAT16, 1);
}

static void blocked_nn_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_BFLOAT16, 0);
}
#endif
