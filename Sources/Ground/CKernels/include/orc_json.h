#ifndef ORCHESTRATE_JSON_H
#define ORCHESTRATE_JSON_H

#include <stddef.h>
#include <stdint.h>

/// Containers deeper than this are refused.
#define ORC_JSON_DEPTH_MAX 128

/// What a value is.
enum {
  ORC_JSON_NULL = 0,
  ORC_JSON_FALSE = 1,
  ORC_JSON_TRUE = 2,
  ORC_JSON_NUMBER = 3,
  ORC_JSON_STRING = 4,
  ORC_JSON_ARRAY = 5,
  ORC_JSON_OBJECT = 6,
};

/// Of a string: it holds a backslash, so that its bytes are not those of the text.
#define ORC_JSON_ESCAPED 1
/// Of a number: no fraction, no exponent, at most 18 digits, and not -0: its text is the integer's.
#define ORC_JSON_PLAIN_INTEGER 2
/// Of a number: its text is the one that the shortest decimal of its double has, without exponent.
#define ORC_JSON_PLAIN_DECIMAL 8
/// Of a string: `rewrite` changes its bytes.
#define ORC_JSON_REWRITTEN 4

/// A value of a JSON text. Values stand on the tape in the order of the text; the members of an
/// object are a string, its key, and a value.
typedef struct orc_json_entry {
  /// Where the value begins in the text; of a string, what is between its quotes.
  uint32_t start;
  /// Bytes of it there.
  uint32_t length;
  /// The entry after this value and all it holds.
  uint32_t next;
  uint8_t kind;
  uint8_t flags;
  uint16_t spare;
} orc_json_entry;

enum {
  /// The text is one JSON value by RFC 8259: valid UTF-8, no duplicate keys, no lone surrogates, no
  /// number beyond a double, at most ORC_JSON_DEPTH_MAX levels.
  ORC_JSON_RIGHT = 0,
  /// It is not.
  ORC_JSON_WRONG = 1,
  /// All but rare things were checked: a key of an object that looks like another, very many keys,
  /// a number that may be too large. The tape is whole; a slower reader must decide.
  ORC_JSON_UNSURE = 2,
  /// The tape has too few entries.
  ORC_JSON_FULL = 3,
};

/// The instruction sets of the JSON loops. Later is faster.
typedef enum orc_json_level {
  /// Byte by byte: the reference.
  ORC_JSON_SCALAR = 0,
  /// SSE2 or NEON.
  ORC_JSON_BASE = 1,
  ORC_JSON_AVX2 = 2,
  ORC_JSON_AVX512 = 3,
  ORC_JSON_VBMI2 = 4,
} orc_json_level;

/// The loops over JSON texts, of one instruction set. Any bytes are safe to read; nothing is read
/// beyond `count`, nothing allocates.
typedef struct orc_json_loops {
  const char *name;

  /// Checks `text` (count below 2^32) and writes its values to tape[0 ..< *entries].
  /// Returns one of ORC_JSON_RIGHT, WRONG, UNSURE, FULL.
  int (*scan)(const uint8_t *text, size_t count, orc_json_entry *tape, size_t capacity,
              size_t *entries);

  /// Whether `text` is valid UTF-8 (RFC 3629).
  int (*is_utf8)(const uint8_t *text, size_t count);

  /// The text of a string that ORC_JSON_RIGHT vouches for: `raw` is what is between its quotes.
  /// `out` has room for count + 64 bytes. Returns the bytes of the text, at most `count`.
  size_t (*decode)(uint8_t *out, const uint8_t *raw, size_t count);

  /// The same string as JSON in the one form that is written: \" \\ \n \r \t, \u00xx for other
  /// control characters and U+007F, anything else as UTF-8. Writes whole characters while 64 bytes
  /// are left of `capacity`; returns the bytes written, and in *taken those of `raw` read.
  size_t (*rewrite)(uint8_t *out, size_t capacity, const uint8_t *raw, size_t count,
                    size_t *taken);

  /// The same form of a text that is no JSON yet.
  size_t (*escape)(uint8_t *out, size_t capacity, const uint8_t *text, size_t count,
                   size_t *taken);
} orc_json_loops;

/// The loops of `level`, or NULL where this processor has no such instructions.
const orc_json_loops *orc_json_loops_at(orc_json_level level);

/// The fastest that this processor runs.
const orc_json_loops *orc_json_loops_best(void);

#endif
