#include "orc_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define LEVEL ORC_AVX2
#define LEVEL_NAME "avx2"
#define TABLE orc_kernels_avx2
// 16 registers of 8 floats: 6 x 2 accumulators, 2 columns, 1 broadcast.
#define LANES 8
#define PANEL 2
#include "kernels/all.h"
#pragma clang attribute pop
#endif
