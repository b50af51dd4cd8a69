internal import CKernels

extension BlockFormat {
  /// Blocks of 256 values in 84 bytes: 16 bytes, one for each sub-block of 16 values, with its scale
  /// in the low nibble and its minimum in the high one; 64 bytes of two-bit levels
  /// (``TwoBits``); binary16 d and dmin. A value is (d · scale) · level - (dmin · minimum).
  ///
  /// Without importance each sub-block's scale and minimum are searched for among 16 steps from 2.5
  /// to 4 levels for the range, errors counted by magnitude times |x|; both become 15 steps of the
  /// largest (`quantize_row_q2_K_ref`). With it, weights are importance · √(mean square of the 256
  /// + x²), among 37 steps, and scales and minima are fitted by the sums of those weights
  /// (`quantize_row_q2_K_impl`).
  package static let q2_K = BlockFormat(
    name: "Q2_K", ggmlType: 10, fileType: 10, blockElements: 256, blockBytes: 84,
    largest: 65504 * 15,
    scaleOffsets: [80, 82], kernel: ORC_Q2_K,
    codec: BlockCodec(
      encode: { x, y in
        SubBlocks.with { sub in
          withBuffers(256) { _, levels in
            let steps = BlockSearch.AffineSteps(
              top: 3, first: -0.5, delta: 0.1, last: 15, byMagnitude: true)
            for j in 0..<16 {
              let values = x + 16 * j
              for i in 0..<16 { sub.weights[i] = values[i].magnitude }
              (sub.scales[j], sub.minima[j]) = BlockSearch.affine(
                values, count: 16, weights: sub.weights, steps, levels + 16 * j)
            }
            let scale = Self.steps(sub.scales, sub.scaleLevels)
            let minimum = Self.steps(sub.minima, sub.minimumLevels)
            finish(x, sub, scale, minimum, y, levels)
          }
        }
      },
      encodeWeighted: { x, importance, _, y in
        SubBlocks.with { sub in
          withBuffers(256) { _, levels in
            let meanSquare = BlockArithmetic.squares(x, count: 256) / 256
            for j in 0..<16 {
              let values = x + 16 * j
              RowWeights.fill(sub.weights, values, importance + 16 * j, meanSquare, count: 16)
              sub.sums[j] = RowWeights.sum(sub.weights, count: 16)
              (sub.scales[j], sub.minima[j]) = BlockSearch.affine(
                values, count: 16, weights: sub.weights, .weighted(top: 3), levels + 16 * j)
            }
            let scale = BlockSearch.positive(
              sub.scales, count: 16, top: 15, weights: sub.sums, sub.scaleLevels)
            let minimum = BlockSearch.positive(
              sub.minima, count: 16, top: 15, weights: sub.sums, sub.minimumLevels)
            finish(x, sub, scale, minimum, y, levels)
          }
        }
      },
      decode: { x, y in
        let (d, dmin) = (BlockArithmetic.loadHalf(x + 80), BlockArithmetic.loadHalf(x + 82))
        for i in 0..<256 {
          let packed = x[i / 16]
          let (scale, minimum) = (d * Float(packed & 15), dmin * Float(packed >> 4))
          y[i] = scale * Float(TwoBits.level(i, x + 16)) - minimum
        }
      }))

  /// The step of which the largest value is 15; overwrites each value's number of steps.
  private static func steps(
    _ values: UnsafePointer<Float>, _ levels: UnsafeMutablePointer<UInt8>
  ) -> Float {
    var largest: Float = 0
    for j in 0..<16 where values[j] > largest { largest = values[j] }
    levels.update(repeating: 0, count: 16)
    guard largest > 0 else { return 0 }
    let inverse = 15 / largest
    for j in 0..<16 {
      levels[j] = UInt8(truncatingIfNeeded: BlockArithmetic.nearest(inverse * values[j]))
    }
    return largest / 15
  }

  /// Stores scales and minima and rounds the levels by them; a sub-block whose scale is stored as 0
  /// keeps the levels of its search.
  private static func finish(
    _ x: UnsafePointer<Float>, _ sub: SubBlocks, _ scale: Float, _ minimum: Float,
    _ bytes: UnsafeMutablePointer<UInt8>, _ levels: UnsafeMutablePointer<UInt8>
  ) {
    let d = BlockArithmetic.storeHalf(scale, bytes + 80)
    let dmin = BlockArithmetic.storeHalf(minimum, bytes + 82)
    for j in 0..<16 {
      bytes[j] = sub.scaleLevels[j] | sub.minimumLevels[j] << 4
      let (scale, minimum) = (d * Float(bytes[j] & 15), dmin * Float(bytes[j] >> 4))
      if scale == 0 { continue }
      for i in 16 * j..<16 * j + 16 {
        let level = BlockArithmetic.nearest((x[i] + minimum) / scale, in: 0...3)
        levels[i] = UInt8(truncatingIfNeeded: level)
      }
    }
    TwoBits.store(levels, bytes + 16)
  }
}
