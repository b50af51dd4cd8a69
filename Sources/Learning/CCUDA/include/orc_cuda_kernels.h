#pragma once
// The kernels of the CUDA backend: sources, names and the way to launch each. The sources are compiled
// by NVRTC for the card, one module a topic, and run on the host through CUDAEmulation in tests.
//
// Conventions. Cells are float32, row-major; `ld*` are strides in cells (long long); rows and columns
// are int. `T*` stands for a device address (8 bytes). Arguments are passed in the order written, each
// with exactly the type written. Block (x, y) and grid (x, y, z); what is not named is 1.
// An empty product of rows and columns is not launched. No kernel adds floats by atomics (the sampler
// adds whole numbers): the same operands give the same bits; rows are computed one by one, so a row has
// the same bits whatever rows it is with.

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One module: CUDA C++ without includes, for nvrtcCreateProgram. Not terminated by zero.
typedef struct {
  const char *topic;
  const char *source;
  size_t size;
} orc_cuda_source;

/// One kernel: the name of its module and its own (extern "C").
typedef struct {
  const char *topic;
  const char *name;
} orc_cuda_kernel;

const orc_cuda_source *orc_cuda_sources(size_t *count);
const orc_cuda_kernel *orc_cuda_kernel_names(size_t *count);

// ---- Shapes of launches -------------------------------------------------------------------------

/// Cells, 2D: block (32, 8); grid (ceil(columns / 128), min(ceil(rows / 8), 65535)).
enum { ORC_CELL_COLUMNS = 128, ORC_CELL_ROWS = 8 };

/// Rows that are reduced: one block a row, grid (rows); threads by the columns reduced.
static inline unsigned orc_row_threads(long long columns) {
  return columns <= 256 ? 32 : columns <= 2048 ? 128 : 256;
}

/// Rows of one partial sum.
enum { ORC_PARTIAL_ROWS = 64 };
/// Tiles of the float32 products: block (256), grid (ceil(N / 64), ceil(M / 64)).
enum { ORC_TILE = 64 };
/// Tiles of the products on tensor cores: block (256), grid (ceil(N / 128), ceil(M / 128)).
enum { ORC_TENSOR_TILE = 128 };
/// Products of few independent rows: block (256), grid (ceil(N / 8), ceil(M / 4)).
enum { ORC_FEW_ROWS = 4, ORC_FEW_COLUMNS = 8 };
/// Low-rank products: rows of a block, on tensor cores; steps of a piece; columns of a block; ranks of all
/// members together.
enum { ORC_LOW_ROWS = 16, ORC_LOW_TENSOR_ROWS = 64, ORC_LOW_PIECE = 512, ORC_LOW_COLUMNS = 1024 };
enum { ORC_LOW_RANKS_MAX = 384, ORC_LOW_MEMBERS_MAX = 3 };
/// Attention: rows of a tile of queries and of a tile of keys.
enum { ORC_ATTENTION_QUERIES = 64, ORC_ATTENTION_KEYS = 32 };
/// The same where a card has less than 139 KiB of shared memory and heads are over 128: half of them.
enum { ORC_SMALL_QUERIES = 32, ORC_SMALL_KEYS = 16 };
/// Attention over a cache: positions of one piece.
enum { ORC_CACHE_PIECE = 256 };
/// Cells of one partial sum of squares.
enum { ORC_SQUARES_PIECE = 65536 };

/// How weights are stored: `kind` of the kernels that take them.
enum {
  ORC_WEIGHT_F32 = 0,
  ORC_WEIGHT_BF16 = 1,
  ORC_WEIGHT_NF4 = 2,
  ORC_WEIGHT_NF4_NESTED = 3,
  /// Plus ggml's number: f32 0, f16 1, q4_0 2, q4_1 3, q5_0 6, q5_1 7, q8_0 8, q2_K 10, q3_K 11,
  /// q4_K 12, q5_K 13, q6_K 14, iq4_nl 20, iq4_xs 23, bf16 30. Rows are whole blocks.
  ORC_WEIGHT_BLOCKS = 100
};

// WEIGHTS below stands for six arguments, of one tensor (one part of a stack) from its row 0 on:
//   const void *codes       f32, bf16: the first cell; nf4: the bytes; blocks: the bytes
//   const void *scales      nf4: float per 64 values; nested: a byte per 64 values; else 0
//   const float *absmax     nested: float per 256 scales; else 0
//   const float *offset     nested: one float; else 0
//   const float *map        nested: the 256 values of DynamicMap.signed; else 0
//   int kind
// Columns of the weights are K: value (n, k) is number n * K + k.

