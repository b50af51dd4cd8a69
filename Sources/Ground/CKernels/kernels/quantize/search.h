// The searches of BlockSearch (Sources/Formats/BlockFormats/BlockSearch.swift), where they are
// described, a block in each lane.

/// Blocks whose largest magnitude is below this have scale 0.
#define SCALE_MIN 1e-15f

typedef struct {
  float top, first, delta;
  int last, by_magnitude;
} affine_steps;

/// What each lane found, and by which step its levels round: level = (x - low) * inverse.
typedef struct {
  vf scale, minimum, inverse, low;
  /// Lanes that the definition must encode.
  vi odd;
} affine_fit;

/// sum_i w[i] |scale * level[i] + low - x[i]|, or the square of that.
INLINE vf affine_error(const vf *restrict x, const vf *restrict w, const vf *restrict levels,
                       size_t count, vf scale, vf low, int by_magnitude) {
  vf sum = splat(0);
#pragma clang loop unroll_count(4)
  for (size_t i = 0; i < count; i++) {
    vf rest = scale * levels[i] + low - x[i];
    sum = sum + w[i] * (by_magnitude ? magnitude(rest) : rest * rest);
  }
  return sum;
}

INLINE affine_fit search_affine(const vf *restrict x, const vf *restrict w, size_t count,
                                affine_steps steps) {
  vf low = x[0], high = x[0], sum_w = w[0], sum_x = w[0] * x[0], levels[32];
  for (size_t i = 1; i < count; i++) {
    low = lesser(x[i], low);
    high = larger(x[i], high);
    sum_w = sum_w + w[i];
    sum_x = sum_x + w[i] * x[i];
  }
  low = choose(low > 0, splat(0), low);
  vf range = high - low;
  vi flat = high == low;
  affine_fit fit = {.inverse = steps.top / range, .low = low, .minimum = low};
  // The bounds keep every product below in float32's range and every level below 2^21.
  fit.odd = ~flat & ~(vi)(range > 0x1p-100f);
  for (size_t i = 0; i < count; i++)
    levels[i] = nearest_in(fit.inverse * (x[i] - low), 0, steps.top);
  fit.scale = 1.0f / fit.inverse;
  vf best = affine_error(x, w, levels, count, fit.scale, low, steps.by_magnitude);
  for (int step = 0; step <= steps.last; step++) {
    vf inverse = (steps.first + steps.delta * (float)step + steps.top) / (high - low);
    vf sum_l = splat(0), sum_ll = splat(0), sum_xl = splat(0);
#pragma clang loop unroll_count(4)
    for (size_t i = 0; i < count; i++) {
      vf l = nearest_in(inverse * (x[i] - low), 0, steps.top), wl = w[i] * l;
      levels[i] = l;
      sum_l = sum_l + wl;
      sum_ll = sum_ll + wl * l;
      sum_xl = sum_xl + wl * x[i];
    }
    vf determinant = sum_w * sum_ll - sum_l * sum_l;
    vf scale = (sum_w * sum_xl - sum_x * sum_l) / determinant;
    vf minimum = (sum_ll * sum_x - sum_l * sum_xl) / determinant;
    vi above = minimum > 0;
    scale = choose(above, sum_xl / sum_ll, scale);
    minimum = choose(above, splat(0), minimum);
    vf error = affine_error(x, w, levels, count, scale, minimum, steps.by_magnitude);
    vi better = (vi)(determinant > 0) & (vi)(error < best);
    best = choose(better, error, best);
    fit.scale = choose(better, scale, fit.scale);
    fit.inverse = choose(better, inverse, fit.inverse);
    fit.low = choose(better, low, fit.low);
    low = choose(better, minimum, low);
    fit.odd |= better & ~flat & ~(vi)(high - low > range * 0x1p-15f);
  }
  fit.scale = choose(flat, splat(0), fit.scale);
  fit.inverse = choose(flat, splat(0), fit.inverse);
  fit.minimum = choose(flat, -fit.minimum, -low);
  return fit;
}

typedef struct {
  vf scale;
  /// level = half + x * inverse, within 0 ..< 2 half; all 0 where the scale is (`zero`).
  vf inverse;
  vi zero;
} symmetric_fit;

/// w: NULL for x^2.
INLINE symmetric_fit search_symmetric(const vf *restrict x, const vf *restrict w, size_t count,
                                      float half) {
  vf outer = outermost(x, count), wx[32], own[32];
  for (size_t i = 0; i < count; i++) {
    own[i] = w ? w[i] : x[i] * x[i];
    wx[i] = own[i] * x[i];
  }
  symmetric_fit fit = {.zero = magnitude(outer) < SCALE_MIN};
  vf best = splat(0);
  for (int k = -10; k <= 9; k++) {
    if (k == 0) continue;
    // The first round is the step 0.
    int step = k == -10 ? 0 : k;
    vf inverse = -(half + 0.1f * (float)step) / outer;
    vf sum_xl = splat(0), sum_ll = splat(0);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < count; i++) {
      vf l = nearest_in(inverse * x[i], -half, half - 1);
      sum_xl = sum_xl + wx[i] * l;
      sum_ll = sum_ll + own[i] * l * l;
    }
    vf scale = sum_xl / sum_ll;
    vi better = (vi)(sum_ll > 0) & (vi)(sum_xl * sum_xl > best * sum_ll);
    if (step == 0) {
      better = ~(vi)splat(0);
      scale = choose(sum_ll == 0, splat(0), scale);
    }
    fit.scale = choose(better, scale, fit.scale);
    fit.inverse = choose(better, inverse, fit.inverse);
    best = choose(better, scale * sum_xl, best);
  }
  fit.scale = choose(fit.zero, splat(0), fit.scale);
  return fit;
}

