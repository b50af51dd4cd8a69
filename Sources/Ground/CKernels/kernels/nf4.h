/// NF4 (Dettmers et al. 2023) as bitsandbytes stores it.
enum { NF4_BLOCK = 64 };

static void nf4_decode(float *restrict out, const uint8_t *restrict codes,
                       const float *restrict absmax, size_t first, size_t count) {
  size_t i = first, end = first + count;
  if (i < end && i % 2 == 1) {
    out[0] = orc_nf4_pairs[codes[i / 2]][1] * absmax[i / NF4_BLOCK];
    i++;
  }
  while (i + 1 < end) {
    size_t stop = (i / NF4_BLOCK + 1) * NF4_BLOCK;
    if (stop > end) stop = end;
    float scale = absmax[i / NF4_BLOCK];
    size_t pairs = (stop - i) / 2;
    const uint8_t *restrict in = codes + i / 2;
    float *restrict y = out + (i - first);
    for (size_t p = 0; p < pairs; p++) {
      y[2 * p] = orc_nf4_pairs[in[p]][0] * scale;
      y[2 * p + 1] = orc_nf4_pairs[in[p]][1] * scale;
    }
    i += 2 * pairs;
  }
  if (i < end) out[i - first] = orc_nf4_pairs[codes[i / 2]][0] * absmax[i / NF4_BLOCK];
}
