#line 2 "sampling.cu"
// The next token of each row: temperature, the K likeliest, the likeliest of a probability, a draw.
//
// Weights exp((l - top) / temperature) are whole numbers of 2^-shift, so that their sums are exact and
// atomic adds of a block come to the same in any order. What is asked of the order of logits (greatest
// first, the lower id of equals first) is found without sorting: by 8 bits of a logit after the other.

typedef unsigned long long ull;

/// What is kept of a row: logits with a lower key than this, and the first `ties` of this one.
struct Limit {
  unsigned key;
  ull ties;
  /// Each of the ties has this weight; together, those of lower keys have `below`.
  ull weight, below;
};

/// Ascends as logits descend; both zeros have one.
ORC_DEVICE unsigned sample_key(float logit) {
  unsigned bits = logit == 0.0f ? 0u : __float_as_uint(logit);
  return ~(bits & 0x80000000u ? ~bits : bits | 0x80000000u);
}

/// The greatest, its first place, and the second greatest; a row with a NaN has no place (-1).
ORC_KERNEL void orc_sample_top(int *best, float *top, float *second, const float *logits, ll ld, int V) {
  __shared__ float tops[32], seconds[32];
  __shared__ int places[32];
  const float *row = logits + blockIdx.x * ld;
  float first = -INFINITY, other = -INFINITY;
  int place = V, broken = 0;
  for (int v = (int)threadIdx.x; v < V; v += (int)blockDim.x) {
    float x = row[v];
    broken |= x != x;
    if (x > first) {
      other = first;
      first = x;
      place = v;
    } else if (x > other) {
      other = x;
    }
  }
  for (int step = 16; step > 0; step >>= 1) {
    float their_first = __shfl_xor_sync(0xFFFFFFFFu, first, step);
    float their_other = __shfl_xor_sync(0xFFFFFFFFu, other, step);
    int their_place = __shfl_xor_sync(0xFFFFFFFFu, place, step);
    bool is_theirs = their_first > first || (their_first == first && their_place < place);
    other = is_theirs ? fmaxf(first, their_other) : fmaxf(their_first, other);
    first = is_theirs ? their_first : first;
    place = is_theirs ? their_place : place;
  }
  broken = block_sum(broken);
  if (threadIdx.x % 32 == 0) {
    tops[threadIdx.x / 32] = first;
    seconds[threadIdx.x / 32] = other;
    places[threadIdx.x / 32] = place;
  }
  __syncthreads();
  if (threadIdx.x > 0) return;
  for (unsigned warp = 1; warp < blockDim.x / 32; warp++) {
    bool is_theirs = tops[warp] > first || (tops[warp] == first && places[warp] < place);
    other = is_theirs ? fmaxf(first, seconds[warp]) : fmaxf(tops[warp], other);
    first = is_theirs ? tops[warp] : first;
    place = is_theirs ? places[warp] : place;
  }
  bool is_finite = broken == 0 && first > -INFINITY && first < INFINITY;
  best[blockIdx.x] = is_finite ? place : -1;
  top[blockIdx.x] = first;
  second[blockIdx.x] = other;
}

/// weights[t, v] = exp((l - top) / temperature) in units of 2^-shift; temperatures 0 have none.
ORC_KERNEL void orc_sample_weights(ull *weights, const float *logits, ll ld, const float *top,
                                   const double *temperatures, int rows, int columns, int shift) {
  double unit = (double)(1ull << shift);
  ORC_EACH_CELL(rows, columns) {
    double temperature = temperatures[t], power = (double)logits[t * ld + c] - (double)top[t];
    bool is_weight = temperature > 0 && power <= 0;
    weights[(ll)t * columns + c] = is_weight ? (ull)(exp(power / temperature) * unit + 0.5) : 0ull;
  }
}

