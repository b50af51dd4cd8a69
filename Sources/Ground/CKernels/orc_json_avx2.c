#include "orc_json.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,bmi"))), apply_to = function)
#define LEVEL_NAME "avx2"
#define TABLE orc_json_loops_avx2
#define STEP 32
#include "kernels/json/all.h"
#pragma clang attribute pop
#endif