// ---- rows ---------------------------------------------------------------------------------------
// "row": grid and block as said at orc_row_threads. "cells": as said at ORC_CELL_COLUMNS.
//
// orc_rms_norm(float *y, ll ldy, float *r, const float *x, ll ldx, const float *w, int groups, int C,
//              float epsilon, float one)       grid (rows * groups), block orc_row_threads(C)
//     C: columns of a group; r (rows, groups) contiguous; one: 1 where the weight is 1 + w, else 0.
// orc_rms_norm_again(float *y, ll ldy, const float *r, const float *x, ll ldx, const float *w,
//              int groups, int C, float one)   grid (rows * groups), block orc_row_threads(C)
// orc_rms_norm_backward(float *dx, ll lddx, const float *dy, ll lddy, const float *x, ll ldx,
//              const float *w, const float *r, int groups, int C, float one, int accumulate)
//                                              grid (rows * groups), block orc_row_threads(C)
//     dx may be dy.
// orc_rms_norm_weight(float *partial, ll ldp, const float *dy, ll lddy, const float *x, ll ldx,
//              const float *r, int groups, int C, int rows)
//     partial (ceil(rows / 64), C) overwritten; before orc_rms_norm_backward where dx is dy.
//                                              grid (ceil(C / 128), ceil(rows / 64)), block (128)
// orc_sum_rows(float *partial, ll ldp, const float *x, ll ldx, int rows, int columns)
// orc_sum_products(float *partial, ll ldp, const float *x, ll ldx, const float *y, ll ldy, int rows,
//              int columns)                    grid (ceil(columns / 128), ceil(rows / 64)), block (128)
// orc_add_partials(float *sum, const float *partial, ll ldp, int blocks, int columns)
//     sum[c] += partial rows, ascending.       grid (ceil(columns / 128)), block (128)
// orc_rotate(float *x, ll ldx, const float *cosine, const float *sine, const int *positions, int rows,
//              int heads, int D, int R, float sign)
//     sign -1 rotates back.                    cells of (rows, heads * R / 2)
// orc_gate(float *h, const float *gate_up, int rows, int F, int activation)           cells of (rows, F)
// orc_gate_backward(float *gradient, const float *dh, const float *gate_up, int rows, int F,
//              int activation)                 cells of (rows, F);  activation: 0 silu, 1 gelu by tanh
// orc_dropout(float *y, const float *x, ll ldx, const unsigned long long *keys, unsigned threshold,
//              float scale, int rows, int columns)     y contiguous                   cells
// orc_dropout_backward(float *dx, const float *dy, const unsigned long long *keys, unsigned threshold,
//              float scale, int rows, int columns)     both contiguous                cells
// orc_add_row(float *x, ll ldx, const float *row, int rows, int columns)              cells
// orc_multiply_row(float *y, ll ldy, const float *x, ll ldx, const float *row, int rows, int columns,
//              int accumulate)                                                        cells
// orc_row_dots(float *dots, const float *x, ll ldx, const float *y, ll ldy, int columns)    row
// orc_row_norms(float *norms, const float *x, ll ldx, int columns)     double sums          row
// orc_scale_rows(float *y, ll ldy, const float *x, ll ldx, const float *factors, int rows, int columns)
//                                                                                     cells
// orc_add(float *y, ll ldy, const float *x, ll ldx, float alpha, int rows, int columns)     cells
// orc_copy(float *y, ll ldy, const float *x, ll ldx, int rows, int columns)           cells
// orc_zero(float *y, ll ldy, int rows, int columns)                                   cells
// orc_softcap(float *x, ll ldx, float cap, int rows, int columns)                     cells
// orc_round(unsigned short *y, ll ldy, const float *x, ll ldx, int rows, int columns) cells
//     to bfloat16; ldy in elements.

