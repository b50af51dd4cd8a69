#include "orc_text_scratch.h"

#include <stdlib.h>
#include <string.h>

#define FNV_START 0xCBF29CE484222325u
#define FNV_PRIME 0x100000001B3u
#define WORD (ORC_TEXT_LETTER | ORC_TEXT_NUMBER)

/// A walk over the text.
typedef struct {
  const uint8_t *text, *classes;
  size_t count, class_count, at;
  uint32_t line;
  int64_t spaces;
  /// Whether the next word begins a sentence.
  int ended;
  orc_text_measures *out;
  orc_text_scratch *scratch;
} walk;

static inline uint32_t class_at(const walk *w, size_t at, uint32_t *value, size_t *next) {
  *next = at;
  *value = orc_text_scalar(w->text, w->count, next);
  return orc_text_class(*value, w->classes, w->class_count);
}

/// The class of what begins at `at`; white space at the end.
static inline uint32_t peek(const walk *w, size_t at) {
  uint32_t value;
  size_t next;
  return at < w->count ? class_at(w, at, &value, &next) : ORC_TEXT_SPACE;
}

static uint64_t literal(const char *word) {
  uint64_t hash = FNV_START;
  for (; *word; word++) hash = (hash ^ (uint8_t)*word) * FNV_PRIME;
  return hash;
}

/// Bit of a stop word of Gopher: `length` bytes at `word`.
static inline uint32_t stop_word(const uint8_t *word, uint32_t length) {
  static const char *const words[8] = {"the", "be", "to", "of", "and", "that", "have", "with"};
  static const uint8_t lengths[8] = {3, 2, 2, 2, 3, 4, 4, 4};
  if (length < 2 || length > 4) return 0;
  for (uint32_t i = 0; i < 8; i++) {
    if (lengths[i] == length && word[0] == words[i][0] && memcmp(word, words[i], length) == 0)
      return 1u << i;
  }
  return 0;
}

static inline void push(walk *w, uint64_t hash, uint32_t length, uint32_t kind) {
  orc_token *token = w->scratch->tokens + w->scratch->token_count++;
  token->hash = orc_mix(hash);
  token->length = length;
  token->line = w->line;
  token->kind = kind;
  orc_text_measures *out = w->out;
  out->token_characters += length;
  out->alphabetic_tokens += kind & ORC_TOKEN_ALPHABETIC;
  if (kind & ORC_TOKEN_SYMBOL) {
    if (kind & ORC_TOKEN_TERMINAL) w->ended = 1;
    return;
  }
  if (kind & ORC_TOKEN_UPPER) out->uppercase_words++;
  out->words++;
  out->word_characters += length;
  out->sentences += w->ended;
  w->ended = 0;
}

static inline int is_apostrophe(uint32_t value) { return value == '\'' || value == 0x2019; }

/// Whether what lies behind an apostrophe, at `at`, makes it a token of its own: 's 're 've 'll 'd 'm.
static int is_clitic(const walk *w, size_t at) {
  static const char *const endings[6] = {"s", "d", "m", "re", "ve", "ll"};
  for (int i = 0; i < 6; i++) {
    size_t j = 0;
    while (endings[i][j] && at + j < w->count && (w->text[at + j] | 32) == (uint8_t)endings[i][j]) j++;
    if (!endings[i][j] && !(peek(w, at + j) & WORD)) return 1;
  }
  return 0;
}

/// Whether the word goes on over the symbol `value`, behind which `next` lies: decimals, addresses,
/// O'Brien, fractions.
static int joins(const walk *w, uint32_t value, size_t next, uint32_t before) {
  uint32_t after = peek(w, next);
  if (!(after & WORD)) return 0;
  switch (value) {
  case '.':
  case '@':
  case '_':
  case '&':
    return 1;
  case '\'':
  case 0x2019:
    return !is_clitic(w, next);
  case ',':
  case '/':
  case '=':
    return before & ORC_TEXT_NUMBER && after & ORC_TEXT_NUMBER;
  default:
    return 0;
  }
}

