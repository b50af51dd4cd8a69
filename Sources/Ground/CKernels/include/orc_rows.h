#ifndef ORC_ROWS_H
#define ORC_ROWS_H

#include <stddef.h>
#include <stdint.h>

/// The end of the JSON value that begins at text[at]: the index behind its last byte, or count when
/// it has none. The text is trusted to be JSON: nothing is checked but the bounds.
size_t orc_json_value_end(const uint8_t *text, size_t at, size_t count);

/// 64 well-mixed bits of the bytes: products of 8-byte words folded to 64 bits, in a fixed order,
/// words little-endian. For grouping within one process and its results; not for signatures.
uint64_t orc_hash64(const uint8_t *bytes, size_t count, uint64_t seed);

/// Reads the id of a row: 32 lower-case hexadecimal digits, then perhaps `-` and an ordinal of 1 to
/// 2^32 - 1 without leading zeros, then a quotation mark. Returns the index of that mark, or 0 where
/// the bytes are something else.
size_t orc_row_id(const uint8_t *text, size_t count, uint64_t *high, uint64_t *low,
                  uint32_t *ordinal);

#endif
