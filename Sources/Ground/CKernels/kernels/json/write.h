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
