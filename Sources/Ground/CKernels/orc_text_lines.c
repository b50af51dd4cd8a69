#define _GNU_SOURCE
#include "orc_text_scratch.h"

#include <string.h>

static uint64_t hash_bytes(const uint8_t *text, size_t count, uint64_t salt) {
  uint64_t hash = salt ^ count * 0x9E3779B97F4A7C15u, word;
  while (count >= 8) {
    memcpy(&word, text, 8);
    hash = (hash ^ word) * 0xBF58476D1CE4E5B9u;
    hash ^= hash >> 32;
    text += 8;
    count -= 8;
  }
  word = 0;
  for (size_t i = 0; i < count; i++) word = word << 8 | text[i];
  return orc_mix((hash ^ word) * 0x94D049BB133111EBu);
}

static int64_t scalars(const uint8_t *text, size_t count) {
  int64_t continuation = 0;
  for (size_t i = 0; i < count; i++) continuation += (text[i] & 0xC0) == 0x80;
  return (int64_t)count - continuation;
}

/// The class of the last scalar of text[0 ..< end].
static uint32_t last_class(const uint8_t *text, size_t end, const uint8_t *classes,
                           size_t class_count, size_t *start) {
  size_t at = end - 1;
  while (at > 0 && (text[at] & 0xC0) == 0x80) at--;
  *start = at;
  return orc_text_class(orc_text_scalar(text, end, &at), classes, class_count);
}

/// text[*start ..< *end] without white space around it.
static void strip(const uint8_t *text, size_t *start, size_t *end, const uint8_t *classes,
                  size_t class_count) {
  while (*start < *end) {
    size_t next = *start;
    uint32_t scalar = orc_text_scalar(text, *end, &next);
    if (!(orc_text_class(scalar, classes, class_count) & ORC_TEXT_SPACE)) break;
    *start = next;
  }
  while (*end > *start) {
    size_t at;
    if (!(last_class(text, *end, classes, class_count, &at) & ORC_TEXT_SPACE)) break;
    *end = at;
  }
}

static int ends_with(const uint8_t *text, size_t start, size_t end, const char *ending) {
  size_t count = strlen(ending);
  return end - start >= count && memcmp(text + end - count, ending, count) == 0;
}

static int starts_with(const uint8_t *text, size_t start, size_t end, const char *head) {
  size_t count = strlen(head);
  return end - start >= count && memcmp(text + start, head, count) == 0;
}

/// A line as of str.splitlines.
static void line(orc_text_measures *out, const uint8_t *text, size_t start, size_t end,
                 const uint8_t *classes, size_t class_count) {
  out->lines++;
  strip(text, &start, &end, classes, class_count);
  out->bullet_lines +=
      starts_with(text, start, end, "\xE2\x80\xA2") || starts_with(text, start, end, "-");
  out->ellipsis_lines +=
      ends_with(text, start, end, "...") || ends_with(text, start, end, "\xE2\x80\xA6");
}

/// The lines as of str.splitlines in a piece without line feeds: it may hold other ends of lines.
static void split_lines(orc_text_measures *out, const uint8_t *text, size_t start, size_t end,
                        int is_last, const uint8_t *classes, size_t class_count) {
  size_t begin = start;
  for (size_t at = start; at < end;) {
    size_t next = at;
    uint32_t scalar = orc_text_scalar(text, end, &next);
    if (orc_text_class(scalar, classes, class_count) & ORC_TEXT_LINE) {
      // The carriage return before a line feed ends no line of its own.
      if (!(scalar == '\r' && next == end && !is_last)) {
        line(out, text, begin, at, classes, class_count);
        begin = next;
      }
    }
    at = next;
  }
  if (!is_last || begin < end) line(out, text, begin, end, classes, class_count);
}

static void longest(int64_t top[3], int64_t length) {
  for (int i = 0; i < 3; i++) {
    if (length > top[i]) {
      int64_t other = top[i];
      top[i] = length;
      length = other;
    }
  }
}

/// A piece of text; its characters are counted only if it was there before.
static void seen(orc_text_scratch *scratch, uint64_t salt, const uint8_t *text, size_t count,
                 int64_t *times, int64_t *characters) {
  orc_slot *slot = orc_table_find(scratch, hash_bytes(text, count, salt));
  if (slot->count) {
    *times += 1;
    *characters += scalars(text, count);
  }
  slot->count = 1;
}

static void paragraphs(orc_text_measures *out, const uint8_t *text, size_t start, size_t end,
                       orc_text_scratch *scratch) {
  size_t begin = start;
  for (;;) {
    const uint8_t *hit = begin < end ? memmem(text + begin, end - begin, "\n\n", 2) : NULL;
    size_t stop = hit ? (size_t)(hit - text) : end;
    out->paragraphs++;
    seen(scratch, 1, text + begin, stop - begin, &out->duplicate_paragraphs, &out->duplicate_paragraph_characters);
    if (!hit) return;
    begin = stop;
    while (begin < end && text[begin] == '\n') begin++;
  }
}

int orc_text_lines(orc_text_measures *out, const uint8_t *text, size_t count,
                   const uint8_t *classes, size_t class_count, int64_t short_line,
                   orc_text_scratch *scratch) {
  int has_gap = 0;
  int64_t ignored = 0, top[3] = {-1, -1, -1};
  for (size_t i = 0; i < count; i++) out->line_feeds += text[i] == '\n';
  if (orc_table_start(scratch, 3 * (size_t)out->line_feeds + 6)) return -1;
  size_t start = 0;
  for (;;) {
    const uint8_t *hit = start < count ? memchr(text + start, '\n', count - start) : NULL;
    size_t end = hit ? (size_t)(hit - text) : count;
    // A scalar has at most four bytes, so most lines need not be counted.
    int64_t bytes = (int64_t)(end - start), length = bytes;
    if (bytes > top[2] || (bytes > short_line && bytes <= 4 * short_line)) {
      length = scalars(text + start, end - start);
      longest(top, length);
    }
    has_gap |= end == start && start > 0 && hit;
    if (scratch->other_line_ends) {
      split_lines(out, text, start, end, hit == NULL, classes, class_count);
    } else if (hit || start < end) {
      line(out, text, start, end, classes, class_count);
    }
    if (end > start || start == 0 || !hit) {
      out->runs++;
      seen(scratch, 2, text + start, end - start, &out->duplicate_runs,
           &out->duplicate_run_characters);
    }
    size_t first = start, last = end;
    strip(text, &first, &last, classes, class_count);
    if (first < last) {
      size_t at;
      out->full_lines++;
      out->short_lines += length <= short_line;
      out->terminal_lines +=
          (last_class(text, end, classes, class_count, &at) & ORC_TEXT_TERMINAL) != 0;
      seen(scratch, 3, text + start, end - start, &ignored, &out->duplicate_line_characters);
    }
    if (!hit) break;
    start = end + 1;
  }
  out->third_longest_line = top[2];
  size_t first = 0, last = count;
  strip(text, &first, &last, classes, class_count);
  if (has_gap) paragraphs(out, text, first, last, scratch);
  else out->paragraphs = 1;
  return 0;
}
