#include "orc_levels.h"

#include <stdlib.h>

const orc_kernels *orc_kernels_at(orc_level level) {
  switch (level) {
  case ORC_BASE:
    return &orc_kernels_base;
#if defined(__x86_64__)
  case ORC_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                   __builtin_cpu_supports("f16c")
               ? &orc_kernels_avx2
               : NULL;
  case ORC_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
               ? &orc_kernels_avx512
               : NULL;
  case ORC_AVX512BF16:
    return orc_kernels_at(ORC_AVX512) && __builtin_cpu_supports("avx512bf16") &&
                   __builtin_cpu_supports("avx512vnni")
               ? &orc_kernels_avx512bf16
               : NULL;
#endif
  default:
    return NULL;
  }
}

/// Whether a dot product of bfloat16 pairs does more than two multiply-adds of float32. It does on
/// AMD since Zen 4 and on Intel's Cooper Lake; later Intel cores, which have tiles for this, start
/// one in two cycles: half the rate of float32.
static int multiplies_bf16_fast(void) {
#if defined(__x86_64__)
  return !__builtin_cpu_is("intel") || __builtin_cpu_is("cooperlake");
#else
  return 0;
#endif
}

const orc_kernels *orc_kernels_best(void) {
  int fastest = multiplies_bf16_fast() ? ORC_AVX512BF16 : ORC_AVX512;
  for (int level = fastest; level > ORC_BASE; level--) {
    const orc_kernels *kernels = orc_kernels_at((orc_level)level);
    if (kernels) return kernels;
  }
  return &orc_kernels_base;
}
