// Prints what every kernel of the base level makes of fixed inputs: a line per kernel, its name and
// its numbers. The same program for two processors must print the same numbers, up to rounding.
#include "orc_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { T = 53, C = 22, D = 12, GROUP = 2, M = 9, N = 37, K = 67 };

static uint32_t state = 1;

/// -1 ..< 1, from the upper bits of a 32-bit linear congruence (Numerical Recipes).
static float noise(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(int32_t)(state & 0xFFFFFF00u) / 2147483648.0f;
}

/// Fresh numbers; the program ends soon, so nothing is freed.
static float *numbers(size_t n) {
  float *x = malloc(n * sizeof(float));
  if (!x) abort();
  for (size_t i = 0; i < n; i++) x[i] = noise();
  return x;
}

static void show(const char *name, const float *x, size_t n) {
  printf("%s", name);
  for (size_t i = 0; i < n; i++) printf(" %.9g", (double)x[i]);
  printf("\n");
}

static void show_rows(const orc_kernels *k) {
  float *x = numbers(T * C), *w = numbers(C), *dy = numbers(T * C);
  float *y = numbers(T * C), *r = numbers(T * GROUP), *dx = numbers(T * C), *dw = numbers(C);
  k->rmsnorm_forward(y, C, r, x, C, w, T, GROUP, C / GROUP, 1e-5f, 1);
  show("rmsnorm_forward", y, T * C);
  k->rmsnorm_again(dx, C, r, x, C, w, T, GROUP, C / GROUP, 0);
  show("rmsnorm_again", dx, T * C);
  k->rmsnorm_backward(dx, C, dw, dy, C, x, C, w, r, T, GROUP, C / GROUP, 1, 1);
  show("rmsnorm_backward", dx, T * C);
  show("rmsnorm_backward.dw", dw, C);
  int32_t positions[T], ids[T];
  for (int t = 0; t < T; t++) positions[t] = t * 5 % T, ids[t] = t * 7 % 11;
  float *turned = numbers(T * 2 * D);
  k->rope(turned, 2 * D, numbers(T * D / 2), numbers(T * D / 2), positions, T, 2, D, D - 4,
          -1);
  show("rope", turned, T * 2 * D);
  float *table = numbers(11 * C);
  k->gather_rows(y, C, table, C, ids, T, C, 0.5f);
  show("gather_rows", y, T * C);
  for (size_t part = 0; part < 3; part++) k->scatter_rows(table, ids, dy, T, C, 2, part, 3);
  show("scatter_rows", table, 11 * C);
  uint64_t keys[T];
  for (int t = 0; t < T; t++) keys[t] = (uint64_t)t * 0x9E3779B97F4A7C15u;
  k->dropout(y, x, C, keys, 1u << 30, 4.0f / 3, T, C);
  show("dropout", y, T * C);
  k->dropout_backward(dx, dy, keys, 1u << 30, 4.0f / 3, T, C);
  show("dropout_backward", dx, T * C);
}

static void show_gates(const orc_kernels *k) {
  float *gu = numbers(T * 2 * C), *dh = numbers(T * C), *h = numbers(T * C);
  float *dgu = numbers(T * 2 * C);
  for (int i = 0; i < T * 2 * C; i++) gu[i] *= 6;
  k->swiglu_forward(h, gu, T, C);
  show("swiglu_forward", h, T * C);
  k->swiglu_backward(dgu, dh, gu, T, C);
  show("swiglu_backward", dgu, T * 2 * C);
  k->geglu_tanh_forward(h, gu, T, C);
  show("geglu_tanh_forward", h, T * C);
  k->geglu_tanh_backward(dgu, dh, gu, T, C);
  show("geglu_tanh_backward", dgu, T * 2 * C);
  float *logits = numbers(3 * 2099), logp[3], lse[3], weights[3] = {1, -0.5f, 2};
  int32_t labels[3] = {5, C - 1, 0};
  for (int i = 0; i < 3 * 2099; i++) logits[i] *= 9;
  k->cross_entropy_forward(logp, lse, logits, labels, 3, 2099);
  show("cross_entropy_forward", logp, 3);
  k->cross_entropy_backward(logits, lse, labels, weights, 3, 2099, 0);
  show("cross_entropy_backward", logits, 3 * 2099);
  k->softcap(h, T * C, 2);
  show("softcap", h, T * C);
  k->cross_entropy_backward(h, lse, labels, weights, 3, C, 2);
  show("cross_entropy_backward.cap", h, 3 * C);
}

static void show_attention(const orc_kernels *k, const char *name, size_t window, float softcap) {
  size_t width = (GROUP + 2) * D, tokens = 3 * T;
  float *x = numbers(tokens * width), *up = numbers(tokens * GROUP * D);
  float *o = numbers(tokens * GROUP * D), *lse = numbers(tokens * GROUP);
  float *dx = numbers(tokens * width);
  const float *key = x + GROUP * D, *value = key + D;
  float *dk = dx + GROUP * D, *dv = dk + D;
  char line[64];
  k->attention_forward(o, GROUP * D, lse, GROUP, x, key, value, width, 0, tokens, D, GROUP,
                       window, 0.3f, softcap);
  snprintf(line, sizeof line, "attention_forward.%s", name);
  show(line, o, tokens * GROUP * D);
  k->attention_backward(dx, dk, dv, width, up, o, GROUP * D, lse, GROUP, x, key, value, width,
                        tokens, D, GROUP, window, 0.3f, softcap);
  snprintf(line, sizeof line, "attention_backward.%s", name);
  show(line, dx, tokens * width);
  k->attention_forward(o, GROUP * D, lse, GROUP, x, key, value, width, 48, 61, D, GROUP, window,
                       0.3f, softcap);
  snprintf(line, sizeof line, "attention_forward.part.%s", name);
  show(line, o, tokens * GROUP * D);
  k->attention_one(o, x, key, value, width, tokens, D, 0.3f, softcap);
  snprintf(line, sizeof line, "attention_one.%s", name);
  show(line, o, D);
}

