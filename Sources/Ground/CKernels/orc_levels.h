#ifndef ORCHESTRATE_LEVELS_H
#define ORCHESTRATE_LEVELS_H

#include "include/orc_kernels.h"

extern const orc_kernels orc_kernels_base;
#if defined(__x86_64__)
extern const orc_kernels orc_kernels_avx2;
extern const orc_kernels orc_kernels_avx512;
extern const orc_kernels orc_kernels_avx512bf16;

/// product_nt_blocks with AVX-512's products of bytes.
void orc_product_nt_blocks_vnni(float *C, size_t ldc, const void *packed, const uint8_t *B,
                                int type, size_t M, size_t N, size_t K, float alpha, float beta);
#endif

/// The 16 values of NF4.
extern const float orc_nf4_book[16];

#endif
