#line 2 "weights.cuh"
// Stored weights, decoded one by one to the CPU's bits.

/// Forms that a loop is compiled for; 4 is every type of block, told apart in the loop.
enum { AS_F32, AS_BF16, AS_NF4, AS_NF4_NESTED, AS_BLOCKS };

/// One tensor (rows, K). What each address holds: orc_cuda_kernels.h, WEIGHTS.
struct Weights {
  const unsigned char *codes;
  const void *scales;
  const float *absmax, *offset, *map;
  int kind;
  ll K;
  /// The 16 values of NF4, in shared memory.
  const float *book;
};

#define ORC_WEIGHTS                                                                                  \
  const void *codes, const void *scales, const float *absmax, const float *offset, const float *map, \
      int kind

/// NF4's values (Dettmers et al. 2023, appendix E), to shared memory by the first threads of a block.
ORC_DEVICE void fill_book(float *book) {
  const float values[16] = {
      -1.0f,
      -0.6961928009986877f,
      -0.5250730514526367f,
      -0.39491748809814453f,
      -0.28444138169288635f,
      -0.18477343022823334f,
      -0.09105003625154495f,
      0.0f,
      0.07958029955625534f,
      0.16093020141124725f,
      0.24611230194568634f,
      0.33791524171829224f,
      0.44070982933044434f,
      0.5626170039176941f,
      0.7229568362236023f,
      1.0f,
  };
  if (threadIdx.x == 0 && threadIdx.y == 0)
    for (int i = 0; i < 16; i++) book[i] = values[i];
  __syncthreads();
}

#define ORC_TAKE_WEIGHTS(name, columns)                                                              \
  __shared__ float orc_book[16];                                                                     \
  if (kind == 2 || kind == 3) fill_book(orc_book);                                                   \
  Weights name = {(const unsigned char *)codes, scales, absmax, offset, map, kind, columns, orc_book}

/// Runs `call` compiled for the form of the weights.
#define ORC_EACH_FORM(kind, call)                                                                    \
  switch (kind) {                                                                                    \
  case 0: { const int FORM = AS_F32; call; break; }                                                  \
  case 1: { const int FORM = AS_BF16; call; break; }                                                 \
  case 2: { const int FORM = AS_NF4; call; break; }                                                  \
  case 3: { const int FORM = AS_NF4_NESTED; call; break; }                                           \
  default: { const int FORM = AS_BLOCKS; call; break; }                                              \
  }

ORC_DEVICE float half_at(const unsigned char *p) {
  return widen_f16((unsigned short)(p[0] | p[1] << 8));
}

/// scale x + minimum, each rounded.
ORC_DEVICE float affine(float scale, int level, float minimum) {
  return __fadd_rn(__fmul_rn(scale, (float)level), minimum);
}

/// ggml's values of the IQ4 types.
ORC_DEVICE float iq4_value(int code) {
  const signed char values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                  1,    13,   25,  38,  53,  69,  89,  113};
  return (float)values[code];
}

/// Value i of a block of 32 whose type has a scale (and a minimum) and 4 or 5 bits.
ORC_DEVICE float small_block_value(const unsigned char *p, int i, int type) {
  bool isPaired = type == 3 || type == 7, isFive = type == 6 || type == 7;
  const unsigned char *bits = p + (isPaired ? 4 : 2), *low = bits + (isFive ? 4 : 0);
  int level = i < 16 ? low[i] & 15 : low[i - 16] >> 4;
  if (isFive) level |= (bits[i / 8] >> (i % 8) & 1) << 4;
  float d = half_at(p);
  if (type == 20) return d * iq4_value(level);
  if (isPaired) return affine(d, level, half_at(p + 2));
  return (float)(level - (isFive ? 16 : 8)) * d;
}

/// Value i of a q4_K or q5_K block: scales and minimums of 6 bits for each 32.
ORC_DEVICE float affine_block_value(const unsigned char *p, int i, bool isFive) {
  const unsigned char *s = p + 4;
  int j = i / 32, scale, minimum;
  if (j < 4) {
    scale = s[j] & 63;
    minimum = s[j + 4] & 63;
  } else {
    scale = (s[j + 4] & 15) | (s[j - 4] & 0xC0) >> 2;
    minimum = s[j + 4] >> 4 | (s[j] & 0xC0) >> 2;
  }
  int byte = p[(isFive ? 48 : 16) + i / 64 * 32 + i % 32];
  int level = i & 32 ? byte >> 4 : byte & 15;
  if (isFive) level |= (p[16 + i % 32] >> j & 1) << 4;
  return affine(__fmul_rn(half_at(p), (float)scale), level, -__fmul_rn(half_at(p + 2), (float)minimum));
}

ORC_DEVICE float q6_value(const unsigned char *p, int i) {
  int half = i / 128, j = i % 128, byte = p[64 * half + j % 64];
  int low = j < 64 ? byte & 15 : byte >> 4;
  int high = p[128 + 32 * half + j % 32] >> (j / 32 * 2) & 3;
  float scale = (float)(signed char)p[192 + i / 16];
  return half_at(p + 208) * scale * (float)((low | high << 4) - 32);
}

