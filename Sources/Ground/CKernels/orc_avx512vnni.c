#include "orc_levels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))),        \
    apply_to = function)
// As orc_avx512.c, of which this is a part for processors that multiply bytes.
#define LANES 16
#define PANEL 4
#define DOT_BYTES
#include "kernels/common.h"
#include "kernels/vector.h"
#include "kernels/float16.h"
#include "kernels/blocks.h"
#include "kernels/block_product.h"

void orc_product_nt_blocks_vnni(float *C, size_t ldc, const void *packed, const uint8_t *B,
                                int type, size_t M, size_t N, size_t K, float alpha, float beta) {
  product_nt_blocks(C, ldc, packed, B, type, M, N, K, alpha, beta);
}
#pragma clang attribute pop
#endif
