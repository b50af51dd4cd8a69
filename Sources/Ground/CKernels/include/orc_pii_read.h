#ifndef ORCHESTRATE_PII_READ_H
#define ORCHESTRATE_PII_READ_H

#include "orc_pii.h"
#include "orc_pii_words.h"

/// orc_pii_scan and orc_pii_cut in one pass over the text: what each of them writes, without reading
/// most words twice. `state` and `cut` are as there at the start. Returns 1 when done and 0 when a
/// buffer is full: enlarge it, keep the contents of all, and call again. count < 2^31.
int orc_pii_read(const uint8_t *text, size_t count, const orc_pii_table *table,
                 const orc_pii_lists *lists, orc_pii_state *state, orc_pii_cut_state *cut,
                 orc_pii_mark *marks, uint32_t mark_capacity, orc_pii_cue *cues,
                 uint32_t cue_capacity, orc_pii_word *words, size_t word_capacity);

#endif
