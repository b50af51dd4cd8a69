#ifndef ORCHESTRATE_KERNELS_H
#define ORCHESTRATE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The instruction sets the kernels are compiled for. Later is faster.
typedef enum orc_level {
  ORC_BASE = 0,
  ORC_AVX2 = 1,
  ORC_AVX512 = 2,
  /// The kernels of AVX-512, and products of bfloat16 in hardware.
  ORC_AVX512BF16 = 3,
} orc_level;

/// `count` rows of keys and values of one head, `stride` floats apart.
typedef struct orc_run {
  const float *k, *v;
  size_t stride, count;
} orc_run;

/// Every kernel of one instruction set. All matrices are row-major float32, T rows of the stated
/// width; a `stride` is the distance between rows in floats. No kernel allocates, except scratch
/// that grows with its thread; none starts threads: the caller cuts rows into tasks. The order of
/// every sum is fixed by the sizes, so the bits depend on the level and the sizes alone.
typedef struct orc_kernels {
  orc_level level;
  const char *name;

  // norm.h
  /// For each of `groups` parts of C in a row: r[t,g] = 1 / sqrt(mean_c(x^2) + eps);
  /// y = x * r * (w + one).  w: (C).  y and r are overwritten; y may be x.
  void (*rmsnorm_forward)(float *y, size_t y_stride, float *r, const float *x, size_t x_stride,
                          const float *w, size_t T, size_t groups, size_t C, float eps, float one);
  /// y = x * r * (w + one) with a known r.
  void (*rmsnorm_again)(float *y, size_t y_stride, const float *r, const float *x, size_t x_stride,
                        const float *w, size_t T, size_t groups, size_t C, float one);
  /// dx (+)= r * (w' dy - x r^2 mean_c(w' dy x)), w' = w + one;  dw += sum_t dy x r, t ascending.
  /// dw may be NULL; without `accumulate` dx may be dy.
  void (*rmsnorm_backward)(float *dx, size_t dx_stride, float *dw, const float *dy,
                           size_t dy_stride, const float *x, size_t x_stride, const float *w,
                           const float *r, size_t T, size_t groups, size_t C, float one,
                           int accumulate);

  // rope.h
  /// Rotates the first R components of `heads` heads of D in each row, halves (i, i + R/2) as
  /// Hugging Face lays them out, by the angle of positions[t]; cosine and sine: (positions, R/2).
  /// sign -1 rotates back.
  void (*rope)(float *x, size_t stride, const float *cosine, const float *sine,
               const int32_t *positions, size_t T, size_t heads, size_t D, size_t R, float sign);

  // swiglu.h
  /// gu: (T, 2F), gate then up.  h[t,f] = g / (1 + exp(-g)) * u.
  void (*swiglu_forward)(float *h, const float *gu, size_t T, size_t F);
  /// dgu is overwritten and may be gu.
  void (*swiglu_backward)(float *dgu, const float *dh, const float *gu, size_t T, size_t F);

  // geglu.h
  /// As swiglu with h[t,f] = gelu_tanh(g) * u.
  void (*geglu_tanh_forward)(float *h, const float *gu, size_t T, size_t F);
  /// dgu is overwritten and may be gu.
  void (*geglu_tanh_backward)(float *dgu, const float *dh, const float *gu, size_t T, size_t F);

  // cross_entropy.h
  /// lse[t] = log sum_v exp(logits[t,v]);  logp[t] = logits[t, labels[t]] - lse[t].
  void (*cross_entropy_forward)(float *logp, float *lse, const float *logits,
                                const int32_t *labels, size_t T, size_t V);
  /// In place: logits[t,v] = dlogp[t] * ([v = label] - exp(logits[t,v] - lse[t])), with softcap > 0
  /// times 1 - (logits[t,v] / softcap)^2.
  void (*cross_entropy_backward)(float *logits, const float *lse, const int32_t *labels,
                                 const float *dlogp, size_t T, size_t V, float softcap);
  /// The place of the greatest of x[0 ..< n], the first among equals; a NaN is none.
  size_t (*greatest)(const float *x, size_t n);
  /// x = cap * tanh(x / cap).
  void (*softcap)(float *x, size_t n, float cap);

  // attention.h
  /// Causal attention of one sequence and one key-value head with its `group` query heads.
  /// Query i sees the keys from i - window + 1 to i; a window of T or more sees all before it.
  /// q, o: row t at q + t * stride, head g at + g * D.  lse: (T, group) at lse + t * lse_stride.
  /// Scores are s = scale q k, then with softcap > 0 softcap * tanh(s / softcap), then masked.
  /// Of the queries start ..< start + count alone; start a multiple of 48, so that the bits are those
  /// of the whole. Keys and values are laid out anew for each call.
  void (*attention_forward)(float *o, size_t o_stride, float *lse, size_t lse_stride,
                            const float *q, const float *k, const float *v, size_t stride,
                            size_t start, size_t count, size_t D, size_t group, size_t window,
                            float scale, float softcap);
  /// The last `count` queries of a sequence whose keys and values lie in runs, first to last: they
  /// have the bits that attention_forward gives them. q and o begin with the first of them, q rows
  /// `stride` apart.
  void (*attention_runs)(float *o, size_t o_stride, const float *q, size_t stride,
                         const orc_run *runs, size_t run_count, size_t count, size_t D,
                         size_t group, size_t window, float scale, float softcap);
  /// dq, dk, dv are overwritten; they share one stride, as q, k, v do.
  void (*attention_backward)(float *dq, float *dk, float *dv, size_t d_stride, const float *d_o,
                             const float *o, size_t o_stride, const float *lse, size_t lse_stride,
                             const float *q, const float *k, const float *v, size_t stride,
                             size_t T, size_t D, size_t group, size_t window, float scale,
                             float softcap);
  /// One query head over `length` cached keys and values; k and v have stride kv_stride.
  void (*attention_one)(float *o, const float *q, const float *k, const float *v,
                        size_t kv_stride, size_t length, size_t D, float scale, float softcap);
  /// The same over runs of them, first to last; the bits do not depend on where runs end.
  void (*attention_one_runs)(float *o, const float *q, const orc_run *runs, size_t run_count,
                             size_t D, float scale, float softcap);

  // embedding.h
  /// y[t] = alpha * table[ids[t]].
  void (*gather_rows)(float *y, size_t y_stride, const float *table, size_t table_stride,
                      const int32_t *ids, size_t T, size_t C, float alpha);
  /// table[ids[t]] += alpha * dy[t] for the ids whose remainder by `parts` is `part`, t ascending.
  void (*scatter_rows)(float *table, const int32_t *ids, const float *dy, size_t T, size_t C,
                       float alpha, size_t part, size_t parts);

  // dropout.h
  /// y = x * scale where hash(keys[t], c) >= threshold, else 0.
  void (*dropout)(float *y, const float *x, size_t x_stride, const uint64_t *keys,
                  uint32_t threshold, float scale, size_t T, size_t C);
  /// dx += dy * scale where kept.
  void (*dropout_backward)(float *dx, const float *dy, const uint64_t *keys, uint32_t threshold,
                           float scale, size_t T, size_t C);

  // elementwise.h
  /// y += alpha * x.
  void (*add_scaled)(float *y, size_t y_stride, const float *x, size_t x_stride, float alpha,
                     size_t T, size_t C);
  void (*scale_row)(float *y, const float *x, float factor, size_t C);
  void (*add_row)(float *y, size_t stride, const float *row, size_t T, size_t C);
  /// sum[c] += sum_t x[t,c], t ascending.
  void (*sum_rows)(float *sum, const float *x, size_t stride, size_t T, size_t C);
  /// sum[c] += sum_t x[t,c] y[t,c], t ascending.
  void (*sum_products)(float *sum, const float *x, size_t x_stride, const float *y,
                       size_t y_stride, size_t T, size_t C);
  /// y[t,c] (+)= x[t,c] * row[c]; y may be x.
  void (*multiply_row)(float *y, size_t y_stride, const float *x, size_t x_stride,
                       const float *row, size_t T, size_t C, int accumulate);

  // product.h
  /// C[i,j] = alpha * sum_k A[i,k] B[j,k] + beta * C[i,j].  The order of the sum of one element
  /// depends on K alone, so a row has the same bits whatever rows it is computed with.
  void (*product_nt)(float *C, size_t ldc, const float *A, size_t lda, const float *B, size_t ldb,
                     size_t M, size_t N, size_t K, float alpha, float beta);
  /// C[i,j] = alpha * sum_k A[i*ars + k*acs] B[k,j] + beta * C[i,j], k ascending.
  void (*product_nn)(float *C, size_t ldc, const float *A, size_t ars, size_t acs, const float *B,
                     size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta);
  /// product_nt with B in bfloat16, widened as it is read; sums in float32.
  void (*product_nt_bf16)(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                          size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta);

  // bfloat16.h
  /// Rounds to the nearest bfloat16, ties to even; a NaN stays a NaN.
  void (*bf16_from_f32)(uint16_t *y, const float *x, size_t n);
  void (*f32_from_bf16)(float *y, const uint16_t *x, size_t n);

  // blocked.h
  /// Products of many rows, by blocks laid out once per call: a tile of C of at least 256 rows pays
  /// for that. C (M, N) = alpha A (M, K) B (N, K)^T + beta C. An element's bits depend on its row,
  /// its column and K alone, wherever C is cut into tiles.
  void (*blocked_nt)(float *C, size_t ldc, const float *A, size_t lda, const float *B, size_t ldb,
                     size_t M, size_t N, size_t K, float alpha, float beta);
  /// C (M, N) = alpha A (M, K) B (K, N) + beta C.
  void (*blocked_nn)(float *C, size_t ldc, const float *A, size_t lda, const float *B, size_t ldb,
                     size_t M, size_t N, size_t K, float alpha, float beta);
  /// C (M, N) = alpha A (K, M)^T B (K, N) + beta C: a weight's gradient, K the tokens.
  void (*blocked_tn)(float *C, size_t ldc, const float *A, size_t lda, const float *B, size_t ldb,
                     size_t M, size_t N, size_t K, float alpha, float beta);
  /// The first two with B in bfloat16: widened and multiplied in float32, but at ORC_AVX512BF16 A is
  /// rounded to bfloat16 and pairs of terms are multiplied in hardware, sums in float32.
  void (*blocked_nt_bf16)(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                          size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta);
  void (*blocked_nn_bf16)(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                          size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta);

  // nf4.h
  /// Elements first ..< first + count of a tensor in NF4, to out[0 ..< count]: blocks of 64 over
  /// the flattened tensor, value = code book[code] * absmax[block], the first value of a byte in
  /// its high half. codes and absmax are those of the whole tensor.
  void (*nf4_decode)(float *out, const uint8_t *codes, const float *absmax, size_t first,
                     size_t count);

  // product.h
  /// product_nt with B in binary16, widened as it is read; sums in float32.
  void (*product_nt_f16)(float *C, size_t ldc, const float *A, size_t lda, const uint16_t *B,
                         size_t ldb, size_t M, size_t N, size_t K, float alpha, float beta);

  // block_product.h
  /// Rounds T rows of K values, a multiple of 32, to 8 bits and a scale per 32 of them, for
  /// product_nt_blocks: orc_packed_bytes(K) for each row, 64-byte aligned.
  void (*round_rows)(void *packed, const float *x, size_t stride, size_t T, size_t K);
  /// C[i,j] = alpha * sum_k A[i,k] B[j,k] + beta * C[i,j] of M packed rows and N rows of weights in
  /// GGUF's blocks of the type that ggml numbers so (orc_multiplies_blocks), one after the other.
  /// Integer products, sums in float32; an element's bits depend on its row, its column and K alone.
  void (*product_nt_blocks)(float *C, size_t ldc, const void *packed, const uint8_t *B, int type,
                            size_t M, size_t N, size_t K, float alpha, float beta);
} orc_kernels;

/// Bytes of a packed row of K values.
static inline size_t orc_packed_bytes(size_t K) { return (K + 255) / 256 * 832; }

/// Whether product_nt_blocks knows ggml's type of this number: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K to
/// Q6_K, IQ4_NL, IQ4_XS.
static inline int orc_multiplies_blocks(uint32_t type) {
  return type < 32 && (0x907DCCu >> type & 1) != 0;
}

/// The kernels of a level; NULL when this CPU or this build lacks it.
const orc_kernels *orc_kernels_at(orc_level level);

/// The fastest kernels of this CPU: not ORC_AVX512BF16 where its products are the slower ones.
const orc_kernels *orc_kernels_best(void);

/// Scratch of the calling thread: at least `floats` floats, 64-byte aligned, kept until the thread
/// ends. Valid until the next call on the same thread.
float *orc_scratch(size_t floats);

#endif
