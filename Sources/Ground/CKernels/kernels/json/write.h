// Strings decoded, and written in the one form of JSONWriter.

static size_t decode(uint8_t *out, const uint8_t *raw, size_t count) {
  size_t written = 0;
  for (size_t at = 0; at < count;) {
    // A byte 0x7F ends a copied run too, and is a plain one here.
    size_t run = copy_plain(out + written, raw, at, count);
    written += run;
    at += run;
    while (at < count && is_mark(raw[at])) {
      uint32_t scalar = raw[at];
      size_t length = raw[at] == '\\' ? read_escape(raw, at, count, &scalar) : 1;
      if (length == 0) return written;
      written += put_scalar(out + written, scalar);
      at += length;
    }
  }
  return written;
}

/// The scalar of the escape \\u.... at `p`, of which a tape has checked the digits.
static inline uint32_t unit(const uint8_t *p) {
  uint32_t digits;
  memcpy(&digits, p + 2, 4);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  digits = __builtin_bswap32(digits);
#endif
  digits = (digits & 0x0F0F0F0F) + 9 * (digits >> 6 & 0x01010101);
  digits = (digits | digits >> 4) & 0x00FF00FF;
  return (digits | digits >> 8) & 0xFFFF;
}

/// The room that the copy of a run and an escape may need beyond the run's bytes.
#define SLACK 64

/// Copies a run of plain bytes and writes what is after it, as long as there is room.
static inline size_t write_string(uint8_t *out, size_t capacity, const uint8_t *raw, size_t count,
                                  size_t *taken, int is_json) {
  size_t written = 0, at = 0;
  while (at < count) {
    if (capacity - written <= SLACK) break;
    size_t most = capacity - written - SLACK, end = count - at < most ? count : at + most;
    size_t run = copy_plain(out + written, raw, at, end);
    written += run;
    at += run;
    while (at < count && is_mark(raw[at]) && capacity - written > SLACK) {
      uint32_t scalar = raw[at];
      size_t length = 1;
      if (is_json && scalar == '\\') length = read_escape(raw, at, count, &scalar);
      if (length == 0) {
        *taken = count;
        return written;
      }
      written += put_escaped(out + written, scalar);
      at += length;
    }
  }
  *taken = at;
  return written;
}

#if STEP > 1
/// What a block may become, 6 bytes for each of 0x7F, and the room beyond.
#define BLOCK_ROOM (6 * STEP + 64)

#ifdef COMPRESSES
/// The values of hexadecimal digits.
static inline block hex_values(block v) {
  block low = _mm512_and_si512(v, _mm512_set1_epi8(0x0F));
  __mmask64 letters = _mm512_test_epi8_mask(v, _mm512_set1_epi8(0x40));
  return _mm512_mask_add_epi8(low, letters, low, _mm512_set1_epi8(9));
}

