// Validation of UTF-8 (RFC 3629).

#if STEP >= 32
// Keiser, Lemire 2021, "Validating UTF-8 in less than one instruction per byte": every error but a
// wrong number of continuations shows in two neighbouring bytes. Three tables, one for each half of
// the first byte and one for the high half of the second, say which errors that half allows; a bit
// that all three hold is an error.
enum {
  LEAD_ALONE = 1 << 0,   // a lead byte, then no continuation
  TAIL_ALONE = 1 << 1,   // ASCII, then a continuation
  LONG_3 = 1 << 2,       // E0, then below A0
  TOO_LARGE = 1 << 3,    // beyond U+10FFFF
  SURROGATE = 1 << 4,    // ED, then A0 or more
  LONG_2 = 1 << 5,       // C0, C1
  LONG_4 = 1 << 6,       // F0, then below 90; or F5 and more, then below 90
  TWO_TAILS = 1 << 7,    // two continuations: right only inside 3 and 4 bytes
  ANY_LOW = LEAD_ALONE | TAIL_ALONE | TWO_TAILS,
};

static inline __m256i table(const uint8_t values[16], __m256i index) {
  __m256i half = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)values));
  return _mm256_shuffle_epi8(half, index);
}

static const uint8_t first_high[16] = {
    TAIL_ALONE, TAIL_ALONE, TAIL_ALONE, TAIL_ALONE, TAIL_ALONE, TAIL_ALONE, TAIL_ALONE, TAIL_ALONE,
    TWO_TAILS, TWO_TAILS, TWO_TAILS, TWO_TAILS,
    LEAD_ALONE | LONG_2, LEAD_ALONE, LEAD_ALONE | LONG_3 | SURROGATE,
    LEAD_ALONE | TOO_LARGE | LONG_4};
static const uint8_t first_low[16] = {
    ANY_LOW | LONG_2 | LONG_3 | LONG_4, ANY_LOW | LONG_2, ANY_LOW, ANY_LOW, ANY_LOW | TOO_LARGE,
    ANY_LOW | TOO_LARGE | LONG_4, ANY_LOW | TOO_LARGE | LONG_4, ANY_LOW | TOO_LARGE | LONG_4,
    ANY_LOW | TOO_LARGE | LONG_4, ANY_LOW | TOO_LARGE | LONG_4, ANY_LOW | TOO_LARGE | LONG_4,
    ANY_LOW | TOO_LARGE | LONG_4, ANY_LOW | TOO_LARGE | LONG_4,
    ANY_LOW | TOO_LARGE | LONG_4 | SURROGATE, ANY_LOW | TOO_LARGE | LONG_4,
    ANY_LOW | TOO_LARGE | LONG_4};
static const uint8_t second_high[16] = {
    LEAD_ALONE, LEAD_ALONE, LEAD_ALONE, LEAD_ALONE, LEAD_ALONE, LEAD_ALONE, LEAD_ALONE, LEAD_ALONE,
    TAIL_ALONE | LONG_2 | TWO_TAILS | LONG_3 | LONG_4,
    TAIL_ALONE | LONG_2 | TWO_TAILS | LONG_3 | TOO_LARGE,
    TAIL_ALONE | LONG_2 | TWO_TAILS | SURROGATE | TOO_LARGE,
    TAIL_ALONE | LONG_2 | TWO_TAILS | SURROGATE | TOO_LARGE,
    LEAD_ALONE, LEAD_ALONE, LEAD_ALONE, LEAD_ALONE};

/// Bits of the errors that show in `now`, given the block before it.
static inline __m256i utf8_errors(__m256i now, __m256i before) {
  __m256i joined = _mm256_permute2x128_si256(before, now, 0x21);
  __m256i first = _mm256_alignr_epi8(now, joined, 15);
  __m256i nibble = _mm256_set1_epi8(0x0F);
  __m256i pairs = _mm256_and_si256(
      _mm256_and_si256(table(first_high, _mm256_and_si256(_mm256_srli_epi16(first, 4), nibble)),
                       table(first_low, _mm256_and_si256(first, nibble))),
      table(second_high, _mm256_and_si256(_mm256_srli_epi16(now, 4), nibble)));
  // Where a lead of 3 or 4 bytes stands two, or of 4 bytes three, places before, TWO_TAILS is due.
  __m256i two = _mm256_subs_epu8(_mm256_alignr_epi8(now, joined, 14), _mm256_set1_epi8(0x60));
  __m256i three = _mm256_subs_epu8(_mm256_alignr_epi8(now, joined, 13), _mm256_set1_epi8(0x70));
  __m256i due = _mm256_and_si256(_mm256_or_si256(two, three), _mm256_set1_epi8((char)0x80));
  return _mm256_xor_si256(due, pairs);
}

static inline int is_ascii_128(const uint8_t *text) {
  const __m256i *p = (const __m256i *)text;
  __m256i low = _mm256_or_si256(_mm256_loadu_si256(p), _mm256_loadu_si256(p + 1));
  __m256i high = _mm256_or_si256(_mm256_loadu_si256(p + 2), _mm256_loadu_si256(p + 3));
  return _mm256_movemask_epi8(_mm256_or_si256(low, high)) == 0;
}

static int is_utf8(const uint8_t *text, size_t count) {
  __m256i errors = _mm256_setzero_si256(), before = errors;
  int was_ascii = 1;
  uint8_t tail[32];
  for (size_t at = 0; at < count; at += 32) {
    while (was_ascii && count - at > 128 && is_ascii_128(text + at)) {
      at += 128;
      before = _mm256_setzero_si256();
    }
    __m256i now;
    if (count - at >= 32) {
      now = _mm256_loadu_si256((const __m256i *)(text + at));
    } else {
      memset(tail, 0, sizeof tail);
      memcpy(tail, text + at, count - at);
      now = _mm256_loadu_si256((const __m256i *)tail);
    }
    int is_ascii = _mm256_movemask_epi8(now) == 0;
    if (!is_ascii || !was_ascii) {
      errors = _mm256_or_si256(errors, utf8_errors(now, before));
    }
    was_ascii = is_ascii;
    before = now;
  }
  // A sequence that the end cuts: zeros after it show the error.
  if (!was_ascii) errors = _mm256_or_si256(errors, utf8_errors(_mm256_setzero_si256(), before));
  return _mm256_testz_si256(errors, errors);
}
#else
/// The length of the sequence at `at`, or 0 when it is overlong, a surrogate, out of range or cut.
static inline size_t sequence_length(const uint8_t *text, size_t at, size_t count) {
  uint8_t lead = text[at];
  if (lead < 0x80) return 1;
  size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || count - at < length) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((text[at + i] & 0xC0) != 0x80) return 0;
  }
  uint8_t second = text[at + 1];
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

static int is_utf8(const uint8_t *text, size_t count) {
  for (size_t at = 0; at < count;) {
    uint64_t word;
    if (count - at >= sizeof word) {
      memcpy(&word, text + at, sizeof word);
      if (!(word & 0x8080808080808080u)) {
        at += sizeof word;
        continue;
      }
    }
    size_t length = sequence_length(text, at, count);
    if (length == 0) return 0;
    at += length;
  }
  return 1;
}
#endif
