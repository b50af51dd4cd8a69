#ifndef ORC_WORDS_H
#define ORC_WORDS_H

#include <stddef.h>
#include <stdint.h>

/// What a scalar is to orc_normal_words, packed with what it is read as (bits 0 to 20).
#define ORC_NORMAL_WORD 0x80000000u  /* part of a word */
#define ORC_NORMAL_ALONE 0x40000000u /* a word of its own: scripts written without spaces */
#define ORC_NORMAL_SKIP 0x20000000u  /* a mark: read as if it were not there */
#define ORC_NORMAL_DIGIT 0x10000000u /* a number, with . or , between digits, is read as 0 */
#define ORC_NORMAL_READ 0x001FFFFFu

/// Hashes of the words of a text, normalised, in order.
///
/// text: count bytes of valid UTF-8. table: table_count entries by scalar; scalars beyond separate.
/// out: room for count + 1 hashes. Returns how many were written.
size_t orc_normal_words(uint64_t *out, const uint8_t *text, size_t count, const uint32_t *table,
                        size_t table_count);

#endif
