#include "orc_json.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx2,bmi"))),                 \
                             apply_to = function)
#define LEVEL_NAME "avx512"
#define TABLE orc_json_loops_avx512
#define STEP 64
#include "kernels/json/all.h"
#pragma clang attribute pop
#endif
