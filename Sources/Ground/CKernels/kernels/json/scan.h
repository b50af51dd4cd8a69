// One pass over a JSON text, with a stack of open containers.

static inline size_t skip_space(const uint8_t *text, size_t at, size_t count) {
  while (at < count && text[at] <= 0x20 &&
         (text[at] == 0x20 || text[at] == 0x0A || text[at] == 0x0D || text[at] == 0x09)) {
    at++;
  }
  return at;
}

/// The place of the closing quote of the string that begins at `at`, after its quote; `count` when
/// it is wrong or not closed.
static inline size_t string_end(const uint8_t *text, size_t at, size_t count, uint8_t *flags) {
  while (at < count) {
#if STEP > 1
    if (count - at >= STEP) {
      block v = load_block(text + at);
      uint64_t found = marks(v);
      if (!found) {
        at += STEP;
        continue;
      }
      string_block b = look_at(v, found);
      uint64_t before = b.rare ? (b.rare & -b.rare) - 1 : ~(uint64_t)0;
      if (b.starts & before) *flags |= ORC_JSON_ESCAPED;
      if (b.units & before) *flags |= ORC_JSON_REWRITTEN;
      if (!b.rare && b.end) return at + (size_t)__builtin_ctzll(b.end);
      if (!b.rare) {
        at += STEP;
        continue;
      }
      at += (size_t)__builtin_ctzll(b.rare);
    }
#endif
    if (text[at] == '"') return at;
    if (text[at] < 0x20) return count;
    if (text[at] == 0x7F) *flags |= ORC_JSON_REWRITTEN;
    if (text[at] != '\\') {
      at++;
      continue;
    }
    uint32_t scalar;
    size_t length = read_escape(text, at, count, &scalar);
    if (length == 0) return count;
    *flags |= ORC_JSON_ESCAPED;
    if (!written_escapes[text[at + 1]]) *flags |= ORC_JSON_REWRITTEN;
    at += length;
  }
  return count;
}

static inline size_t digits_end(const uint8_t *text, size_t at, size_t count) {
  while (at < count && (uint8_t)(text[at] - '0') < 10) at++;
  return at;
}

/// Whether a decimal without exponent, of so many digits before and after its point, is what its
/// double is written as. No two decimals of at most 15 digits are nearest to the same double, so
/// that its shortest one is this; below 0.0001 it is written with an exponent.
static inline int is_plain_decimal(const uint8_t *digits, size_t whole, size_t fraction) {
  const uint8_t *after = digits + whole + 1;
  if (whole + fraction > 15 || after[fraction - 1] == '0') return 0;
  for (size_t i = 0; i < 4 && i < fraction; i++) {
    if (after[i] != '0') return 1;
  }
  return digits[0] != '0';
}

/// The end of the number at `at`, or 0 when it is wrong. Sets *unsure where it may be too large for
/// a double, or longer than the slower reader takes.
static inline size_t number_end(const uint8_t *text, size_t at, size_t count, uint8_t *flags,
                                int *unsure) {
  size_t start = at;
  if (text[at] == '-') at++;
  size_t whole = at;
  at = digits_end(text, at, count);
  size_t whole_digits = at - whole;
  if (whole_digits == 0 || (text[whole] == '0' && whole_digits > 1)) return 0;
  int is_integer = 1, is_decimal = 0;
  if (at < count && text[at] == '.') {
    size_t fraction = ++at;
    at = digits_end(text, at, count);
    if (at == fraction) return 0;
    is_integer = 0;
    is_decimal = is_plain_decimal(text + whole, whole_digits, at - fraction);
  }
  size_t exponent = 0;
  if (at < count && (text[at] | 0x20) == 'e') {
    at++;
    if (at < count && (text[at] == '+' || text[at] == '-')) at++;
    size_t first = at;
    at = digits_end(text, at, count);
    if (at == first) return 0;
    is_integer = is_decimal = 0;
    for (size_t i = first; i < at; i++) {
      exponent = exponent * 10 + (size_t)(text[i] - '0');
      if (exponent > 1000) break;
    }
  }
  if (is_integer && whole_digits <= 18 && !(text[whole] == '0' && text[start] == '-')) {
    *flags = ORC_JSON_PLAIN_INTEGER;
  } else if (is_decimal) {
    *flags = ORC_JSON_PLAIN_DECIMAL;
  } else if (at - start > 300 || whole_digits + exponent > 300) {
    *unsure = 1;
  }
  return at;
}

