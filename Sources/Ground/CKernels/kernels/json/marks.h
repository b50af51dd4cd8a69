// Bytes that end a plain run, STEP at a time: bit i stands for byte i.

#if STEP == 64
/// A quote, a backslash or a byte below 0x20.
static inline uint64_t string_marks(const uint8_t *p) {
  __m512i v = _mm512_loadu_si512((const void *)p);
  return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
         _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')) |
         _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
}
/// The same and 0x7F: what is written as an escape. A copy goes to `out`.
static inline uint64_t escape_marks(const uint8_t *p, uint8_t *out) {
  __m512i v = _mm512_loadu_si512((const void *)p);
  _mm512_storeu_si512((void *)out, v);
  return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
         _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')) |
         _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x7F)) |
         _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
}
#elif STEP == 32
static inline uint32_t quote_marks(__m256i v) {
  __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(0x1F)), v);
  __m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
  __m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
  return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, _mm256_or_si256(quote, slash)));
}
static inline uint64_t string_marks(const uint8_t *p) {
  return quote_marks(_mm256_loadu_si256((const __m256i *)p));
}
static inline uint64_t escape_marks(const uint8_t *p, uint8_t *out) {
  __m256i v = _mm256_loadu_si256((const __m256i *)p);
  _mm256_storeu_si256((__m256i *)out, v);
  __m256i del = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(0x7F));
  return quote_marks(v) | (uint32_t)_mm256_movemask_epi8(del);
}
#elif STEP == 16 && defined(__x86_64__)
static inline uint32_t quote_marks(__m128i v) {
  __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
  __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  return (uint32_t)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash)));
}
static inline uint64_t string_marks(const uint8_t *p) {
  return quote_marks(_mm_loadu_si128((const __m128i *)p));
}
static inline uint64_t escape_marks(const uint8_t *p, uint8_t *out) {
  __m128i v = _mm_loadu_si128((const __m128i *)p);
  _mm_storeu_si128((__m128i *)out, v);
  return quote_marks(v) | (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)));
}
#elif STEP == 16
/// NEON has no mask of bytes: each byte's bit is picked out and neighbours are added up.
static inline uint64_t byte_mask(uint8x16_t v) {
  const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t picked = vandq_u8(v, bits);
  return (uint64_t)vaddv_u8(vget_low_u8(picked)) | (uint64_t)vaddv_u8(vget_high_u8(picked)) << 8;
}
static inline uint8x16_t quote_bytes(uint8x16_t v) {
  return vorrq_u8(vcltq_u8(v, vdupq_n_u8(0x20)),
                  vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')), vceqq_u8(v, vdupq_n_u8('\\'))));
}
static inline uint64_t string_marks(const uint8_t *p) {
  return byte_mask(quote_bytes(vld1q_u8(p)));
}
static inline uint64_t escape_marks(const uint8_t *p, uint8_t *out) {
  uint8x16_t v = vld1q_u8(p);
  vst1q_u8(out, v);
  return byte_mask(vorrq_u8(quote_bytes(v), vceqq_u8(v, vdupq_n_u8(0x7F))));
}
#endif

static inline int is_string_mark(uint8_t byte) {
  return byte == '"' || byte == '\\' || byte < 0x20;
}
static inline int is_escape_mark(uint8_t byte) { return is_string_mark(byte) || byte == 0x7F; }

/// The first byte from `at` on that is a quote, a backslash or below 0x20; `count` without one.
static inline size_t plain_end(const uint8_t *text, size_t at, size_t count) {
#if STEP > 1
  for (; count - at >= STEP; at += STEP) {
    uint64_t marks = string_marks(text + at);
    if (marks) return at + (size_t)__builtin_ctzll(marks);
  }
#endif
  while (at < count && !is_string_mark(text[at])) at++;
  return at;
}

/// Copies from text[at] on to `out` up to the first byte that is written as an escape; returns how
/// many. `out` has room for count - at + 64 bytes.
static inline size_t copy_plain(uint8_t *out, const uint8_t *text, size_t at, size_t count) {
  size_t start = at;
#if STEP > 1
  for (; count - at >= STEP; at += STEP) {
    uint64_t marks = escape_marks(text + at, out + (at - start));
    if (marks) return at - start + (size_t)__builtin_ctzll(marks);
  }
#endif
  for (; at < count && !is_escape_mark(text[at]); at++) out[at - start] = text[at];
  return at - start;
}
