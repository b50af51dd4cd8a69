#ifndef ORCHESTRATE_JSON_LEVELS_H
#define ORCHESTRATE_JSON_LEVELS_H

#include "include/orc_json.h"

#include <string.h>

extern const orc_json_loops orc_json_loops_scalar;
extern const orc_json_loops orc_json_loops_base;
#if defined(__x86_64__)
#include <immintrin.h>

extern const orc_json_loops orc_json_loops_avx2;
extern const orc_json_loops orc_json_loops_avx512;
extern const orc_json_loops orc_json_loops_vbmi2;
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#endif
