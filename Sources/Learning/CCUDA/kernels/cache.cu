#line 2 "cache.cu"
// Attention of single positions over their caches, which lie in runs: pieces of 256 positions by blocks
// of their own, so that one long text keeps the card busy, then their sum in order. Pieces begin at
// multiples of 256, wherever runs end.

enum { PIECE = 256, WARPS = 4, TOGETHER = 8 };

/// scores[g, j - j0] = capped scale q.k of the positions of a piece, -infinity where one is not seen.
ORC_DEVICE void score_piece(float *scores, const float *q, const ll *runs, const Sequence &s, int j0,
                            int end, int low, int column, int group, int D, float scale,
                            float softcap) {
  int lane = (int)(threadIdx.x % 32), run = s.run_begin;
  for (int j = j0 + (int)(threadIdx.x / 32); j < j0 + PIECE; j += WARPS) {
    float cells[8];
    bool isSeen = j >= low && j < end;
    if (isSeen) {
      run = run_of(runs, run, s.run_end, j);
      const float *key = row_of(runs, run, 0, j) + column;
      for (int e = 0; e < 8; e++) cells[e] = lane + 32 * e < D ? key[lane + 32 * e] : 0.0f;
    }
    for (int g = 0; g < group; g++) {
      float sum = 0;
      if (isSeen) {
        for (int e = 0; e < 8; e++)
          if (lane + 32 * e < D) sum += cells[e] * q[g * D + lane + 32 * e];
        sum = warp_sum(sum);
      }
      if (lane == 0)
        scores[g * PIECE + j - j0] = isSeen ? capped(sum * scale, softcap) : -INFINITY;
    }
  }
}

/// exp(score - maximum) in place by one warp a head; m and sum to `ends`.
ORC_DEVICE void weigh_piece(float *scores, float *ends, int group) {
  int lane = (int)(threadIdx.x % 32);
  for (int g = (int)(threadIdx.x / 32); g < group; g += WARPS) {
    float *row = scores + g * PIECE, top = -INFINITY, total = 0;
    for (int j = lane; j < PIECE; j += 32) top = fmaxf(top, row[j]);
    top = warp_maximum(top);
    for (int j = lane; j < PIECE; j += 32) {
      float p = row[j] == -INFINITY ? 0.0f : expf(row[j] - (top == -INFINITY ? 0.0f : top));
      row[j] = p;
      total += p;
    }
    total = warp_sum(total);
    if (lane == 0) {
      ends[2 * g] = top;
      ends[2 * g + 1] = total;
    }
  }
}

/// partial (rows, heads, pieces, D + 2): sums of values by weights, the greatest score, the sum of
/// weights, of each piece.
ORC_KERNEL void __launch_bounds__(128)
    orc_cache_pieces(float *partial, const float *q, ll ldq, const ll *sequences, const ll *runs,
                     int pieces, int heads, int group, int D, int window, float scale,
                     float softcap) {
  ORC_SHARED(float, shared);
  float *scores = shared, *queries = scores + group * PIECE, *ends = queries + group * D;
  Sequence s = sequence_at(sequences, blockIdx.z);
  int j0 = (int)blockIdx.x * PIECE, length = s.position + 1, column = (int)blockIdx.y * D;
  int low = length > window ? length - window : 0, end = length < j0 + PIECE ? length : j0 + PIECE;
  if (j0 >= length) return;
  for (int i = threadIdx.x; i < group * D; i += blockDim.x)
    queries[i] = q[s.first_row * ldq + (ll)blockIdx.y * group * D + i];
  __syncthreads();
  score_piece(scores, queries, runs, s, j0, end, low, column, group, D, scale, softcap);
  __syncthreads();
  weigh_piece(scores, ends, group);
  __syncthreads();
  int start = low > j0 ? low : j0;
  for (int g0 = 0; g0 < group; g0 += TOGETHER)
    for (int d = threadIdx.x; d < D; d += blockDim.x) {
      float sums[TOGETHER] = {};
      int run = s.run_begin;
      for (int j = start; j < end; j++) {
        run = run_of(runs, run, s.run_end, j);
        float value = row_of(runs, run, 1, j)[column + d];
        for (int g = 0; g < TOGETHER; g++)
          if (g0 + g < group) sums[g] += scores[(g0 + g) * PIECE + j - j0] * value;
      }
      for (int g = 0; g < TOGETHER; g++)
        if (g0 + g < group) {
          ll head = (ll)blockIdx.z * heads + blockIdx.y * group + g0 + g;
          partial[(head * pieces + blockIdx.x) * (D + 2) + d] = sums[g];
        }
    }
  for (int i = threadIdx.x; i < 2 * group; i += blockDim.x) {
    ll head = (ll)blockIdx.z * heads + blockIdx.y * group + i / 2;
    partial[(head * pieces + blockIdx.x) * (D + 2) + D + i % 2] = ends[i];
  }
}

/// o = the pieces' sums, ascending, brought to the greatest score of all.
ORC_KERNEL void __launch_bounds__(128)
    orc_cache_combine(float *o, ll ldo, const float *partial, const ll *sequences, int pieces,
                      int heads, int D) {
  Sequence s = sequence_at(sequences, blockIdx.y);
  int count = s.position / PIECE + 1;
  ll head = (ll)blockIdx.y * heads + blockIdx.x;
  const float *first = partial + head * pieces * (D + 2);
  float top = -INFINITY, total = 0;
  for (int i = 0; i < count; i++) top = fmaxf(top, first[(ll)i * (D + 2) + D]);
  float base = top == -INFINITY ? 0.0f : top;
  for (int i = 0; i < count; i++) {
    const float *piece = first + (ll)i * (D + 2);
    if (piece[D + 1] != 0.0f) total += piece[D + 1] * expf(piece[D] - base);
  }
  for (int d = threadIdx.x; d < D; d += blockDim.x) {
    float sum = 0;
    for (int i = 0; i < count; i++) {
      const float *piece = first + (ll)i * (D + 2);
      if (piece[D + 1] != 0.0f) sum += piece[d] * expf(piece[D] - base);
    }
    o[s.first_row * ldo + (ll)blockIdx.x * D + d] = sum / total;
  }
}
