#include "orc_quantize.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2"))),   \
                             apply_to = function)
#define LEVEL_NAME "avx512"
#define TABLE orc_quantizers_avx512
#define LANES 16
#include "kernels/quantize/all.h"
#pragma clang attribute pop
#endif