/// The place where the amounts of a row, in the order of its keys, first come to more than `target`:
/// of weights, or of logits counted one by one. What is not within `limit` is left out.
ORC_CALLED Limit find_amount(ull *bins, const ull *weights, const float *row, int V, bool is_count,
                             ull target, Limit limit) {
  __shared__ unsigned chosen;
  __shared__ ull weight, below;
  unsigned prefix = 0, mask = 0;
  ull before = 0;
  for (int shift = 24; shift >= 0; shift -= 8) {
    __syncthreads();
    for (int i = (int)threadIdx.x; i < 256; i += (int)blockDim.x) bins[i] = 0;
    __syncthreads();
    // Neighbours often fall into one bin: added when the bin changes.
    unsigned bin = 0;
    ull amount = 0;
    for (int v = (int)threadIdx.x; v < V; v += (int)blockDim.x) {
      unsigned key = sample_key(row[v]);
      if ((key & mask) != prefix || key >= limit.key) continue;
      unsigned own = key >> shift & 255u;
      if (own != bin) {
        if (amount > 0) atomicAdd(&bins[bin], amount);
        amount = 0;
        bin = own;
      }
      amount += is_count ? 1ull : weights[v];
    }
    if (amount > 0) atomicAdd(&bins[bin], amount);
    __syncthreads();
    if (threadIdx.x == 0) {
      if ((limit.key & mask) == prefix)
        bins[limit.key >> shift & 255u] += is_count ? limit.ties : limit.ties * limit.weight;
      unsigned last = 0;
      ull sum = before, sum_at_last = before;
      for (unsigned b = 0; b < 256; b++) {
        if (bins[b] == 0) continue;
        last = b;
        sum_at_last = sum;
        sum += bins[b];
        if (sum > target) break;
      }
      chosen = last;
      below = sum_at_last;
    }
    __syncthreads();
    prefix |= chosen << shift;
    mask |= 255u << shift;
    before = below;
  }
  // All that have the key have one weight.
  ull mass_below = 0;
  for (int v = (int)threadIdx.x; v < V; v += (int)blockDim.x) {
    unsigned key = sample_key(row[v]);
    if (key == prefix) weight = weights[v];
    if (key < prefix) mass_below += weights[v];
  }
  mass_below = block_sum(mass_below);
  __syncthreads();
  ull each = is_count ? 1ull : weight;
  ull ties = each > 0 && target >= before ? (target - before) / each + 1 : 1;
  Limit found = {prefix, ties, weight, mass_below};
  return found;
}

/// The `number`-th of the ids, from 1 on, whose logits have this key.
ORC_DEVICE int find_tie(ull *counts, const float *row, int V, unsigned key, ull number) {
  __shared__ int found;
  int each = (V + (int)blockDim.x - 1) / (int)blockDim.x, start = (int)threadIdx.x * each;
  int end = start + each < V ? start + each : V;
  ull own = 0, before = 0;
  for (int v = start; v < end; v++) own += sample_key(row[v]) == key;
  __syncthreads();
  counts[threadIdx.x] = own;
  __syncthreads();
  for (unsigned i = 0; i < threadIdx.x; i++) before += counts[i];
  if (before < number && before + own >= number)
    for (int v = start; v < end; v++)
      if (sample_key(row[v]) == key && ++before == number) found = v;
  __syncthreads();
  return found;
}

/// The greatest whole number below `limit` that is not above share * total.
ORC_DEVICE ull part_of(double share, ull total) {
  double part = floor(share * (double)total);
  if (part < 0) return 0;
  return part < (double)total && (ull)part < total ? (ull)part : total - 1;
}

/// A token of each row with a temperature above 0; block (256).
ORC_KERNEL void __launch_bounds__(256) orc_sample(int *ids, const ull *weights, const float *logits,
                                                  ll ld, const int *best, const double *temperatures,
                                                  const int *likeliest, const double *probabilities,
                                                  const double *uniforms, int V) {
  __shared__ ull bins[256];
  int t = (int)blockIdx.x, count = likeliest[t];
  if (best[t] < 0 || !(temperatures[t] > 0)) {
    if (threadIdx.x == 0) ids[t] = best[t];
    return;
  }
  const float *row = logits + t * ld;
  weights += (ll)t * V;
  ull own = 0;
  for (int v = (int)threadIdx.x; v < V; v += (int)blockDim.x) own += weights[v];
  ull total = block_sum(own);
  Limit limit = {0xFFFFFFFFu, 0, 0, total};
  if (count > 0 && count < V) {
    limit = find_amount(bins, weights, row, V, true, (ull)(count - 1), limit);
    total = limit.below + limit.ties * limit.weight;
  }
  if (probabilities[t] < 1) {
    // At least the share: more than the greatest whole number below it.
    double share = ceil(probabilities[t] * (double)total);
    ull target = share < 1 ? 0 : share < (double)total ? (ull)share - 1 : total - 1;
    limit = find_amount(bins, weights, row, V, false, target, limit);
    total = limit.below + limit.ties * limit.weight;
  }
  Limit place = find_amount(bins, weights, row, V, false, part_of(uniforms[t], total), limit);
  int id = find_tie(bins, row, V, place.key, place.ties);
  if (threadIdx.x == 0) ids[t] = id;
}
