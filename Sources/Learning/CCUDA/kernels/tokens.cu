#line 2 "tokens.cu"
// Tokens: rows by number, log-probabilities of labels and their gradient.

/// y[t] = alpha x[ids[t]].
ORC_KERNEL void orc_gather(float *y, ll ldy, const float *x, ll ldx, const int *ids, int rows,
                           int columns, float alpha) {
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] = alpha * x[ids[t] * ldx + c];
}

/// table[id] += alpha y[t], t ascending: each different id is one row of the launch, with the numbers
/// order[starts[t]] ..< order[starts[t + 1]].
ORC_KERNEL void orc_scatter(float *table, ll ldt, const float *y, ll ldy, const int *ids,
                            const int *order, const int *starts, int count, int columns,
                            float alpha) {
  ORC_EACH_CELL(count, columns) {
    float *cell = table + ids[order[starts[t]]] * ldt + c, sum = *cell;
    for (int i = starts[t]; i < starts[t + 1]; i++) sum += alpha * y[order[i] * ldy + c];
    *cell = sum;
  }
}

/// y[t, r] = x[r, ids[t]].
ORC_KERNEL void orc_gather_columns(float *y, ll ldy, const float *x, ll ldx, const int *ids, int rows,
                                   int columns) {
  ORC_EACH_CELL(rows, columns) y[t * ldy + c] = x[c * ldx + ids[t]];
}

/// x[r, id] += alpha y[t, r], t ascending, in the lists of orc_scatter.
ORC_KERNEL void orc_scatter_columns(float *x, ll ldx, const float *y, ll ldy, const int *ids,
                                    const int *order, const int *starts, int count, int columns,
                                    float alpha) {
  ORC_EACH_CELL(count, columns) {
    float *cell = x + c * ldx + ids[order[starts[t]]], sum = *cell;
    for (int i = starts[t]; i < starts[t + 1]; i++) sum += alpha * y[order[i] * ldy + c];
    *cell = sum;
  }
}

/// log sum over v of exp(row[v]), by a running maximum of each thread. A NaN is no maximum, but the
/// sum holds it.
ORC_DEVICE float row_log_sum(const float *row, int V) {
  // The least finite value: a row may begin with -infinity, whose exponential is 0.
  float top = -3.402823466e38f, sum = 0;
  for (int v = threadIdx.x; v < V; v += blockDim.x) {
    float x = row[v];
    if (x > top) {
      sum = sum * expf(top - x) + 1.0f;
      top = x;
    } else {
      sum += expf(x - top);
    }
  }
  float greatest = block_maximum(top);
  return greatest + logf(block_sum(sum * expf(top - greatest)));
}

ORC_KERNEL void orc_cross_entropy(float *logp, float *lse, const float *logits, ll ld,
                                  const int *labels, int V) {
  const float *row = logits + blockIdx.x * ld;
  float total = row_log_sum(row, V);
  if (threadIdx.x > 0) return;
  lse[blockIdx.x] = total;
  logp[blockIdx.x] = row[labels[blockIdx.x]] - total;
}

/// d(dlogp logp) / dx[v] = dlogp ([v = label] - exp(l[v] - lse)) (1 - (l[v] / cap)^2), in place;
/// l = cap tanh(x / cap) where softcap > 0.
ORC_KERNEL void orc_cross_entropy_backward(float *logits, ll ld, const float *lse, const int *labels,
                                           const float *dlogp, float softcap, int V) {
  float *row = logits + blockIdx.x * ld;
  float total = lse[blockIdx.x], weight = dlogp[blockIdx.x];
  float inverse = softcap > 0 ? 1.0f / softcap : 0.0f;
  int label = labels[blockIdx.x];
  for (int v = threadIdx.x; v < V; v += blockDim.x) {
    float l = row[v], slope = 1.0f - l * inverse * (l * inverse);
    float share = (v == label ? 1.0f : 0.0f) - expf(l - total);
    row[v] = weight * share * slope;
  }
}

/// The first of the greatest values: a NaN is none; 0 without any.
ORC_DEVICE int row_greatest(const float *row, int V) {
  __shared__ float values[32];
  __shared__ int places[32];
  float top = -INFINITY;
  int place = V;
  for (int v = threadIdx.x; v < V; v += blockDim.x)
    if (row[v] > top || (row[v] == top && v < place)) {
      top = row[v];
      place = v;
    }
  for (int step = 16; step > 0; step >>= 1) {
    float other = __shfl_xor_sync(0xFFFFFFFFu, top, step);
    int where = __shfl_xor_sync(0xFFFFFFFFu, place, step);
    if (other > top || (other == top && where < place)) {
      top = other;
      place = where;
    }
  }
  if (blockDim.x > 32) {
    if (threadIdx.x % 32 == 0) {
      values[threadIdx.x / 32] = top;
      places[threadIdx.x / 32] = place;
    }
    __syncthreads();
    for (unsigned warp = 0; warp < blockDim.x / 32; warp++)
      if (values[warp] > top || (values[warp] == top && places[warp] < place)) {
        top = values[warp];
        place = places[warp];
      }
  }
  return place < V ? place : 0;
}

ORC_KERNEL void orc_measure_rows(float *lse, int *best, const float *logits, ll ld, int V) {
  const float *row = logits + blockIdx.x * ld;
  float total = row_log_sum(row, V);
  int place = row_greatest(row, V);
  if (threadIdx.x > 0) return;
  lse[blockIdx.x] = total;
  best[blockIdx.x] = place;
}

ORC_KERNEL void orc_measure_labels(float *logp, int *likeliest, const float *lse, const int *best,
                                   const float *logits, ll ld, const int *rows, const int *labels,
                                   int count) {
  int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= count) return;
  logp[i] = logits[rows[i] * ld + labels[i]] - lse[rows[i]];
  likeliest[i] = best[rows[i]] == labels[i];
}
