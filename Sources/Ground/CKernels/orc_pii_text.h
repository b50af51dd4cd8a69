#ifndef ORC_PII_TEXT_H
#define ORC_PII_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Eight bytes of text at once, as a 64-bit number whose lowest byte comes first; and hashes of words
/// that take in up to eight bytes at a time.

#define ORC_EACH 0x0101010101010101u
#define ORC_HIGH (ORC_EACH << 7)

/// The bytes from text[at] on, zeros behind the end.
static inline uint64_t pii_load(const uint8_t *text, size_t count, size_t at) {
  uint64_t bytes = 0;
  if (at + 8 <= count) {
    memcpy(&bytes, text + at, 8);
  } else {
    memcpy(&bytes, text + at, count - at);
  }
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  bytes = __builtin_bswap64(bytes);
#endif
  return bytes;
}

/// The high bit of every byte of `bytes` in first ... last, both ASCII.
static inline uint64_t pii_within(uint64_t bytes, uint8_t first, uint8_t last) {
  uint64_t low = bytes & ~ORC_HIGH;
  return (low + ORC_EACH * (0x80 - first)) & ~(low + ORC_EACH * (0x7F - last)) & ~bytes & ORC_HIGH;
}

/// How many bytes from the first on have their high bit set in `mask`.
static inline unsigned pii_leading(uint64_t mask) {
  uint64_t rest = ~mask & ORC_HIGH;
  return rest ? (unsigned)__builtin_ctzll(rest) / 8 : 8;
}

/// How many bytes of `mask`, which holds high bits only, are set.
static inline unsigned pii_count(uint64_t mask) {
  return (unsigned)(((mask >> 7) * ORC_EACH) >> 56);
}

/// The first `count` (1 ... 8) bytes as a number whose lowest byte is the last of them.
static inline uint64_t pii_number(uint64_t bytes, unsigned count) {
  return __builtin_bswap64(bytes) >> (64 - 8 * count);
}

/// A hash of bytes as they come.
typedef struct {
  uint64_t hash;
  /// The last eight bytes, the last one lowest.
  uint64_t tail;
  size_t count;
} pii_fold;

#define PII_FOLD_START ((pii_fold){0xCBF29CE484222325u, 0, 0})

static inline uint64_t pii_stir(uint64_t hash, uint64_t bytes) {
  hash = (hash ^ bytes) * 0x9FB21C651E98DF25u;
  return hash ^ hash >> 32;
}

static inline void pii_add(pii_fold *fold, uint8_t byte) {
  fold->tail = fold->tail << 8 | byte;
  if ((++fold->count & 7) == 0) fold->hash = pii_stir(fold->hash, fold->tail);
}

/// Adds `count` (1 ... 8) bytes given as of pii_number.
static inline void pii_add_number(pii_fold *fold, uint64_t number, unsigned count) {
  unsigned room = 8 - (unsigned)(fold->count & 7);
  if (count >= room) {
    uint64_t first = number >> (8 * (count - room));
    fold->hash = pii_stir(fold->hash, room == 8 ? first : fold->tail << 8 * room | first);
  }
  fold->tail = count == 8 ? number : fold->tail << 8 * count | number;
  fold->count += count;
}

/// The hash of a word whose last `rest` (0 ... 7) bytes are `part`; `hash`: of the bytes before.
static inline uint64_t pii_finish(uint64_t hash, uint64_t part, unsigned rest) {
  hash = (hash ^ part ^ (uint64_t)rest << 56) * 0xD6E8FEB86659FD93u;
  hash = (hash ^ hash >> 32) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 29;
}

/// The hash of what was added.
static inline uint64_t pii_value(const pii_fold *fold) {
  unsigned rest = (unsigned)(fold->count & 7);
  uint64_t part = rest ? fold->tail & (~(uint64_t)0 >> (64 - 8 * rest)) : 0;
  return pii_finish(fold->hash, part, rest);
}

#endif