/// The state of levels that move one at a time.
typedef struct {
  vf sum_xl, sum_ll;
  vi odd;
} moving_fit;

/// Moves one level to where the others' fit wants it, if that fits better. Returns the lanes that
/// changed.
INLINE vi move_level(moving_fit *fit, vf x, vf w, vf *level, float low, float high,
                     int needs_squares_before) {
  vf l = *level, wx = w * x;
  vf rest_xl = fit->sum_xl - wx * l, rest_ll = fit->sum_ll - w * l * l;
  vi active = rest_xl > 0;
  if (needs_squares_before) active &= rest_ll > 0;
  vf wanted = x * rest_ll / rest_xl;
  fit->odd |= active & ~(vi)(magnitude(wanted) < ROUNDABLE);
  vf moved = nearest_in(wanted, low, high);
  vf new_xl = rest_xl + wx * moved, new_ll = rest_ll + w * moved * moved;
  vi better = active & (vi)(moved != l) &
              (vi)(new_xl * new_xl * fit->sum_ll > fit->sum_xl * fit->sum_xl * new_ll);
  if (!needs_squares_before) better &= new_ll > 0;
  *level = choose(better, moved, l);
  fit->sum_xl = choose(better, new_xl, fit->sum_xl);
  fit->sum_ll = choose(better, new_ll, fit->sum_ll);
  return better;
}

typedef struct {
  vf scale;
  vi odd;
} moved_fit;

/// Overwrites levels, -half ..< half, and fits of two blocks of `count` values that follow each
/// other: every move waits for the one before it, so two at a time hide half of the waiting.
INLINE void search_refined(moved_fit fits[2], const vf *restrict x, vf *restrict levels,
                           size_t count, float half) {
  moving_fit fit[2];
  vi zero[2];
  for (int k = 0; k < 2; k++) {
    vf outer = outermost(x + k * count, count), inverse = -half / outer;
    zero[k] = magnitude(outer) < SCALE_MIN;
    fit[k] = (moving_fit){.sum_xl = splat(0), .sum_ll = splat(0)};
    for (size_t i = k * count; i < (k + 1) * count; i++) {
      vf l = nearest_in(inverse * x[i], -half, half - 1), w = x[i] * x[i];
      levels[i] = l;
      fit[k].sum_xl = fit[k].sum_xl + w * x[i] * l;
      fit[k].sum_ll = fit[k].sum_ll + w * l * l;
    }
  }
  for (int round = 0; round < 5; round++) {
    vi changed = (vi)splat(0);
    for (size_t i = 0; i < count; i++)
#pragma clang loop unroll(full)
      for (int k = 0; k < 2; k++) {
        vf value = x[k * count + i];
        changed |= ~zero[k] & move_level(&fit[k], value, value * value, &levels[k * count + i],
                                         -half, half - 1, 0);
      }
    // A lane that changed nothing would do the same again.
    if (!any(changed)) break;
  }
  for (int k = 0; k < 2; k++) {
    vf scale = choose(fit[k].sum_ll > 0, fit[k].sum_xl / fit[k].sum_ll, splat(0));
    for (size_t i = k * count; i < (k + 1) * count; i++)
      levels[i] = choose(zero[k], splat(-half), levels[i]);
    fits[k].scale = choose(zero[k], splat(0), scale);
    fits[k].odd = fit[k].odd & ~zero[k];
  }
}

/// Overwrites levels, 0 ... top, of values that are not negative.
INLINE moved_fit search_positive(const vf *restrict x, const vf *restrict w, vf *restrict levels,
                                 size_t count, float top) {
  vf largest = splat(0);
  vi odd = (vi)splat(0);
  for (size_t i = 0; i < count; i++) {
    largest = larger(x[i], largest);
    odd |= ~((vi)(x[i] >= 0) & (vi)(x[i] < 0x1p100f));
  }
  vi zero = largest < SCALE_MIN;
  vf best = splat(0), inverse = splat(0);
  for (int k = -5; k <= 4; k++) {
    if (k == 0) continue;
    // The first round is the step 0.
    vf step = (k == -5 ? top : 0.1f * (float)k + top) / largest;
    vf scale = 1.0f / step, error = splat(0);
    for (size_t i = 0; i < count; i++) {
      vf rest = x[i] - scale * lesser(nearest(step * x[i]), splat(top));
      error = error + w[i] * rest * rest;
    }
    vi better = k == -5 ? ~(vi)splat(0) : (vi)(error < best);
    best = choose(better, error, best);
    inverse = choose(better, step, inverse);
  }
  moving_fit fit = {.sum_xl = splat(0), .sum_ll = splat(0)};
  for (size_t i = 0; i < count; i++) {
    levels[i] = lesser(nearest(inverse * x[i]), splat(top));
    fit.sum_xl = fit.sum_xl + w[i] * x[i] * levels[i];
    fit.sum_ll = fit.sum_ll + w[i] * levels[i] * levels[i];
  }
  for (int round = 0; round < 5; round++) {
    vi changed = (vi)splat(0);
    for (size_t i = 0; i < count; i++)
      changed |= move_level(&fit, x[i], w[i], &levels[i], -ROUNDABLE, top, 1);
    if (!any(changed & ~zero)) break;
  }
  vf scale = choose(fit.sum_ll > 0, fit.sum_xl / fit.sum_ll, splat(0));
  for (size_t i = 0; i < count; i++) levels[i] = choose(zero, splat(0), levels[i]);
  return (moved_fit){.scale = choose(zero, splat(0), scale), .odd = odd | (fit.odd & ~zero)};
}
