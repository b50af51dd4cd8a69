#include "orc_json.h"

#if defined(__x86_64__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,popcnt"))), apply_to = function)
#define LEVEL_NAME "avx512vbmi2"
#define TABLE orc_json_loops_vbmi2
#define STEP 64
#define COMPRESSES
#include "kernels/json/all.h"
#pragma clang attribute pop
#endif
