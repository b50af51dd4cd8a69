#line 2 "tensor_projections.cu"
// Products with stored weights on tensor cores: a module of its own, since each form of weights is compiled.

template <int FORM>
ORC_DEVICE void project(unsigned *tiles, float *y, ll ldy, const Cells &x, const Weights &w, int N,
                        float alpha, int accumulate) {
  WeightRows<FORM> rows = {w, N, x.K};
  tensor_product(tiles, y, ldy, x, rows, alpha, accumulate);
}

/// y (M, N) (+)= alpha x (M, K) Wt.
ORC_KERNEL void __launch_bounds__(256)
    orc_project_tensor(float *y, ll ldy, const float *x, ll ldx, ORC_WEIGHTS, int M, int N, int K,
                       float alpha, int accumulate) {
  ORC_TAKE_WEIGHTS(w, K);
  ORC_TENSOR_TILES;
  Cells left = {x, ldx, 1, M, K};
  ORC_EACH_FORM(kind, (project<FORM>(tiles, y, ldy, left, w, N, alpha, accumulate)))
}

template <int FORM>
ORC_DEVICE void project_back(unsigned *tiles, float *dx, ll lddx, const Cells &dy, const Weights &w,
                             int K, float alpha, int accumulate) {
  WeightColumns<FORM> columns = {w, K, dy.K};
  tensor_product(tiles, dx, lddx, dy, columns, alpha, accumulate);
}

/// dx (M, K) (+)= alpha dy (M, N) W (N, K).
ORC_KERNEL void __launch_bounds__(256)
    orc_project_back_tensor(float *dx, ll lddx, const float *dy, ll lddy, ORC_WEIGHTS, int M, int N,
                            int K, float alpha, int accumulate) {
  ORC_TAKE_WEIGHTS(w, K);
  ORC_TENSOR_TILES;
  Cells left = {dy, lddy, 1, M, N};
  ORC_EACH_FORM(kind, (project_back<FORM>(tiles, dx, lddx, left, w, K, alpha, accumulate)))
}
