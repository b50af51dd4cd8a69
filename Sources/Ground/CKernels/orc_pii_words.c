#include "include/orc_pii_words.h"

#include "orc_pii_cut.h"

uint64_t orc_pii_fold(const uint8_t *word, size_t count) {
  pii_fold fold = fold_range(word, count, 0, count);
  return pii_value(&fold);
}

uint64_t orc_pii_classes(const orc_pii_lists *lists, uint64_t hash) {
  return classes_of(lists, hash);
}

orc_pii_cut_state orc_pii_cut_start(void) {
  return (orc_pii_cut_state){.gap = ORC_PII_GAP_BLANK_LINE};
}

int orc_pii_cut(const uint8_t *text, size_t count, const orc_pii_lists *lists,
                orc_pii_cut_state *state, orc_pii_word *words, size_t capacity) {
  size_t first = state->words;
  while (state->at < count && cut_step(text, count, lists, state, words, capacity)) {
  }
  look_up(text, count, lists, state, words, first);
  return state->at >= count;
}

void orc_pii_settle(orc_pii_word *words, size_t count, uint64_t active) {
  uint8_t distance = 255;
  for (size_t i = count; i-- > 0;) {
    orc_pii_word *word = &words[i];
    word->digits_ahead = distance;
    if (word->shape == ORC_PII_DIGITS || word->shape == ORC_PII_MIXED) {
      distance = 1;
    } else if (distance != 255) {
      distance++;
    }
    if (word->classes & active) word->classes |= ORC_PII_COMMON;
  }
}
