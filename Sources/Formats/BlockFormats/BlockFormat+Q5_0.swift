internal import CKernels

extension BlockFormat {
  /// Blocks of 32 values in 22 bytes: a binary16 scale d, 4 bytes with the fifth bit of level i in
  /// bit i, then 16 bytes with the lower four as in ``q4_0``. A value is d · (level - 16).
  ///
  /// Encoded as ``q4_0`` with 32 levels (`quantize_row_q5_0_ref`, `quantize_row_q5_0_impl`).
  package static let q5_0 = BlockFormat(
    name: "Q5_0", ggmlType: 6, fileType: 8, blockElements: 32, blockBytes: 22,
    largest: 65504 * 16,
    scaleOffsets: [0], kernel: ORC_Q5_0,
    codec: BlockCodec(
      encode: { x, y in
        let scale = BlockArithmetic.outermost(x, count: 32) / -16
        let inverse = scale == 0 ? 0 : 1 / scale
        BlockArithmetic.storeHalf(scale, y)
        withBuffers(32) { _, levels in
          for i in 0..<32 {
            let level = Int8(bitPattern: BlockArithmetic.lowByte(x[i] * inverse + 16.5))
            levels[i] = UInt8(truncatingIfNeeded: min(31, level))
          }
          FiveBits.store(levels, high: y + 2, low: y + 6)
        }
      },
      encodeWeighted: { x, importance, meanSquare, y in
        withBuffers(32) { weights, levels in
          RowWeights.fill(weights, x, importance, meanSquare, count: 32)
          let scale = BlockSearch.symmetric(x, count: 32, half: 16, weights: weights, levels)
          BlockArithmetic.storeHalf(scale, y)
          FiveBits.store(levels, high: y + 2, low: y + 6)
        }
      },
      decode: { x, y in
        let scale = BlockArithmetic.loadHalf(x)
        for i in 0..<32 {
          y[i] = Float(FiveBits.level(i, high: x + 2, low: x + 6) - 16) * scale
        }
      }))
}
