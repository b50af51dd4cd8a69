#include "include/orc_pii_read.h"

#include "orc_pii_cut.h"
#include "orc_pii_marks.h"

/// Eight bytes from text[at] on, zeros behind the end; without a branch on how many are left, but
/// for texts of fewer than eight.
static inline uint64_t load(const uint8_t *text, size_t count, size_t at) {
  if (at + 8 <= count || count < 8) return pii_load(text, count, at);
  return pii_load(text, count, count - 8) >> 8 * (at + 8 - count);
}

/// What a run of up to 16 letters or digits of ASCII is.
typedef struct {
  uint64_t hash, tail;
  uint32_t length, upper;
  uint8_t has_digits, has_letters, is_camel, next;
} run;

/// The high bits of the letters of ASCII; *upper: of the capitals among them.
static inline uint64_t letters_of(uint64_t bytes, uint64_t *upper) {
  uint64_t letters = pii_within(bytes | 0x20 * ORC_EACH, 'a', 'z');
  // The bit that makes a letter small, moved to the high one.
  *upper = letters & ~(bytes << 2);
  return letters;
}

/// The lowest bit of `bits` and all above it; none for 0.
static inline uint64_t from_lowest(uint64_t bits) { return 0 - (bits & (0 - bits)); }

/// Reads the run at `i`. Returns 0 for one that is longer than 15 bytes.
static inline int read_run(const uint8_t *text, size_t count, size_t i, run *r) {
  uint64_t bytes = load(text, count, i), upper;
  uint64_t letters = letters_of(bytes, &upper);
  uint64_t digits = pii_within(bytes, '0', '9');
  unsigned length = pii_leading(letters | digits);
  uint64_t small = bytes | 0x20 * ORC_EACH;
  uint64_t hash = 0xCBF29CE484222325u;
  if (length < 8) {
    uint64_t mask = ((uint64_t)1 << 8 * length) - 1;
    upper &= mask;
    letters &= mask;
    r->is_camel = (upper & from_lowest(letters & ~upper)) != 0;
    r->has_digits = (digits & mask) != 0;
    r->has_letters = letters != 0;
    r->upper = pii_count(upper);
    r->tail = pii_number(small, length);
    r->next = (uint8_t)(bytes >> 8 * length);
    r->length = length;
    r->hash = pii_finish(hash, r->tail, length);
    return 1;
  }
  uint64_t more = i + 8 < count ? load(text, count, i + 8) : 0, more_upper;
  uint64_t more_letters = letters_of(more, &more_upper);
  uint64_t more_digits = pii_within(more, '0', '9');
  unsigned rest = pii_leading(more_letters | more_digits);
  if (rest == 8) return 0;
  uint64_t mask = ((uint64_t)1 << 8 * rest) - 1;
  more_upper &= mask;
  more_letters &= mask;
  uint64_t lower = letters & ~upper;
  uint64_t behind = lower ? ~(uint64_t)0 : from_lowest(more_letters & ~more_upper);
  r->is_camel = (upper & from_lowest(lower)) != 0 || (more_upper & behind) != 0;
  r->has_digits = (digits | (more_digits & mask)) != 0;
  r->has_letters = (letters | more_letters) != 0;
  r->upper = pii_count(upper) + pii_count(more_upper);
  uint64_t first = pii_number(small, 8);
  hash = pii_stir(hash, first);
  uint64_t last = rest ? pii_number(more | 0x20 * ORC_EACH, rest) : 0;
  r->tail = rest ? first << 8 * rest | last : first;
  r->next = (uint8_t)(more >> 8 * rest);
  r->length = 8 + rest;
  r->hash = pii_finish(hash, last, rest);
  return 1;
}

static inline uint8_t run_shape(const run *r, uint8_t first) {
  if (!r->has_letters) return ORC_PII_DIGITS;
  if (r->upper == r->length) return ORC_PII_UPPER;
  if (first - 'A' < 26u) return r->upper <= 3 ? ORC_PII_CAPITALISED : ORC_PII_OTHER;
  return ORC_PII_LOWER;
}

