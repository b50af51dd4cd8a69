// Prints what the kernels of data stages make of fixed texts: a line per kernel, its name with a hash
// of all it wrote. These are integers, so that two processors must print the same lines.
#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 400, LENGTH_MAX = 700 };

static const char *pieces[] = {
    "phone", " number ", "Anna ", "Hans-Peter ", "O'Neil ", "Müller's ", "d'Été ", "größe ", "ABC ",
    "iPhone ", "12 ", "1234567890 ", "a1b2 ", "नमस्ते ", "Привет ", "東京", "e\u0301te ", "\n", "\n\n", ". ", ", ",
    ": ", "-----", "@", " at ", "! ", "/", "|", "_", "’s ", "\u00A0", "…", "🙂", "192.168.0.1 ", "the of and ",
    "a longer sentence that says something about orders. ", "{\"key\": [1, -2.5e3, true, null, \"x\\n\\u00e9\"]}",
    "javascript ", "lorem ipsum {", "- a list\n", "word word word word word word ",
};

static uint32_t state = 7;
static uint32_t draw(uint32_t below) {
  state = state * 1664525u + 1013904223u;
  return (uint32_t)((uint64_t)state * below >> 32);
}

static uint8_t *texts[TEXTS];
static size_t counts[TEXTS];

static void *room(size_t bytes) {
  void *memory = calloc(1, bytes);
  if (!memory) abort();
  return memory;
}

static void make_texts(void) {
  for (int t = 0; t < TEXTS; t++) {
    texts[t] = room(LENGTH_MAX + 64);
    size_t length = draw(LENGTH_MAX);
    while (1) {
      const char *piece = pieces[draw(sizeof pieces / sizeof *pieces)];
      size_t size = strlen(piece);
      if (counts[t] + size > length) break;
      memcpy(texts[t] + counts[t], piece, size);
      counts[t] += size;
    }
  }
}

static uint64_t total;
static void begin(void) { total = 0; }
static void take(const void *bytes, size_t count) { total = orc_hash64(bytes, count, total); }
static void take_number(uint64_t value) { take(&value, sizeof value); }
static void end(const char *name) { printf("%s:%016llx\n", name, (unsigned long long)total); }

static void show_json(void) {
  enum { CAPACITY = 4096 };
  const orc_json_loops *loops = orc_json_loops_at(ORC_JSON_BASE);
  orc_json_entry *tape = room(CAPACITY * sizeof *tape);
  uint8_t *line = room(8 * LENGTH_MAX + 256), *plain = room(8 * LENGTH_MAX + 256);
  begin();
  for (int t = 0; t < TEXTS; t++) {
    size_t taken = 0, size = 1, entries = 0;
    line[0] = '"';
    size += loops->escape(line + 1, 8 * LENGTH_MAX, texts[t], counts[t], &taken);
    line[size++] = '"';
    if (t % 5 == 0) line[draw((uint32_t)size)] = (uint8_t)draw(256);
    take_number((uint64_t)loops->scan(line, size, tape, CAPACITY, &entries));
    take(tape, entries * sizeof *tape);
    take_number((uint64_t)loops->scan(texts[t], counts[t], tape, CAPACITY, &entries));
    take_number((uint64_t)loops->is_utf8(line, size));
    if (t % 5) take(plain, loops->decode(plain, line + 1, size - 2));
  }
  end("json");
}

