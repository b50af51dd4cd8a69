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

/// The first 16 rows of a tile from `words` on, at 16 steps, as multiply_piece takes them.
ORC_DEVICE void left_piece(unsigned *a, const unsigned *words, int wide) {
  int lane = (int)(threadIdx.x % 32);
  const unsigned *upper = words + lane / 4 * wide + lane % 4, *lower = upper + 8 * wide;
  a[0] = upper[0];
  a[1] = lower[0];
  a[2] = upper[4];
  a[3] = lower[4];
}

/// The first 8 rows of a tile from `words` on, which are columns of the product.
ORC_DEVICE void right_piece(unsigned *b, const unsigned *words, int wide) {
  int lane = (int)(threadIdx.x % 32);
  const unsigned *row = words + lane / 4 * wide + lane % 4;
  b[0] = row[0];
  b[1] = row[4];
}
