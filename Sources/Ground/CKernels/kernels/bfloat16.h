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
