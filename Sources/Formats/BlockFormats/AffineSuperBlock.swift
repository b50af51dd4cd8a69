/// What Q4_K and Q5_K share: 256 values in eight sub-blocks of 32, each with a 6-bit scale and
/// minimum, times a binary16 scale d and minimum dmin of the whole. A value is
/// (d · scale) · level - (dmin · minimum). The first 16 bytes hold d, dmin and the sub-blocks'
/// scales (``PackedScales``).
struct AffineSuperBlock {
  /// The highest level.
  let top: Int32
  /// How the search without importance walks.
  let steps: BlockSearch.AffineSteps
  /// Whether the weighted encoder keeps scales below 64: a negative one, which extreme importance
  /// can give, passes through a byte, and ggml cuts it for Q5_K only.
  let clampsScales: Bool

  private static let highest: Float = 63

  /// Overwrites the 16 bytes and the 256 levels, without importance.
  ///
  /// Each sub-block's scale and minimum are searched for with weights
  /// √(mean square of the sub-block) + |x|, then become 63 steps of the largest; levels are rounded
  /// anew by what is stored. Source: `quantize_row_q4_K_ref`.
  func encode(
    _ x: UnsafePointer<Float>, _ bytes: UnsafeMutablePointer<UInt8>,
    _ levels: UnsafeMutablePointer<UInt8>
  ) {
    SubBlocks.with { sub in
      for j in 0..<8 {
        let values = x + 32 * j
        let mean = (BlockArithmetic.squares(values, count: 32) / 32).squareRoot()
        for i in 0..<32 { sub.weights[i] = mean + values[i].magnitude }
        (sub.scales[j], sub.minima[j]) = BlockSearch.affine(
          values, count: 32, weights: sub.weights, steps, levels + 32 * j)
      }
      let scale = Self.steps(sub.scales, sub.scaleLevels)
      let minimum = Self.steps(sub.minima, sub.minimumLevels)
      finish(x, sub, scale, minimum, bytes, levels)
    }
  }

  /// The same with importance: weights are importance · √(2 · mean square of the 256 + x²), and
  /// the scales and minima are fitted too, weighed by the sums of those. Source:
  /// `quantize_row_q4_K_impl`.
  func encodeWeighted(
    _ x: UnsafePointer<Float>, _ importance: UnsafePointer<Float>,
    _ bytes: UnsafeMutablePointer<UInt8>, _ levels: UnsafeMutablePointer<UInt8>
  ) {
    SubBlocks.with { sub in
      let meanSquare = 2 * BlockArithmetic.squares(x, count: 256) / 256
      for j in 0..<8 {
        let values = x + 32 * j
        RowWeights.fill(sub.weights, values, importance + 32 * j, meanSquare, count: 32)
        sub.sums[j] = RowWeights.sum(sub.weights, count: 32)
        (sub.scales[j], sub.minima[j]) = BlockSearch.affine(
          values, count: 32, weights: sub.weights, .weighted(top: top), levels + 32 * j)
      }
      let scale = BlockSearch.positive(
        sub.scales, count: 8, top: 63, weights: sub.sums, sub.scaleLevels)
      let minimum = BlockSearch.positive(
        sub.minima, count: 8, top: 63, weights: sub.sums, sub.minimumLevels)
      if clampsScales {
        for j in 0..<8 {
          sub.scaleLevels[j] = min(63, sub.scaleLevels[j])
          sub.minimumLevels[j] = min(63, sub.minimumLevels[j])
        }
      }
      finish(x, sub, scale, minimum, bytes, levels)
    }
  }

  /// Overwrites 256 values; `level` gives each one's.
  func decode(
    _ bytes: UnsafePointer<UInt8>, _ values: UnsafeMutablePointer<Float>, level: (Int) -> UInt8
  ) {
    let (d, dmin) = (BlockArithmetic.loadHalf(bytes), BlockArithmetic.loadHalf(bytes + 2))
    for j in 0..<8 {
      let packed = PackedScales.load(j, bytes + 4)
      let (scale, minimum) = (d * packed.scale, dmin * packed.minimum)
      for i in 32 * j..<32 * j + 32 { values[i] = scale * Float(level(i)) - minimum }
    }
  }

  /// The step of which the largest value is 63; overwrites each value's number of steps.
  private static func steps(
    _ values: UnsafePointer<Float>, _ levels: UnsafeMutablePointer<UInt8>
  ) -> Float {
    var largest: Float = 0
    for j in 0..<8 where values[j] > largest { largest = values[j] }
    let inverse = largest > 0 ? highest / largest : 0
    for j in 0..<8 {
      let level = UInt8(truncatingIfNeeded: BlockArithmetic.nearest(inverse * values[j]))
      levels[j] = min(63, level)
    }
    return largest / highest
  }

  /// Stores the scales and rounds the levels by them; a sub-block whose scale is stored as 0 keeps
  /// the levels of its search.
  private func finish(
    _ x: UnsafePointer<Float>, _ sub: SubBlocks, _ scale: Float, _ minimum: Float,
    _ bytes: UnsafeMutablePointer<UInt8>, _ levels: UnsafeMutablePointer<UInt8>
  ) {
    let d = BlockArithmetic.storeHalf(scale, bytes)
    let dmin = BlockArithmetic.storeHalf(minimum, bytes + 2)
    PackedScales.store(sub.scaleLevels, sub.minimumLevels, bytes + 4)
    for j in 0..<8 {
      let packed = PackedScales.load(j, bytes + 4)
      let (scale, minimum) = (d * packed.scale, dmin * packed.minimum)
      if scale == 0 { continue }
      for i in 32 * j..<32 * j + 32 {
        let level = BlockArithmetic.nearest((x[i] + minimum) / scale, in: 0...top)
        levels[i] = UInt8(truncatingIfNeeded: level)
      }
    }
  }
}

/// Working memory for the sub-blocks of one super-block, at most 16.
struct SubBlocks {
  /// Of the values of one sub-block, at most 32.
  let weights: UnsafeMutablePointer<Float>
  let scales: UnsafeMutablePointer<Float>
  let minima: UnsafeMutablePointer<Float>
  /// Sums of the sub-blocks' weights.
  let sums: UnsafeMutablePointer<Float>
  let scaleLevels: UnsafeMutablePointer<UInt8>
  let minimumLevels: UnsafeMutablePointer<UInt8>

  static func with(_ body: (SubBlocks) -> Void) {
    withBuffers(80) { floats, bytes in
      body(
        SubBlocks(
          weights: floats, scales: floats + 32, minima: floats + 48, sums: floats + 64,
          scaleLevels: bytes, minimumLevels: bytes + 16))
    }
  }
}