// ---- products -----------------------------------------------------------------------------------
// orc_product(float *c, ll ldc, const float *a, ll a_row, ll a_k, const float *b, ll b_column, ll b_k,
//              int M, int N, int K, float alpha, int accumulate)
//     c[m, n] (+)= alpha * sum over k of a[m * a_row + k * a_k] * b[n * b_column + k * b_k]: so
//     A Bt: (lda, 1), (ldb, 1);  A B: (lda, 1), (1, ldb);  At B: (1, lda), (1, ldb).     tiles of 64
// orc_product_tensor: the same arguments, factors rounded to bfloat16.                   tiles of 128
// orc_project(float *y, ll ldy, const float *x, ll ldx, WEIGHTS, int M, int N, int K, float alpha,
//              int accumulate)                 y (M, N) = alpha x Wt                      tiles of 64
// orc_project_tensor: the same, factors rounded to bfloat16.                             tiles of 128
// orc_project_back(float *dx, ll lddx, const float *dy, ll lddy, WEIGHTS, int M, int N, int K,
//              float alpha, int accumulate)
//     dx (M, K) = alpha dy (M, N) W (N, K): tiles of 64 over (M, K), grid (ceil(K / 64), ceil(M / 64))
// orc_project_back_tensor: the same in tiles of 128 over (M, K).
// orc_project_rows(float *y, ll ldy, const float *x, ll ldx, WEIGHTS, int M, int N, int K, float alpha,
//              int accumulate)     few independent rows: grid (ceil(N / 8), ceil(M / 4)), block (256)
// The bits of an element of each kernel depend on its factors and on K alone (project_back: on N).

// ---- low-rank adapters ---------------------------------------------------------------------------
// MEMBERS: three times (const float *b, ll ldb, int output, int outputs, int rank, int ranks,
//     float scale): B (outputs, ranks); its columns of y begin at output, its columns of low at rank.
//     Members that are not there have no outputs and no ranks.
// orc_low_rank_down(float *partial, const float *x, ll ldx, const float *a, ll lda, int M, int K, int ranks)
//     partial (pieces, M, ranks): pieces of 512 steps of x (M, K) At
//     grid (ceil(M / 16), ceil(K / 512)), block (256)
// orc_low_rank_up(float *partial, const float *dy, ll lddy, MEMBERS, int M)
//     of each member, one behind the other, (pieces, M, its ranks): pieces of 512 outputs of dy B
//     grid (ceil(M / 16), sum over the members of ceil(outputs / 512)), block (256)
// orc_low_rank_down_tensor, orc_low_rank_up_tensor: the same on tensor cores, each factor as two bfloat16
//     numbers.                                 grid (ceil(M / 64), the same), block (128)
// orc_add_low_rank(float *y, ll ldy, float *low, ll ldl, const float *partial, MEMBERS, int M, int K,
//              int ranks)
//     low (M, ranks) = the sum of the pieces;  y[, outputs] += scale low[, ranks] Bt of each member
//     grid (ceil(M / 16), sum over the members of ceil(outputs / 1024))
// orc_low_rank_back(float *dx, ll lddx, float *up, ll ldu, const float *partial, const float *a, ll lda,
//              MEMBERS, int M, int K, int ranks)
//     up (M, ranks) = scale times the sum of the pieces of each member;  dx (M, K) += up A; dx may be 0
//     grid (ceil(M / 16), ceil(K / 1024); 1 where there is no dx)
//     both: block (256), shared orc_low_rank_shared(ranks), ranks <= 384
static inline unsigned orc_low_rank_shared(unsigned ranks) { return 4 * 16 * ((ranks + 3) / 4 * 4); }

// ---- sampling -----------------------------------------------------------------------------------
// orc_sample_top(int *best, float *top, float *second, const float *logits, ll ld, int V)     row (V)
//     best: the first of the greatest; -1 where a logit is NaN or the greatest is not finite.
// orc_sample_weights(unsigned long long *weights, const float *logits, ll ld, const float *top,
//              const double *temperatures, int rows, int columns, int shift)             cells
//     weights (rows, columns) contiguous, in units of 2^-shift; columns * 2^shift < 2^63.
// orc_sample(int *ids, const unsigned long long *weights, const float *logits, ll ld, const int *best,
//              const double *temperatures, const int *likeliest, const double *probabilities,
//              const double *uniforms, int V)         grid (rows), block (256)
//     likeliest: the K of top-k, 0 for all; probabilities: of top-p, 1 for all; uniforms in [0, 1).

// ---- weights ------------------------------------------------------------------------------------
// orc_expand(void *out, ll ldo, WEIGHTS, int first_row, int rows, int columns, int to_bf16)
//     rows first_row ... of the weights as float32, or rounded to bfloat16 (ldo in elements)    cells
// orc_gather_weights(float *y, ll ldy, WEIGHTS, const int *ids, int rows, int columns, float alpha)
//                                                                                       cells