static void show_elements(const orc_kernels *k) {
  size_t n = T * C;
  float *x = numbers(n), *y = numbers(n), *row = numbers(C), *sum = numbers(C);
  k->add_scaled(y, C, x, C, 0.5f, T, C);
  k->add_row(y, C, row, T, C);
  k->multiply_row(y, C, y, C, row, T, C, 0);
  k->multiply_row(y, C, x, C, row, T, C, 1);
  show("rows", y, n);
  k->sum_rows(sum, x, C, T, C);
  k->sum_products(sum, x, C, y, C, T, C);
  show("sums", sum, C);
  k->scale_row(sum, x, 3, C);
  show("scale_row", sum, C);
  uint16_t *half = malloc(n * sizeof(uint16_t));
  if (!half) abort();
  k->bf16_from_f32(half, x, n);
  k->f32_from_bf16(y, half, n);
  show("bfloat16", y, n);
  k->nf4_decode(y, (const uint8_t *)half, x, 3, n - 5);
  show("nf4_decode", y, n - 5);
}

static void show_products(const orc_kernels *k) {
  float *a = numbers(M * K), *b = numbers(N * K), *c = numbers(M * N);
  uint16_t *half = malloc(N * K * sizeof(uint16_t));
  if (!half) abort();
  k->bf16_from_f32(half, b, N * K);
  k->product_nt(c, N, a, K, b, K, M, N, K, 0.5f, 1);
  show("product_nt", c, M * N);
  k->product_nn(c, N, a, K, 1, b, N, M, N, K, 0.5f, 0);
  show("product_nn", c, M * N);
  k->product_nt_bf16(c, N, a, K, half, K, M, N, K, 1, 0);
  show("product_nt_bf16", c, M * N);
  k->blocked_nt(c, N, a, K, b, K, M, N, K, 1, 0);
  show("blocked_nt", c, M * N);
  k->blocked_nn(c, N, a, K, b, N, M, N, K, 1, 1);
  show("blocked_nn", c, M * N);
  k->blocked_tn(c, N, a, M, b, N, M, N, K, 1, 0);
  show("blocked_tn", c, M * N);
  k->blocked_nt_bf16(c, N, a, K, half, K, M, N, K, 1, 0);
  show("blocked_nt_bf16", c, M * N);
  k->blocked_nn_bf16(c, N, a, K, half, N, M, N, K, 1, 1);
  show("blocked_nn_bf16", c, M * N);
}

/// Weights in blocks of every type: any bytes are codes, scales are made small numbers.
static void show_blocks(const orc_kernels *k) {
  enum { ROWS = 3, OUTPUTS = 7, WIDTH = 3 * 256 };
  static const struct {
    int type, bytes, weights, scales[2];
  } types[] = {{2, 18, 32, {0, 0}},      {3, 20, 32, {0, 2}},      {6, 22, 32, {0, 0}},
               {7, 24, 32, {0, 2}},      {8, 34, 32, {0, 0}},      {10, 84, 256, {80, 82}},
               {11, 110, 256, {108, 108}}, {12, 144, 256, {0, 2}}, {13, 176, 256, {0, 2}},
               {14, 210, 256, {208, 208}}, {20, 18, 32, {0, 0}},   {23, 136, 256, {0, 0}}};
  float *x = numbers(ROWS * WIDTH), *c = numbers(ROWS * OUTPUTS);
  void *packed = aligned_alloc(64, ROWS * orc_packed_bytes(WIDTH));
  if (!packed) abort();
  k->round_rows(packed, x, WIDTH, ROWS, WIDTH);
  for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
    size_t blocks = (size_t)OUTPUTS * WIDTH / (size_t)types[t].weights;
    size_t size = (size_t)types[t].bytes;
    uint8_t *bytes = malloc(blocks * size);
    if (!bytes) abort();
    for (size_t i = 0; i < blocks * size; i++) bytes[i] = (uint8_t)(128 * (noise() + 1));
    for (size_t b = 0; b < blocks; b++)
      for (int i = 0; i < 2; i++) {
        uint16_t half = (uint16_t)(0x2800 + b % 512);
        memcpy(bytes + b * size + types[t].scales[i], &half, 2);
      }
    k->product_nt_blocks(c, OUTPUTS, packed, bytes, types[t].type, ROWS, OUTPUTS, WIDTH, 0.5f, 1);
    char line[32];
    snprintf(line, sizeof line, "product_nt_blocks.%d", types[t].type);
    show(line, c, ROWS * OUTPUTS);
  }
  uint16_t *halves = malloc(N * K * sizeof(uint16_t));
  if (!halves) abort();
  for (size_t i = 0; i < N * K; i++) halves[i] = (uint16_t)(0x2000 + i * 37 % 0x1C00);
  k->product_nt_f16(c, OUTPUTS, x, WIDTH, halves, WIDTH, ROWS, 3, WIDTH, 1, 0);
  show("product_nt_f16", c, 3);
}

int main(void) {
  const orc_kernels *k = orc_kernels_at(ORC_BASE);
  show_rows(k);
  show_gates(k);
  show_attention(k, "plain", SIZE_MAX / 2, 0);
  show_attention(k, "window", 30, 0);
  show_attention(k, "cap", SIZE_MAX / 2, 0.8f);
  show_elements(k);
  show_products(k);
  show_blocks(k);
  return 0;
}
