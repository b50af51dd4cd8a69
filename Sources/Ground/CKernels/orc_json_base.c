#include "orc_json.h"

#define LEVEL_NAME "base"
#define TABLE orc_json_loops_base
#if defined(__x86_64__) || defined(__aarch64__)
#define STEP 16
#else
#define STEP 1
#endif
#include "kernels/json/all.h"