/// Strings with every kind of escape, right and now and then wrong: where they end, their flags, and
/// the form in which they are written.
static void show_escapes(void) {
  static const char *parts[] = {
      "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\u00e9", "\\u0906\\u0926", "\\uFFfd", "\\u0041", "\\ud83d\\ude42",
      "\x7f", "é", "漢字", "a", "plain text of more than sixteen bytes ", "and more of it, so that a whole block is plain ",
  };
  const orc_json_loops *loops = orc_json_loops_at(ORC_JSON_BASE);
  orc_json_entry tape[4];
  uint8_t *line = room(LENGTH_MAX + 64), *written = room(8 * LENGTH_MAX);
  begin();
  for (int t = 0; t < 4 * TEXTS; t++) {
    size_t length = draw(LENGTH_MAX), size = 1, entries = 0, taken = 0;
    line[0] = '"';
    while (1) {
      const char *part = parts[draw(sizeof parts / sizeof *parts)];
      if (size + strlen(part) > length + 1) break;
      memcpy(line + size, part, strlen(part));
      size += strlen(part);
    }
    line[size++] = '"';
    int is_wrong = t % 6 == 0;
    if (is_wrong) line[1 + draw((uint32_t)size - 1)] = (uint8_t)"\\u\"\n"[draw(4)];
    take_number((uint64_t)loops->scan(line, size, tape, 4, &entries));
    take(tape, entries * sizeof *tape);
    if (!is_wrong) take(written, loops->rewrite(written, 8 * LENGTH_MAX, line + 1, size - 2, &taken));
  }
  end("json escapes");
}

static void show_pii(void) {
  static uint64_t sets[4] = {0, ORC_PII_GIVEN, ORC_PII_SURNAME, (uint64_t)1 << ORC_PII_LANGUAGES};
  static uint64_t slots[64];
  static orc_pii_entry cues[64];
  static uint64_t filter[1024];
  static const char *words[] = {"anna", "hans", "muller", "phone"};
  for (int i = 0; i < 4; i++) {
    uint64_t hash = orc_pii_fold((const uint8_t *)words[i], strlen(words[i]));
    uint64_t place = (hash * 0x9E3779B97F4A7C15u >> 32) & 63;
    while (slots[place]) place = (place + 1) & 63;
    slots[place] = hash >> 24 << 24 | (uint64_t)(i < 3 ? i + 1 : 3);
    uint64_t key = orc_pii_hash((const uint8_t *)words[i], strlen(words[i]));
    place = key & 63;
    while (cues[place].tag) place = (place + 1) & 63;
    cues[place] = (orc_pii_entry){(uint32_t)(key >> 32), (uint16_t)i, ORC_PII_TERMINAL};
    filter[key >> 54] |= (uint64_t)1 << (key >> 48 & 63);
  }
  orc_pii_lists lists = {slots, 63, sets};
  orc_pii_table table = {cues, 63, filter};
  orc_pii_word *cut = room(LENGTH_MAX * sizeof *cut);
  orc_pii_mark *marks = room(8 * LENGTH_MAX * sizeof *marks);
  orc_pii_cue *found = room(8 * LENGTH_MAX * sizeof *found);
  begin();
  for (int t = 0; t < TEXTS; t++) {
    orc_pii_cut_state cutting = orc_pii_cut_start();
    orc_pii_cut(texts[t], counts[t], &lists, &cutting, cut, LENGTH_MAX);
    orc_pii_settle(cut, cutting.words, (uint64_t)1 << ORC_PII_LANGUAGES);
    for (size_t i = 0; i < cutting.words; i++) {
      orc_pii_word w = cut[i];
      uint64_t rest[] = {w.start,  w.end,     w.gap,          w.shape,
                         w.letters, w.has_hyphen, w.digits_ahead, w.last_classes};
      take(&w, 3 * sizeof(uint64_t));
      take(rest, sizeof rest);
    }
    orc_pii_state scanning = {0};
    orc_pii_scan(texts[t], counts[t], &table, &scanning, marks, 8 * LENGTH_MAX, found,
                 8 * LENGTH_MAX);
    take(marks, scanning.mark_count * sizeof *marks);
    take(found, scanning.cue_count * sizeof *found);
  }
  end("pii");
}

