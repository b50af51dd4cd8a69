#line 2 "factors.cuh"
// The factors of products: at(i, k) is row (or column) i at step k of the sum, 0 outside.

/// float32 cells with any strides.
struct Cells {
  const float *p;
  ll row, step;
  int rows, K;

  /// Whether neighbours in k are neighbours in memory.
  __device__ __forceinline__ bool runs_along_k() const { return step == 1; }
  __device__ __forceinline__ float at(int i, int k) const {
    return i < rows && k < K ? p[i * row + k * step] : 0.0f;
  }
};

/// Rows of stored weights: y = x Wt.
template <int FORM>
struct WeightRows {
  Weights w;
  int rows, K;

  __device__ __forceinline__ bool runs_along_k() const { return true; }
  __device__ __forceinline__ float at(int i, int k) const {
    return i < rows && k < K ? weight<FORM>(w, i * w.K + k) : 0.0f;
  }
};

/// Their columns: dx = dy W.
template <int FORM>
struct WeightColumns {
  Weights w;
  int rows, K;

  __device__ __forceinline__ bool runs_along_k() const { return false; }
  __device__ __forceinline__ float at(int i, int k) const {
    return i < rows && k < K ? weight<FORM>(w, k * w.K + i) : 0.0f;
  }
};
