// binary16, IEEE 754's half precision.

/// Exact, subnormals and NaN included.
INLINE float widen_f16(uint16_t h) {
#if LANES >= 8
  return _cvtsh_ss(h);
#else
  uint32_t sign = (uint32_t)(h & 0x8000u) << 16, rest = h & 0x7FFFu;
  union {
    uint32_t bits;
    float value;
  } u, small = {.bits = rest << 13};
  // The exponent moves by 112, which a multiplication does for subnormals too.
  u.value = small.value * 0x1p112f;
  if (rest >= 0x7C00u) u.bits = 0x7F800000u | (rest & 0x3FFu) << 13;
  u.bits |= sign;
  return u.value;
#endif
}

INLINE vf load_f16(const uint16_t *p) {
#if LANES == 16
  return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
#elif LANES == 8
  return (vf)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p));
#else
  vf x;
  for (int i = 0; i < LANES; i++) x[i] = widen_f16(p[i]);
  return x;
#endif
}