static void show_shingles(void) {
  enum { P = 128 };
  static uint32_t table[0x10000], multiplier[P], offset[P], signature[P], keys[P];
  for (uint32_t c = 0; c < 0x10000; c++) {
    int word = (c | 0x20) - 'a' < 26u || c - '0' < 10u || c >= 0xC0;
    table[c] = word ? ORC_SCALAR_WORD | (c - 'A' < 26u ? c | 0x20 : c)
                    : c == ' ' || c == '\n' ? ORC_SCALAR_SPACE : 0;
  }
  for (int p = 0; p < P; p++) multiplier[p] = draw(~0u) | 1, offset[p] = draw(~0u);
  uint32_t *units = room((LENGTH_MAX + 64) * 4), *windows = room((LENGTH_MAX + 64) * 4);
  uint32_t *scratch = room((LENGTH_MAX + 64) * 4);
  uint64_t *lengthy = room((LENGTH_MAX + 64) * 8);
  begin();
  for (int t = 0; t < TEXTS; t++) {
    size_t count = orc_word_units(units, texts[t], counts[t], table, 0x10000, 1);
    take(units, count * 4);
    take(lengthy, orc_long_windows(lengthy, units, count, 7) * 8);
    size_t made = orc_windows(windows, units, count, 5);
    take(windows, made * 4);
    made = orc_sort_unique_u32(windows, scratch, made);
    orc_minhash_signature(signature, windows, made, multiplier, offset, P);
    take(signature, sizeof signature);
    orc_minhash_keys(keys, 1, signature, 16, 8);
    take(keys, 16 * sizeof *keys);
    count = orc_character_units(units, texts[t], counts[t], table, 0x10000);
    take(units, count * 4);
    uint64_t digest[2] = {1, 2};
    orc_digest128(digest, texts[t], counts[t]);
    take(digest, sizeof digest);
  }
  end("shingles");
}

static void show_texts(void) {
  static uint8_t classes[0x10000];
  for (uint32_t c = 0; c < 0x10000; c++) {
    int letter = (c | 0x20) - 'a' < 26u || c >= 0xC0;
    classes[c] = letter ? ORC_TEXT_LETTER | (c - 'A' < 26u ? ORC_TEXT_UPPER : 0)
                 : c - '0' < 10u ? ORC_TEXT_NUMBER
                 : c == ' ' ? ORC_TEXT_SPACE
                 : c == '\n' ? ORC_TEXT_SPACE | ORC_TEXT_LINE
                 : c == '.' || c == '!' || c == '?' ? ORC_TEXT_SYMBOL | ORC_TEXT_TERMINAL
                                                     : ORC_TEXT_SYMBOL;
  }
  orc_text_scratch *scratch = orc_text_scratch_create();
  orc_c4_rules rules = {1000, 3, 1, 1, 1};
  uint8_t *kept = room(LENGTH_MAX + 1);
  begin();
  for (int t = 0; t < TEXTS; t++) {
    orc_text_measures measures;
    memset(&measures, 0, sizeof measures);
    orc_text_measure(&measures, texts[t], counts[t], classes, 0x10000, 30,
                     ORC_TEXT_GRAMS | ORC_TEXT_DISTINCT, scratch);
    take(&measures, sizeof measures);
    orc_c4_result result;
    memset(&result, 0, sizeof result);
    size_t size = 0;
    orc_c4_lines(&result, texts[t], counts[t], classes, 0x10000, &rules, scratch, kept, &size);
    take(&result, sizeof result);
    take(kept, size);
  }
  end("text");
}

static void show_languages(void) {
  static uint32_t lower[0x10000];
  for (uint32_t c = 0; c < 0x10000; c++)
    lower[c] = c - 'A' < 26u ? c | 0x20 : c - 'a' < 26u || c >= 0xC0 ? c : 0;
  orc_language_model *model = orc_language_model_create();
  if (!model) abort();
  begin();
  for (int t = 0; t < TEXTS; t++) {
    orc_language_result result;
    orc_language_score(&result, model, texts[t], counts[t], 1000, lower, 0x10000);
    take(&result, sizeof result);
  }
  end("language");
}

static void show_rows(void) {
  begin();
  for (int t = 0; t < TEXTS; t++) {
    take(texts[t], counts[t]);
    for (size_t at = 0; at < counts[t]; at += 37)
      if (texts[t][at] == '{' || texts[t][at] == '"')
        take_number(orc_json_value_end(texts[t], at, counts[t]));
  }
  end("rows");
}

int main(void) {
  make_texts();
  show_json();
  show_escapes();
  show_pii();
  show_shingles();
  show_texts();
  show_languages();
  show_rows();
  return 0;
}
