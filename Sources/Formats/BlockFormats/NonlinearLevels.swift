/// The 16 values that IQ4_NL and IQ4_XS multiply by their scales, and the search for a scale.
enum NonlinearLevels {
  /// ggml's `kvalues_iq4nl`: denser near zero, as weights are.
  static let values: [Float] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
  ]

  /// The level of the value nearest to x, the upper one in the middle; 15 for NaN. The middle is
  /// where the two differences round to the same number: ggml's `best_index_int8`.
  static func nearest(_ x: Float, _ values: UnsafePointer<Float>) -> Int {
    if x <= values[0] { return 0 }
    if x >= values[15] { return 15 }
    var upper = 1
    while upper < 15 && !(x < values[upper]) { upper += 1 }
    return x - values[upper - 1] < values[upper] - x ? upper - 1 : upper
  }

  /// Scale for x ≈ scale · value of 32 values, the squared errors weighed: the first candidate maps
  /// the outermost value to 127, 15 more map it to -134 ... -120, and the best by Σwxq² / Σwq²
  /// stays. 0 for a block of zeros. Source: `quantize_row_iq4_nl_impl` with `ntry` 7.
  static func scale(
    _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>, _ values: UnsafePointer<Float>
  ) -> Float {
    let outermost = BlockArithmetic.outermost(x, count: 32)
    if outermost.magnitude < BlockSearch.scaleMin { return 0 }
    func sums(_ inverse: Float) -> (xq: Float, qq: Float) {
      var (sumXQ, sumQQ): (Float, Float) = (0, 0)
      for i in 0..<32 {
        let q = values[nearest(inverse * x[i], values)]
        sumXQ += weights[i] * q * x[i]
        sumQQ += weights[i] * q * q
      }
      return (sumXQ, sumQQ)
    }
    let first = sums(1 / (-outermost / values[0]))
    var scale = first.qq > 0 ? first.xq / first.qq : 0
    var best = scale * first.xq
    for step in -7...7 {
      let sum = sums((Float(step) + values[0]) / outermost)
      if sum.qq > 0 && sum.xq * sum.xq > best * sum.qq {
        scale = sum.xq / sum.qq
        best = scale * sum.xq
      }
    }
    return scale
  }

  /// Overwrites the weights of 32 values: importance · √(meanSquare + x²), or x² without.
  static func fill(
    _ weights: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>,
    _ importance: UnsafePointer<Float>?, _ meanSquare: Float
  ) {
    if let importance { return RowWeights.fill(weights, x, importance, meanSquare, count: 32) }
    for i in 0..<32 { weights[i] = x[i] * x[i] }
  }

  /// Overwrites 16 bytes with the levels of 32 values, j in the low nibble and j + 16 in the high
  /// one of byte j.
  static func store(
    _ x: UnsafePointer<Float>, inverse: Float, _ values: UnsafePointer<Float>,
    _ bytes: UnsafeMutablePointer<UInt8>
  ) {
    for j in 0..<16 {
      let low = nearest(inverse * x[j], values), high = nearest(inverse * x[j + 16], values)
      bytes[j] = UInt8(truncatingIfNeeded: low | high << 4)
    }
  }
}
