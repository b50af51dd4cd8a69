#line 2 "cells.cu"
// Operations cell by cell.

/// Rotary positions (Su et al. 2021) of the first R of D components of `heads` heads, half-split:
/// (a, b) = (x[i], x[i + R / 2]) becomes (a cos - b sin, b cos + a sin); sign -1 rotates back.
ORC_KERNEL void orc_rotate(float *x, ll ldx, const float *cosine, const float *sine,
                           const int *positions, int rows, int heads, int D, int R, float sign) {
  int half = R / 2;
  ORC_EACH_CELL(rows, heads * half) {
    int head = c / half, i = c % half;
    ll angle = (ll)positions[t] * half + i;
    float *a = x + t * ldx + (ll)head * D + i, *b = a + half;
    float first = *a, second = *b, turn = sine[angle] * sign;
    *a = first * cosine[angle] - second * turn;
    *b = second * cosine[angle] + first * turn;
  }
}

/// p of g p: 1 / (1 + exp(-g)) of silu; of GELU's tanh form the same of 2 z,
/// z = sqrt(2 / pi) (g + 0.044715 g^3).
ORC_DEVICE float gate_share(float g, int activation) {
  if (activation == 0) return 1.0f / (1.0f + expf(-g));
  float z = 0.7978845608028654f * (g + 0.044715f * g * g * g);
  return 1.0f / (1.0f + expf(-2.0f * z));
}

/// h = f(g) u, gate_up (rows, 2 F): g, then u.
ORC_KERNEL void orc_gate(float *h, const float *gate_up, int rows, int F, int activation) {
  ORC_EACH_CELL(rows, F) {
    const float *g = gate_up + (ll)t * 2 * F + c;
    h[(ll)t * F + c] = g[0] * gate_share(g[0], activation) * g[F];
  }
}

/// With h = g p u:  du = dh g p;  dg = dh u p (1 + a (1 - p)), a = g of silu, 2 g dz/dg of GELU.
/// gradient may be gate_up: a thread reads both cells before it writes them.
ORC_KERNEL void orc_gate_backward(float *gradient, const float *dh, const float *gate_up, int rows,
                                  int F, int activation) {
  ORC_EACH_CELL(rows, F) {
    ll at = (ll)t * 2 * F + c;
    float g = gate_up[at], u = gate_up[at + F], up = dh[(ll)t * F + c];
    float p = gate_share(g, activation);
    float slope = activation == 0
                      ? g
                      : 2.0f * g * 0.7978845608028654f * (1.0f + 0.134145f * g * g);
    gradient[at + F] = up * g * p;
    gradient[at] = up * u * p * (1.0f + slope * (1.0f - p));
  }
}

/// Whether cell c of a row with this key is kept: two rounds of Wellons' lowbias32, the key's halves
/// before each. The masks are those of the CPU.
ORC_DEVICE unsigned mask_bits(unsigned long long key, unsigned c) {
  unsigned x = c * 0x9E3779B9u + (unsigned)key;
  x = (x ^ (x >> 16)) * 0x7FEB352Du;
  x = (x ^ (x >> 15)) * 0x846CA68Bu;
  x = (x ^ (x >> 16)) + (unsigned)(key >> 32);
  x = (x ^ (x >> 16)) * 0x7FEB352Du;
  x = (x ^ (x >> 15)) * 0x846CA68Bu;
  return x ^ (x >> 16);
}

ORC_KERNEL void orc_dropout(float *y, const float *x, ll ldx, const unsigned long long *keys,
                            unsigned threshold, float scale, int rows, int columns) {
  ORC_EACH_CELL(rows, columns)
  y[(ll)t * columns + c] =
      mask_bits(keys[t], (unsigned)c) >= threshold ? x[t * ldx + c] * scale : 0.0f;
}

ORC_KERNEL void orc_dropout_backward(float *dx, const float *dy, const unsigned long long *keys,
                                     unsigned threshold, float scale, int rows, int columns) {
  ORC_EACH_CELL(rows, columns) {
    ll at = (ll)t * columns + c;
    if (mask_bits(keys[t], (unsigned)c) >= threshold) dx[at] += dy[at] * scale;
  }
}

ORC_KERNEL void orc_add_row(float *x, ll ldx, const float *row, int rows, int columns) {
  ORC_EACH_CELL(rows, columns) x[t * ldx + c] += row[c];
}

ORC_KERNEL void orc_multiply_row(float *y, ll ldy, const float *x, ll ldx, const float *row, int rows,
                                 int columns, int accumulate) {
  ORC_EACH_CELL(rows, columns) {
    float product = x[t * ldx + c] * row[c];
    y[t * ldy + c] = accumulate ? y[t * ldy + c] + product : product;
  }
}

ORC_KERNEL void orc_scale_rows(float *y, ll ldy, const float *x, ll ldx, const float *factors,
                               int rows, int columns) {
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] = x[t * ldx + c] * factors[t];
}

ORC_KERNEL void orc_add(float *y, ll ldy, const float *x, ll ldx, float alpha, int rows,
                        int columns) {
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] += alpha * x[t * ldx + c];
}

ORC_KERNEL void orc_copy(float *y, ll ldy, const float *x, ll ldx, int rows, int columns) {
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] = x[t * ldx + c];
}

ORC_KERNEL void orc_zero(float *y, ll ldy, int rows, int columns) {
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] = 0.0f;
}

/// x = cap tanh(x / cap).
ORC_KERNEL void orc_softcap(float *x, ll ldx, float cap, int rows, int columns) {
  float inverse = 1.0f / cap;
  ORC_EACH_CELL(rows, columns) x[t * ldx + c] = cap * tanhf(x[t * ldx + c] * inverse);
}

/// To bfloat16, the nearest.
ORC_KERNEL void orc_round(unsigned short *y, ll ldy, const float *x, ll ldx, int rows, int columns) {
  bool areFours = columns % 4 == 0 && ldy % 4 == 0 && ldx % 4 == 0 &&
                  (unsigned long long)y % 8 == 0 && (unsigned long long)x % 16 == 0;
  if (areFours) {
    ORC_EACH_FOUR(rows, columns) {
      float4 cells = *(const float4 *)(x + t * ldx + c);
      float four[4] = {cells.x, cells.y, cells.z, cells.w};
      store_four_bf16(y + t * ldy + c, four);
    }
    return;
  }
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] = round_bf16(x[t * ldx + c]);
}
