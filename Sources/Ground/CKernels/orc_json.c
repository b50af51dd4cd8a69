#include "orc_json.h"

#include <stddef.h>

const orc_json_loops *orc_json_loops_at(orc_json_level level) {
  switch (level) {
  case ORC_JSON_SCALAR:
    return &orc_json_loops_scalar;
  case ORC_JSON_BASE:
    return &orc_json_loops_base;
#if defined(__x86_64__)
  case ORC_JSON_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? &orc_json_loops_avx2
                                                                           : NULL;
  case ORC_JSON_AVX512:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                   __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
               ? &orc_json_loops_avx512
               : NULL;
#endif
  default:
    return NULL;
  }
}

const orc_json_loops *orc_json_loops_best(void) {
  for (int level = ORC_JSON_AVX512; level > ORC_JSON_BASE; level--) {
    const orc_json_loops *loops = orc_json_loops_at((orc_json_level)level);
    if (loops) return loops;
  }
  return &orc_json_loops_base;
}
