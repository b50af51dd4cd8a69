#line 2 "tensor_products.cu"
// Products of cells on tensor cores.

ORC_KERNEL void __launch_bounds__(256)
    orc_product_tensor(float *c, ll ldc, const float *a, ll a_row, ll a_k, const float *b,
                       ll b_column, ll b_k, int M, int N, int K, float alpha, int accumulate) {
  ORC_TENSOR_TILES;
  Cells left = {a, a_row, a_k, M, K}, right = {b, b_column, b_k, N, K};
  tensor_product(tiles, c, ldc, left, right, alpha, accumulate);
}
