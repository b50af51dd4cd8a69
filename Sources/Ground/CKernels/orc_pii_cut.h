#ifndef ORC_PII_CUT_H
#define ORC_PII_CUT_H

#include "include/orc_pii_words.h"
#include "orc_pii_text.h"

/// How words are cut, step by step: orc_pii_cut and orc_pii_read are made of these.

/// Bytes of a word at most.
#define WORD_MAX 1000000

/// 0 for ORC_PII_GAP_REST.
static const uint16_t gap_kinds[128] = {
    [' '] = ORC_PII_GAP_SPACE,
    ['\r'] = ORC_PII_GAP_SPACE,
    ['\t'] = ORC_PII_GAP_SPACE | ORC_PII_GAP_WIDE,
    [','] = ORC_PII_GAP_COMMA,
    ['.'] = ORC_PII_GAP_STOP,
    ['!'] = ORC_PII_GAP_SENTENCE_END,
    ['?'] = ORC_PII_GAP_SENTENCE_END,
    ['\n'] = ORC_PII_GAP_NEWLINE,
    [':'] = ORC_PII_GAP_COLON,
    ['='] = ORC_PII_GAP_COLON,
    ['-'] = ORC_PII_GAP_DASH,
    ['~'] = ORC_PII_GAP_DASH,
    ['/'] = ORC_PII_GAP_SLASH,
    ['\\'] = ORC_PII_GAP_SLASH,
    ['('] = ORC_PII_GAP_BRACKET,
    [')'] = ORC_PII_GAP_BRACKET,
    ['['] = ORC_PII_GAP_BRACKET,
    [']'] = ORC_PII_GAP_BRACKET,
    ['{'] = ORC_PII_GAP_BRACKET,
    ['}'] = ORC_PII_GAP_BRACKET,
    ['<'] = ORC_PII_GAP_BRACKET,
    ['>'] = ORC_PII_GAP_BRACKET,
    ['"'] = ORC_PII_GAP_BRACKET,
    ['*'] = ORC_PII_GAP_BRACKET,
    ['\''] = ORC_PII_GAP_APOSTROPHE,
    ['`'] = ORC_PII_GAP_APOSTROPHE,
    ['@'] = ORC_PII_GAP_AT,
    ['_'] = ORC_PII_GAP_UNDERSCORE,
    ['|'] = ORC_PII_GAP_BAR,
    [';'] = ORC_PII_GAP_BAR,
};

static inline int is_letter(uint32_t c) { return (c | 0x20) - 'a' < 26u; }
static inline int is_alnum(uint32_t c) { return is_letter(c) || c - '0' < 10u; }
static inline int within(uint32_t c, uint32_t first, uint32_t last) {
  return c - first <= last - first;
}

/// The byte at `i`; 0 behind the end.
static inline uint32_t byte_at(const uint8_t *text, size_t count, size_t i) {
  return i < count ? text[i] : 0;
}

typedef struct {
  uint32_t value, length;
} scalar;

/// The scalar that begins at `i`; bytes that begin none are read as the first of four.
static inline scalar scalar_at(const uint8_t *text, size_t count, size_t i) {
  uint32_t a = byte_at(text, count, i);
  if (a < 0x80) return (scalar){a, 1};
  uint32_t b = byte_at(text, count, i + 1) & 0x3F;
  if (within(a, 0xC2, 0xDF)) return (scalar){(a & 0x1F) << 6 | b, 2};
  uint32_t c = byte_at(text, count, i + 2) & 0x3F;
  if (within(a, 0xE0, 0xEF)) return (scalar){(a & 0x0F) << 12 | b << 6 | c, 3};
  uint32_t d = byte_at(text, count, i + 3) & 0x3F;
  return (scalar){(a & 0x07) << 18 | b << 12 | c << 6 | d, 4};
}