static int scan(const uint8_t *text, size_t count, orc_json_entry *tape, size_t capacity,
                size_t *entries) {
  size_t open[ORC_JSON_DEPTH_MAX];
  size_t depth = 0, used = 0, at = 0;
  int unsure = 0;
  *entries = 0;
  if (!is_utf8(text, count)) return ORC_JSON_WRONG;
  at = skip_space(text, at, count);

value:
  if (at >= count) return ORC_JSON_WRONG;
  if (used + 2 > capacity) return ORC_JSON_FULL;
  orc_json_entry *entry = &tape[used];
  *entry = (orc_json_entry){.start = (uint32_t)at};
  switch (text[at]) {
  case '"': {
    size_t end = string_end(text, at + 1, count, &entry->flags);
    if (end >= count) return ORC_JSON_WRONG;
    entry->kind = ORC_JSON_STRING;
    entry->start = (uint32_t)(at + 1);
    entry->length = (uint32_t)(end - at - 1);
    at = end + 1;
    break;
  }
  case '{':
  case '[': {
    if (depth == ORC_JSON_DEPTH_MAX) return ORC_JSON_WRONG;
    int is_object = text[at] == '{';
    entry->kind = is_object ? ORC_JSON_OBJECT : ORC_JSON_ARRAY;
    open[depth++] = used++;
    at = skip_space(text, at + 1, count);
    if (at >= count) return ORC_JSON_WRONG;
    if (text[at] == (is_object ? '}' : ']')) goto close;
    if (is_object) goto key;
    goto value;
  }
  case 't':
    if (count - at < 4 || memcmp(text + at, "true", 4) != 0) return ORC_JSON_WRONG;
    entry->kind = ORC_JSON_TRUE;
    at += entry->length = 4;
    break;
  case 'f':
    if (count - at < 5 || memcmp(text + at, "false", 5) != 0) return ORC_JSON_WRONG;
    entry->kind = ORC_JSON_FALSE;
    at += entry->length = 5;
    break;
  case 'n':
    if (count - at < 4 || memcmp(text + at, "null", 4) != 0) return ORC_JSON_WRONG;
    entry->kind = ORC_JSON_NULL;
    at += entry->length = 4;
    break;
  case '-':
  case '0': case '1': case '2': case '3': case '4':
  case '5': case '6': case '7': case '8': case '9': {
    size_t end = number_end(text, at, count, &entry->flags, &unsure);
    if (end == 0) return ORC_JSON_WRONG;
    entry->kind = ORC_JSON_NUMBER;
    entry->length = (uint32_t)(end - at);
    at = end;
    break;
  }
  default:
    return ORC_JSON_WRONG;
  }
  entry->next = (uint32_t)++used;

after:
  at = skip_space(text, at, count);
  if (depth == 0) {
    if (at != count) return ORC_JSON_WRONG;
    *entries = used;
    return unsure ? ORC_JSON_UNSURE : ORC_JSON_RIGHT;
  }
  if (at >= count) return ORC_JSON_WRONG;
  if (text[at] == ',') {
    at = skip_space(text, at + 1, count);
    if (tape[open[depth - 1]].kind == ORC_JSON_OBJECT) goto key;
    goto value;
  }
  if (text[at] != (tape[open[depth - 1]].kind == ORC_JSON_OBJECT ? '}' : ']')) {
    return ORC_JSON_WRONG;
  }

close: {
  orc_json_entry *container = &tape[open[--depth]];
  at++;
  container->length = (uint32_t)(at - container->start);
  container->next = (uint32_t)used;
  if (container->kind == ORC_JSON_OBJECT) {
    int repeats = may_repeat_key(text, tape, open[depth], used);
    if (repeats == 2) repeats = may_repeat_among_many(text, tape, open[depth], used);
    unsure |= repeats;
  }
  goto after;
}

key: {
  if (at >= count || text[at] != '"') return ORC_JSON_WRONG;
  if (used + 2 > capacity) return ORC_JSON_FULL;
  orc_json_entry *name = &tape[used];
  *name = (orc_json_entry){.start = (uint32_t)(at + 1), .kind = ORC_JSON_STRING};
  size_t end = string_end(text, at + 1, count, &name->flags);
  if (end >= count) return ORC_JSON_WRONG;
  name->length = (uint32_t)(end - at - 1);
  name->next = (uint32_t)++used;
  at = skip_space(text, end + 1, count);
  if (at >= count || text[at] != ':') return ORC_JSON_WRONG;
  at = skip_space(text, at + 1, count);
  goto value;
}
}
