#include "orc_text_scratch.h"

/// Odd, with well-spread bits: the base of the polynomial over tokens.
#define BASE 0x9E3779B97F4A7C15u

static inline int64_t length_of(const orc_token *tokens, size_t start, size_t n) {
  int64_t length = 0;
  for (size_t i = 0; i < n; i++) length += tokens[start + i].length;
  return length;
}

/// Lengthens the n-gram at each token by one token.
static void lengthen(orc_text_scratch *scratch, size_t n) {
  for (size_t i = 0; i + n <= scratch->token_count; i++) {
    scratch->keys[i] = scratch->keys[i] * BASE + scratch->tokens[i + n - 1].hash;
  }
}

/// Characters of the most frequent n-gram times its count; the first of several. *most: that count.
static int top(orc_text_scratch *scratch, size_t n, int64_t *characters, uint32_t *most) {
  *characters = 0;
  *most = 0;
  if (scratch->token_count < n) return 0;
  size_t grams = scratch->token_count - n + 1, first = 0;
  if (orc_table_start(scratch, grams)) return -1;
  for (size_t i = 0; i < grams; i++) {
    orc_slot *slot = orc_table_find(scratch, scratch->keys[i]);
    // Not more than fit: four million of one n-gram.
    if (slot->count < 0x3FFFFF) slot->count++;
    if (slot->count > *most) *most = slot->count;
  }
  if (*most > 1) {
    while (orc_table_find(scratch, scratch->keys[first])->count < *most) first++;
  }
  *characters = (length_of(scratch->tokens, first, n) + (int64_t)n - 1) * (int64_t)*most;
  return 0;
}

/// Characters in n-grams seen before; after one the search goes on behind it.
static int duplicates(orc_text_scratch *scratch, size_t n, int64_t *characters) {
  *characters = 0;
  if (scratch->token_count < n) return 0;
  size_t grams = scratch->token_count - n + 1;
  if (orc_table_start(scratch, grams)) return -1;
  for (size_t i = 0; i < grams;) {
    orc_slot *slot = orc_table_find(scratch, scratch->keys[i]);
    if (slot->count) {
      *characters += length_of(scratch->tokens, i, n);
      i += n;
    } else {
      slot->count = 1;
      i++;
    }
  }
  return 0;
}

int orc_text_grams(orc_text_measures *out, orc_text_scratch *scratch) {
  for (size_t i = 0; i < scratch->token_count; i++) scratch->keys[i] = scratch->tokens[i].hash;
  uint32_t most = 2;
  for (size_t n = 2; n <= 4; n++) {
    lengthen(scratch, n);
    if (most < 2) {
      // No n-gram occurs twice, so no longer one does.
      if (scratch->token_count >= n) {
        out->top_gram_characters[n - 2] = length_of(scratch->tokens, 0, n) + (int64_t)n - 1;
      }
    } else if (top(scratch, n, &out->top_gram_characters[n - 2], &most)) {
      return -1;
    }
  }
  int64_t found = most >= 2;
  for (size_t n = 5; n <= 10 && found; n++) {
    lengthen(scratch, n);
    if (duplicates(scratch, n, &found)) return -1;
    out->duplicate_gram_characters[n - 5] = found;
  }
  return 0;
}

/// The most repeats in a row of a sequence of `period` tokens.
static size_t repeats(const orc_text_scratch *scratch, size_t period) {
  size_t run = 0, longest = 0;
  for (size_t i = period; i < scratch->token_count; i++) {
    run = scratch->tokens[i].hash == scratch->tokens[i - period].hash ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest / period + 1;
}

int orc_text_distinct(orc_text_measures *out, orc_text_scratch *scratch) {
  int64_t lengths[257] = {0};
  if (orc_table_start(scratch, (size_t)out->words)) return -1;
  for (size_t i = 0; i < scratch->token_count; i++) {
    const orc_token *token = scratch->tokens + i;
    if (token->kind & ORC_TOKEN_SYMBOL) continue;
    orc_slot *slot = orc_table_find(scratch, token->hash);
    out->distinct_words += slot->count == 0;
    slot->count = 1;
    lengths[token->length < 256 ? token->length : 256]++;
  }
  int64_t below = 0;
  for (int length = 0; length <= 256 && below * 2 < out->words; length++) {
    below += lengths[length];
    out->median_word_length = length;
  }
  for (size_t period = 1; period <= 13 && scratch->token_count > 0; period++) {
    int64_t found = (int64_t)repeats(scratch, period);
    if (found > out->repeats_in_a_row) out->repeats_in_a_row = found;
  }
  return 0;
}
