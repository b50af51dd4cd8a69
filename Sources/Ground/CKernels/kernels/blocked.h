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

/// What is multiplied: A (M, K), or with A_TRANSPOSED A (K, M); B (K, N), or with B_TRANSPOSED
/// B (N, K).
enum { PLAIN = 0, A_TRANSPOSED = 1, B_TRANSPOSED = 2 };

/// out[group][k][TILE_ROWS] = A[first + k][group's rows]: columns of A, six to a group. Sixteen
/// rows of A at a time, so that both sides are read and written in lines.
static void lay_out_columns(float *restrict out, const float *restrict A, size_t lda, size_t M,
                            size_t first, size_t depth) {
  for (size_t k0 = 0; k0 < depth; k0 += 16) {
    size_t end = depth - k0 < 16 ? depth : k0 + 16, i = 0;
    for (; i + TILE_ROWS <= M; i += TILE_ROWS)
      for (size_t k = k0; k < end; k++)
        memcpy(out + i * DEPTH + k * TILE_ROWS, A + (first + k) * lda + i,
               TILE_ROWS * sizeof(float));
    for (size_t k = k0; k < end && i < M; k++)
      memcpy(out + i * DEPTH + k * TILE_ROWS, A + (first + k) * lda + i, (M - i) * sizeof(float));
  }
}

/// A panel of B that is wanted next, fetched a part at a time while the one before is used: what is
/// left to ask for are `lines` cache lines, `across` to a row of `pitch` bytes.
typedef struct {
  const char *first;
  size_t pitch, across, lines, asked;
} next_panel;

INLINE next_panel panel_after(const void *B, size_t ldb, size_t j, size_t columns, size_t first,
                              size_t depth, const int type, const int transposed) {
  size_t size = type == AS_BFLOAT16 ? 2 : 4;
  size_t row = transposed ? j : first, column = transposed ? first : j;
  size_t rows = transposed ? columns : depth, width = transposed ? depth : columns;
  size_t across = (width * size + 63) / 64;
  return (next_panel){(const char *)B + (row * ldb + column) * size, ldb * size, across,
                      rows * across, 0};
}

INLINE void ask(next_panel *next, size_t count) {
  size_t end = next->asked + count < next->lines ? next->asked + count : next->lines;
  for (size_t line = next->asked; line < end; line++)
    __builtin_prefetch(next->first + line / next->across * next->pitch + line % next->across * 64);
  next->asked = end;
}

/// The panel after that of the `columns` from j on: the next columns, or the first of the next terms.
INLINE next_panel panel_behind(const void *B, size_t ldb, size_t j, size_t columns, size_t N,
                               size_t first, size_t K, const int type, const int transposed) {
  size_t after = j + columns < N ? j + columns : 0, deep = after > 0 ? first : first + DEPTH;
  return panel_after(B, ldb, after, N - after < TILE_COLUMNS ? N - after : TILE_COLUMNS, deep,
                     deep >= K ? 0 : K - deep < DEPTH ? K - deep : DEPTH, type, transposed);
}

/// A tile of C is on its way before it is needed.
INLINE void fetch_tile(const float *c, size_t ldc, size_t rows, const int panels) {
  for (size_t r = 0; r < rows; r++)
    for (int p = 0; p < panels; p++) __builtin_prefetch(c + r * ldc + (size_t)p * LANES, 1);
}

/// All rows of A by one panel of `panels` registers. Each tile of C, and the panel after this one, are
/// on their way before they are needed: a product of large matrices waits for memory otherwise.
INLINE void multiply_registers(float *C, size_t ldc, const float *A, size_t lda,
                               const float *panel, size_t M, size_t depth, const int panels,
                               float alpha, float beta, const int form, next_panel next) {
  size_t width = (size_t)panels * LANES, tiles = (M + TILE_ROWS - 1) / TILE_ROWS;
  size_t share = (next.lines + tiles - 1) / tiles;
  for (size_t i = 0; i < M; i += TILE_ROWS) {
    size_t rows = M - i < TILE_ROWS ? M - i : TILE_ROWS;
    float *c = C + i * ldc;
    fetch_tile(c, ldc, rows, panels);
    ask(&next, share);
    if (form & A_TRANSPOSED)
      tile_rows(c, ldc, A + i * DEPTH, 1, TILE_ROWS, panel, width, rows, depth, panels, alpha,
                beta);
    else tile_rows(c, ldc, A + i * lda, lda, 1, panel, width, rows, depth, panels, alpha, beta);
  }
}

