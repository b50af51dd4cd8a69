#line 2 "product_tiles.cuh"
// Products in float32: c (M, N) (+)= alpha a b, both factors by rows and steps of the sum. Each element
// is one sum over k ascending, so its bits depend on its factors and K alone.

enum { TILE = 64, STEPS = 16, WIDE = TILE + 4 };

/// Where value i of 4 of a thread lies in a tile of 64 rows and 16 steps: threads of a warp read
/// neighbours.
ORC_DEVICE int tile_row(bool along_k, int i) {
  return along_k ? (int)(threadIdx.x / 16) + 16 * i : (int)(threadIdx.x % 64);
}
ORC_DEVICE int tile_step(bool along_k, int i) {
  return along_k ? (int)(threadIdx.x % 16) : (int)(threadIdx.x / 64) + 4 * i;
}

template <class Factor>
ORC_DEVICE void read_tile(float *values, const Factor &f, int first, int k) {
  bool along_k = f.runs_along_k();
  for (int i = 0; i < 4; i++)
    values[i] = f.at(first + tile_row(along_k, i), k + tile_step(along_k, i));
}

ORC_DEVICE void write_tile(float *tile, const float *values, bool along_k) {
  for (int i = 0; i < 4; i++) tile[tile_step(along_k, i) * WIDE + tile_row(along_k, i)] = values[i];
}

/// Declared by the kernel: each compiled form of a product would have tiles of its own.
#define ORC_TILES __shared__ __align__(16) float tiles[2 * STEPS * WIDE]

/// A tile of 64 x 64 by 256 threads, 4 x 4 sums each; the next steps are read while these are summed.
template <class A, class B>
ORC_DEVICE void product(float *tiles, float *c, ll ldc, const A &a, const B &b, float alpha,
                        int accumulate) {
  float *a_tile = tiles, *b_tile = tiles + STEPS * WIDE;
  int m0 = (int)blockIdx.y * TILE, n0 = (int)blockIdx.x * TILE;
  int m = (int)(threadIdx.x / 16) * 4, n = (int)(threadIdx.x % 16) * 4;
  float sums[4][4] = {}, a_next[4], b_next[4];
  read_tile(a_next, a, m0, 0);
  read_tile(b_next, b, n0, 0);
  for (int k0 = 0; k0 < a.K; k0 += STEPS) {
    __syncthreads();
    write_tile(a_tile, a_next, a.runs_along_k());
    write_tile(b_tile, b_next, b.runs_along_k());
    __syncthreads();
    if (k0 + STEPS < a.K) {
      read_tile(a_next, a, m0, k0 + STEPS);
      read_tile(b_next, b, n0, k0 + STEPS);
    }
    for (int k = 0; k < STEPS; k++) {
      float4 x = *(const float4 *)(a_tile + k * WIDE + m);
      float4 y = *(const float4 *)(b_tile + k * WIDE + n);
      float left[4] = {x.x, x.y, x.z, x.w}, right[4] = {y.x, y.y, y.z, y.w};
      for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sums[i][j] += left[i] * right[j];
    }
  }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      if (m0 + m + i >= a.rows || n0 + n + j >= b.rows) continue;
      float *cell = c + (m0 + m + i) * ldc + (n0 + n + j), value = alpha * sums[i][j];
      *cell = accumulate ? *cell + value : value;
    }
}
