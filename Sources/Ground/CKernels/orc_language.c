#include "include/orc_language.h"

#include <stdlib.h>
#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"
static const uint8_t table[] = {
#embed "orc_languages.bin"
};

#define HEAD 12
#define ROW 10

/// A slot of the hash table: an n-gram's key + 1 (0: empty) and where its values begin in `table`.
typedef struct {
  uint32_t key, at;
} slot;

/// Scalars whose pairs have a row of their own: Latin, Cyrillic, the blank, the apostrophe.
#define NEAR_SCALARS 0x460
#define NEAR_MAX 320

/// What each language counts for a letter after its one- and two-letter n-grams.
typedef int16_t row[ORC_LANGUAGE_ROWS_MAX];

struct orc_language_model {
  size_t rows, mask;
  int steps;
  /// Index of a near scalar, from 1; 0 for others.
  uint16_t near[NEAR_SCALARS];
  size_t near_count;
  /// [before][letter] to its row in `pair_rows`; row 0 is that of an unseen letter.
  uint16_t pairs[NEAR_MAX][NEAR_MAX];
  row *pair_rows;
  int16_t prior[ORC_LANGUAGE_ROWS_MAX];
  char codes[ORC_LANGUAGE_ROWS_MAX][9];
  slot *slots;
};

static inline uint32_t read_u16(size_t at) { return table[at] | (uint32_t)table[at + 1] << 8; }

static inline size_t place(const orc_language_model *model, uint32_t key) {
  return (key * 0x9E3779B1u >> 8) & model->mask;
}

static int fill(orc_language_model *model, uint32_t keys) {
  size_t at = HEAD + ROW * model->rows;
  uint32_t key = 0;
  for (uint32_t i = 0; i < keys; i++) {
    uint32_t step = 0;
    for (int shift = 0; at < sizeof table && shift < 28; shift += 7) {
      step |= (uint32_t)(table[at] & 127) << shift;
      if (!(table[at++] & 128)) break;
    }
    key += step;
    size_t slot_at = place(model, key);
    while (model->slots[slot_at].key) slot_at = (slot_at + 1) & model->mask;
    model->slots[slot_at] = (slot){key + 1, (uint32_t)at};
    for (;; at += 2) {
      if (at + 1 >= sizeof table || (table[at] & 127) >= model->rows) return -1;
      if (table[at] & 128) break;
    }
    at += 2;
  }
  return at == sizeof table ? 0 : -1;
}

#define FNV_START 0xCBF29CE484222325u
#define FNV_PRIME 0x100000001B3u

/// Where the values of the n-gram of `n` scalars that ends at `last` begin; 0 for none.
static inline size_t find(const orc_language_model *model, const uint32_t *last, size_t n) {
  uint64_t h = FNV_START;
  for (size_t i = 0; i < n; i++) h = (h ^ last[i + 1 - n]) * FNV_PRIME;
  h = (h ^ h >> 32) * 0x9E3779B97F4A7C15u;
  uint32_t key = (uint32_t)(h >> 36);
  for (size_t at = place(model, key);; at = (at + 1) & model->mask) {
    slot s = model->slots[at];
    if (s.key == key + 1) return s.at;
    if (!s.key) return 0;
  }
}

/// What a letter counts that a language does not have: far below its rarest letter.
static inline int16_t unseen(const orc_language_model *model) { return (int16_t)(-18 * model->steps); }

/// Overwrites what languages with the n-gram at `at` count: penalty x n - cost.
static inline void apply(const orc_language_model *model, int16_t *here, size_t at, size_t n) {
  int16_t bonus = (int16_t)(model->steps * (int)n);
  for (;; at += 2) {
    here[table[at] & 127] = (int16_t)(bonus - table[at + 1]);
    if (table[at] & 128) return;
  }
}

/// Makes the rows of all pairs of near scalars that some language has.
static int make_pairs(orc_language_model *model) {
  uint32_t scalars[NEAR_MAX];
  size_t count = 1, room = 256, made = 1;
  for (uint32_t value = 0x20; value < NEAR_SCALARS && count < NEAR_MAX; value++) {
    if (value != ' ' && !find(model, &value, 1)) continue;
    scalars[count] = value;
    model->near[value] = (uint16_t)count++;
  }
  model->near_count = count;
  model->pair_rows = malloc(room * sizeof(row));
  if (!model->pair_rows) return -1;
  for (size_t i = 0; i < ORC_LANGUAGE_ROWS_MAX; i++) model->pair_rows[0][i] = unseen(model);
  for (size_t b = 1; b < count; b++) {
    size_t single = 0;
    for (size_t a = 0; a < count; a++) {
      uint32_t gram[2] = {a ? scalars[a] : 0, scalars[b]};
      // Index 0 before a letter stands for any other scalar: the letter alone.
      size_t at = find(model, gram + 1, a ? 2 : 1);
      if (!at || made >= 0xFFFF) {
        model->pairs[a][b] = (uint16_t)single;
        continue;
      }
      if (made == room) {
        row *larger = realloc(model->pair_rows, (room *= 2) * sizeof(row));
        if (!larger) return -1;
        model->pair_rows = larger;
      }
      memcpy(model->pair_rows[made], model->pair_rows[single], sizeof(row));
      apply(model, model->pair_rows[made], at, a ? 2 : 1);
      model->pairs[a][b] = (uint16_t)made;
      if (!a) single = made;
      made++;
    }
  }
  return 0;
}

