#include "orc_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))),         \
    apply_to = function)
#define LEVEL ORC_AVX512
#define LEVEL_NAME "avx512"
#define TABLE orc_kernels_avx512
// 32 registers of 16 floats: 6 x 4 accumulators, 4 columns, 1 broadcast.
#define LANES 16
#define PANEL 4
#include "kernels/all.h"
#pragma clang attribute pop
#endif
