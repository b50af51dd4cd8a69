/// The hash that decides whether element c of a row with this key is kept: two rounds of a 32-bit
/// finalizer (Wellons' lowbias32), the key's halves before each. A mask is a function of the key
/// and c alone, so it is recomputed in the backward pass instead of stored.
INLINE uint32_t mask_bits(uint64_t key, uint32_t c) {
  uint32_t x = c * 0x9E3779B9u + (uint32_t)key;
  x = (x ^ (x >> 16)) * 0x7FEB352Du;
  x = (x ^ (x >> 15)) * 0x846CA68Bu;
  x = (x ^ (x >> 16)) + (uint32_t)(key >> 32);
  x = (x ^ (x >> 16)) * 0x7FEB352Du;
  x = (x ^ (x >> 15)) * 0x846CA68Bu;
  return x ^ (x >> 16);
}

static void dropout(float *restrict y, const float *restrict x, size_t x_stride,
                    const uint64_t *restrict keys, uint32_t threshold, float scale, size_t T,
                    size_t C) {
  for (size_t t = 0; t < T; t++) {
    uint64_t key = keys[t];
    const float *in = x + t * x_stride;
    float *out = y + t * C;
    for (uint32_t c = 0; c < (uint32_t)C; c++)
      out[c] = mask_bits(key, c) >= threshold ? in[c] * scale : 0.0f;
  }
}

static void dropout_backward(float *restrict dx, const float *restrict dy,
                             const uint64_t *restrict keys, uint32_t threshold, float scale,
                             size_t T, size_t C) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    uint64_t key = keys[t];
    const float *up = dy + t * C;
    float *down = dx + t * C;
    for (uint32_t c = 0; c < (uint32_t)C; c++)
      down[c] += mask_bits(key, c) >= threshold ? up[c] * scale : 0.0f;
  }
}