/// Letters, marks and digits of any script, and the underscore. Outside ASCII everything counts but
/// the blocks of spaces, punctuation, symbols and pictures.
static inline int is_word(uint32_t c) {
  if (c < 0x80) return is_alnum(c) || c == '_';
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c < 0x964) return c != 0xD7 && c != 0xF7;
  if (c < 0x2000) return c > 0x965;
  if (c == 0x200C || c == 0x200D) return 1;
  return !(within(c, 0x2000, 0x206F) || within(c, 0x20A0, 0x20CF) || within(c, 0x2100, 0x2BFF) ||
           within(c, 0x3000, 0x303F) || within(c, 0xFE00, 0xFE0F) || c == 0xFEFF ||
           within(c, 0xFF00, 0xFF0F) || within(c, 0x1F000, 0x1FAFF));
}

static inline int is_upper(uint32_t c) {
  if (c < 0x80) return within(c, 'A', 'Z');
  if (within(c, 0xC0, 0xDE)) return c != 0xD7;
  if (within(c, 0x391, 0x3A9) || within(c, 0x400, 0x42F)) return 1;
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177) || within(c, 0x218, 0x21B) ||
      within(c, 0x1E00, 0x1EFF))
    return c % 2 == 0;
  return (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) && c % 2 == 1;
}

static inline int is_lower(uint32_t c) {
  if (c < 0x80) return within(c, 'a', 'z');
  if (within(c, 0xDF, 0xFF)) return c != 0xF7;
  if (within(c, 0x3B1, 0x3C9) || within(c, 0x430, 0x45F)) return 1;
  if (within(c, 0x100, 0x137) || within(c, 0x14A, 0x177) || within(c, 0x218, 0x21B) ||
      within(c, 0x1E00, 0x1EFF))
    return c % 2 == 1;
  if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17E)) return c % 2 == 0;
  return within(c, 0x3AC, 0x3CE) || c == 0x138 || c == 0x17F;
}

