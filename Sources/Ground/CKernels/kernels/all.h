// Compiled once per instruction set: the including file sets LEVEL, LEVEL_NAME, TABLE, LANES
// (floats per register), PANEL (registers per row of the product's register tile) and, where
// bfloat16 is multiplied in hardware, DOT_BF16; where bytes are, DOT_BYTES.

#include "common.h"

// Functions are called from any thread, with sizes checked by the caller.
#include "vector.h"
#include "norm.h"
#include "rope.h"
#include "swiglu.h"
#include "geglu.h"
#include "cross_entropy.h"
#include "bfloat16.h"
#include "float16.h"
#include "product.h"
#include "attention.h"
#include "embedding.h"
#include "dropout.h"
#include "elementwise.h"
#include "blocked.h"
#if defined(DOT_BF16)
#include "blocked_dot.h"
#endif
#include "nf4.h"
#include "blocks.h"
#include "block_product.h"
#include "block_rounding.h"

const orc_kernels TABLE = {
    .level = LEVEL,
    .name = LEVEL_NAME,
    .rmsnorm_forward = rmsnorm_forward,
    .rmsnorm_again = rmsnorm_again,
    .rmsnorm_backward = rmsnorm_backward,
    .rope = rope,
    .swiglu_forward = swiglu_forward,
    .swiglu_backward = swiglu_backward,
    .geglu_tanh_forward = geglu_tanh_forward,
    .geglu_tanh_backward = geglu_tanh_backward,
    .cross_entropy_forward = cross_entropy_forward,
    .cross_entropy_backward = cross_entropy_backward,
    .greatest = greatest,
    .softcap = softcap,
    .attention_forward = attention_forward,
    .attention_runs = attention_runs,
    .attention_backward = attention_backward,
    .attention_one = attention_one,
    .attention_one_runs = attention_one_runs,
    .gather_rows = gather_rows,
    .scatter_rows = scatter_rows,
    .dropout = dropout,
    .dropout_backward = dropout_backward,
    .add_scaled = add_scaled,
    .scale_row = scale_row,
    .add_row = add_row,
    .sum_rows = sum_rows,
    .sum_products = sum_products,
    .multiply_row = multiply_row,
    .product_nt = product_nt,
    .product_nn = product_nn,
    .bf16_from_f32 = bf16_from_f32,
    .f32_from_bf16 = f32_from_bf16,
    .product_nt_bf16 = product_nt_bf16,
    .blocked_nt = blocked_nt,
    .blocked_nn = blocked_nn,
    .blocked_tn = blocked_tn,
    .blocked_nt_bf16 = blocked_nt_bf16,
    .blocked_nn_bf16 = blocked_nn_bf16,
    .nf4_decode = nf4_decode,
    .product_nt_f16 = product_nt_f16,
    .round_rows = round_rows,
    .product_nt_blocks = product_nt_blocks,
};
