#include "orc_json.h"

#define LEVEL_NAME "scalar"
#define TABLE orc_json_loops_scalar
#define STEP 1
#include "kernels/json/all.h"
