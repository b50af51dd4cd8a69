#ifndef ORC_MINHASH_H
#define ORC_MINHASH_H

#include <stddef.h>
#include <stdint.h>

// Texts to sets of numbers that near-duplicate search compares: units (words or characters) are
// hashed, windows of units are shingles, and signatures of shingles are cut into band keys.
// All is integer arithmetic: the same on every instruction set.

/// What a scalar is to the shingler, packed with what it is written as (bits 0 to 20).
#define ORC_SCALAR_WORD 0x80000000u   /* part of a word */
#define ORC_SCALAR_ALONE 0x40000000u  /* a word of its own: scripts written without spaces */
#define ORC_SCALAR_SPACE 0x20000000u  /* white space */
#define ORC_SCALAR_SKIP 0x10000000u   /* left out, as if it were not there */
#define ORC_SCALAR_LOWER 0x001FFFFFu

/// Hashes of the words of one text, in order.
///
/// Words: runs of ORC_SCALAR_WORD scalars as the table writes them; ORC_SCALAR_ALONE scalars each
/// by itself; everything else separates. text: count bytes of valid UTF-8 (invalid bytes separate).
/// table: scalar_count entries; scalars beyond are separators. plain_ascii: whether the table says
/// of ASCII that letters and digits make words and letters are written in lower case; then ASCII
/// is classified 32 or 64 bytes at a time. out: room for count + 17 hashes. Returns how many.
///
/// A hash takes the UTF-8 of the word as written by the table in blocks of 8 bytes, the last one
/// filled with zeros: h = (h ^ block) * K1; h ^= h >> 32; at the end the upper half of
/// (h ^ length) * K2.
size_t orc_word_units(uint32_t *out, const uint8_t *text, size_t count, const uint32_t *table,
                      size_t scalar_count, int plain_ascii);

/// The same scalar by scalar: the specification of orc_word_units.
size_t orc_word_units_reference(uint32_t *out, const uint8_t *text, size_t count,
                                const uint32_t *table, size_t scalar_count);

/// Hashes of the characters of one text: as the table writes them, runs of white space as one
/// blank, none at the ends.
size_t orc_character_units(uint32_t *out, const uint8_t *text, size_t count,
                           const uint32_t *table, size_t scalar_count);

/// Shingles of one text: a hash of every window of `size` units, in order, repeats included; fewer
/// units than `size` make one window, none make none. Returns how many were written: at most count.
///
/// h = sum over the window of unit * P^(place from the end) mod 2^32, then MurmurHash3's finalizer
/// (Appleby). out must not overlap units.
size_t orc_windows(uint32_t *out, const uint32_t *units, size_t count, size_t size);
size_t orc_windows_reference(uint32_t *out, const uint32_t *units, size_t count, size_t size);

/// Where each word of orc_word_units begins and ends in the text, in bytes: 2 numbers a word. out:
/// room for 2 * count. Returns the number of words. Marks that are left out belong to their word.
size_t orc_word_places(uint32_t *out, const uint8_t *text, size_t count, const uint32_t *table,
                       size_t scalar_count);

/// A 64-bit hash of every window of `size` units, in order: a polynomial that rolls, mixed. Returns
/// how many were written: count - size + 1, or 0 where there are fewer units.
size_t orc_long_windows(uint64_t *out, const uint32_t *units, size_t count, size_t size);

/// Whether `what` occurs among the bytes.
int orc_contains(const uint8_t *bytes, size_t count, const uint8_t *what, size_t what_count);

/// Mixes count bytes into a digest of 128 bits; start with any seed, once for each piece. Made for
/// speed (four chains of 64 x 64 -> 128 bit products), not against people who look for collisions:
/// callers confirm what they find equal.
void orc_digest128(uint64_t digest[2], const uint8_t *bytes, size_t count);

/// Sorts values and drops repeats; scratch: room for count. Returns how many are left.
size_t orc_sort_unique_u32(uint32_t *values, uint32_t *scratch, size_t count);

/// How many values two sorted sets without repeats have in common.
size_t orc_common_u32(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);
size_t orc_common_u32_reference(const uint32_t *a, size_t a_count, const uint32_t *b,
                                size_t b_count);

/// Whether two such sets have at least `wanted` values in common; stops where that is known.
int orc_common_at_least_u32(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
                            size_t wanted);
int orc_common_at_least_u32_reference(const uint32_t *a, size_t a_count, const uint32_t *b,
                                      size_t b_count, size_t wanted);

/// Sorts by the upper halves, keeping the order of equal ones; scratch: room for count. Returns
/// where the sorted values are: values or scratch.
uint64_t *orc_sort_upper_u64(uint64_t *values, uint64_t *scratch, size_t count);

/// The rows that share their key with another one: key << 32 | row for each, sorted by key, equal
/// ones in the order of `rows`. keys: of all rows, by number; rows: `count` different ones. out and
/// scratch: room for count each. Returns how many were written.
///
/// Keys are hashes. Rows are first cut into parts by the upper bits of their keys, so that all that
/// follows happens in a cache whatever their number: about as long for each of 5 million rows as of
/// 100,000. Most rows are alone with their key; they are told by a table of bytes and never sorted.
size_t orc_band_candidates(uint64_t *out, uint64_t *scratch, const uint32_t *keys,
                           const uint32_t *rows, size_t count);

/// MinHash signature: signature[p] = min over s of (multiplier[p] * s + offset[p]) mod 2^32.
///
/// permutations: a multiple of 32; multipliers are odd. All ones where count is 0.
/// Broder 1997; permutations by multiply-add mod 2^32 on hashes that are mixed already.
void orc_minhash_signature(uint32_t *signature, const uint32_t *shingles, size_t count,
                           const uint32_t *multiplier, const uint32_t *offset,
                           size_t permutations);
void orc_minhash_signature_reference(uint32_t *signature, const uint32_t *shingles, size_t count,
                                     const uint32_t *multiplier, const uint32_t *offset,
                                     size_t permutations);

/// The key of each band of a signature, written `stride` apart: a hash of signature[b],
/// signature[bands + b], … (`rows` values). bands * rows is at most the length of the signature.
void orc_minhash_keys(uint32_t *keys, size_t stride, const uint32_t *signature, size_t bands,
                      size_t rows);

#endif