static uint16_t gap_of(uint32_t c) {
  if (c == 0xA0 || within(c, 0x2000, 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000)
    return ORC_PII_GAP_SPACE;
  if (c == 0x2026 || c == 0x964 || c == 0x965 || c == 0x3002 || c == 0xA1 || c == 0xBF)
    return ORC_PII_GAP_SENTENCE_END;
  if (within(c, 0x2010, 0x2015) || c == 0x2212) return ORC_PII_GAP_DASH;
  if (c == 0xAB || c == 0xBB || within(c, 0x201C, 0x201F)) return ORC_PII_GAP_BRACKET;
  return c == 0x2018 || c == 0x2019 ? ORC_PII_GAP_APOSTROPHE : ORC_PII_GAP_REST;
}

/// U+00C0 ... U+017F folded; a dot stands for what has no plain form.
static const char latin[192][3] = {
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i",  "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  ".", "o", "u", "u", "u", "u", "y",  "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i",  "i",  "i",
    "d", "n", "o", "o", "o", "o", "o",  ".", "o", "u", "u", "u", "u", "y",  "th", "y",
    "a", "a", "a", "a", "a", "a", "c",  "c", "c", "c", "c", "c", "c", "c",  "d",  "d",
    "d", "d", "e", "e", "e", "e", "e",  "e", "e", "e", "e", "e", "g", "g",  "g",  "g",
    "g", "g", "g", "g", "h", "h", "h",  "h", "i", "i", "i", "i", "i", "i",  "i",  "i",
    "i", "i", "ij", "ij", "j", "j", "k", "k", "q", "l", "l", "l", "l", "l", "l",  "l",
    "l", "l", "l", "n", "n", "n", "n",  "n", "n", "n", "n", "n", "o", "o",  "o",  "o",
    "o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s",  "s",
    "s", "s", "t", "t", "t", "t", "t",  "t", "u", "u", "u", "u", "u", "u",  "u",  "u",
    "u", "u", "u", "u", "w", "w", "y",  "y", "y", "z", "z", "z", "z", "z",  "z",  "s",
};

/// Adds the letter outside ASCII that stands at `i`.
static inline void add_scalar(pii_fold *fold, scalar s, const uint8_t *text, size_t count,
                              size_t i) {
  if (within(s.value, 0xC0, 0x17F)) {
    const char *plain = latin[s.value - 0xC0];
    pii_add(fold, (uint8_t)plain[0]);
    if (plain[1]) pii_add(fold, (uint8_t)plain[1]);
  } else if (within(s.value, 0x218, 0x21B)) {
    pii_add(fold, s.value < 0x21A ? 's' : 't');
  } else if (!within(s.value, 0x300, 0x36F)) {
    for (uint32_t k = 0; k < s.length; k++) pii_add(fold, (uint8_t)byte_at(text, count, i + k));
  }
}

/// The fold of text[start ..< end].
static pii_fold fold_range(const uint8_t *text, size_t count, size_t start, size_t end) {
  pii_fold fold = PII_FOLD_START;
  while (start < end) {
    scalar s = scalar_at(text, count, start);
    if (s.value < 0x80) {
      pii_add(&fold, (uint8_t)(s.value - 'A' < 26u ? s.value | 0x20 : s.value));
    } else {
      add_scalar(&fold, s, text, count, start);
    }
    start += s.length;
  }
  return fold;
}

static inline uint64_t place_of(uint64_t hash) { return hash * 0x9E3779B97F4A7C15u >> 32; }

static inline uint64_t classes_of(const orc_pii_lists *lists, uint64_t hash) {
  for (uint64_t place = place_of(hash);; place++) {
    uint64_t slot = lists->slots[place & lists->mask];
    if ((slot ^ hash) >> 24 == 0) return lists->sets[slot & 0xFFFFFF];
    if (slot == 0) return 0;
  }
}

/// One word as it is read.
typedef struct {
  const uint8_t *text;
  size_t count, start, at;
  pii_fold fold;
  /// Where the last apostrophe stands, and its bytes; none without.
  size_t apostrophe, apostrophe_length;
  uint32_t lower, upper, digits, caseless;
  uint8_t starts_upper, has_hyphen;
} reader;

/// Reads a run of letters and digits of ASCII.
static inline void read_ascii(reader *r) {
  size_t limit = r->start + WORD_MAX;
  while (r->at < r->count && r->at < limit) {
    uint64_t bytes = pii_load(r->text, r->count, r->at);
    uint64_t lower = pii_within(bytes, 'a', 'z');
    uint64_t upper = pii_within(bytes, 'A', 'Z');
    uint64_t digits = pii_within(bytes, '0', '9');
    unsigned run = pii_leading(lower | upper | digits);
    if (run > limit - r->at) run = (unsigned)(limit - r->at);
    if (run == 0) return;
    uint64_t mask = ~(uint64_t)0 >> (64 - 8 * run);
    if (r->at == r->start) r->starts_upper = upper >> 7 & 1;
    r->lower += pii_count(lower & mask);
    r->upper += pii_count(upper & mask);
    r->digits += pii_count(digits & mask);
    // Digits have the bit that makes a letter small.
    pii_add_number(&r->fold, pii_number(bytes | 0x20 * ORC_EACH, run), run);
    r->at += run;
    if (run < 8) return;
  }
}

/// Goes over a hyphen or an apostrophe if a letter follows and the word so far is of letters.
static int join(reader *r, size_t length, int is_hyphen) {
  uint32_t next = scalar_at(r->text, r->count, r->at + length).value;
  if (!(next < 0x80 ? is_letter(next) : is_word(next)) || r->digits) return 0;
  if (is_hyphen) {
    r->has_hyphen = 1;
    pii_add(&r->fold, '-');
  } else {
    // `d'`, `l'`, `qu'`: a word of its own.
    if (r->upper == 0 && r->lower <= 2 && r->start + 3 > r->at) return 0;
    if (r->upper == 1 && r->lower == 0 && next < 0x80 && next - 'A' >= 26u) return 0;
    r->apostrophe = r->at;
    r->apostrophe_length = length;
    pii_add(&r->fold, '\'');
  }
  r->at += length;
  return 1;
}

/// Reads one character outside ASCII, or a sign inside the word; 0 at the end of the word.
static int read_other(reader *r) {
  uint8_t byte = r->text[r->at];
  if (byte < 0x80) return byte == '-' || byte == '\'' ? join(r, 1, byte == '-') : 0;
  scalar s = scalar_at(r->text, r->count, r->at);
  if (s.value == 0x2019) return join(r, s.length, 0);
  if (s.value == 0x2010 || s.value == 0x2011) return join(r, s.length, 1);
  if (!is_word(s.value)) return 0;
  if (is_upper(s.value)) {
    r->upper++;
    if (r->at == r->start) r->starts_upper = 1;
  } else if (is_lower(s.value)) {
    r->lower++;
  } else if (!within(s.value, 0x300, 0x36F)) {
    r->caseless++;
  }
  add_scalar(&r->fold, s, r->text, r->count, r->at);
  r->at += s.length;
  if (r->at > r->count) r->at = r->count;
  return 1;
}

static uint8_t shape(const reader *r) {
  if (r->digits) return r->upper + r->lower + r->caseless ? ORC_PII_MIXED : ORC_PII_DIGITS;
  if (r->caseless) return ORC_PII_CASELESS;
  if (r->lower == 0) return ORC_PII_UPPER;
  if (r->starts_upper)
    return r->upper <= (r->has_hyphen ? 9u : 3u) ? ORC_PII_CAPITALISED : ORC_PII_OTHER;
  return r->upper ? ORC_PII_OTHER : ORC_PII_LOWER;
}

/// Whether a hyphen ends at the byte: `-`, or the last byte of U+2010 or U+2011.
static int is_hyphen(const uint8_t *text, size_t count, size_t i) {
  uint32_t byte = byte_at(text, count, i);
  if (byte == '-') return 1;
  return (byte == 0x90 || byte == 0x91) && i >= 2 && text[i - 1] == 0x80 && text[i - 2] == 0xE2;
}

/// What the parts of a word with a hyphen say: `Hans-Peter`, `Rhein-Weg`.
static void add_parts(const uint8_t *text, size_t count, const orc_pii_lists *lists,
                      orc_pii_word *word) {
  const uint64_t of_parts = ORC_PII_GIVEN | ORC_PII_SURNAME | ORC_PII_ORGANISATION |
                            (((uint64_t)1 << ORC_PII_LANGUAGE_COUNT) - 1) << ORC_PII_LANGUAGES;
  size_t last = word->end, first = word->start;
  while (last > word->start && !is_hyphen(text, count, last - 1)) last--;
  while (first < word->end && !is_hyphen(text, count, first)) first++;
  pii_fold fold = fold_range(text, count, last, word->end);
  word->last_classes = classes_of(lists, pii_value(&fold));
  if (word->classes & (ORC_PII_GIVEN | ORC_PII_SURNAME)) return;
  // The longer hyphens have three bytes.
  if (byte_at(text, count, first) != '-') first = first >= 2 ? first - 2 : 0;
  fold = fold_range(text, count, word->start, first);
  word->classes |= classes_of(lists, pii_value(&fold)) & of_parts;
  // `Anne-Marie`, but `Sutton-Griffin`
  if (word->classes & ORC_PII_GIVEN && !(word->last_classes & ORC_PII_GIVEN))
    word->classes = (word->classes & ~(uint64_t)ORC_PII_GIVEN) | ORC_PII_SURNAME;
}

static void count_languages(const orc_pii_word *word, uint32_t *languages) {
  uint64_t bits = word->classes >> ORC_PII_LANGUAGES;
  if (bits == 0 || (word->shape != ORC_PII_LOWER && word->shape != ORC_PII_CAPITALISED)) return;
  for (; bits; bits &= bits - 1) {
    int lane = __builtin_ctzll(bits);
    if (lane < ORC_PII_LANGUAGE_COUNT) languages[lane]++;
  }
}

/// Reads the word at state->at into `word`.
static void read_word(const uint8_t *text, size_t count, const orc_pii_lists *lists,
                      orc_pii_cut_state *state, orc_pii_word *word) {
  size_t start = state->at;
  reader r = {.text = text, .count = count, .start = start, .at = start, .fold = PII_FOLD_START,
              .apostrophe = SIZE_MAX};
  do {
    read_ascii(&r);
  } while (r.at < count && r.at - start < WORD_MAX && read_other(&r));
  uint32_t letters = r.upper + r.lower + r.caseless;
  *word = (orc_pii_word){.hash = pii_value(&r.fold), .tail = r.fold.tail, .start = (uint32_t)start,
                         .end = (uint32_t)r.at, .gap = state->gap, .shape = shape(&r),
                         .letters = (uint8_t)(letters < 255 ? letters : 255),
                         .has_hyphen = r.has_hyphen, .digits_ahead = 255};
  // A possessive is no part of the name.
  if (r.apostrophe != SIZE_MAX && r.at - r.apostrophe == r.apostrophe_length + 1 &&
      (text[r.at - 1] | 0x20) == 's') {
    pii_fold owner = fold_range(text, count, start, r.apostrophe);
    word->end = (uint32_t)r.apostrophe;
    word->hash = pii_value(&owner);
    word->tail = owner.tail;
    word->letters--;
  }
  // Looked up once all words are cut: by then its slot has come from the third cache.
  __builtin_prefetch(&lists->slots[place_of(word->hash) & lists->mask]);
  state->at = r.at;
}

/// Looks the words up that were cut from `first` on.
static void look_up(const uint8_t *text, size_t count, const orc_pii_lists *lists,
                    orc_pii_cut_state *state, orc_pii_word *words, size_t first) {
  for (size_t i = first; i < state->words; i++) {
    orc_pii_word *word = &words[i];
    word->classes = classes_of(lists, word->hash);
    if (word->has_hyphen) add_parts(text, count, lists, word);
    count_languages(word, state->languages);
  }
}

/// Takes the byte of ASCII at state->at, which stands between words.
static inline void add_gap(orc_pii_cut_state *state, const uint8_t *text, uint8_t byte) {
  uint16_t kind = gap_kinds[byte] ? gap_kinds[byte] : ORC_PII_GAP_REST;
  if (kind == ORC_PII_GAP_SPACE && state->gap & ORC_PII_GAP_SPACE && text[state->at - 1] == byte)
    state->gap |= ORC_PII_GAP_WIDE;
  if (kind == ORC_PII_GAP_NEWLINE && state->gap & ORC_PII_GAP_NEWLINE)
    state->gap |= ORC_PII_GAP_BLANK_LINE;
  state->gap |= kind;
  state->at++;
}

/// Takes what stands at state->at: a word, or a character between words. Returns 0 when there is no
/// room for the word.
static inline int cut_step(const uint8_t *text, size_t count, const orc_pii_lists *lists,
                           orc_pii_cut_state *state, orc_pii_word *words, size_t capacity) {
  uint8_t byte = text[state->at];
  if (byte < 0x80) {
    if (!is_alnum(byte)) {
      add_gap(state, text, byte);
      return 1;
    }
  } else {
    scalar s = scalar_at(text, count, state->at);
    if (!is_word(s.value)) {
      state->gap |= gap_of(s.value);
      state->at += s.length;
      return 1;
    }
  }
  if (state->words == capacity) return 0;
  state->gaps |= state->gap;
  read_word(text, count, lists, state, &words[state->words++]);
  state->gap = 0;
  return 1;
}

#endif
