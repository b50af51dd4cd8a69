#include "include/orc_pii.h"

#include "orc_pii_marks.h"

uint64_t orc_pii_hash(const uint8_t *word, size_t count) {
  pii_fold fold = PII_FOLD_START;
  for (size_t i = 0; i < count; i++) pii_add(&fold, mark_folded(word[i], i > 0 ? word[i - 1] : 0));
  return pii_value(&fold);
}

uint64_t orc_pii_join(uint64_t phrase, uint64_t next) { return joined_cue(phrase, next); }

int orc_pii_scan(const uint8_t *text, size_t count, const orc_pii_table *table,
                 orc_pii_state *state, orc_pii_mark *marks, uint32_t mark_capacity,
                 orc_pii_cue *cues, uint32_t cue_capacity) {
  scan s = {text, count, table, state, marks, cues};
  size_t i = state->at;
  uint32_t in_run = state->in_run;
  while (i < count) {
    if (!has_room(state, mark_capacity, cue_capacity)) break;
    i = mark_step(&s, i, &in_run);
  }
  state->at = i;
  state->in_run = in_run;
  return i >= count;
}
