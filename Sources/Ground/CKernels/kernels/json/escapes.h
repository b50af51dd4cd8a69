// Escapes inside strings.

/// 16 and the value for hexadecimal digits, 0 for other bytes.
static const uint8_t hex_digits[256] = {
    ['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20, ['5'] = 21, ['6'] = 22, ['7'] = 23,
    ['8'] = 24, ['9'] = 25, ['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30, ['f'] = 31,
    ['A'] = 26, ['B'] = 27, ['C'] = 28, ['D'] = 29, ['E'] = 30, ['F'] = 31};
/// What a letter after a backslash stands for; 0 for letters that are no escape, and for u.
static const uint8_t simple_escapes[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = 0x08,
    ['f'] = 0x0C, ['n'] = 0x0A, ['r'] = 0x0D, ['t'] = 0x09};
/// Letters of the escapes that are written as they are read.
static const uint8_t written_escapes[256] = {
    ['"'] = 1, ['\\'] = 1, ['n'] = 1, ['r'] = 1, ['t'] = 1};

/// The value of four hexadecimal digits, or a number above 0xFFFF.
static inline uint32_t hex4(const uint8_t *p) {
  uint32_t a = hex_digits[p[0]], b = hex_digits[p[1]], c = hex_digits[p[2]], d = hex_digits[p[3]];
  if ((a & b & c & d & 16) == 0) return 1u << 16;
  return (a & 15) << 12 | (b & 15) << 8 | (c & 15) << 4 | (d & 15);
}

/// Steps over the escape whose backslash is at `at`; returns its length, 0 when it is wrong. In
/// *scalar what it stands for.
static inline size_t read_escape(const uint8_t *text, size_t at, size_t count, uint32_t *scalar) {
  if (count - at < 2) return 0;
  if (text[at + 1] != 'u') {
    *scalar = simple_escapes[text[at + 1]];
    return *scalar ? 2 : 0;
  }
  if (count - at < 6) return 0;
  uint32_t high = hex4(text + at + 2);
  if (high > 0xFFFF) return 0;
  *scalar = high;
  if (high < 0xD800 || high > 0xDFFF) return 6;
  if (high > 0xDBFF || count - at < 12 || text[at + 6] != '\\' || text[at + 7] != 'u') return 0;
  uint32_t low = hex4(text + at + 8);
  if (low < 0xDC00 || low > 0xDFFF) return 0;
  *scalar = 0x10000u + ((high - 0xD800u) << 10) + (low - 0xDC00u);
  return 12;
}

/// Writes a scalar as UTF-8; returns its bytes.
static inline size_t put_scalar(uint8_t *out, uint32_t scalar) {
  if (scalar < 0x80) {
    out[0] = (uint8_t)scalar;
    return 1;
  }
  if (scalar < 0x800) {
    out[0] = (uint8_t)(0xC0 | scalar >> 6);
    out[1] = (uint8_t)(0x80 | (scalar & 0x3F));
    return 2;
  }
  if (scalar < 0x10000) {
    out[0] = (uint8_t)(0xE0 | scalar >> 12);
    out[1] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
    out[2] = (uint8_t)(0x80 | (scalar & 0x3F));
    return 3;
  }
  out[0] = (uint8_t)(0xF0 | scalar >> 18);
  out[1] = (uint8_t)(0x80 | (scalar >> 12 & 0x3F));
  out[2] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
  out[3] = (uint8_t)(0x80 | (scalar & 0x3F));
  return 4;
}

/// Writes a scalar as it stands in a JSON string; returns its bytes, at most 6.
static inline size_t put_escaped(uint8_t *out, uint32_t scalar) {
  if (scalar >= 0x20 && scalar != '"' && scalar != '\\' && scalar != 0x7F) {
    return put_scalar(out, scalar);
  }
  out[0] = '\\';
  switch (scalar) {
  case '"': case '\\': out[1] = (uint8_t)scalar; return 2;
  case '\n': out[1] = 'n'; return 2;
  case '\r': out[1] = 'r'; return 2;
  case '\t': out[1] = 't'; return 2;
  }
  static const char digits[] = "0123456789abcdef";
  out[1] = 'u';
  out[2] = out[3] = '0';
  out[4] = (uint8_t)digits[scalar >> 4];
  out[5] = (uint8_t)digits[scalar & 15];
  return 6;
}
