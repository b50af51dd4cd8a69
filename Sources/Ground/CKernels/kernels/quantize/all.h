// Compiled once per instruction set: the including file sets LEVEL_NAME, TABLE and LANES (floats
// per register).

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define FUSED _Pragma("clang fp contract(fast)")

#include "../vector.h"

// Bytes must equal those of ggml's quantizers, which are plain IEEE arithmetic.
#pragma STDC FP_CONTRACT OFF

#include "lanes.h"
#include "search.h"
#include "affine_blocks.h"
#include "symmetric_blocks.h"
#include "nonlinear.h"
#include "small_blocks.h"
#include "decoders.h"

const orc_quantizers TABLE = {
    .name = LEVEL_NAME,
    .encode =
        {
            [ORC_Q4_0] = encode_q4_0,
            [ORC_Q4_1] = encode_q4_1,
            [ORC_Q5_0] = encode_q5_0,
            [ORC_Q5_1] = encode_q5_1,
            [ORC_Q8_0] = encode_q8_0,
            [ORC_Q2_K] = encode_q2_k,
            [ORC_Q3_K] = encode_q3_k,
            [ORC_Q4_K] = encode_q4_k,
            [ORC_Q5_K] = encode_q5_k,
            [ORC_Q6_K] = encode_q6_k,
            [ORC_IQ4_NL] = encode_iq4_nl,
            [ORC_IQ4_XS] = encode_iq4_xs,
        },
    .decode =
        {
            [ORC_Q4_0] = decode_q4_0,
            [ORC_Q4_1] = decode_q4_1,
            [ORC_Q5_0] = decode_q5_0,
            [ORC_Q5_1] = decode_q5_1,
            [ORC_Q8_0] = decode_q8_0,
            [ORC_Q2_K] = decode_q2_k,
            [ORC_Q3_K] = decode_q3_k,
            [ORC_Q4_K] = decode_q4_k,
            [ORC_Q5_K] = decode_q5_k,
            [ORC_Q6_K] = decode_q6_k,
            [ORC_IQ4_NL] = decode_iq4_nl,
            [ORC_IQ4_XS] = decode_iq4_xs,
        },
    .mean_squares = mean_squares,
};
