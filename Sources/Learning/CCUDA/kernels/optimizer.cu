#line 2 "optimizer.cu"
// Steps of optimizers, with the bits of the CPU: every operation rounded by itself.

/// Sums of squares of 65536 cells each, in double.
ORC_KERNEL void orc_sum_of_squares(double *partial, const float *x, ll count) {
  ll first = (ll)blockIdx.x * 65536, end = first + 65536 < count ? first + 65536 : count;
  double sum = 0;
  for (ll i = first + threadIdx.x; i < end; i += blockDim.x) sum += (double)x[i] * (double)x[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0) partial[blockIdx.x] = sum;
}

ORC_KERNEL void orc_sum_doubles(double *sum, const double *partial, int count) {
  double total = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) total += partial[i];
  total = block_sum(total);
  if (threadIdx.x == 0) *sum = total;
}

/// ParameterUpdates.adamW.
ORC_KERNEL void orc_adamw(float *p, float *m, float *v, const float *g, ll count, float gradientScale,
                          float decayFactor, float beta1, float oneMinusBeta1, float beta2,
                          float oneMinusBeta2, float stepSize, float rootCorrection,
                          float epsilon) {
  for (ll i = (ll)blockIdx.x * blockDim.x + threadIdx.x; i < count;
       i += (ll)gridDim.x * blockDim.x) {
    float d = __fmul_rn(gradientScale, g[i]), q = __fmul_rn(decayFactor, p[i]);
    float mi = __fadd_rn(__fmul_rn(beta1, m[i]), __fmul_rn(oneMinusBeta1, d));
    float vi = __fadd_rn(__fmul_rn(beta2, v[i]), __fmul_rn(oneMinusBeta2, __fmul_rn(d, d)));
    m[i] = mi;
    v[i] = vi;
    float root = __fadd_rn(__fmul_rn(__fsqrt_rn(vi), rootCorrection), epsilon);
    p[i] = __fsub_rn(q, __fmul_rn(stepSize, __fdiv_rn(mi, root)));
  }
}

/// ParameterUpdates.momentumSGD; plainSGD without b.
ORC_KERNEL void orc_momentum(float *p, float *b, const float *g, ll count, float gradientScale,
                             float weightDecay, float momentum, float learningRate) {
  for (ll i = (ll)blockIdx.x * blockDim.x + threadIdx.x; i < count;
       i += (ll)gridDim.x * blockDim.x) {
    float d = __fadd_rn(__fmul_rn(gradientScale, g[i]), __fmul_rn(weightDecay, p[i]));
    if (b) {
      d = __fadd_rn(__fmul_rn(momentum, b[i]), d);
      b[i] = d;
    }
    p[i] = __fsub_rn(p[i], __fmul_rn(learningRate, d));
  }
}

/// a b + c rounded once: the product of two floats is exact in double.
ORC_DEVICE float fused(float a, float b, float c) {
  return (float)__dadd_rn(__dmul_rn((double)a, (double)b), (double)c);
}

/// DynamicMap.index: the code of a value already divided by its block's scale. Its grid of 65 536
/// steps is not stored: its entry is the number of midpoints of neighbouring codes below the step.
ORC_DEVICE unsigned char map_code(const float *map, float normal) {
  float half = (fminf(1.0f, fmaxf(-1.0f, normal)) + 1.0f) * 0.5f;
  int step = (int)(float)__dadd_rn(__dmul_rn((double)half, 65535.0), 0.5);
  float value = __fadd_rn(-1.0f, __fdiv_rn(2.0f * (float)step, 65535.0f));
  int low = 0, high = 255;
  while (low < high) {
    int middle = (low + high) / 2;
    if (__fmul_rn(0.5f, __fadd_rn(map[middle], map[middle + 1])) < value) low = middle + 1;
    else high = middle;
  }
  return (unsigned char)low;
}

/// The code of 0 in a map.
ORC_DEVICE unsigned char code_of_zero(const float *map) {
  int place = 0;
  while (place < 255 && map[place] != 0.0f) place++;
  return (unsigned char)place;
}

/// DynamicMap.encode of one block of 256, one value a thread; all threads of the block call it.
ORC_DEVICE void encode_moment(unsigned char *codes, float *scales, const float *map, float x, ll i,
                              ll count) {
  bool isInside = i < count;
  float scale = block_maximum(isInside && x == x ? fabsf(x) : 0.0f);
  if (threadIdx.x == 0) scales[blockIdx.x] = scale;
  if (!isInside) return;
  float normal = __fmul_rn(x, __fdiv_rn(1.0f, scale));
  if (scale == 0.0f) codes[i] = 0;
  else codes[i] = normal == normal ? map_code(map, normal) : code_of_zero(map);
}

/// ParameterUpdates.adamW8bit: a block of threads a block of 256 parameters.
ORC_KERNEL void orc_adamw8(float *p, const float *g, unsigned char *m, float *mScales,
                           unsigned char *v, float *vScales, const float *signedMap,
                           const float *unsignedMap, ll count, float gradientScale,
                           float decayFactor, float beta1, float oneMinusBeta1, float beta2,
                           float oneMinusBeta2, float stepSize, float rootDivisor, float epsilon) {
  __shared__ float maps[2][256];
  maps[0][threadIdx.x] = signedMap[threadIdx.x];
  maps[1][threadIdx.x] = unsignedMap[threadIdx.x];
  __syncthreads();
  ll i = (ll)blockIdx.x * 256 + threadIdx.x;
  float mi = 0, vi = 0;
  if (i < count) {
    mi = __fmul_rn(maps[0][m[i]], mScales[blockIdx.x]);
    vi = __fmul_rn(maps[1][v[i]], vScales[blockIdx.x]);
    float d = __fmul_rn(gradientScale, g[i]);
    mi = fused(oneMinusBeta1, d, __fmul_rn(mi, beta1));
    vi = fused(__fmul_rn(oneMinusBeta2, d), d, __fmul_rn(vi, beta2));
    float root = __fadd_rn(__fdiv_rn(__fsqrt_rn(vi), rootDivisor), epsilon);
    p[i] = __fsub_rn(__fmul_rn(p[i], decayFactor), __fdiv_rn(__fmul_rn(stepSize, mi), root));
  }
  // Everybody has read the scales that are written next.
  __syncthreads();
  encode_moment(m, mScales, maps[0], mi, i, count);
  encode_moment(v, vScales, maps[1], vi, i, count);
}
