#line 2 "weight_factors.cuh"
// Stored weights as factors of products.

/// Rows of stored weights: y = x Wt.
template <int FORM>
struct WeightRows {
  /// Rows of bfloat16 are copied as they are, 8 values at a time, where those are aligned.
  enum { MAY_COPY = FORM == AS_BF16 };
  Weights w;
  int rows, K;

  __device__ __forceinline__ bool is_copied() const {
    return MAY_COPY && w.K % 8 == 0 && K % 8 == 0 && (unsigned long long)w.codes % 16 == 0;
  }
  __device__ __forceinline__ const void *words(int i, int k) const {
    return w.codes + 2 * (i * w.K + k);
  }
  __device__ __forceinline__ bool runs_along_k() const { return true; }
  __device__ __forceinline__ float at(int i, int k) const {
    return i < rows && k < K ? weight<FORM>(w, i * w.K + k) : 0.0f;
  }
  __device__ __forceinline__ unsigned pair(int i, int k) const {
    // A row of an even number of values keeps pairs together: in a word, or in a byte.
    bool isPaired = i < rows && k + 1 < K && w.K % 2 == 0;
    ll first = i * w.K + k;
    if (FORM == AS_BF16 && isPaired) return *(const unsigned *)(w.codes + 2 * first);
    if ((FORM == AS_NF4 || FORM == AS_NF4_NESTED) && isPaired) {
      int byte = w.codes[first >> 1];
      float scale = nf4_scale<FORM>(w, first >> 6);
      return pack_bf16(w.book[byte >> 4] * scale, w.book[byte & 15] * scale);
    }
    return pack_bf16(at(i, k), at(i, k + 1));
  }
};

/// Their columns: dx = dy W.
template <int FORM>
struct WeightColumns {
  enum { MAY_COPY = 0 };
  Weights w;
  int rows, K;

  __device__ __forceinline__ bool is_copied() const { return false; }
  __device__ __forceinline__ const void *words(int, int) const { return nullptr; }
  __device__ __forceinline__ bool runs_along_k() const { return false; }
  __device__ __forceinline__ float at(int i, int k) const {
    return i < rows && k < K ? weight<FORM>(w, k * w.K + i) : 0.0f;
  }
  __device__ __forceinline__ unsigned pair(int i, int k) const {
    return pack_bf16(at(i, k), at(i, k + 1));
  }
};
