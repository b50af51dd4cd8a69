#include "orc_json.h"

#include <stddef.h>

#if defined(__x86_64__)
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"); }

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw");
}
#endif

const orc_json_loops *orc_json_loops_at(orc_json_level level) {
  switch (level) {
  case ORC_JSON_SCALAR:
    return &orc_json_loops_scalar;
  case ORC_JSON_BASE:
    return &orc_json_loops_base;
#if defined(__x86_64__)
  case ORC_JSON_AVX2:
    return has_avx2() ? &orc_json_loops_avx2 : NULL;
  case ORC_JSON_AVX512:
    return has_avx512() ? &orc_json_loops_avx512 : NULL;
  case ORC_JSON_VBMI2:
    return has_avx512() && __builtin_cpu_supports("avx512vbmi2") ? &orc_json_loops_vbmi2 : NULL;
#endif
  default:
    return NULL;
  }
}

const orc_json_loops *orc_json_loops_best(void) {
  for (int level = ORC_JSON_VBMI2; level > ORC_JSON_BASE; level--) {
    const orc_json_loops *loops = orc_json_loops_at((orc_json_level)level);
    if (loops) return loops;
  }
  return &orc_json_loops_base;
}
