// Strings decoded, and written in the one form of JSONWriter.

static size_t decode(uint8_t *out, const uint8_t *raw, size_t count) {
  size_t written = 0;
  for (size_t at = 0; at < count;) {
    // A byte 0x7F ends a copied run too, and is a plain one here.
    size_t run = copy_plain(out + written, raw, at, count);
    written += run;
    at += run;
    while (at < count && is_escape_mark(raw[at])) {
      uint32_t scalar = raw[at];
      size_t length = raw[at] == '\\' ? read_escape(raw, at, count, &scalar) : 1;
      if (length == 0) return written;
      written += put_scalar(out + written, scalar);
      at += length;
    }
  }
  return written;
}

/// The room that the copy of a run and an escape may need beyond the run's bytes.
#define SLACK 64

static inline size_t write_string(uint8_t *out, size_t capacity, const uint8_t *raw, size_t count,
                                  size_t *taken, int is_json) {
  size_t written = 0, at = 0;
  while (at < count) {
    if (capacity - written <= SLACK) break;
    size_t most = capacity - written - SLACK, end = count - at < most ? count : at + most;
    size_t run = copy_plain(out + written, raw, at, end);
    written += run;
    at += run;
    while (at < count && is_escape_mark(raw[at]) && capacity - written > SLACK) {
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

static size_t rewrite(uint8_t *out, size_t capacity, const uint8_t *raw, size_t count,
                      size_t *taken) {
  return write_string(out, capacity, raw, count, taken, 1);
}

static size_t escape(uint8_t *out, size_t capacity, const uint8_t *text, size_t count,
                     size_t *taken) {
  return write_string(out, capacity, text, count, taken, 0);
}
