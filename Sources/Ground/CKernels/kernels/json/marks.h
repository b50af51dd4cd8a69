// Bytes that end a plain run, STEP at a time: bit i stands for byte i. These are the bytes that a
// JSON string writes as an escape: a quote, a backslash, those below 0x20, and 0x7F.

#if STEP == 64
typedef __m512i block;
static inline block load_block(const uint8_t *p) { return _mm512_loadu_si512((const void *)p); }
static inline void store_block(uint8_t *p, block v) { _mm512_storeu_si512((void *)p, v); }
/// The first `count` bytes, then zeros.
static inline block load_part(const uint8_t *p, size_t count) {
  return _mm512_maskz_loadu_epi8(((__mmask64)1 << count) - 1, (const void *)p);
}
static inline uint64_t equal(block v, char byte) {
  return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(byte));
}
/// Bytes from `first` on, `count` of them.
static inline uint64_t within(block v, char first, char count) {
  return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(first)),
                                _mm512_set1_epi8(count));
}
static inline block lower_case(block v) { return _mm512_or_si512(v, _mm512_set1_epi8(0x20)); }
static inline uint64_t marks(block v) {
  return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
         _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')) |
         _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x7F)) |
         _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
}
#elif STEP == 32
typedef __m256i block;
static inline block load_block(const uint8_t *p) { return _mm256_loadu_si256((const block *)p); }
static inline void store_block(uint8_t *p, block v) { _mm256_storeu_si256((block *)p, v); }
static inline uint64_t equal(block v, char byte) {
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(byte)));
}
static inline uint64_t within(block v, char first, char count) {
  block from_first = _mm256_sub_epi8(v, _mm256_set1_epi8(first));
  block most = _mm256_set1_epi8((char)(count - 1));
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(from_first, most), from_first));
}
static inline block lower_case(block v) { return _mm256_or_si256(v, _mm256_set1_epi8(0x20)); }
static inline uint64_t marks(block v) {
  block low = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(0x1F)), v);
  block quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
  block slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
  block del = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(0x7F));
  return (uint32_t)_mm256_movemask_epi8(
      _mm256_or_si256(_mm256_or_si256(low, quote), _mm256_or_si256(slash, del)));
}
#elif STEP == 16 && defined(__x86_64__)
typedef __m128i block;
static inline block load_block(const uint8_t *p) { return _mm_loadu_si128((const block *)p); }
static inline void store_block(uint8_t *p, block v) { _mm_storeu_si128((block *)p, v); }
static inline uint64_t equal(block v, char byte) {
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(byte)));
}
static inline uint64_t within(block v, char first, char count) {
  block from_first = _mm_sub_epi8(v, _mm_set1_epi8(first));
  block most = _mm_set1_epi8((char)(count - 1));
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(from_first, most), from_first));
}
static inline block lower_case(block v) { return _mm_or_si128(v, _mm_set1_epi8(0x20)); }
static inline uint64_t marks(block v) {
  block low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
  block quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  block slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
  block del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F));
  return (uint32_t)_mm_movemask_epi8(
      _mm_or_si128(_mm_or_si128(low, quote), _mm_or_si128(slash, del)));
}
#elif STEP == 16
typedef uint8x16_t block;
static inline block load_block(const uint8_t *p) { return vld1q_u8(p); }
static inline void store_block(uint8_t *p, block v) { vst1q_u8(p, v); }
/// NEON has no mask of bytes: each byte's bit is picked out and neighbours are added up.
static inline uint64_t byte_mask(block v) {
  const block bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  block picked = vandq_u8(v, bits);
  return (uint64_t)vaddv_u8(vget_low_u8(picked)) | (uint64_t)vaddv_u8(vget_high_u8(picked)) << 8;
}
static inline uint64_t equal(block v, char byte) {
  return byte_mask(vceqq_u8(v, vdupq_n_u8((uint8_t)byte)));
}
static inline uint64_t within(block v, char first, char count) {
  return byte_mask(vcltq_u8(vsubq_u8(v, vdupq_n_u8((uint8_t)first)), vdupq_n_u8((uint8_t)count)));
}
static inline block lower_case(block v) { return vorrq_u8(v, vdupq_n_u8(0x20)); }
static inline uint64_t marks(block v) {
  block low = vcltq_u8(v, vdupq_n_u8(0x20)), quote = vceqq_u8(v, vdupq_n_u8('"'));
  block slash = vceqq_u8(v, vdupq_n_u8('\\')), del = vceqq_u8(v, vdupq_n_u8(0x7F));
  return byte_mask(vorrq_u8(vorrq_u8(low, quote), vorrq_u8(slash, del)));
}
#endif

#if STEP == 16 || STEP == 32
/// The first `count` bytes, then zeros.
static inline block load_part(const uint8_t *p, size_t count) {
  uint8_t part[STEP] = {0};
  memcpy(part, p, count);
  return load_block(part);
}
#endif

static inline int is_mark(uint8_t byte) {
  return byte == '"' || byte == '\\' || byte < 0x20 || byte == 0x7F;
}

/// Copies from text[at] on to `out` up to the first byte that ends a plain run; returns how many.
/// `out` has room for count - at + 64 bytes.
static inline size_t copy_plain(uint8_t *out, const uint8_t *text, size_t at, size_t count) {
  size_t start = at;
#if STEP > 1
  for (;;) {
    int is_part = count - at < STEP;
    // The zeros after a part are marks.
    block v = is_part ? load_part(text + at, count - at) : load_block(text + at);
    store_block(out + (at - start), v);
    uint64_t found = marks(v);
    if (found) return at - start + (size_t)__builtin_ctzll(found);
    at += STEP;
  }
#else
  for (; at < count && !is_mark(text[at]); at++) out[at - start] = text[at];
  return at - start;
#endif
}
