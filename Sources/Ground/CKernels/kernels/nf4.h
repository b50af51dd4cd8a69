/// NF4 (Dettmers et al. 2023) as bitsandbytes stores it.
enum { NF4_BLOCK = 64 };

/// y[0 ..< 2 * pairs] = the values of in[0 ..< pairs], times scale.
INLINE void decode_pairs(float *restrict y, const uint8_t *restrict in, size_t pairs,
                         float scale) {
  size_t p = 0;
#if LANES == 16
  // Eight bytes at once: their halves in turn are the lanes' places in the code book.
  __m512 book = _mm512_loadu_ps(orc_nf4_book);
  for (; p + 8 <= pairs; p += 8) {
    __m128i bytes = _mm_loadl_epi64((const __m128i *)(in + p)), low = _mm_set1_epi8(15);
    __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), low);
    __m512i places = _mm512_cvtepu8_epi32(_mm_unpacklo_epi8(high, _mm_and_si128(bytes, low)));
    store(y + 2 * p, (vf)_mm512_permutexvar_ps(places, book) * scale);
  }
#endif
  for (; p < pairs; p++) {
    y[2 * p] = orc_nf4_book[in[p] >> 4] * scale;
    y[2 * p + 1] = orc_nf4_book[in[p] & 15] * scale;
  }
}

static void nf4_decode(float *restrict out, const uint8_t *restrict codes,
                       const float *restrict absmax, size_t first, size_t count) {
  size_t i = first, end = first + count;
  if (i < end && i % 2 == 1) {
    out[0] = orc_nf4_book[codes[i / 2] & 15] * absmax[i / NF4_BLOCK];
    i++;
  }
  while (i + 1 < end) {
    size_t stop = (i / NF4_BLOCK + 1) * NF4_BLOCK;
    if (stop > end) stop = end;
    size_t pairs = (stop - i) / 2;
    decode_pairs(out + (i - first), codes + i / 2, pairs, absmax[i / NF4_BLOCK]);
    i += 2 * pairs;
  }
  if (i < end) out[i - first] = orc_nf4_book[codes[i / 2] >> 4] * absmax[i / NF4_BLOCK];
}