orc_language_model *orc_language_model_create(void) {
  if (sizeof table < HEAD || memcmp(table, "OLID\1", 5) != 0) return NULL;
  orc_language_model *model = calloc(1, sizeof *model);
  if (!model) return NULL;
  model->rows = table[5];
  model->steps = (int)read_u16(6);
  uint32_t keys = read_u16(8) | read_u16(10) << 16;
  size_t room = 1024;
  while (room < 2 * (size_t)keys) room *= 2;
  model->mask = room - 1;
  model->slots = calloc(room, sizeof(slot));
  int bad = !model->slots || model->rows > ORC_LANGUAGE_ROWS_MAX;
  for (size_t i = 0; !bad && i < model->rows; i++) {
    memcpy(model->codes[i], table + HEAD + ROW * i, 8);
    model->prior[i] = (int16_t)read_u16(HEAD + ROW * i + 8);
  }
  if (bad || fill(model, keys) || make_pairs(model)) {
    free(model->slots);
    free(model->pair_rows);
    free(model);
    return NULL;
  }
  return model;
}

size_t orc_language_rows(const orc_language_model *model) { return model->rows; }
const char *orc_language_code(const orc_language_model *model, size_t row) {
  return model->codes[row];
}
int orc_language_steps(const orc_language_model *model) { return model->steps; }

/// What stands for a character of a large script that no text of the table shows; 0 for others.
static inline uint32_t stand_in(uint32_t value) {
  if ((value >= 0x3400 && value <= 0x9FFE) || (value >= 0xF900 && value <= 0xFAFF)) return 0x9FFF;
  if (value >= 0x3041 && value <= 0x30FE) return 0x30FF;
  if (value >= 0xAC00 && value <= 0xD7A2) return 0xD7A3;
  return 0;
}

/// Scores while they are summed, above what an unseen letter counts.
typedef struct {
  const orc_language_model *model;
  int32_t sums[ORC_LANGUAGE_ROWS_MAX];
  /// Of the last letters; 64 of them cannot overflow.
  row recent;
  int32_t letters, foreign, waiting;
} tally;

static void flush(tally *t) {
  for (size_t i = 0; i < ORC_LANGUAGE_ROWS_MAX; i++) t->sums[i] += t->recent[i];
  memset(t->recent, 0, sizeof t->recent);
  t->waiting = 0;
}

/// Adds the letter *last, which has `before` scalars of its word and the blank before it to its left.
///
/// Each language counts its longest n-gram: -cost - penalty x (letters left out). What is the same
/// for all languages is left out, so: penalty x n - cost.
static void add(tally *t, const uint32_t *last, size_t before) {
  const orc_language_model *model = t->model;
  size_t n_max = before < 3 ? before + 1 : 4, done = 2;
  size_t b = *last < NEAR_SCALARS ? model->near[*last] : 0;
  size_t a = last[-1] < NEAR_SCALARS ? model->near[last[-1]] : 0;
  row here;
  memcpy(here, model->pair_rows[b && (a || n_max < 2) ? model->pairs[a][b] : 0], sizeof here);
  if (!b || (!a && n_max >= 2)) {
    size_t at = find(model, last, 1);
    uint32_t other = at ? 0 : stand_in(*last);
    if (other) at = find(model, &other, 1);
    if (at) apply(model, here, at, 1);
    if (!at && *last != ' ') t->foreign++;
    done = 1;
  }
  for (size_t n = done + 1; n <= n_max; n++) {
    size_t at = find(model, last, n);
    if (!at) break;
    apply(model, here, at, n);
  }
  int16_t base = unseen(model);
  for (size_t i = 0; i < ORC_LANGUAGE_ROWS_MAX; i++) {
    t->recent[i] = (int16_t)(t->recent[i] + (int16_t)(here[i] - base));
  }
  t->letters += *last != ' ';
  if (++t->waiting == 64) flush(t);
}

static inline uint32_t scalar(const uint8_t *text, size_t count, size_t *at) {
  uint32_t lead = text[*at];
  if (lead < 0x80) {
    *at += 1;
    return lead;
  }
  size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (*at + length > count) {
    *at = count;
    return 0x20;
  }
  uint32_t value = lead & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) value = value << 6 | (text[*at + i] & 0x3F);
  *at += length;
  return value;
}

void orc_language_score(orc_language_result *out, const orc_language_model *model,
                        const uint8_t *text, size_t count, size_t letters_max,
                        const uint32_t *lower, size_t lower_count) {
  tally t;
  memset(&t, 0, sizeof t);
  t.model = model;
  // The last letters; the blank that opens a word lies before them.
  uint32_t recent[4] = {' ', ' ', ' ', ' '};
  size_t before = 0;
  for (size_t at = 0; at <= count;) {
    uint32_t value = ' ';
    if (at < count) {
      uint32_t found = scalar(text, count, &at);
      value = found < lower_count ? lower[found] : 0;
      if (!value) value = ' ';
    } else {
      at = count + 1;
    }
    if (value == ' ' && recent[3] == ' ') continue;
    memmove(recent, recent + 1, 3 * sizeof(uint32_t));
    recent[3] = value;
    before = before < 3 ? before + 1 : 3;
    add(&t, recent + 3, before);
    if (value == ' ') before = 0;
    if ((size_t)t.letters >= letters_max) break;
  }
  flush(&t);
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < model->rows; i++) out->scores[i] = t.sums[i] + model->prior[i];
  out->letters = t.letters;
  out->foreign = t.foreign;
}