// ---- tokens -------------------------------------------------------------------------------------
// orc_gather(float *y, ll ldy, const float *x, ll ldx, const int *ids, int rows, int columns,
//              float alpha)                    y[t] = alpha x[ids[t]]                     cells
// orc_scatter(float *table, ll ldt, const float *y, ll ldy, const int *ids, const int *order,
//              const int *starts, int count, int columns, float alpha)
//     order: the numbers t sorted by ids[t], then t; starts (count + 1): where each different id
//     begins in it. table[id] += alpha y[t], t ascending.                 cells of (count, columns)
// orc_gather_columns(float *y, ll ldy, const float *x, ll ldx, const int *ids, int rows, int columns)
//     y[t, r] = x[r, ids[t]], y (rows, columns), x (columns, V)                          cells
// orc_scatter_columns(float *x, ll ldx, const float *y, ll ldy, const int *ids, const int *order,
//              const int *starts, int count, int columns, float alpha)
//     x[r, id] += alpha y[t, r], x (columns, V); lists as orc_scatter's.  cells of (count, columns)
// orc_cross_entropy(float *logp, float *lse, const float *logits, ll ld, const int *labels, int V)
//     logp, lse (rows) contiguous.                                                        row (V)
// orc_cross_entropy_backward(float *logits, ll ld, const float *lse, const int *labels,
//              const float *dlogp, float softcap, int V)                                  row (V)
// orc_measure_rows(float *lse, int *best, const float *logits, ll ld, int V)
//     best: the first of the greatest values, NaN left out: argmax.                       row (V)
// orc_measure_labels(float *logp, int *likeliest, const float *lse, const int *best,
//              const float *logits, ll ld, const int *rows, const int *labels, int count)
//                                              grid (ceil(count / 128)), block (128)

// ---- attention ----------------------------------------------------------------------------------
// Tables, long long each:
//   sequences (n, 8): [0] first row of its own rows in q, o, lse, gradient   [1] count of them
//                     [2] position of the first of them (rows before it: prefix, cache)
//                     [3] run begin  [4] run end: rows of `runs`, ascending in position, that hold
//                         positions 0 ..< [2] + [1] (for training: prefix's run, own run)
//                     [5] viewer begin  [6] viewer end: in `viewers` (backward only)   [7] 0
//   runs (n, 4):      [0] address of keys of its first position, head 0   [1] the same of values
//                     [2] stride in cells   [3] position of its first row
//   viewers (n):      numbers of sequences that see the own rows of a sequence: itself, then those
//                     that go on after it, ascending (backward only)
//   tiles (n, 2), int: [0] sequence  [1] first own row of the tile in the sequence: 0, 64, 128, ...;
//                      of the backward passes 0, 32, 64, ..., one table for both
// window: at most 2^31 - 1. Heads of at most 256; suffix _64, _128, _256: the next size not below D.
//
// orc_attention_64|_128|_256(float *o, ll ldo, float *lse, ll ldlse, const float *q, ll ldq,
//              const ll *sequences, const ll *runs, const int *tiles, int heads, int group, int D,
//              int window, float scale, float softcap)
//     lse may be 0.   grid (tiles, heads), block (256), shared orc_attention_shared(suffix)
// orc_attention_dots(float *dots, const float *dO, ll lddO, const float *o, ll ldo, int heads, int D)
//     dots (rows, heads) contiguous.           grid (rows * heads), block (32)
// orc_attention_queries_64|_128|_256(float *dq, ll lddq, const float *dO, ll lddO, const float *lse,
//              ll ldlse, const float *dots, const float *q, ll ldq, const ll *sequences, const ll *runs,
//              const int *tiles, int heads, int group, int D, int window, float scale, float softcap)
//     dq overwritten. grid (tiles of 32, heads), block (256), shared orc_queries_shared(suffix)
// orc_attention_keys_64|_128|_256(float *dk, float *dv, ll lddk, const float *dO, ll lddO,
//              const float *lse, ll ldlse, const float *dots, const float *q, ll ldq, const float *k,
//              const float *v, ll ldk, const ll *sequences, const ll *viewers, const int *tiles,
//              int heads, int group, int D, int window, float scale, float softcap)
//     dk, dv overwritten; k, v: of row 0, head 0 (own rows are rows of qkv).
//     grid (tiles of 32, heads / group), block (256), shared orc_keys_shared(suffix)
// shared: by size and 32 keys. orc_attention[_queries|_keys]_256_small: the same with tiles of 32 queries
// forward, of 16 backward, block (128), shared by 256 and 16 keys.
//
// On tensor cores (factors rounded to bfloat16, sums in float32), heads of at most 128: the same
// arguments, tiles of 64 rows for all three, suffix _64 or _128. The backward passes take q, k, v and dO,
// and the runs of keys and values, in bfloat16, strides in numbers; rows of whole groups of 16 bytes, at
// heads of whole groups of 8, are copied.
// orc_attention_tensor_*          grid (tiles, heads), block (128), shared orc_attention_tensor_shared(suffix)
// orc_attention_queries_tensor_*  grid (tiles, heads), block (128), shared orc_queries_tensor_shared(suffix)
// orc_attention_keys_tensor_*     grid (tiles, heads / group), block (128 parts),
//                                 shared orc_keys_tensor_shared(suffix, parts)
//     parts: 1, or 2 where group is even: four warps have every second head each.
//
// Single positions over caches: sequences as above with [1] = 1, [2] = length - 1.
// orc_cache_pieces(float *partial, const float *q, ll ldq, const ll *sequences, const ll *runs,
//              int pieces, int heads, int group, int D, int window, float scale, float softcap)
//     pieces = ceil(longest length / 256); partial (rows, heads, pieces, D + 2).
//     grid (pieces, heads / group, rows), block (128), shared orc_cache_shared(group, D)
// orc_cache_combine(float *o, ll ldo, const float *partial, const ll *sequences, int pieces, int heads,
//              int D)                          grid (heads, rows), block (128)

