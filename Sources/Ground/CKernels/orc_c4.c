#include "orc_text_scratch.h"

#include <string.h>

/// A line between two ends of lines, while its rules are applied.
typedef struct {
  const uint8_t *text, *classes;
  size_t class_count, start, end;
} c4_line;

static inline uint32_t class_of(const c4_line *l, size_t *at) {
  return orc_text_class(orc_text_scalar(l->text, l->end, at), l->classes, l->class_count);
}

static void strip(c4_line *l) {
  while (l->start < l->end) {
    size_t next = l->start;
    if (!(class_of(l, &next) & ORC_TEXT_SPACE)) break;
    l->start = next;
  }
  while (l->end > l->start) {
    size_t at = l->end - 1;
    while (at > l->start && (l->text[at] & 0xC0) == 0x80) at--;
    size_t next = at;
    if (!(class_of(l, &next) & ORC_TEXT_SPACE)) break;
    l->end = at;
  }
}

/// Words between white space, at least up to `enough`, and the characters of the longest when the
/// line is long enough for one of more than `longest_max`.
static int64_t words(const c4_line *l, int64_t enough, int64_t longest_max, int64_t *longest) {
  int64_t count = 0, length = 0;
  int counts_all = longest_max > 0 && (int64_t)(l->end - l->start) > longest_max;
  *longest = 0;
  for (size_t at = l->start; at < l->end;) {
    uint8_t byte = l->text[at];
    if (byte > 0x20 && byte < 0x7F) {
      count += length == 0;
      if (count >= enough && !counts_all) return count;
      if (++length > *longest) *longest = length;
      at++;
      continue;
    }
    if (class_of(l, &at) & ORC_TEXT_SPACE) {
      length = 0;
      continue;
    }
    count += length == 0;
    if (++length > *longest) *longest = length;
  }
  return count;
}

/// Whether the bytes at `at`, up to `end`, are `word` in any case.
static int matches(const uint8_t *text, size_t at, size_t end, const char *word) {
  for (; *word; word++, at++) {
    uint8_t byte = at < end ? text[at] : 0;
    if ((byte >= 'A' && byte <= 'Z' ? byte | 32 : byte) != (uint8_t)*word) return 0;
  }
  return 1;
}

#define FOUND_JAVASCRIPT 1u
#define FOUND_POLICY 2u
#define FOUND_LOREM 4u
#define FOUND_BRACKET 8u

/// `word` around `at`, where its byte number `offset` was seen.
static inline int around(const c4_line *l, size_t at, size_t offset, const char *word) {
  return at >= l->start + offset && matches(l->text, at - offset, l->end, word);
}

/// Phrases in the line, each found by its rarest letter.
static uint32_t phrases(const c4_line *l) {
  static const uint8_t rare[256] = {['j'] = 1, ['J'] = 1, ['v'] = 1, ['V'] = 1, ['m'] = 1,
                                    ['M'] = 1, ['k'] = 1, ['K'] = 1, ['{'] = 1};
  uint32_t found = 0;
  for (size_t at = l->start; at < l->end; at++) {
    if (!rare[l->text[at]]) continue;
    switch (l->text[at]) {
    case 'j':
    case 'J':
      if (around(l, at, 0, "javascript")) found |= FOUND_JAVASCRIPT;
      break;
    case 'v':
    case 'V':
      if (around(l, at, 3, "privacy policy")) found |= FOUND_POLICY;
      break;
    case 'm':
    case 'M':
      if (around(l, at, 3, "terms of use")) found |= FOUND_POLICY;
      if (around(l, at, 4, "lorem ipsum")) found |= FOUND_LOREM;
      break;
    case 'k':
    case 'K':
      if (around(l, at, 3, "cookie policy") || around(l, at, 8, "uses cookies") ||
          around(l, at, 10, "use of cookies") || around(l, at, 7, "use cookies"))
        found |= FOUND_POLICY;
      break;
    case '{':
      found |= FOUND_BRACKET;
      break;
    }
  }
  return found;
}

/// Bytes of the citation mark at `at`: [12], [], [edit], [citation needed]; 0 for none.
static size_t citation(const c4_line *l, size_t at) {
  if (l->text[at] != '[') return 0;
  size_t end = at + 1;
  while (end < l->end && l->text[end] >= '0' && l->text[end] <= '9') end++;
  if (end < l->end && l->text[end] == ']') return end + 1 - at;
  static const char *const marks[2] = {"[edit]", "[citation needed]"};
  for (int i = 0; i < 2; i++) {
    size_t count = strlen(marks[i]);
    if (l->end - at >= count && memcmp(l->text + at, marks[i], count) == 0) return count;
  }
  return 0;
}

