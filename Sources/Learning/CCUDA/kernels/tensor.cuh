#line 2 "tensor.cuh"
// Products of pieces on tensor cores, and tiles of bfloat16 pairs: a word holds two neighbours of a row.

/// d += a b for a piece of 16 x 8 and 16 steps (PTX ISA, mma.m16n8k16): with g = lane / 4, t = lane % 4,
/// a: rows g, g + 8 of steps 2t, 2t + 1, then of steps 2t + 8, 2t + 9; b: column g of the same steps;
/// d: rows g, g + 8 of columns 2t, 2t + 1.
ORC_DEVICE void multiply_piece(float *d, const unsigned *a, const unsigned *b) {
#if defined(ORC_EMULATED)
  orc_emulated_mma(d, a, b);
#else
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

/// Queues a copy of 16 bytes to shared memory, or of zeros, where the source is not read; both are aligned.
ORC_DEVICE void copy_later(void *shared, const void *source, bool is_there) {
#if defined(ORC_EMULATED)
  uint4 words = {0, 0, 0, 0};
  if (is_there) words = *(const uint4 *)source;
  *(uint4 *)shared = words;
#else
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(
                   (unsigned)__cvta_generic_to_shared(shared)),
               "l"(source), "r"(is_there ? 16 : 0)
               : "memory");
#endif
}

/// All copies of this thread have come.
ORC_DEVICE void wait_for_copies() {
#if !defined(ORC_EMULATED)
  asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

/// Queues a copy of 4 bytes, or of zeros.
ORC_DEVICE void copy_word_later(void *shared, const void *source, bool is_there) {
#if defined(ORC_EMULATED)
  *(unsigned *)shared = is_there ? *(const unsigned *)source : 0;
#else
  asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" ::"r"(
                   (unsigned)__cvta_generic_to_shared(shared)),
               "l"(source), "r"(is_there ? 4 : 0)
               : "memory");
#endif
}

/// Four pieces of 8 rows and 16 bytes of shared memory (PTX ISA, ldmatrix): lane l says where row l % 8 of
/// piece l / 8 lies, and gets word l % 4 of row l / 4 of each. Rows are aligned to 16 bytes.
ORC_DEVICE void load_pieces(unsigned *out, const unsigned *row) {
#if defined(ORC_EMULATED)
  orc_emulated_ldmatrix(out, row, false);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
               : "r"((unsigned)__cvta_generic_to_shared(row))
               : "memory");
#endif
}

/// The same turned round: numbers l / 4 of rows 2 (l % 4) and 2 (l % 4) + 1 of each.
ORC_DEVICE void load_turned_pieces(unsigned *out, const unsigned *row) {
#if defined(ORC_EMULATED)
  orc_emulated_ldmatrix(out, row, true);
#else
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
               : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
               : "r"((unsigned)__cvta_generic_to_shared(row))
               : "memory");
#endif
}

/// The first 16 rows of a tile from `words` on, at 16 steps, as multiply_piece takes them.
ORC_DEVICE void left_piece(unsigned *a, const unsigned *words, int wide) {
  int lane = (int)(threadIdx.x % 32);
  load_pieces(a, words + lane % 16 * wide + lane / 16 * 4);
}

/// The first 16 rows of a tile from `words` on, which are two pieces of columns of the product.
ORC_DEVICE void right_pieces(unsigned *b, const unsigned *words, int wide) {
  int lane = (int)(threadIdx.x % 32);
  load_pieces(b, words + (lane / 16 * 8 + lane % 8) * wide + lane / 8 % 2 * 4);
}

/// The same of a tile whose rows are steps: 16 of them, and 16 columns from `words` on.
ORC_DEVICE void turned_pieces(unsigned *b, const unsigned *words, int wide) {
  int lane = (int)(threadIdx.x % 32);
  load_turned_pieces(b, words + lane % 16 * wide + lane / 16 * 4);
}
