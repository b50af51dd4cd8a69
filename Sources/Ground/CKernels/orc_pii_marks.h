#ifndef ORC_PII_MARKS_H
#define ORC_PII_MARKS_H

#include "include/orc_pii.h"
#include "orc_pii_text.h"

/// How marks and cues are found, step by step: orc_pii_scan and orc_pii_read are made of these.

enum {
  MARK_OTHER,
  MARK_LOWER,
  MARK_UPPER,
  MARK_DIGIT,
  MARK_HIGH,
  MARK_SIGN,
  MARK_LINE,
  MARK_SPACE,
};

static const uint8_t mark_classes[256] = {
    ['a' ... 'z'] = MARK_LOWER, ['A' ... 'Z'] = MARK_UPPER, ['0' ... '9'] = MARK_DIGIT,
    [0x80 ... 0xFF] = MARK_HIGH, ['@'] = MARK_SIGN, [':'] = MARK_SIGN, ['.'] = MARK_SIGN,
    ['-'] = MARK_SIGN, ['('] = MARK_SIGN, ['['] = MARK_SIGN, ['{'] = MARK_SIGN,
    ['!'] = MARK_SIGN, ['?'] = MARK_SIGN, ['\n'] = MARK_LINE, [' '] = MARK_SPACE,
};

static inline int mark_is_hex(uint8_t c) {
  return (uint8_t)(c - '0') < 10 || (uint8_t)((c | 0x20) - 'a') < 6;
}
static inline int mark_is_alnum(uint8_t c) { return mark_classes[c] - MARK_LOWER < 3u; }

/// The letter `c` behind the byte `lead`, in lower case.
static inline uint8_t mark_folded(uint8_t c, uint8_t lead) {
  if (mark_classes[c] == MARK_UPPER) return c | 0x20;
  // C3 80 ... 9E without the sign of multiplication.
  return lead == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97 ? c + 0x20 : c;
}

/// The hash of a phrase whose last word has the hash `next`.
static inline uint64_t joined_cue(uint64_t phrase, uint64_t next) {
  uint64_t z = (phrase ^ 0x9E3779B97F4A7C15u) * 0x100000001B3u + next;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  return z ^ (z >> 31);
}

static inline const orc_pii_entry *find_cue(const orc_pii_table *table, uint64_t key) {
  uint64_t bit = key >> 48;
  if (!(table->filter[bit >> 6] >> (bit & 63) & 1)) return 0;
  uint32_t tag = (uint32_t)(key >> 32);
  for (uint64_t slot = key & table->mask;; slot = (slot + 1) & table->mask) {
    const orc_pii_entry *entry = &table->slots[slot];
    if (entry->tag == tag) return entry;
    if (entry->tag == 0) return 0;
  }
}

typedef struct {
  const uint8_t *text;
  size_t count;
  const orc_pii_table *table;
  orc_pii_state *state;
  orc_pii_mark *marks;
  orc_pii_cue *cues;
} scan;

static inline void mark(scan *s, size_t offset, uint32_t kind) {
  orc_pii_state *state = s->state;
  s->marks[state->mark_count++] =
      (orc_pii_mark){(uint32_t)offset, state->word, state->cue_count, kind};
}

static void add_cue(scan *s, const orc_pii_entry *entry, uint32_t start, uint32_t end) {
  orc_pii_state *state = s->state;
  s->cues[state->cue_count++] = (orc_pii_cue){start, end, state->word, entry->entry};
  if (entry->flags & ORC_PII_TRIGGER) mark(s, end, ORC_PII_CUE);
}

