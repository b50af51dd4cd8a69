#include "orc_quantize.h"

#include <stdlib.h>

const orc_quantizers *orc_quantizers_at(orc_level level) {
  if (!orc_kernels_at(level)) return NULL;
#if defined(__x86_64__)
  if (level >= ORC_AVX512) return &orc_quantizers_avx512;
  if (level == ORC_AVX2) return &orc_quantizers_avx2;
#endif
  return &orc_quantizers_base;
}

const orc_quantizers *orc_quantizers_best(void) {
  for (int level = ORC_AVX512; level > ORC_BASE; level--) {
    const orc_quantizers *quantizers = orc_quantizers_at((orc_level)level);
    if (quantizers) return quantizers;
  }
  return &orc_quantizers_base;
}
