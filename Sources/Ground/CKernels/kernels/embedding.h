static void gather_rows(float *restrict y, size_t y_stride, const float *restrict table,
                        size_t table_stride, const int32_t *restrict ids, size_t T, size_t C,
                        float alpha) {
  for (size_t t = 0; t < T; t++) {
    const float *row = table + (size_t)ids[t] * table_stride;
    for (size_t c = 0; c < C; c++) y[t * y_stride + c] = alpha * row[c];
  }
}

/// Each part owns the ids of one remainder, so parts may run at once and the order within a row of
/// the table is that of the tokens.
static void scatter_rows(float *restrict table, const int32_t *restrict ids,
                         const float *restrict dy, size_t T, size_t C, float alpha, size_t part,
                         size_t parts) {
  FUSED
  for (size_t t = 0; t < T; t++) {
    if ((size_t)ids[t] % parts != part) continue;
    float *row = table + (size_t)ids[t] * C;
    const float *up = dy + t * C;
    for (size_t c = 0; c < C; c++) row[c] += alpha * up[c];
  }
}