/// The common part of a block of a JSON string, of which two are left: all up to an escape that is
/// not of the block, stands for half of a pair or for ASCII, or is written otherwise. Returns the
/// bytes read. Of \\uabcd the bytes for \\, u and a become the UTF-8, and the others are dropped.
static inline size_t rewrite_common(uint8_t *out, const uint8_t *raw, size_t *written) {
  block v = load_block(raw);
  uint64_t found = marks(v);
  if (!found) {
    store_block(out, v);
    *written += STEP;
    return STEP;
  }
  string_block b = look_at(v, found);
  uint64_t starts = b.units >> 1, rare = b.rare, dropped = 0;
  if (starts) {
    block high = hex_values(load_block(raw + 2)), middle = hex_values(load_block(raw + 3));
    block low = hex_values(load_block(raw + 4));
    // Seen from the start of an escape these are its first three digits.
    uint64_t two = starts & equal(high, 0) & within(middle, 0, 8);
    rare |= two & equal(middle, 0) & within(low, 0, 8);
    dropped = two | starts << 3 | starts << 4 | starts << 5;
    block mask3 = _mm512_set1_epi8(3);
    v = _mm512_mask_mov_epi8(v, starts, _mm512_or_si512(high, _mm512_set1_epi8((char)0xE0)));
    // From the next byte on they are the second to the fourth digit, then the third and fourth.
    block six = _mm512_or_si512(_mm512_slli_epi16(high, 2),
                                _mm512_and_si512(_mm512_srli_epi16(middle, 2), mask3));
    six = _mm512_or_si512(six, _mm512_set1_epi8((char)0x80));
    six = _mm512_mask_mov_epi8(six, two << 1, _mm512_or_si512(six, _mm512_set1_epi8(0x40)));
    v = _mm512_mask_mov_epi8(v, starts << 1, six);
    block last = _mm512_or_si512(_mm512_slli_epi16(_mm512_and_si512(high, mask3), 4), middle);
    last = _mm512_or_si512(last, _mm512_set1_epi8((char)0x80));
    v = _mm512_mask_mov_epi8(v, starts << 2, last);
  }
  uint64_t before = rare ? (rare & -rare) - 1 : ~(uint64_t)0;
  uint64_t kept = before & ~dropped;
  store_block(out, _mm512_maskz_compress_epi8(kept, v));
  *written += (size_t)__builtin_popcountll(kept);
  return rare ? (size_t)__builtin_ctzll(rare) : STEP;
}
#endif

/// One block of a JSON string, of which two are left: escape after escape, without a branch on how
/// long the runs between them are. Returns the bytes read, at least STEP unless an escape is wrong.
static inline size_t rewrite_block(uint8_t *out, const uint8_t *raw, size_t count, size_t *written) {
  uint64_t todo = marks(load_block(raw));
  size_t done = 0;
  uint8_t *to = out;
  while (todo) {
    size_t mark = (size_t)__builtin_ctzll(todo);
    store_block(to, load_block(raw + done));
    to += mark - done;
    const uint8_t *p = raw + mark;
    size_t length = 6;
    uint32_t scalar = *p == '\\' && p[1] == 'u' ? unit(p) : 0;
    if (scalar >= 0x80 && scalar >> 11 != 0x1B) {
      // Two or three bytes, and no half of a pair.
      uint32_t last = 0x80 | (scalar & 0x3F), middle = 0x80 | (scalar >> 6 & 0x3F);
      int is_long = scalar >= 0x800;
      to[0] = (uint8_t)(is_long ? 0xE0 | scalar >> 12 : 0xC0 | scalar >> 6);
      to[1] = (uint8_t)(is_long ? middle : last);
      to[2] = (uint8_t)last;
      to += 2 + is_long;
    } else if (*p == '\\' && written_escapes[p[1]]) {
      to[0] = p[0];
      to[1] = p[1];
      to += 2;
      length = 2;
    } else {
      scalar = *p;
      length = scalar == '\\' ? read_escape(raw, mark, count, &scalar) : 1;
      if (length == 0) break;
      to += put_escaped(to, scalar);
    }
    done = mark + length;
    todo = done < 64 ? todo >> done << done : 0;
  }
  if (!todo && done < STEP) {
    store_block(to, load_block(raw + done));
    to += STEP - done;
    done = STEP;
  }
  *written += (size_t)(to - out);
  return done;
}
#endif

static size_t rewrite(uint8_t *out, size_t capacity, const uint8_t *raw, size_t count,
                      size_t *taken) {
  size_t written = 0, at = 0, rest = 0;
#if STEP > 1
  while (count - at >= 2 * STEP && capacity - written >= BLOCK_ROOM) {
#ifdef COMPRESSES
    size_t common = rewrite_common(out + written, raw + at, &written);
    at += common;
    if (common > 0) continue;
#endif
    size_t step = rewrite_block(out + written, raw + at, count - at, &written);
    at += step;
    if (step < STEP) break;
  }
#endif
  written += write_string(out + written, capacity - written, raw + at, count - at, &rest, 1);
  *taken = at + rest;
  return written;
}

static size_t escape(uint8_t *out, size_t capacity, const uint8_t *text, size_t count,
                     size_t *taken) {
  return write_string(out, capacity, text, count, taken, 0);
}
