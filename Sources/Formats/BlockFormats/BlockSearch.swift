/// The searches for a block's scale in ggml's quantizers, by their definition: single precision,
/// every sum in the order of the values, no fused multiply-add.
///
/// Each looks for the scale (and minimum) that make a sum of weighted squared errors small: it
/// tries a row of candidate steps, rounds the values to levels by each, and solves for the scale
/// that fits those levels best.
enum BlockSearch {
  typealias Levels = UnsafeMutablePointer<UInt8>

  /// Blocks whose largest magnitude is below this have scale 0 (`GROUP_MAX_EPS`).
  static let scaleMin: Float = 1e-15

  /// Scale for x ≈ scale · (level - half), levels 0 ..< 2 · half: ggml's `make_qx_quants` with
  /// `rmse_type` 1.
  ///
  /// The first candidate maps the outermost value to level 0; 18 more stretch that by tenths of a
  /// level. A candidate replaces the best when Σwxl² / Σwl² is larger. weights: of the squared
  /// errors, or nil for x². Overwrites levels, all 0 with scale 0 for a block of zeros.
  static func symmetric(
    _ x: UnsafePointer<Float>, count: Int, half: Int32, weights: UnsafePointer<Float>?,
    _ levels: Levels
  ) -> Float {
    let outermost = BlockArithmetic.outermost(x, count: count)
    if outermost.magnitude < scaleMin {
      levels.update(repeating: 0, count: count)
      return 0
    }
    var (scale, best): (Float, Float) = (0, 0)
    for step in [0, -9, -8, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9] as [Float] {
      let inverse = -(Float(half) + 0.1 * step) / outermost
      var (sumXL, sumLL): (Float, Float) = (0, 0)
      for i in 0..<count {
        let l = Float(BlockArithmetic.nearest(inverse * x[i], in: -half...half - 1))
        let w = weights?[i] ?? x[i] * x[i]
        sumXL += w * x[i] * l
        sumLL += w * l * l
      }
      let isFirst = step == 0
      guard isFirst || (sumLL > 0 && sumXL * sumXL > best * sumLL) else { continue }
      for i in 0..<count {
        let l = BlockArithmetic.nearest(inverse * x[i], in: -half...half - 1)
        levels[i] = UInt8(truncatingIfNeeded: l + half)
      }
      // NaN counts as not zero.
      scale = isFirst && sumLL == 0 ? 0 : sumXL / sumLL
      best = scale * sumXL
    }
    return scale
  }

  /// As ``symmetric(_:count:half:weights:_:)`` with weights x², where each level in turn moves to
  /// the place that the others' fit wants, for five rounds at most: `make_q3_quants`.
  static func refined(
    _ x: UnsafePointer<Float>, count: Int, half: Int32, _ levels: Levels
  ) -> Float {
    let outermost = BlockArithmetic.outermost(x, count: count)
    levels.update(repeating: 0, count: count)
    if outermost.magnitude < scaleMin { return 0 }
    let inverse = -Float(half) / outermost
    var (sumXL, sumLL): (Float, Float) = (0, 0)
    for i in 0..<count {
      let level = BlockArithmetic.nearest(inverse * x[i], in: -half...half - 1)
      let (w, l) = (x[i] * x[i], Float(level))
      sumXL += w * x[i] * l
      sumLL += w * l * l
      levels[i] = UInt8(truncatingIfNeeded: level + half)
    }
    for _ in 0..<5 {
      var changed = false
      for i in 0..<count {
        let (w, l) = (x[i] * x[i], Float(Int32(levels[i]) - half))
        let restXL = sumXL - w * x[i] * l
        guard restXL > 0 else { continue }
        let restLL = sumLL - w * l * l
        let level = BlockArithmetic.nearest(x[i] * restLL / restXL, in: -half...half - 1)
        let new = Float(level)
        guard new != l else { continue }
        let newXL = restXL + w * x[i] * new
        let newLL = restLL + w * new * new
        guard newLL > 0, newXL * newXL * sumLL > sumXL * sumXL * newLL else { continue }
        levels[i] = UInt8(truncatingIfNeeded: level + half)
        (sumXL, sumLL, changed) = (newXL, newLL, true)
      }
      if !changed { break }
    }
    return sumLL > 0 ? sumXL / sumLL : 0
  }

  /// How ``affine(_:count:weights:_:_:)`` walks through its candidates.
  struct AffineSteps {
    /// The highest level.
    var top: Int32
    /// Candidate k maps the range of the values to `top + first + delta · k` levels, 0 ... last.
    var first: Float
    var delta: Float
    var last: Int
    /// Whether errors count by magnitude, not squared.
    var byMagnitude = false

    /// Those of every weighted quantizer.
    static func weighted(top: Int32) -> AffineSteps {
      AffineSteps(top: top, first: -0.9, delta: 0.05, last: 36)
    }
  }