/// Takes the run at cut->at where both ways of reading see the same word: letters or digits of
/// ASCII alone, no capital behind a small letter, and nothing behind that could belong to it.
/// Returns 0, having done nothing, elsewhere.
static inline int plain_run(scan *s, const orc_pii_lists *lists, orc_pii_cut_state *cut,
                            orc_pii_word *words, uint32_t *in_run) {
  size_t start = cut->at;
  run r;
  if (!read_run(s->text, s->count, start, &r) || r.next >= 0x80) return 0;
  size_t end = start + r.length;
  if (!r.has_letters) {
    if (!*in_run) mark(s, start, ORC_PII_DIGIT);
    *in_run = 1;
  } else {
    if (r.has_digits || r.is_camel || r.next == '-' || r.next == '\'') return 0;
    end_word(s, r.hash, start, end);
  }
  orc_pii_word *word = &words[cut->words++];
  word->hash = r.hash;
  word->tail = r.tail;
  word->classes = 0;
  word->last_classes = 0;
  word->start = (uint32_t)start;
  word->end = (uint32_t)end;
  word->gap = cut->gap;
  word->shape = run_shape(&r, s->text[start]);
  word->letters = r.has_letters ? (uint8_t)r.length : 0;
  word->has_hyphen = 0;
  word->digits_ahead = 255;
  __builtin_prefetch(&lists->slots[place_of(r.hash) & lists->mask]);
  cut->gaps |= cut->gap;
  cut->gap = 0;
  cut->at = end;
  return 1;
}

/// Takes the byte of ASCII at cut->at, which is part of no word.
static inline void plain_gap(scan *s, orc_pii_cut_state *cut, uint32_t *in_run) {
  const uint8_t *text = s->text;
  size_t i = cut->at;
  uint8_t byte = text[i];
  *in_run = 0;
  add_gap(cut, text, byte);
  if (byte == ' ') {
    if (i + 3 < s->count && (text[i + 1] | 0x20) == 'a' && is_spelled_at(text, s->count, i))
      mark(s, i + 1, ORC_PII_SPELLED_AT);
  } else if (mark_classes[byte] == MARK_SIGN) {
    mark_sign(s, i);
  } else if (byte == '\n') {
    s->state->word += 3;
  }
}

int orc_pii_read(const uint8_t *text, size_t count, const orc_pii_table *table,
                 const orc_pii_lists *lists, orc_pii_state *state, orc_pii_cut_state *cut,
                 orc_pii_mark *marks, uint32_t mark_capacity, orc_pii_cue *cues,
                 uint32_t cue_capacity, orc_pii_word *words, size_t word_capacity) {
  scan s = {text, count, table, state, marks, cues};
  size_t i = state->at, first = cut->words;
  uint32_t in_run = state->in_run;
  while (i < count || cut->at < count) {
    if (!has_room(state, mark_capacity, cue_capacity) || cut->words == word_capacity) break;
    // The two read the same words nearly everywhere; where not, the one behind goes on alone.
    if (i < cut->at) {
      i = mark_step(&s, i, &in_run);
    } else if (i > cut->at) {
      cut_step(text, count, lists, cut, words, word_capacity);
    } else if (text[i] < 0x80 && !is_alnum(text[i])) {
      plain_gap(&s, cut, &in_run);
      i = cut->at;
    } else if (text[i] < 0x80 && plain_run(&s, lists, cut, words, &in_run)) {
      i = cut->at;
    } else {
      i = mark_step(&s, i, &in_run);
      cut_step(text, count, lists, cut, words, word_capacity);
    }
  }
  state->at = i;
  state->in_run = in_run;
  look_up(text, count, lists, cut, words, first);
  return i >= count && cut->at >= count;
}
