/// The loops over parameters: one pass over memory each, plain IEEE single precision in source
/// order, four lanes wide, no fused multiply-add: the same bits on every instruction set.
enum ParameterUpdates {
  typealias Floats = UnsafeMutablePointer<Float>

  /// AdamW with decoupled decay (Loshchilov & Hutter 2019, algorithm 2) as `torch.optim.AdamW` does
  /// it: the decay comes first, epsilon is added after the root of the corrected second moment.
  ///
  ///     g  = gradientScale * g
  ///     p *= decayFactor
  ///     m  = beta1 * m + oneMinusBeta1 * g
  ///     v  = beta2 * v + oneMinusBeta2 * g * g
  ///     p -= stepSize * m / (sqrt(v) * rootCorrection + epsilon)
  ///
  /// p, m, v: (count) overwritten; g: (count) read. No two overlap.
  static func adamW(
    _ p: Floats, _ m: Floats, _ v: Floats, gradient g: UnsafePointer<Float>, count: Int,
    _ s: AdamWStep
  ) {
    let whole = count & ~3
    var i = 0
    while i < whole {
      let d = s.gradientScale * load(g, i)
      let q = s.decayFactor * load(p, i)
      let mi = s.beta1 * load(m, i) + s.oneMinusBeta1 * d
      let vi = s.beta2 * load(v, i) + s.oneMinusBeta2 * (d * d)
      store(m, i, mi)
      store(v, i, vi)
      store(p, i, q - s.stepSize * (mi / (vi.squareRoot() * s.rootCorrection + s.epsilon)))
      i += 4
    }
    adamWReference(p + i, m + i, v + i, gradient: g + i, count: count - i, s)
  }

  /// ``adamW(_:_:_:gradient:count:_:)`` one element after the other: its specification.
  static func adamWReference(
    _ p: Floats, _ m: Floats, _ v: Floats, gradient g: UnsafePointer<Float>, count: Int,
    _ s: AdamWStep
  ) {
    for i in 0..<count {
      let d = s.gradientScale * g[i]
      let q = s.decayFactor * p[i]
      m[i] = s.beta1 * m[i] + s.oneMinusBeta1 * d
      v[i] = s.beta2 * v[i] + s.oneMinusBeta2 * (d * d)
      p[i] = q - s.stepSize * (m[i] / (v[i].squareRoot() * s.rootCorrection + s.epsilon))
    }
  }

  /// Sum of squares in double: eight partial sums, added in a fixed order. A NaN or an infinity
  /// anywhere makes the result not finite; nothing else does (the square of any float fits).
  static func sumOfSquares(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var sums = SIMD8<Double>()
    let whole = count & ~7
    var i = 0
    while i < whole {
      let wide = SIMD8<Double>(
        UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self))
      sums += wide * wide
      i += 8
    }
    while i < count {
      sums[i & 7] += Double(x[i]) * Double(x[i])
      i += 1
    }
    let four = sums.lowHalf + sums.highHalf
    return (four[0] + four[1]) + (four[2] + four[3])
  }

  /// Σ x y in double: eight partial sums, added in a fixed order.
  static func dot(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, count: Int
  ) -> Double {
    var sums = SIMD8<Double>()
    let whole = count & ~7
    var i = 0
    while i < whole {
      sums +=
        SIMD8<Double>(UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self))
        * SIMD8<Double>(UnsafeRawPointer(y + i).loadUnaligned(as: SIMD8<Float>.self))
      i += 8
    }
    while i < count {
      sums[i & 7] += Double(x[i]) * Double(y[i])
      i += 1
    }
    let four = sums.lowHalf + sums.highHalf
    return (four[0] + four[1]) + (four[2] + four[3])
  }

  @inline(__always)
  private static func load(_ x: UnsafePointer<Float>, _ i: Int) -> SIMD4<Float> {
    UnsafeRawPointer(x + i).loadUnaligned(as: SIMD4<Float>.self)
  }

  @inline(__always)
  private static func store(_ x: Floats, _ i: Int, _ value: SIMD4<Float>) {
    UnsafeMutableRawPointer(x + i).storeBytes(of: value, as: SIMD4<Float>.self)
  }
}