/// The two bits of value i.
ORC_DEVICE int two_bits(const unsigned char *p, int i) {
  return p[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
}

ORC_DEVICE float q2_value(const unsigned char *p, int i) {
  int packed = p[i / 16];
  float scale = __fmul_rn(half_at(p + 80), (float)(packed & 15));
  return affine(scale, two_bits(p + 16, i), -__fmul_rn(half_at(p + 82), (float)(packed >> 4)));
}

ORC_DEVICE float q3_value(const unsigned char *p, int i) {
  const unsigned char *s = p + 96;
  int j = i / 16, low = j < 8 ? s[j] & 15 : s[j - 8] >> 4, high = s[8 + j % 4] >> (2 * (j / 4)) & 3;
  int level = two_bits(p + 32, i) + 4 * (p[i % 32] >> (i / 32) & 1);
  return half_at(p + 108) * (float)((low | high << 4) - 32) * (float)(level - 4);
}

ORC_DEVICE float iq4_xs_value(const unsigned char *p, int i) {
  int j = i / 32, low = p[4 + j / 2] >> (j % 2 * 4) & 15, high = (p[2] | p[3] << 8) >> (2 * j) & 3;
  int byte = p[8 + 16 * j + i % 16];
  float scale = half_at(p) * (float)((low | high << 4) - 32);
  return scale * iq4_value(i % 32 < 16 ? byte & 15 : byte >> 4);
}

/// Number i of a tensor in ggml's blocks of a type. What has no case is not launched. A call: inlined, it
/// would be most of each product's code.
ORC_CALLED float block_value(const unsigned char *p, ll i, int type) {
  int in = (int)(i % 32), deep = (int)(i % 256);
  switch (type) {
  case 0: return ((const float *)p)[i];
  case 1: return widen_f16(((const unsigned short *)p)[i]);
  case 30: return widen_bf16(((const unsigned short *)p)[i]);
  case 8: {
    const unsigned char *block = p + i / 32 * 34;
    return (float)(signed char)block[2 + in] * half_at(block);
  }
  case 2:
  case 20: return small_block_value(p + i / 32 * 18, in, type);
  case 3: return small_block_value(p + i / 32 * 20, in, type);
  case 6: return small_block_value(p + i / 32 * 22, in, type);
  case 7: return small_block_value(p + i / 32 * 24, in, type);
  case 10: return q2_value(p + i / 256 * 84, deep);
  case 11: return q3_value(p + i / 256 * 110, deep);
  case 12: return affine_block_value(p + i / 256 * 144, deep, false);
  case 13: return affine_block_value(p + i / 256 * 176, deep, true);
  case 14: return q6_value(p + i / 256 * 210, deep);
  case 23: return iq4_xs_value(p + i / 256 * 136, deep);
  default: return __uint_as_float(0x7FC00000u);
  }
}

/// The scale of block b of 64 values.
template <int FORM>
ORC_DEVICE float nf4_scale(const Weights &w, ll b) {
  if (FORM == AS_NF4) return ((const float *)w.scales)[b];
  int code = ((const unsigned char *)w.scales)[b];
  return __fadd_rn(__fmul_rn(w.map[code], w.absmax[b >> 8]), *w.offset);
}

/// Number i of a tensor.
template <int FORM>
ORC_DEVICE float weight(const Weights &w, ll i) {
  if (FORM == AS_F32) return ((const float *)w.codes)[i];
  if (FORM == AS_BF16) return widen_bf16(((const unsigned short *)w.codes)[i]);
  if (FORM == AS_BLOCKS) return block_value(w.codes, i, w.kind - 100);
  int byte = w.codes[i >> 1];
  return w.book[i & 1 ? byte & 15 : byte >> 4] * nf4_scale<FORM>(w, i >> 6);
}

/// Numbers i ..< i + 8, all of them in one row; i is a multiple of 8 where `isWhole`, and so is the
/// address of bfloat16.
template <int FORM>
ORC_DEVICE void eight_weights(const Weights &w, ll i, bool isWhole, float *out) {
  if (FORM == AS_BF16 && isWhole) {
    uint4 words = *(const uint4 *)(w.codes + 2 * i);
    unsigned four[4] = {words.x, words.y, words.z, words.w};
    for (int e = 0; e < 4; e++) {
      out[2 * e] = __uint_as_float(four[e] << 16);
      out[2 * e + 1] = __uint_as_float(four[e] & 0xFFFF0000u);
    }
  } else if ((FORM == AS_NF4 || FORM == AS_NF4_NESTED) && isWhole) {
    unsigned four = *(const unsigned *)(w.codes + (i >> 1));
    float scale = nf4_scale<FORM>(w, i >> 6);
    for (int e = 0; e < 4; e++) {
      int byte = four >> (8 * e) & 255;
      out[2 * e] = w.book[byte >> 4] * scale;
      out[2 * e + 1] = w.book[byte & 15] * scale;
    }
  } else {
    for (int e = 0; e < 8; e++) out[e] = weight<FORM>(w, i + e);
  }
}

/// Numbers i ..< i + 4 of one row; i is a multiple of 4.
template <int FORM>
ORC_DEVICE void four_weights(const Weights &w, ll i, float *out) {
  if (FORM == AS_NF4 || FORM == AS_NF4_NESTED) {
    unsigned two = *(const unsigned short *)(w.codes + (i >> 1));
    float scale = nf4_scale<FORM>(w, i >> 6);
    for (int e = 0; e < 4; e++) out[e] = w.book[two >> (e / 2 * 8 + (e % 2 ? 0 : 4)) & 15] * scale;
  } else {
    for (int e = 0; e < 4; e++) out[e] = weight<FORM>(w, i + e);
  }
}