// More than 48 KiB of shared memory must be asked for (CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES).
// The greatest is orc_keys_shared(256, 32), 139 KiB: 8.0 and 9.0 have it; 8.6 and 8.9 end at 99 KiB, where
// the small tiles of heads over 128 take 69.
static inline unsigned orc_attention_shared(unsigned size, unsigned keys) {
  return 4 * (3 * keys * (size + 4) + 2 * keys * (keys + 4));
}
static inline unsigned orc_queries_shared(unsigned size, unsigned keys) {
  return 4 * (4 * keys * (size + 4) + keys * (keys + 4));
}
static inline unsigned orc_keys_shared(unsigned size, unsigned keys) {
  return 4 * (4 * keys * (size + 4) + 2 * keys * (keys + 4));
}
static inline unsigned orc_attention_tensor_shared(unsigned size) {
  return 4 * 2 * 64 * (size / 2 + 4);
}
static inline unsigned orc_queries_tensor_shared(unsigned size) {
  return 4 * 2 * 64 * (size / 2 + 4);
}
/// parts: the block has 128 threads for each, 1 or 2.
static inline unsigned orc_keys_tensor_shared(unsigned size, unsigned parts) {
  return 4 * (128 * (size / 2 + 4) + parts * 2 * 64 * (size / 2 + 5));
}
static inline unsigned orc_cache_shared(unsigned group, unsigned size) {
  return 4 * group * (ORC_CACHE_PIECE + size + 2);
}

// ---- optimizer ----------------------------------------------------------------------------------
// "flat": block (256), grid (min(ceil(count / 256), 65535)).
// orc_sum_of_squares(double *partial, const float *x, ll count)
//                                              grid (ceil(count / 65536)), block (256)
// orc_sum_doubles(double *sum, const double *partial, int count)        grid (1), block (256)
// orc_adamw(float *p, float *m, float *v, const float *g, ll count, float gradientScale,
//              float decayFactor, float beta1, float oneMinusBeta1, float beta2, float oneMinusBeta2,
//              float stepSize, float rootCorrection, float epsilon)                       flat
//     the bits of ParameterUpdates.adamW.
// orc_adamw8(float *p, const float *g, unsigned char *m, float *mScales, unsigned char *v,
//              float *vScales, const float *signedMap, const float *unsignedMap, ll count,
//              float gradientScale, float decayFactor, float beta1, float oneMinusBeta1, float beta2,
//              float oneMinusBeta2, float stepSize, float rootDivisor, float epsilon)
//     the bits of ParameterUpdates.adamW8bit.  grid (ceil(count / 256)), block (256)
// orc_momentum(float *p, float *b, const float *g, ll count, float gradientScale, float weightDecay,
//              float momentum, float learningRate)     b may be 0                         flat