/// Whether the full stop behind the word `bytes` long at `word` is its own: Mr. Dr.
static int is_abbreviation(const uint8_t *word, size_t bytes) {
  static const char *const known[16] = {"Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Jr", "Sr",
                                        "Gen", "Sen", "Rep", "Gov", "Inc", "Ltd", "Corp", "vs"};
  for (int i = 0; i < 16; i++) {
    if (strlen(known[i]) == bytes && memcmp(known[i], word, bytes) == 0) return 1;
  }
  return 0;
}

/// "n't" is a token of its own: the bytes of what lies before it, or 0.
static uint32_t negation(const walk *w, size_t start, size_t end) {
  const uint8_t *t = w->text + end;
  size_t bytes = end - start;
  if (bytes < 4 || (t[-1] | 32) != 't') return 0;
  if (t[-2] == '\'' && (t[-3] | 32) == 'n') return (uint32_t)(bytes - 3);
  if (bytes >= 6 && memcmp(t - 4, "\xE2\x80\x99", 3) == 0 && (t[-5] | 32) == 'n')
    return (uint32_t)(bytes - 5);
  return 0;
}

/// A web address from its scheme on: all up to white space.
static size_t address_end(const walk *w, size_t at) {
  if (at + 2 >= w->count || w->text[at] != ':' || w->text[at + 1] != '/' || w->text[at + 2] != '/')
    return 0;
  size_t end = at + 3, solid = end;
  while (end < w->count) {
    uint32_t value;
    size_t next;
    uint32_t class = class_at(w, end, &value, &next);
    if (class & ORC_TEXT_SPACE) break;
    end = next;
    if (class & WORD || value == '/') solid = end;
  }
  return solid;
}

/// Adds the scalars from `from` to `to` to a hash and a length.
static void extend(const walk *w, size_t from, size_t to, uint64_t *hash, uint32_t *length) {
  while (from < to) {
    uint32_t value = orc_text_scalar(w->text, w->count, &from);
    *hash = (*hash ^ value) * FNV_PRIME;
    *length += 1;
  }
}

/// Pushes the word from `start` to w->at; one that ends in n't as two.
static void push_word(walk *w, size_t start, uint64_t hash, uint32_t length, uint32_t kind) {
  uint32_t head = negation(w, start, w->at);
  if (head) {
    hash = FNV_START;
    length = 0;
    extend(w, start, start + head, &hash, &length);
    push(w, hash, length, kind);
    w->out->stop_words |= stop_word(w->text + start, head);
    start += head;
    hash = literal("n't");
    length = 3;
  }
  w->out->stop_words |= stop_word(w->text + start, (uint32_t)(w->at - start));
  push(w, hash, length, kind);
}

/// Takes the word that begins at w->at with a letter or number.
static void word(walk *w) {
  size_t start = w->at, at = start;
  uint64_t hash = FNV_START;
  uint32_t length = 0, seen = 0, lower = 0, before = 0, dots = 0;
  uint32_t letters = 0;
  while (at < w->count) {
    // Lower case of English, which most of a text is, needs no more than its hash.
    while (at < w->count && w->text[at] >= 'a' && w->text[at] <= 'z') {
      hash = (hash ^ w->text[at++]) * FNV_PRIME;
      letters++;
    }
    if (letters) {
      length += letters;
      w->out->alphabetic_characters += letters;
      seen |= ORC_TEXT_LETTER;
      lower = 1;
      before = ORC_TEXT_LETTER;
      letters = 0;
      if (at >= w->count) break;
    }
    uint32_t value;
    size_t next;
    uint32_t class = class_at(w, at, &value, &next);
    if (class & WORD) {
      if (class & ORC_TEXT_ALONE && length > 0) break;
      seen |= class;
      if (class & ORC_TEXT_LETTER && !(class & ORC_TEXT_UPPER)) lower = 1;
      if (class & ORC_TEXT_LETTER) w->out->alphabetic_characters++;
      if (class & ORC_TEXT_NUMBER) w->out->digits++;
    } else if (value == ':' && address_end(w, at)) {
      next = address_end(w, at);
      extend(w, at, next, &hash, &length);
      at = next;
      lower = 1;
      break;
    } else if (joins(w, value, next, before)) {
      dots |= value == '.';
    } else if (value == '.' && ((dots && before & ORC_TEXT_LETTER) ||
                                (length == 1 && peek(w, start) & ORC_TEXT_UPPER) ||
                                (length <= 4 && is_abbreviation(w->text + start, at - start)))) {
      // An abbreviation such as U.S. or an initial keeps its full stop.
      hash = (hash ^ '.') * FNV_PRIME;
      length++;
      at++;
      break;
    } else {
      break;
    }
    hash = (hash ^ value) * FNV_PRIME;
    length++;
    before = class;
    at = next;
    if (class & ORC_TEXT_ALONE) break;
  }
  w->at = at;
  uint32_t kind = seen & ORC_TEXT_LETTER ? ORC_TOKEN_ALPHABETIC : 0;
  if (kind && !lower && length >= 2) kind |= ORC_TOKEN_UPPER;
  push_word(w, start, hash, length, kind);
}

