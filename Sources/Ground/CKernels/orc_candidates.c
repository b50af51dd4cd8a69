#include "include/orc_minhash.h"

#include <string.h>

/// Entries of a part: it and what is made of it fit a second-level cache.
#define PART 4096
#define PART_BITS_MAX 11
/// Slots of a part in which keys meet: 8 for each entry, so that one in eight that is alone is taken
/// for one that is not; 32 KiB.
#define SLOT_BITS 15
/// Entries sorted by one pass over buckets of their own.
#define BUCKET_BITS 11

/// Sorts by the upper halves, which are spread evenly below the `top` bits that all have in common:
/// one pass over about as many buckets as entries, and insertion for the rest. Equal ones stay in
/// order. Returns where the sorted entries are.
static uint64_t *sort_spread(uint64_t *entries, uint64_t *scratch, size_t count, int top) {
  int bits = BUCKET_BITS;
  if (top + bits > 32 || count > (size_t)4 << bits) {
    return orc_sort_upper_u64(entries, scratch, count);
  }
  int shift = 64 - top - bits;
  uint64_t mask = (UINT64_C(1) << bits) - 1;
  uint32_t start[((size_t)1 << BUCKET_BITS) + 1];
  memset(start, 0, sizeof start);
  for (size_t i = 0; i < count; i++) start[(entries[i] >> shift & mask) + 1]++;
  uint32_t largest = 0;
  for (size_t bucket = 1; bucket <= mask + 1; bucket++) {
    largest = start[bucket] > largest ? start[bucket] : largest;
    start[bucket] += start[bucket - 1];
  }
  // Thousands of equal keys, or keys that are no hashes.
  if (largest > 64) return orc_sort_upper_u64(entries, scratch, count);
  for (size_t i = 0; i < count; i++) scratch[start[entries[i] >> shift & mask]++] = entries[i];
  for (size_t i = 1; i < count; i++) {
    uint64_t entry = scratch[i];
    size_t j = i;
    for (; j > 0 && scratch[j - 1] >> 32 > entry >> 32; j--) scratch[j] = scratch[j - 1];
    scratch[j] = entry;
  }
  return scratch;
}

/// The entries of a part whose slot another one has as well, in their order.
static size_t take_shared(uint64_t *out, const uint64_t *part, size_t count, int top) {
  uint8_t seen[(size_t)1 << SLOT_BITS];
  memset(seen, 0, sizeof seen);
  int shift = 64 - top - SLOT_BITS;
  uint64_t mask = (UINT64_C(1) << SLOT_BITS) - 1;
  for (size_t i = 0; i < count; i++) {
    uint8_t *slot = &seen[part[i] >> shift & mask];
    *slot = (uint8_t)(*slot << 1 | 1);
  }
  size_t taken = 0;
  for (size_t i = 0; i < count; i++) {
    out[taken] = part[i];
    taken += seen[part[i] >> shift & mask] > 1;
  }
  return taken;
}

/// Leaves out entries whose key no other has; equal ones follow each other.
static size_t drop_single(uint64_t *out, const uint64_t *sorted, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    uint64_t key = sorted[i] >> 32;
    int is_shared = (i > 0 && sorted[i - 1] >> 32 == key) ||
                    (i + 1 < count && sorted[i + 1] >> 32 == key);
    uint64_t entry = sorted[i];
    out[kept] = entry;
    kept += (size_t)is_shared;
  }
  return kept;
}

size_t orc_band_candidates(uint64_t *out, uint64_t *scratch, const uint32_t *keys,
                           const uint32_t *rows, size_t count) {
  int top = 0;
  while (top < PART_BITS_MAX && count >> top > PART) top++;
  size_t parts = (size_t)1 << top, start[((size_t)1 << PART_BITS_MAX) + 1];
  memset(start, 0, sizeof start);
  // A shift by 32 would be undefined: the key is taken as 64 bits.
  for (size_t i = 0; i < count; i++) start[((uint64_t)keys[rows[i]] >> (32 - top)) + 1]++;
  for (size_t part = 1; part <= parts; part++) start[part] += start[part - 1];
  size_t next[(size_t)1 << PART_BITS_MAX];
  memcpy(next, start, parts * sizeof *next);
  for (size_t i = 0; i < count; i++) {
    uint64_t key = keys[rows[i]];
    scratch[next[key >> (32 - top)]++] = key << 32 | rows[i];
  }
  size_t found = 0;
  for (size_t part = 0; part < parts; part++) {
    size_t size = start[part + 1] - start[part];
    if (size < 2) continue;
    size_t shared = take_shared(out + found, scratch + start[part], size, top);
    if (shared < 2) continue;
    // What was taken is in `out`; the part itself is room for sorting.
    const uint64_t *sorted = sort_spread(out + found, scratch + start[part], shared, top);
    found += drop_single(out + found, sorted, shared);
  }
  return found;
}