/// Ends the word text[start ..< end]: looks it up alone and then as the next word of open phrases, so
/// that of the cues with one end the longest comes last.
static inline void end_word(scan *s, uint64_t hash, size_t start, size_t end) {
  orc_pii_state *state = s->state;
  state->word++;
  const orc_pii_entry *alone = find_cue(s->table, hash);
  if (!alone && state->chain_count == 0) return;
  uint64_t keys[3];
  uint32_t starts[3];
  uint32_t count = 0;
  if (alone) {
    if (alone->flags & ORC_PII_TERMINAL) add_cue(s, alone, (uint32_t)start, (uint32_t)end);
    if (alone->flags & ORC_PII_PREFIX) {
      keys[count] = hash;
      starts[count++] = (uint32_t)start;
    }
  }
  if (start - state->chain_end <= 3) {
    for (uint32_t i = 0; i < state->chain_count; i++) {
      uint64_t key = joined_cue(state->chain_key[i], hash);
      const orc_pii_entry *entry = find_cue(s->table, key);
      if (!entry) continue;
      if (entry->flags & ORC_PII_TERMINAL) add_cue(s, entry, state->chain_start[i], (uint32_t)end);
      if (entry->flags & ORC_PII_PREFIX && count < 3) {
        keys[count] = key;
        starts[count++] = state->chain_start[i];
      }
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    state->chain_key[i] = keys[i];
    state->chain_start[i] = starts[i];
  }
  state->chain_count = count;
  state->chain_end = (uint32_t)end;
}

/// Bytes of the space, sign or digit at `at` outside ASCII; 0 for part of a word. *digit: whether it
/// is a decimal digit (full width, Arabic, or of an Indian script).
static inline size_t high_sign(const uint8_t *text, size_t count, size_t at, int *digit) {
  uint8_t a = text[at], b = at + 1 < count ? text[at + 1] : 0, c = at + 2 < count ? text[at + 2] : 0;
  *digit = 0;
  switch (a) {
    case 0xC2: return b == 0xAA || b == 0xB5 || b == 0xBA ? 0 : 2;
    case 0xE2: return b < 0xB0 ? 3 : 0;
    case 0xE3: return b == 0x80 ? 3 : 0;
    case 0xEF:
      if (b == 0xBC && c >= 0x90 && c <= 0x99) {
        *digit = 1;
        return 3;
      }
      return (b == 0xBC && c < 0x90) || (b == 0xBB && c == 0xBF) ? 3 : 0;
    case 0xD9: *digit = b >= 0xA0 && b <= 0xA9; return *digit ? 2 : 0;
    case 0xDB: *digit = b >= 0xB0 && b <= 0xB9; return *digit ? 2 : 0;
    case 0xE0:
      if ((b & 1) && b >= 0xA5 && b <= 0xB5 && c >= 0xA6 && c <= 0xAF) {
        *digit = 1;
        return 3;
      }
      return b == 0xA5 && (c == 0xA4 || c == 0xA5) ? 3 : 0;
    case 0xF0: return b == 0x9F ? 4 : 0;
    default: return 0;
  }
}

/// A `(at)`, `[at]`, ` at `: `i` is the bracket or the space.
static inline int is_spelled_at(const uint8_t *text, size_t count, size_t i) {
  if (i + 3 >= count || (text[i + 1] | 0x20) != 'a' || (text[i + 2] | 0x20) != 't') return 0;
  switch (text[i]) {
    case '(': return text[i + 3] == ')';
    case '[': return text[i + 3] == ']';
    case '{': return text[i + 3] == '}';
    default: return text[i + 3] == ' ';
  }
}

/// Whether the word before the full stop has at most three letters (`no.`, `Nr.`, `tel.`).
static inline int is_abbreviation(const uint8_t *text, size_t stop) {
  size_t i = stop;
  while (i > 0 && stop - i < 4 && mark_classes[text[i - 1]] - MARK_LOWER < 2u) i--;
  return i < stop && stop - i < 4;
}

static inline void mark_sign(scan *s, size_t i) {
  const uint8_t *text = s->text;
  size_t count = s->count;
  uint8_t c = text[i];
  uint8_t before = i > 0 ? text[i - 1] : 0;
  uint8_t after = i + 1 < count ? text[i + 1] : 0;
  switch (c) {
    case '@': mark(s, i, ORC_PII_AT); break;
    case ':':
      if (after == '/' ||
          ((mark_is_hex(before) || before == ':') && (mark_is_hex(after) || after == ':')) ||
          (after == ':' && i + 2 < count && mark_is_hex(text[i + 2])))
        mark(s, i, ORC_PII_COLON);
      break;
    case '.':
      if (mark_is_alnum(before) && mark_is_alnum(after)) {
        if (mark_classes[before] != MARK_DIGIT || mark_classes[after] != MARK_DIGIT ||
            (i >= 4 && i + 9 < count && text[i + 5] == '.'))
          mark(s, i, ORC_PII_DOT);
      } else if (after == ' ' && i + 2 < count && mark_classes[text[i + 2]] == MARK_UPPER &&
                 !is_abbreviation(text, i)) {
        s->state->word += 3;
      }
      break;
    case '-':
      if (i + 4 < count && text[i + 1] == '-') {
        if (before != '-' && text[i + 2] == '-' && text[i + 3] == '-' && text[i + 4] == '-')
          mark(s, i, ORC_PII_DASH);
      } else if (i >= 2 && i + 3 < count && text[i + 3] == '-' && mark_is_hex(before) &&
                 mark_is_hex(text[i - 2]) && mark_is_hex(after) && mark_is_hex(text[i + 2])) {
        mark(s, i, ORC_PII_DASH);
      }
      break;
    case '!':
    case '?':
      if (after == ' ') s->state->word += 3;
      break;
    default:
      if (is_spelled_at(text, count, i)) mark(s, i, ORC_PII_SPELLED_AT);
  }
}

/// Adds the letters of ASCII from `i` on, up to a capital behind a small letter; returns where they end.
/// *was_lower: whether a small letter came before; *ends: whether such a capital was met.
static inline size_t read_letters(const scan *s, size_t i, pii_fold *fold, int *was_lower,
                                  int *ends) {
  while (i < s->count) {
    uint64_t bytes = pii_load(s->text, s->count, i);
    uint64_t lower = pii_within(bytes, 'a', 'z');
    uint64_t upper = pii_within(bytes, 'A', 'Z');
    unsigned run = pii_leading(lower | upper);
    // Bits at and above the first small letter.
    uint64_t behind = *was_lower ? ~(uint64_t)0 : 0 - (lower & (0 - lower));
    if (upper & behind) {
      unsigned border = (unsigned)__builtin_ctzll(upper & behind) / 8;
      if (border < run) {
        run = border;
        *ends = 1;
      }
    }
    if (run == 0) return i;
    if (lower & ~(uint64_t)0 >> (64 - 8 * run)) *was_lower = 1;
    pii_add_number(fold, pii_number(bytes | 0x20 * ORC_EACH, run), run);
    i += run;
    if (run < 8) return i;
  }
  return i;
}

/// Reads the word that begins at `i`; returns where it ends. A word is letters of one script run; a
/// capital behind a small letter begins the next one (`phoneNumber`).
static inline size_t mark_word(scan *s, size_t i) {
  const uint8_t *text = s->text;
  pii_fold fold = PII_FOLD_START;
  size_t start = i;
  int was_lower = 0, ends = 0, digit;
  while (1) {
    i = read_letters(s, i, &fold, &was_lower, &ends);
    if (ends || i >= s->count || mark_classes[text[i]] != MARK_HIGH) break;
    if (text[i] >= 0xC0 && high_sign(text, s->count, i, &digit)) break;
    pii_add(&fold, mark_folded(text[i], i > start ? text[i - 1] : 0));
    was_lower = 0;
    i++;
  }
  end_word(s, pii_value(&fold), start, i);
  return i;
}

/// Whether there is room for what one step writes.
static inline int has_room(const orc_pii_state *state, uint32_t marks, uint32_t cues) {
  return state->mark_count + 6 <= marks && state->cue_count + 6 <= cues;
}

/// Takes what stands at `i`; returns where the next step begins. Writes at most four cues and as
/// many marks.
static inline size_t mark_step(scan *s, size_t i, uint32_t *in_run) {
  const uint8_t *text = s->text;
  int digit;
  switch (mark_classes[text[i]]) {
    case MARK_LOWER:
    case MARK_UPPER: return mark_word(s, i);
    case MARK_DIGIT:
      if (!*in_run) mark(s, i, ORC_PII_DIGIT);
      *in_run = 1;
      return i + 1;
    case MARK_HIGH: {
      size_t length = text[i] >= 0xC0 ? high_sign(text, s->count, i, &digit) : 1;
      if (length == 0) return mark_word(s, i);
      if (text[i] >= 0xC0 && digit) {
        if (!*in_run) mark(s, i, ORC_PII_DIGIT);
        *in_run = 1;
      } else {
        *in_run = 0;
      }
      return i + length;
    }
    case MARK_SIGN: *in_run = 0; mark_sign(s, i); return i + 1;
    case MARK_LINE:
      *in_run = 0;
      s->state->word += 3;
      return i + 1;
    case MARK_SPACE:
      *in_run = 0;
      if (is_spelled_at(text, s->count, i)) mark(s, i + 1, ORC_PII_SPELLED_AT);
      return i + 1;
    default: *in_run = 0; return i + 1;
  }
}

#endif
