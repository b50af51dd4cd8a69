// What the kernels' files share.

#include <math.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

// Sums of scalar loops may be vectorized, in the one order the compiler chose at build time;
// nothing else of -ffast-math: NaN and infinity keep their meaning.
#define FREE_ORDER _Pragma("clang fp reassociate(on) contract(fast)")
#define FUSED _Pragma("clang fp contract(fast)")
