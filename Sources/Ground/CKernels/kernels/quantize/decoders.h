// Values of blocks: plain loops over values that share their scales, which the compiler vectorizes.

static void decode_q4_0(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 18, y += 32) {
    float d = half_at(x);
    for (int j = 0; j < 16; j++) {
      y[j] = (float)((x[2 + j] & 15) - 8) * d;
      y[j + 16] = (float)((x[2 + j] >> 4) - 8) * d;
    }
  }
}

static void decode_q4_1(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 20, y += 32) {
    float d = half_at(x), m = half_at(x + 2);
    for (int j = 0; j < 16; j++) {
      y[j] = (float)(x[4 + j] & 15) * d + m;
      y[j + 16] = (float)(x[4 + j] >> 4) * d + m;
    }
  }
}

/// 32 levels of five bits: bit i of the first four bytes above nibble i of the others.
INLINE void load_five_bits(uint8_t levels[restrict 32], const uint8_t *restrict x) {
  for (int j = 0; j < 16; j++) {
    levels[j] = x[4 + j] & 15;
    levels[j + 16] = x[4 + j] >> 4;
  }
  for (int i = 0; i < 32; i++) levels[i] |= (uint8_t)((x[i / 8] >> i % 8 & 1) << 4);
}

static void decode_q5_0(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 22, y += 32) {
    uint8_t levels[32];
    load_five_bits(levels, x + 2);
    float d = half_at(x);
    for (int i = 0; i < 32; i++) y[i] = (float)(levels[i] - 16) * d;
  }
}

static void decode_q5_1(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 24, y += 32) {
    uint8_t levels[32];
    load_five_bits(levels, x + 4);
    float d = half_at(x), m = half_at(x + 2);
    for (int i = 0; i < 32; i++) y[i] = (float)levels[i] * d + m;
  }
}

static void decode_q8_0(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 34, y += 32) {
    float d = half_at(x);
    for (int i = 0; i < 32; i++) y[i] = (float)(int8_t)x[2 + i] * d;
  }
}

static void decode_q2_k(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 84, y += 256) {
    float d = half_at(x + 80), dmin = half_at(x + 82);
    for (int j = 0; j < 16; j++) {
      const uint8_t *q = x + 16 + j / 8 * 32 + j % 2 * 16;
      float scale = d * (float)(x[j] & 15), minimum = dmin * (float)(x[j] >> 4);
      int shift = j % 8 / 2 * 2;
      for (int i = 0; i < 16; i++) y[16 * j + i] = scale * (float)(q[i] >> shift & 3) - minimum;
    }
  }
}

static void decode_q3_k(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 110, y += 256) {
    const uint8_t *packed = x + 96;
    float d = half_at(x + 108);
    for (int j = 0; j < 16; j++) {
      const uint8_t *q = x + 32 + j / 8 * 32 + j % 2 * 16, *high = x + j % 2 * 16;
      int low = j < 8 ? packed[j] & 15 : packed[j - 8] >> 4;
      float scale = d * (float)((low | (packed[8 + j % 4] >> j / 4 * 2 & 3) << 4) - 32);
      int shift = j % 8 / 2 * 2, bit = j / 2;
      for (int i = 0; i < 16; i++)
        y[16 * j + i] = scale * (float)((q[i] >> shift & 3) + (high[i] >> bit & 1) * 4 - 4);
    }
  }
}

/// Scale and minimum j of the 12 bytes that Q4_K and Q5_K share.
INLINE void load_packed_scales(const uint8_t *p, int j, float *scale, float *minimum) {
  *scale = (float)(j < 4 ? p[j] & 63 : (p[j + 4] & 15) | p[j - 4] >> 6 << 4);
  *minimum = (float)(j < 4 ? p[j + 4] & 63 : p[j + 4] >> 4 | p[j] >> 6 << 4);
}

static void decode_q4_k(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 144, y += 256) {
    float d = half_at(x), dmin = half_at(x + 2);
    for (int j = 0; j < 8; j++) {
      const uint8_t *q = x + 16 + j / 2 * 32;
      float scale, minimum;
      load_packed_scales(x + 4, j, &scale, &minimum);
      scale = d * scale;
      minimum = dmin * minimum;
      int shift = j % 2 * 4;
      for (int i = 0; i < 32; i++) y[32 * j + i] = scale * (float)(q[i] >> shift & 15) - minimum;
    }
  }
}

static void decode_q5_k(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 176, y += 256) {
    float d = half_at(x), dmin = half_at(x + 2);
    for (int j = 0; j < 8; j++) {
      const uint8_t *q = x + 48 + j / 2 * 32, *high = x + 16;
      float scale, minimum;
      load_packed_scales(x + 4, j, &scale, &minimum);
      scale = d * scale;
      minimum = dmin * minimum;
      int shift = j % 2 * 4;
      for (int i = 0; i < 32; i++)
        y[32 * j + i] =
            scale * (float)((q[i] >> shift & 15) | (high[i] >> j & 1) << 4) - minimum;
    }
  }
}

static void decode_q6_k(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 210, y += 256) {
    float d = half_at(x + 208);
    for (int j = 0; j < 16; j++) {
      const uint8_t *low = x + j / 8 * 64 + j % 4 * 16, *high = x + 128 + j / 8 * 32 + j % 2 * 16;
      float scale = d * (float)(int8_t)x[192 + j];
      int shift = j % 8 / 4 * 4, upper = j % 8 / 2 * 2;
      for (int i = 0; i < 16; i++)
        y[16 * j + i] =
            scale * (float)(((low[i] >> shift & 15) | (high[i] >> upper & 3) << 4) - 32);
    }
  }
}

/// 32 values of 16 bytes.
INLINE void decode_nonlinear(float *restrict y, const uint8_t *restrict x, float scale) {
#if LANES >= 8
  for (int i = 0; i < 16; i += LANES) {
    vb bytes;
    memcpy(&bytes, x + i, LANES);
    vi both = __builtin_convertvector(bytes, vi);
    store(y + i, scale * look_up(nonlinear_values, both & 15));
    store(y + i + 16, scale * look_up(nonlinear_values, both >> 4));
  }
#else
  for (int i = 0; i < 16; i++) {
    y[i] = scale * nonlinear_values[x[i] & 15];
    y[i + 16] = scale * nonlinear_values[x[i] >> 4];
  }
#endif
}

static void decode_iq4_nl(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 18, y += 32) decode_nonlinear(y, x + 2, half_at(x));
}

static void decode_iq4_xs(float *restrict y, const uint8_t *restrict x, size_t blocks) {
  for (size_t b = 0; b < blocks; b++, x += 136, y += 256) {
    float d = half_at(x);
    for (int j = 0; j < 8; j++) {
      int low = x[4 + j / 2] >> j % 2 * 4 & 15, high = x[2 + j / 4] >> j % 4 * 2 & 3;
      decode_nonlinear(y + 32 * j, x + 8 + 16 * j, d * (float)((low | high << 4) - 32));
    }
  }
}
