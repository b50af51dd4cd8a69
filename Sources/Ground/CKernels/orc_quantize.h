#ifndef ORCHESTRATE_QUANTIZE_LEVELS_H
#define ORCHESTRATE_QUANTIZE_LEVELS_H

#include "include/orc_quantize.h"

extern const orc_quantizers orc_quantizers_base;
#if defined(__x86_64__)
#include <immintrin.h>

extern const orc_quantizers orc_quantizers_avx2;
extern const orc_quantizers orc_quantizers_avx512;
#endif

#endif