/// Takes the mark at w->at; full stops or dashes in a row are one token.
static void mark(walk *w) {
  uint32_t value;
  size_t next;
  uint32_t class = class_at(w, w->at, &value, &next);
  uint64_t hash = (FNV_START ^ value) * FNV_PRIME;
  uint32_t length = 1, kind = ORC_TOKEN_SYMBOL;
  if (value == '#') w->out->hashes++;
  if (value == '{') w->out->curly_brackets++;
  if (value == 0x2026) w->out->ellipses++;
  if (value == 0xFFFD) w->out->replacement_characters++;
  if (is_apostrophe(value) && is_clitic(w, next)) {
    uint32_t after = class_at(w, next, &value, &next);
    while (after & WORD) {
      hash = (hash ^ value) * FNV_PRIME;
      length++;
      w->out->alphabetic_characters++;
      w->at = next;
      if (next >= w->count) break;
      after = class_at(w, next, &value, &next);
    }
    push(w, hash, length, ORC_TOKEN_ALPHABETIC);
    return;
  }
  w->at = next;
  if (value == '.' || value == '-') {
    while (w->at < w->count && w->text[w->at] == value) {
      hash = (hash ^ value) * FNV_PRIME;
      length++;
      w->at++;
    }
    if (value == '.') w->out->ellipses += length / 3;
  }
  if (class & ORC_TEXT_TERMINAL && length == 1) kind |= ORC_TOKEN_TERMINAL;
  push(w, hash, length, kind);
}

static int reserve(orc_text_scratch *scratch, size_t count) {
  if (count <= scratch->token_room) return 0;
  free(scratch->tokens);
  free(scratch->keys);
  scratch->tokens = malloc(count * sizeof(orc_token));
  scratch->keys = malloc(count * sizeof(uint64_t));
  scratch->token_room = scratch->tokens && scratch->keys ? count : 0;
  return scratch->token_room ? 0 : -1;
}

int orc_text_tokens(orc_text_measures *out, const uint8_t *text, size_t count,
                    const uint8_t *classes, size_t class_count, orc_text_scratch *scratch) {
  // A word that ends in n't is two tokens, so never more tokens than bytes.
  if (reserve(scratch, count + 2)) return -1;
  scratch->token_count = 0;
  scratch->other_line_ends = 0;
  walk w = {text, classes, count, class_count, 0, 0, 0, 1, out, scratch};
  while (w.at < count) {
    uint32_t value;
    size_t next;
    uint32_t class = class_at(&w, w.at, &value, &next);
    if (class & WORD) {
      word(&w);
    } else if (class & ORC_TEXT_SPACE) {
      // "\r\n" is one end of a line.
      if (class & ORC_TEXT_LINE && value != '\n') scratch->other_line_ends = 1;
      if (class & ORC_TEXT_LINE && !(value == '\r' && next < count && text[next] == '\n')) w.line++;
      w.at = next;
      w.spaces++;
    } else {
      mark(&w);
    }
  }
  out->characters = out->token_characters + w.spaces;
  out->tokens = (int64_t)scratch->token_count;
  return 0;
}
