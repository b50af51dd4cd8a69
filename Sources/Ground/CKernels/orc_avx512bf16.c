#include "orc_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx512vnni,avx2,fma,f16c"))),             \
    apply_to = function)
#define LEVEL ORC_AVX512BF16
#define LEVEL_NAME "avx512bf16"
#define TABLE orc_kernels_avx512bf16
// As orc_avx512.c.
#define LANES 16
#define PANEL 4
#define DOT_BF16
#define DOT_BYTES
#include "kernels/all.h"
#pragma clang attribute pop
#endif
