#line 2 "products.cu"
// Products of cells.

ORC_KERNEL void __launch_bounds__(256) orc_product(float *c, ll ldc, const float *a, ll a_row, ll a_k,
                                                   const float *b, ll b_column, ll b_k, int M, int N,
                                                   int K, float alpha, int accumulate) {
  ORC_TILES;
  Cells left = {a, a_row, a_k, M, K}, right = {b, b_column, b_k, N, K};
  product(tiles, c, ldc, left, right, alpha, accumulate);
}