INLINE void multiply_panel(float *C, size_t ldc, const float *A, size_t lda, const float *panel,
                           size_t width, size_t M, size_t depth, float alpha, float beta,
                           const int form, next_panel next) {
#define REGISTERS(COUNT)                                                                           \
  multiply_registers(C, ldc, A, lda, panel, M, depth, COUNT, alpha, beta, form, next)
  switch (width / LANES) {
#if PANEL > 2
  case 4: REGISTERS(4); break;
  case 3: REGISTERS(3); break;
#endif
  case 2: REGISTERS(2); break;
  default: REGISTERS(1); break;
  }
#undef REGISTERS
}

INLINE void copy_columns(float *restrict out, size_t stride, const float *restrict in,
                         size_t in_stride, size_t rows, size_t columns) {
  for (size_t i = 0; i < rows; i++)
    memcpy(out + i * stride, in + i * in_stride, columns * sizeof(float));
}

INLINE void blocked_product(float *C, size_t ldc, const float *A, size_t lda, const void *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta,
                            const int type, const int form) {
  size_t rounded = (M + TILE_ROWS - 1) / TILE_ROWS * TILE_ROWS;
  size_t turned = form & A_TRANSPOSED ? rounded * DEPTH : 0;
  size_t beside = N % LANES ? M * TILE_COLUMNS : 0;
  float *panel = orc_scratch(DEPTH * TILE_COLUMNS + beside + turned);
  float *edge = panel + DEPTH * TILE_COLUMNS, *columns_of_a = edge + beside;
  for (size_t first = 0; first < K; first += DEPTH) {
    size_t depth = K - first < DEPTH ? K - first : DEPTH;
    float keep = first == 0 ? beta : 1.0f;
    const float *a = form & A_TRANSPOSED ? columns_of_a : A + first;
    if (form & A_TRANSPOSED) lay_out_columns(columns_of_a, A, lda, M, first, depth);
    for (size_t j = 0, columns; j < N; j += columns) {
      columns = N - j < TILE_COLUMNS ? N - j : TILE_COLUMNS;
      size_t width = padded(columns);
      if (form & B_TRANSPOSED)
        lay_out_transposed(panel, width, B, ldb, j, columns, first, depth, type);
      else lay_out_rows(panel, width, B, ldb, j, columns, first, depth, type);
      next_panel next =
          panel_behind(B, ldb, j, columns, N, first, K, type, form & B_TRANSPOSED);
      if (columns == width) {
        multiply_panel(C + j, ldc, a, lda, panel, width, M, depth, alpha, keep, form, next);
      } else {
        // By the same instructions as whole registers, on a copy that is wide enough.
        copy_columns(edge, width, C + j, ldc, M, columns);
        multiply_panel(edge, width, a, lda, panel, width, M, depth, alpha, keep, form, next);
        copy_columns(C + j, ldc, edge, width, M, columns);
      }
    }
  }
}

static void blocked_nt(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT32, B_TRANSPOSED);
}

static void blocked_nn(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT32, PLAIN);
}

static void blocked_tn(float *C, size_t ldc, const float *A, size_t lda, const float *B,
                       size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_FLOAT32, A_TRANSPOSED);
}

#if !defined(DOT_BF16)
static void blocked_nt_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_BFLOAT16, B_TRANSPOSED);
}

static void blocked_nn_bf16(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                            size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta) {
  blocked_product(C, ldc, A, lda, B, ldb, M, N, K, alpha, beta, AS_BFLOAT16, PLAIN);
}
#endif
