#line 2 "factors.cuh"
// The factors of products: at(i, k) is row (or column) i at step k of the sum, 0 outside; pair(i, k) the
// same of k, which is even, and k + 1, rounded to bfloat16 in one word.

/// float32 cells with any strides.
struct Cells {
  /// Whether rows may lie in memory as a tile takes them: see copy_words.
  enum { MAY_COPY = 0 };
  const float *p;
  ll row, step;
  int rows, K;

  __device__ __forceinline__ bool is_copied() const { return false; }
  __device__ __forceinline__ const void *words(int, int) const { return nullptr; }
  /// Whether neighbours in k are neighbours in memory.
  __device__ __forceinline__ bool runs_along_k() const { return step == 1; }
  __device__ __forceinline__ float at(int i, int k) const {
    return i < rows && k < K ? p[i * row + k * step] : 0.0f;
  }
  __device__ __forceinline__ unsigned pair(int i, int k) const {
    const float *cell = p + i * row + k;
    if (step == 1 && i < rows && k + 1 < K && (unsigned long long)cell % 8 == 0) {
      float2 two = *(const float2 *)cell;
      return pack_bf16(two.x, two.y);
    }
    return pack_bf16(at(i, k), at(i, k + 1));
  }
};