/// Every kernel with its topic.
#define ORC_CUDA_KERNELS(KERNEL)                                                                     \
  KERNEL(rows, orc_rms_norm) KERNEL(rows, orc_rms_norm_again) KERNEL(rows, orc_rms_norm_backward)     \
  KERNEL(rows, orc_rms_norm_weight) KERNEL(rows, orc_sum_rows) KERNEL(rows, orc_sum_products)         \
  KERNEL(rows, orc_add_partials) KERNEL(rows, orc_row_dots) KERNEL(rows, orc_row_norms)               \
  KERNEL(cells, orc_rotate) KERNEL(cells, orc_gate) KERNEL(cells, orc_gate_backward)                  \
  KERNEL(cells, orc_dropout) KERNEL(cells, orc_dropout_backward) KERNEL(cells, orc_add_row)           \
  KERNEL(cells, orc_multiply_row) KERNEL(cells, orc_scale_rows) KERNEL(cells, orc_add)                \
  KERNEL(cells, orc_copy) KERNEL(cells, orc_zero) KERNEL(cells, orc_softcap)                          \
  KERNEL(cells, orc_round)                                                                           \
  KERNEL(products, orc_product) KERNEL(tensor_products, orc_product_tensor)                          \
  KERNEL(projections, orc_project) KERNEL(projections, orc_project_back)                             \
  KERNEL(projections, orc_project_rows)                                                              \
  KERNEL(tensor_projections, orc_project_tensor)                                                     \
  KERNEL(tensor_projections, orc_project_back_tensor)                                                \
  KERNEL(weights, orc_expand) KERNEL(weights, orc_gather_weights)                                     \
  KERNEL(tokens, orc_gather) KERNEL(tokens, orc_scatter) KERNEL(tokens, orc_gather_columns)           \
  KERNEL(tokens, orc_scatter_columns) KERNEL(tokens, orc_cross_entropy)                               \
  KERNEL(tokens, orc_cross_entropy_backward) KERNEL(tokens, orc_measure_rows)                         \
  KERNEL(tokens, orc_measure_labels)                                                                 \
  KERNEL(attention, orc_attention_64) KERNEL(attention, orc_attention_128)                            \
  KERNEL(attention, orc_attention_256) KERNEL(attention_backward, orc_attention_dots)                 \
  KERNEL(attention_backward, orc_attention_queries_64)                                               \
  KERNEL(attention_backward, orc_attention_queries_128)                                              \
  KERNEL(attention_backward, orc_attention_queries_256)                                              \
  KERNEL(attention_backward, orc_attention_keys_64)                                                  \
  KERNEL(attention_backward, orc_attention_keys_128)                                                 \
  KERNEL(attention_backward, orc_attention_keys_256)                                                 \
  KERNEL(attention_small, orc_attention_256_small)                                                   \
  KERNEL(attention_backward_small, orc_attention_queries_256_small)                                  \
  KERNEL(attention_backward_small, orc_attention_keys_256_small)                                     \
  KERNEL(attention_tensor, orc_attention_tensor_64)                                                  \
  KERNEL(attention_tensor, orc_attention_tensor_128)                                                 \
  KERNEL(attention_tensor_backward, orc_attention_queries_tensor_64)                                 \
  KERNEL(attention_tensor_backward, orc_attention_queries_tensor_128)                                \
  KERNEL(attention_tensor_backward, orc_attention_keys_tensor_64)                                    \
  KERNEL(attention_tensor_backward, orc_attention_keys_tensor_128)                                   \
  KERNEL(cache, orc_cache_pieces) KERNEL(cache, orc_cache_combine)                                    \
  KERNEL(optimizer, orc_sum_of_squares) KERNEL(optimizer, orc_sum_doubles)                            \
  KERNEL(optimizer, orc_adamw) KERNEL(optimizer, orc_adamw8) KERNEL(optimizer, orc_momentum)          \
  KERNEL(low_rank, orc_low_rank_down) KERNEL(low_rank, orc_low_rank_down_tensor)                      \
  KERNEL(low_rank, orc_low_rank_up) KERNEL(low_rank, orc_low_rank_up_tensor)                          \
  KERNEL(low_rank, orc_add_low_rank) KERNEL(low_rank, orc_low_rank_back)                              \
  KERNEL(sampling, orc_sample_top) KERNEL(sampling, orc_sample_weights)                               \
  KERNEL(sampling, orc_sample)

#ifdef __cplusplus
}
#endif
