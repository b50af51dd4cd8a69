#line 2 "common.cuh"
// What the kernels of every module share. CUDA C++ without includes; the emulation gives the same
// names a meaning on the host, where instructions without one have a body under ORC_EMULATED.

typedef long long ll;

#define ORC_KERNEL extern "C" __global__
#define ORC_DEVICE static __device__ __forceinline__
#define ORC_CALLED static __device__ __noinline__

#if !defined(ORC_EMULATED)
/// Memory of the block whose size the launch gives.
#define ORC_SHARED(type, name) extern __shared__ __align__(16) type name[]
#define INFINITY __int_as_float(0x7F800000)
#endif

/// Every cell (t, c) that a thread of a launch by cells owns: neighbours of a warp are neighbours in
/// memory.
#define ORC_EACH_CELL(rows, columns)                                                                 \
  for (int t = (int)(blockIdx.y * 8 + threadIdx.y); t < (rows); t += (int)gridDim.y * 8)              \
    for (int c = (int)(blockIdx.x * 128 + threadIdx.x), end = (int)(blockIdx.x * 128 + 128);          \
         c < (columns) && c < end; c += 32)

/// The same four neighbours at a time, for columns that are a multiple of 4: one store of a thread each.
#define ORC_EACH_FOUR(rows, columns)                                                                 \
  for (int t = (int)(blockIdx.y * 8 + threadIdx.y), c = (int)(blockIdx.x * 128 + threadIdx.x * 4);    \
       t < (rows) && c < (columns); t += (int)gridDim.y * 8)

// ---- Sums and greatest values of warps and blocks, in a fixed order -------------------------------

template <class T>
ORC_DEVICE T warp_sum(T x) {
  for (int step = 16; step > 0; step >>= 1) x += __shfl_xor_sync(0xFFFFFFFFu, x, step);
  return x;
}

ORC_DEVICE float warp_maximum(float x) {
  for (int step = 16; step > 0; step >>= 1) x = fmaxf(x, __shfl_xor_sync(0xFFFFFFFFu, x, step));
  return x;
}

/// The sum over the threads of a block of whole warps, for all of them.
template <class T>
ORC_DEVICE T block_sum(T x) {
  __shared__ T sums[32];
  x = warp_sum(x);
  if (blockDim.x <= 32) return x;
  // Nobody still reads the last sum.
  __syncthreads();
  if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = x;
  __syncthreads();
  T total = sums[0];
  for (unsigned warp = 1; warp < blockDim.x / 32; warp++) total += sums[warp];
  return total;
}

/// The greatest value of a block, NaN left out.
ORC_DEVICE float block_maximum(float x) {
  __shared__ float values[32];
  x = warp_maximum(x);
  if (blockDim.x <= 32) return x;
  __syncthreads();
  if (threadIdx.x % 32 == 0) values[threadIdx.x / 32] = x;
  __syncthreads();
  float top = values[0];
  for (unsigned warp = 1; warp < blockDim.x / 32; warp++) top = fmaxf(top, values[warp]);
  return top;
}

// ---- Floats of 16 bits ------------------------------------------------------------------------

ORC_DEVICE float widen_bf16(unsigned short x) { return __uint_as_float((unsigned)x << 16); }

/// The nearest bfloat16, ties to even; a NaN stays one.
ORC_DEVICE unsigned short round_bf16(float x) {
  unsigned bits = __float_as_uint(x);
  unsigned rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  return (unsigned short)((bits & 0x7FFFFFFFu) > 0x7F800000u ? (bits >> 16) | 0x40u : rounded);
}

/// Two neighbours as one word, the first in the lower half.
ORC_DEVICE unsigned pack_bf16(float first, float second) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  unsigned packed;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(second), "f"(first));
  return packed;
#else
  return (unsigned)round_bf16(first) | (unsigned)round_bf16(second) << 16;
#endif
}

/// binary16 to binary32: exact.
ORC_DEVICE float widen_f16(unsigned short h) {
  unsigned sign = (unsigned)(h & 0x8000u) << 16, rest = h & 0x7FFFu;
  // The exponent moves by 112, which a multiplication does for subnormals too.
  float moved = __uint_as_float(rest << 13) * 5192296858534827628530496329220096.0f;
  unsigned bits = rest >= 0x7C00u ? 0x7F800000u | (rest & 0x3FFu) << 13 : __float_as_uint(moved);
  return __uint_as_float(bits | sign);
}

/// Four neighbours in one store; the address is a multiple of 8 bytes.
ORC_DEVICE void store_four_bf16(unsigned short *to, const float *four) {
  uint2 words = {pack_bf16(four[0], four[1]), pack_bf16(four[2], four[3])};
  *(uint2 *)to = words;
}
