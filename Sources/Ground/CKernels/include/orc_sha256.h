#ifndef ORCHESTRATE_SHA256_H
#define ORCHESTRATE_SHA256_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4) of many texts at once. One stream leaves the processor's SHA unit idle half
/// of the time, since each round waits for the one before; two streams fill it. Sixteen streams, one in
/// each lane of 512-bit registers, are about twice as fast as two in the SHA unit.

typedef struct orc_sha256_piece {
  const uint8_t *bytes;
  size_t count;
} orc_sha256_piece;

/// A text in pieces, of which the bytes follow one another.
typedef struct orc_sha256_text {
  const orc_sha256_piece *pieces;
  size_t count;
  /// The digest goes here.
  uint8_t digest[32];
} orc_sha256_text;

/// Not 0 where this processor has the instructions; elsewhere the caller uses another implementation.
int orc_sha256_available(void);

/// Sets every digest. Only where orc_sha256_available() says so.
void orc_sha256_many(orc_sha256_text *texts, size_t count);

#endif
