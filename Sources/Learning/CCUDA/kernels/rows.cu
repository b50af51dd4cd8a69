#line 2 "rows.cu"
// Rows that are reduced: norms, sums, dots. One block a row (or a group of it).

/// RMS normalization (Zhang & Sennrich 2019, eq. 4; epsilon inside the root) of a group of C columns:
/// y = x r (w + one), r = 1 / sqrt(mean(x^2) + epsilon). y may be x.
ORC_KERNEL void orc_rms_norm(float *y, ll ldy, float *r, const float *x, ll ldx, const float *w,
                             int groups, int C, float epsilon, float one) {
  ll t = blockIdx.x / groups, first = (ll)(blockIdx.x % groups) * C;
  const float *in = x + t * ldx + first;
  float *out = y + t * ldy + first, sum = 0;
  for (int c = threadIdx.x; c < C; c += blockDim.x) sum += in[c] * in[c];
  float scale = 1.0f / sqrtf(block_sum(sum) / (float)C + epsilon);
  if (threadIdx.x == 0) r[blockIdx.x] = scale;
  for (int c = threadIdx.x; c < C; c += blockDim.x) out[c] = in[c] * scale * (w[c] + one);
}

/// y = x r (w + one) with the r that was kept.
ORC_KERNEL void orc_rms_norm_again(float *y, ll ldy, const float *r, const float *x, ll ldx,
                                   const float *w, int groups, int C, float one) {
  ll t = blockIdx.x / groups, first = (ll)(blockIdx.x % groups) * C;
  const float *in = x + t * ldx + first;
  float *out = y + t * ldy + first, scale = r[blockIdx.x];
  for (int c = threadIdx.x; c < C; c += blockDim.x) out[c] = in[c] * scale * (w[c] + one);
}

/// y = x r (w + one):  dx (+)= r (w + one) dy - x r^3 / C sum((w + one) dy x). dx may be dy: a thread
/// reads a cell of dy for the last time before it writes it.
ORC_KERNEL void orc_rms_norm_backward(float *dx, ll lddx, const float *dy, ll lddy, const float *x,
                                      ll ldx, const float *w, const float *r, int groups, int C,
                                      float one, int accumulate) {
  ll t = blockIdx.x / groups, first = (ll)(blockIdx.x % groups) * C;
  const float *in = x + t * ldx + first, *up = dy + t * lddy + first;
  float *down = dx + t * lddx + first, scale = r[blockIdx.x], dot = 0;
  for (int c = threadIdx.x; c < C; c += blockDim.x) dot += (w[c] + one) * up[c] * in[c];
  float shrink = block_sum(dot) / (float)C * scale * scale * scale;
  for (int c = threadIdx.x; c < C; c += blockDim.x) {
    float slope = scale * (w[c] + one) * up[c] - in[c] * shrink;
    down[c] = accumulate ? down[c] + slope : slope;
  }
}

/// partial[b, c] = sum over 64 rows and all groups of dy x r: what dw adds up.
ORC_KERNEL void orc_rms_norm_weight(float *partial, ll ldp, const float *dy, ll lddy, const float *x,
                                    ll ldx, const float *r, int groups, int C, int rows) {
  int c = (int)(blockIdx.x * blockDim.x + threadIdx.x), first = (int)blockIdx.y * 64;
  if (c >= C) return;
  float sum = 0;
  for (int t = first; t < rows && t < first + 64; t++)
    for (int g = 0; g < groups; g++) {
      ll column = (ll)g * C + c;
      sum += dy[t * lddy + column] * x[t * ldx + column] * r[(ll)t * groups + g];
    }
  partial[blockIdx.y * ldp + c] = sum;
}

/// partial[b, c] = sum over 64 rows of x.
ORC_KERNEL void orc_sum_rows(float *partial, ll ldp, const float *x, ll ldx, int rows, int columns) {
  int c = (int)(blockIdx.x * blockDim.x + threadIdx.x), first = (int)blockIdx.y * 64;
  if (c >= columns) return;
  float sum = 0;
  for (int t = first; t < rows && t < first + 64; t++) sum += x[t * ldx + c];
  partial[blockIdx.y * ldp + c] = sum;
}

/// partial[b, c] = sum over 64 rows of x y.
ORC_KERNEL void orc_sum_products(float *partial, ll ldp, const float *x, ll ldx, const float *y,
                                 ll ldy, int rows, int columns) {
  int c = (int)(blockIdx.x * blockDim.x + threadIdx.x), first = (int)blockIdx.y * 64;
  if (c >= columns) return;
  float sum = 0;
  for (int t = first; t < rows && t < first + 64; t++) sum += x[t * ldx + c] * y[t * ldy + c];
  partial[blockIdx.y * ldp + c] = sum;
}

/// sum[c] += the rows of partial, ascending.
ORC_KERNEL void orc_add_partials(float *sum, const float *partial, ll ldp, int blocks, int columns) {
  int c = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (c >= columns) return;
  float total = sum[c];
  for (int b = 0; b < blocks; b++) total += partial[b * ldp + c];
  sum[c] = total;
}

/// dots[t] = x[t] . y[t], summed in double.
ORC_KERNEL void orc_row_dots(float *dots, const float *x, ll ldx, const float *y, ll ldy,
                             int columns) {
  const float *a = x + blockIdx.x * ldx, *b = y + blockIdx.x * ldy;
  double sum = 0;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) sum += (double)a[c] * (double)b[c];
  sum = block_sum(sum);
  if (threadIdx.x == 0) dots[blockIdx.x] = (float)sum;
}

/// norms[t] = |x[t]|, summed in double.
ORC_KERNEL void orc_row_norms(float *norms, const float *x, ll ldx, int columns) {
  const float *row = x + blockIdx.x * ldx;
  double sum = 0;
  for (int c = threadIdx.x; c < columns; c += blockDim.x) sum += (double)row[c] * (double)row[c];
  sum = block_sum(sum);
  if (threadIdx.x == 0) norms[blockIdx.x] = (float)sqrt(sum);
}
