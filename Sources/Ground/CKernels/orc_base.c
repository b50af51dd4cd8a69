#include "orc_levels.h"

#define LEVEL ORC_BASE
#define LEVEL_NAME "base"
#define TABLE orc_kernels_base
// SSE2 and NEON: 4 floats per register.
#define LANES 4
#define PANEL 2
#include "kernels/all.h"