/// Whether the line, its citation marks left out, ends as a sentence does.
static int is_terminal(const c4_line *l) {
  uint8_t tail[3] = {0, 0, 0};
  // Marks end in "]": only then must the line be walked for them.
  size_t at = l->text[l->end - 1] == ']' ? l->start : l->end - l->start < 64 ? l->start : l->end - 64;
  while (at < l->end) {
    size_t mark = citation(l, at);
    if (mark) {
      at += mark;
      continue;
    }
    tail[0] = tail[1];
    tail[1] = tail[2];
    tail[2] = l->text[at++];
  }
  if (tail[0] == '.' && tail[1] == '.' && tail[2] == '.') return 0;
  return tail[2] == '.' || tail[2] == '?' || tail[2] == '!' || tail[2] == '"' || tail[2] == '\'';
}

/// Sentences of a line: its tokens are those with this number of line, from *token on.
static int64_t sentences(const orc_text_scratch *scratch, size_t *token, uint32_t line) {
  int64_t count = 0;
  int ended = 1;
  while (*token < scratch->token_count && scratch->tokens[*token].line < line) *token += 1;
  for (; *token < scratch->token_count && scratch->tokens[*token].line == line; *token += 1) {
    uint32_t kind = scratch->tokens[*token].kind;
    if (kind & ORC_TOKEN_SYMBOL) {
      if (kind & ORC_TOKEN_TERMINAL) ended = 1;
    } else {
      count += ended;
      ended = 0;
    }
  }
  return count;
}

static int passes(const c4_line *l, const orc_c4_rules *rules, orc_c4_result *out) {
  if (l->start == l->end) return rules->terminal == 0 && rules->line_words_min <= 0;
  int64_t longest;
  int64_t count = words(l, rules->line_words_min, rules->word_length_max, &longest);
  if (rules->word_length_max && longest > rules->word_length_max) return 0;
  if (rules->terminal && !is_terminal(l)) return 0;
  if (count < rules->line_words_min) return 0;
  uint32_t found = phrases(l);
  if (found & FOUND_LOREM) out->lorem_ipsum++;
  if (rules->javascript && found & FOUND_JAVASCRIPT) return 0;
  if (found & FOUND_BRACKET) out->curly_bracket++;
  return !(rules->policy && found & FOUND_POLICY);
}

static size_t copy(const c4_line *l, uint8_t *to) {
  size_t written = 0;
  for (size_t at = l->start; at < l->end;) {
    size_t mark = citation(l, at);
    if (mark) at += mark;
    else to[written++] = l->text[at++];
  }
  return written;
}

void orc_c4_lines(orc_c4_result *out, const uint8_t *text, size_t count, const uint8_t *classes,
                  size_t class_count, const orc_c4_rules *rules, const orc_text_scratch *scratch,
                  uint8_t *kept, size_t *kept_count) {
  memset(out, 0, sizeof *out);
  size_t start = 0, token = 0, written = 0;
  uint32_t number = 0;
  for (size_t at = 0; at <= count;) {
    if (!scratch->other_line_ends && at < count) {
      const uint8_t *hit = memchr(text + at, '\n', count - at);
      at = hit ? (size_t)(hit - text) : count;
    }
    size_t next = at;
    uint32_t scalar = at < count ? orc_text_scalar(text, count, &next) : '\n';
    int ends = at == count ||
               (orc_text_class(scalar, classes, class_count) & ORC_TEXT_LINE &&
                !(scalar == '\r' && next < count && text[next] == '\n'));
    if (ends && !(at == count && start == count)) {
      c4_line l = {text, classes, class_count, start, at};
      strip(&l);
      out->lines++;
      if (passes(&l, rules, out)) {
        out->lines_kept++;
        out->sentences += sentences(scratch, &token, number);
        if (kept) {
          if (out->lines_kept > 1) kept[written++] = '\n';
          written += copy(&l, kept + written);
        }
      }
    }
    if (at == count) break;
    if (ends) {
      number++;
      start = next;
    }
    at = next;
  }
  if (kept && kept_count) *kept_count = written;
}
