#include "orc_text_scratch.h"

#include <stdlib.h>
#include <string.h>

orc_text_scratch *orc_text_scratch_create(void) { return calloc(1, sizeof(orc_text_scratch)); }

void orc_text_scratch_destroy(orc_text_scratch *scratch) {
  if (!scratch) return;
  free(scratch->tokens);
  free(scratch->keys);
  free(scratch->slots);
  free(scratch);
}

int orc_table_start(orc_text_scratch *scratch, size_t count) {
  size_t room = 256;
  while (room < 2 * count) room *= 2;
  if (room > scratch->slot_room) {
    free(scratch->slots);
    scratch->slots = calloc(room, sizeof(orc_slot));
    scratch->slot_room = scratch->slots ? room : 0;
    scratch->stamp = 0;
    if (!scratch->slots) return -1;
  }
  scratch->mask = room - 1;
  if (++scratch->stamp > ORC_STAMP_MAX) {
    memset(scratch->slots, 0, scratch->slot_room * sizeof(orc_slot));
    scratch->stamp = 1;
  }
  return 0;
}

int orc_text_measure(orc_text_measures *out, const uint8_t *text, size_t count,
                     const uint8_t *classes, size_t class_count, int64_t short_line,
                     unsigned wanted, orc_text_scratch *scratch) {
  memset(out, 0, sizeof *out);
  if (orc_text_tokens(out, text, count, classes, class_count, scratch)) return -1;
  if (orc_text_lines(out, text, count, classes, class_count, short_line, scratch)) return -1;
  if (wanted & ORC_TEXT_DISTINCT && orc_text_distinct(out, scratch)) return -1;
  return wanted & ORC_TEXT_GRAMS ? orc_text_grams(out, scratch) : 0;
}
