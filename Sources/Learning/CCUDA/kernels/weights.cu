#line 2 "weights.cu"
// Weights as float32 or bfloat16, whole rows or those of ids.

template <int FORM>
ORC_DEVICE void expand(void *out, ll ldo, const Weights &w, int first_row, int rows, int columns,
                       int to_bf16) {
  bool areFours = columns % 4 == 0 && ldo % 4 == 0 && (unsigned long long)out % 16 == 0;
  if (areFours && FORM != AS_BLOCKS) {
    ORC_EACH_FOUR(rows, columns) {
      float four[4];
      four_weights<FORM>(w, ((ll)first_row + t) * columns + c, four);
      float4 cells = {four[0], four[1], four[2], four[3]};
      if (to_bf16) store_four_bf16((unsigned short *)out + t * ldo + c, four);
      else *(float4 *)((float *)out + t * ldo + c) = cells;
    }
    return;
  }
  ORC_EACH_CELL(rows, columns) {
    float value = weight<FORM>(w, ((ll)first_row + t) * columns + c);
    if (to_bf16) ((unsigned short *)out)[t * ldo + c] = round_bf16(value);
    else ((float *)out)[t * ldo + c] = value;
  }
}

ORC_KERNEL void orc_expand(void *out, ll ldo, ORC_WEIGHTS, int first_row, int rows, int columns,
                           int to_bf16) {
  ORC_TAKE_WEIGHTS(w, columns);
  ORC_EACH_FORM(kind, (expand<FORM>(out, ldo, w, first_row, rows, columns, to_bf16)))
}

template <int FORM>
ORC_DEVICE void gather_rows(float *y, ll ldy, const Weights &w, const int *ids, int rows, int columns,
                            float alpha) {
  ORC_EACH_CELL(rows, columns)
  y[t * ldy + c] = alpha * weight<FORM>(w, (ll)ids[t] * columns + c);
}

/// y[t] = alpha w[ids[t]].
ORC_KERNEL void orc_gather_weights(float *y, ll ldy, ORC_WEIGHTS, const int *ids, int rows,
                                   int columns, float alpha) {
  ORC_TAKE_WEIGHTS(w, columns);
  ORC_EACH_FORM(kind, (gather_rows<FORM>(y, ldy, w, ids, rows, columns, alpha)))
}
