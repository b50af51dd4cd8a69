#ifndef ORCHESTRATE_QUANTIZE_H
#define ORCHESTRATE_QUANTIZE_H

#include <stddef.h>
#include <stdint.h>

#include "orc_kernels.h"

/// GGUF block types that have kernels. Their layouts and searches are documented and defined where
/// the types are: `Sources/Formats/BlockFormats`.
typedef enum orc_block_type {
  ORC_Q4_0,
  ORC_Q4_1,
  ORC_Q5_0,
  ORC_Q5_1,
  ORC_Q8_0,
  ORC_Q2_K,
  ORC_Q3_K,
  ORC_Q4_K,
  ORC_Q5_K,
  ORC_Q6_K,
  ORC_IQ4_NL,
  ORC_IQ4_XS,
  ORC_BLOCK_TYPES,
} orc_block_type;

/// The weights of errors: block b of a type with E values uses those from (b * E) mod columns on.
typedef struct orc_importance {
  /// (columns); a multiple of E.
  const float *weights;
  size_t columns;
  /// Mean square of each row's values, for the types of 32 values.
  const float *mean_squares;
} orc_importance;

/// Overwrites y: (blocks, bytes of a block) with x: (blocks, values of a block).
///
/// Blocks on which the definition's integer conversions would leave their range (infinities, NaN,
/// values near the ends of float32's range) are not encoded: their numbers go to `odd`, which has
/// room for all, in order, and their count is returned. importance: NULL for none; ignored by Q8_0.
typedef size_t (*orc_block_encoder)(uint8_t *y, const float *x, size_t blocks,
                                    const orc_importance *importance, uint32_t *odd);

/// Overwrites y: (blocks, values of a block) with x: (blocks, bytes of a block).
typedef void (*orc_block_decoder)(float *y, const uint8_t *x, size_t blocks);

/// Encoders and decoders of one instruction set. They give the bytes and values of the types'
/// definitions, bit for bit at every level: no sum is reordered, nothing is fused; many blocks are
/// encoded at once, a lane each.
typedef struct orc_quantizers {
  const char *name;
  orc_block_encoder encode[ORC_BLOCK_TYPES];
  orc_block_decoder decode[ORC_BLOCK_TYPES];
  /// y[r] = sum_c x[r,c]^2 / C, c ascending.  x: (R, C).
  void (*mean_squares)(float *y, const float *x, size_t R, size_t C);
} orc_quantizers;

/// The encoders of a level, those of the next lower one where it has none of its own; NULL where
/// this CPU cannot run them.
const orc_quantizers *orc_quantizers_at(orc_level level);

/// The fastest this CPU runs.
const orc_quantizers *orc_quantizers_best(void);

static inline orc_block_encoder orc_encoder(const orc_quantizers *quantizers, orc_block_type type) {
  return quantizers->encode[type];
}

static inline orc_block_decoder orc_decoder(const orc_quantizers *quantizers, orc_block_type type) {
  return quantizers->decode[type];
}

#endif
