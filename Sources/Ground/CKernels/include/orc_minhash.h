#ifndef ORC_MINHASH_H
#define ORC_MINHASH_H

#include <stddef.h>
#include <stdint.h>

/// What a scalar is to the shingler, packed with its lower case (bits 0 to 20).
#define ORC_SCALAR_WORD 0x80000000u   /* part of a word */
#define ORC_SCALAR_ALONE 0x40000000u  /* a word of its own: scripts written without spaces */
#define ORC_SCALAR_SPACE 0x20000000u  /* white space */
#define ORC_SCALAR_LOWER 0x001FFFFFu

/// Shingle hashes of one text: windows of `size` words, or of `size` characters.
///
/// Words: runs of ORC_SCALAR_WORD scalars in lower case; a text of fewer than `size` words gives the
/// one shingle of all its words, a text without words none. Characters: lower case, runs of white
/// space as one blank, none at the ends; the same rule for short texts.
///
/// text: count bytes of valid UTF-8. table: scalar_count entries; scalars beyond are separators.
/// out: room for count + 1 hashes. Returns how many were written, in order of the text, repeats
/// included. A hash is the upper half of a mixed polynomial of the hashes of its words.
size_t orc_word_shingles(uint32_t *out, const uint8_t *text, size_t count, size_t size,
                         const uint32_t *table, size_t scalar_count);
size_t orc_character_shingles(uint32_t *out, const uint8_t *text, size_t count, size_t size,
                              const uint32_t *table, size_t scalar_count);

/// Sorts values and drops repeats; scratch: room for count. Returns how many are left.
size_t orc_sort_unique_u32(uint32_t *values, uint32_t *scratch, size_t count);

/// How many values two sorted sets without repeats have in common.
size_t orc_common_u32(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);

/// MinHash signature: signature[p] = min over s of (multiplier[p] * s + offset[p]) mod 2^32.
///
/// permutations: a multiple of 32; multipliers are odd. All ones where count is 0.
/// Broder 1997; permutations by multiply-add mod 2^32 on hashes that are mixed already.
/// Integer arithmetic: the same on every instruction set.
void orc_minhash_signature(uint32_t *signature, const uint32_t *shingles, size_t count,
                           const uint32_t *multiplier, const uint32_t *offset,
                           size_t permutations);

#endif