  /// Scale and minimum for x ≈ scale · level - minimum, levels 0 ... top: ggml's
  /// `make_qkx2_quants`, and `make_qkx3_quants`, which is the same where weights are given.
  ///
  /// Begins with the range of the values, a positive minimum moved to 0. Every candidate's levels
  /// give scale and minimum by weighted least squares (a positive minimum is held at 0), and the
  /// candidate with the smallest error stays. Overwrites levels.
  static func affine(
    _ x: UnsafePointer<Float>, count: Int, weights: UnsafePointer<Float>, _ steps: AffineSteps,
    _ levels: Levels
  ) -> (scale: Float, minimum: Float) {
    var (low, high, sumW, sumX) = (x[0], x[0], weights[0], weights[0] * x[0])
    for i in 1..<count {
      if x[i] < low { low = x[i] }
      if x[i] > high { high = x[i] }
      sumW += weights[i]
      sumX += weights[i] * x[i]
    }
    if low > 0 { low = 0 }
    if high == low {
      levels.update(repeating: 0, count: count)
      return (0, -low)
    }
    func level(_ i: Int, _ inverse: Float, _ low: Float) -> Int32 {
      BlockArithmetic.nearest(inverse * (x[i] - low), in: 0...steps.top)
    }
    func error(_ inverse: Float, _ low: Float, _ scale: Float, _ minimum: Float) -> Float {
      var sum: Float = 0
      for i in 0..<count {
        let rest = scale * Float(level(i, inverse, low)) + minimum - x[i]
        sum += weights[i] * (steps.byMagnitude ? rest.magnitude : rest * rest)
      }
      return sum
    }
    var found = (inverse: Float(steps.top) / (high - low), low: low)
    var scale = 1 / found.inverse
    var best = error(found.inverse, low, scale, low)
    for step in 0...steps.last {
      // `low` is the best candidate's minimum so far.
      let inverse = (steps.first + steps.delta * Float(step) + Float(steps.top)) / (high - low)
      var (sumL, sumLL, sumXL): (Float, Float, Float) = (0, 0, 0)
      for i in 0..<count {
        let l = Float(level(i, inverse, low))
        sumL += weights[i] * l
        sumLL += weights[i] * l * l
        sumXL += weights[i] * l * x[i]
      }
      let determinant = sumW * sumLL - sumL * sumL
      guard determinant > 0 else { continue }
      var newScale = (sumW * sumXL - sumX * sumL) / determinant
      var newLow = (sumLL * sumX - sumL * sumXL) / determinant
      if newLow > 0 { (newScale, newLow) = (sumXL / sumLL, 0) }
      let new = error(inverse, low, newScale, newLow)
      if new < best {
        (best, found, scale, low) = (new, (inverse, low), newScale, newLow)
      }
    }
    for i in 0..<count {
      levels[i] = UInt8(truncatingIfNeeded: level(i, found.inverse, found.low))
    }
    return (scale, -low)
  }

  /// Scale for x ≈ scale · level of values that are not negative, levels 0 ... top: ggml's
  /// `make_qp_quants`, which quantizes the scales and minima of a weighted block.
  ///
  /// Nine candidate steps are judged by their error, the best one's levels fitted, then moved as
  /// in ``refined(_:count:half:_:)``. Overwrites levels.
  static func positive(
    _ x: UnsafePointer<Float>, count: Int, top: Int32, weights: UnsafePointer<Float>,
    _ levels: Levels
  ) -> Float {
    var largest: Float = 0
    for i in 0..<count where x[i] > largest { largest = x[i] }
    levels.update(repeating: 0, count: count)
    if largest < scaleMin { return 0 }
    var (best, bestInverse): (Float, Float) = (0, 0)
    for step in [0, -4, -3, -2, -1, 1, 2, 3, 4] as [Float] {
      let isFirst = step == 0
      let inverse = isFirst ? Float(top) / largest : (0.1 * step + Float(top)) / largest
      let scale = 1 / inverse
      var error: Float = 0
      for i in 0..<count {
        let nearest = BlockArithmetic.nearest(inverse * x[i])
        // The first candidate's levels pass through a byte, the others' stop at the top.
        let l = isFirst ? Int32(UInt8(truncatingIfNeeded: nearest)) : min(top, nearest)
        let rest = x[i] - scale * Float(l)
        error += weights[i] * rest * rest
      }
      if isFirst || error < best { (best, bestInverse) = (error, inverse) }
    }
    var (sumXL, sumLL): (Float, Float) = (0, 0)
    for i in 0..<count {
      let level = min(top, BlockArithmetic.nearest(bestInverse * x[i]))
      levels[i] = UInt8(truncatingIfNeeded: level)
      sumXL += weights[i] * x[i] * Float(level)
      sumLL += weights[i] * Float(level) * Float(level)
    }
    refine(x, count: count, top: top, weights: weights, levels, &sumXL, &sumLL)
    return sumLL > 0 ? sumXL / sumLL : 0
  }

  private static func refine(
    _ x: UnsafePointer<Float>, count: Int, top: Int32, weights: UnsafePointer<Float>,
    _ levels: Levels, _ sumXL: inout Float, _ sumLL: inout Float
  ) {
    for _ in 0..<5 {
      var changed = false
      for i in 0..<count {
        let (w, l) = (weights[i], Float(levels[i]))
        let restXL = sumXL - w * x[i] * l
        let restLL = sumLL - w * l * l
        guard restXL > 0, restLL > 0 else { continue }
        let level = min(top, BlockArithmetic.nearest(x[i] * restLL / restXL))
        let new = Float(level)
        guard new != l else { continue }
        let newXL = restXL + w * x[i] * new
        let newLL = restLL + w * new * new
        guard newXL * newXL * sumLL > sumXL * sumXL * newLL else { continue }
        levels[i] = UInt8(truncatingIfNeeded: level)
        (sumXL, sumLL, changed) = (newXL, newLL, true)
      }
      if !changed { break }
    }
  }
}
