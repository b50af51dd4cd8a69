#include "orc_quantize.h"

#if defined(__x86_64__)
// Without fma: nothing here may be fused.
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define LEVEL_NAME "avx2"
#define TABLE orc_quantizers_avx2
#define LANES 8
#include "kernels/quantize/all.h"
#pragma clang attribute pop
#endif
