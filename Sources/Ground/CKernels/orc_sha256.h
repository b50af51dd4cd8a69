#ifndef ORCHESTRATE_SHA256_LANES_H
#define ORCHESTRATE_SHA256_LANES_H

#include "include/orc_sha256.h"

#include <string.h>

/// FIPS 180-4, §4.2.2 and §5.3.3.
extern const uint32_t orc_sha256_constants[64];
extern const uint32_t orc_sha256_start[8];

/// A text on its way.
typedef struct {
  uint32_t words[8];
  orc_sha256_text *text;
  /// Blocks at hand, in a piece or in `held`.
  const uint8_t *at;
  size_t blocks;
  /// The piece after this one, and what this one has after the blocks at hand.
  size_t next;
  orc_sha256_piece rest;
  /// Bytes of pieces so far, and those that do not fill a block yet; then the padded end.
  uint64_t total;
  uint8_t held[128];
  size_t held_count;
  int is_padded;
} orc_sha256_lane;

/// Texts that wait, and those begun that still have blocks: lanes[0 ..< begun].
typedef struct {
  orc_sha256_text *texts;
  size_t count, next;
  orc_sha256_lane *lanes;
  size_t begun;
} orc_sha256_work;

/// The blocks after those at hand; 0 when the text is done, and its digest can be written.
static inline int orc_sha256_more(orc_sha256_lane *l) {
  for (;;) {
    if (l->held_count == 0 && l->rest.count >= 64) {
      l->at = l->rest.bytes;
      l->blocks = l->rest.count / 64;
      l->rest.bytes += 64 * l->blocks;
      l->rest.count %= 64;
      return 1;
    }
    size_t room = 64 - l->held_count, take = l->rest.count < room ? l->rest.count : room;
    if (take) memcpy(l->held + l->held_count, l->rest.bytes, take);
    l->held_count += take;
    l->rest.bytes += take;
    l->rest.count -= take;
    l->at = l->held;
    if (l->held_count == 64) {
      l->blocks = 1;
      l->held_count = 0;
      return 1;
    }
    if (l->next < l->text->count) {
      l->rest = l->text->pieces[l->next++];
      l->total += l->rest.count;
      continue;
    }
    if (l->is_padded) return 0;
    l->is_padded = 1;
    l->blocks = l->held_count < 56 ? 1 : 2;
    memset(l->held + l->held_count, 0, 64 * l->blocks - l->held_count);
    l->held[l->held_count] = 0x80;
    for (int i = 0; i < 8; i++) {
      l->held[64 * l->blocks - 1 - (size_t)i] = (uint8_t)(8 * l->total >> 8 * i);
    }
    l->held_count = 0;
    return 1;
  }
}

/// There is a block at least: the padded end.
static inline void orc_sha256_begin(orc_sha256_lane *l, orc_sha256_text *text) {
  memcpy(l->words, orc_sha256_start, sizeof l->words);
  l->text = text;
  l->next = 0;
  l->rest = (orc_sha256_piece){0};
  l->total = 0;
  l->held_count = 0;
  l->is_padded = 0;
  orc_sha256_more(l);
}

static inline void orc_sha256_write(const orc_sha256_lane *l) {
  for (int i = 0; i < 8; i++) {
    for (int j = 0; j < 4; j++) l->text->digest[4 * i + j] = (uint8_t)(l->words[i] >> (24 - 8 * j));
  }
}

#define ORC_SHA256_WIDE 16

/// Whether this processor takes sixteen texts at a time.
int orc_sha256_has_wide(void);

/// Sixteen at a time, as long as that is faster than two: goes on until few are begun and none
/// waits. `lanes` has room for sixteen.
void orc_sha256_wide(orc_sha256_work *work);

#endif
