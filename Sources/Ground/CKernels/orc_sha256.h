#ifndef ORCHESTRATE_SHA256_LANES_H
#define ORCHESTRATE_SHA256_LANES_H

#include "include/orc_sha256.h"

#include <string.h>

/// FIPS 180-4, §4.2.2 and §5.3.3.
extern const uint32_t orc_sha256_constants[64];
extern const uint32_t orc_sha256_start[8];

/// A text on its way: the blocks at hand, and the padded end that comes after them.
typedef struct {
  uint32_t words[8];
  orc_sha256_text *text;
  const uint8_t *at;
  size_t blocks;
  uint8_t tail[128];
  size_t tail_blocks;
} orc_sha256_lane;

/// Texts that wait, and those begun that still have blocks: lanes[0 ..< begun].
typedef struct {
  orc_sha256_text *texts;
  size_t count, next;
  orc_sha256_lane *lanes;
  size_t begun;
} orc_sha256_work;

static inline void orc_sha256_begin(orc_sha256_lane *l, orc_sha256_text *text) {
  memcpy(l->words, orc_sha256_start, sizeof l->words);
  l->text = text;
  l->at = text->bytes;
  l->blocks = text->count / 64;
  size_t rest = text->count % 64;
  memset(l->tail, 0, sizeof l->tail);
  if (rest) memcpy(l->tail, text->bytes + text->count - rest, rest);
  l->tail[rest] = 0x80;
  l->tail_blocks = rest < 56 ? 1 : 2;
  uint64_t bits = (uint64_t)text->count * 8;
  for (int i = 0; i < 8; i++) l->tail[64 * l->tail_blocks - 1 - (size_t)i] = (uint8_t)(bits >> 8 * i);
  if (l->blocks == 0) {
    l->at = l->tail;
    l->blocks = l->tail_blocks;
    l->tail_blocks = 0;
  }
}

/// After the blocks at hand: goes on with the end, or writes the digest and returns 0.
static inline int orc_sha256_more(orc_sha256_lane *l) {
  if (l->tail_blocks) {
    l->at = l->tail;
    l->blocks = l->tail_blocks;
    l->tail_blocks = 0;
    return 1;
  }
  for (int i = 0; i < 8; i++) {
    for (int j = 0; j < 4; j++) l->text->digest[4 * i + j] = (uint8_t)(l->words[i] >> (24 - 8 * j));
  }
  return 0;
}

#define ORC_SHA256_WIDE 16

/// Whether this processor takes sixteen texts at a time.
int orc_sha256_has_wide(void);

/// Sixteen at a time, as long as that is faster than two: goes on until few are begun and none
/// waits. `lanes` has room for sixteen.
void orc_sha256_wide(orc_sha256_work *work);

#endif
