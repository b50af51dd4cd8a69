#include "orc_quantize.h"

#define LEVEL_NAME "base"
#define TABLE orc_quantizers_base
#define LANES 4
#include "kernels/quantize/all.h"
