internal import CKernels

extension BlockFormat {
  /// Blocks of 32 values in 24 bytes: a binary16 scale d and minimum m, then levels of five bits as
  /// in ``q5_0``. A value is d · level + m.
  ///
  /// Encoded as ``q4_1`` with 31 steps (`quantize_row_q5_1_ref`, `quantize_row_q5_1_impl`).
  package static let q5_1 = BlockFormat(
    name: "Q5_1", ggmlType: 7, fileType: 9, blockElements: 32, blockBytes: 24, largest: 65504,
    scaleOffsets: [0, 2], kernel: ORC_Q5_1,
    codec: BlockCodec(
      encode: { x, y in
        let (scale, minimum) = BlockArithmetic.range(x, count: 32, steps: 31)
        let inverse = scale == 0 ? 0 : 1 / scale
        BlockArithmetic.storeHalf(scale, y)
        BlockArithmetic.storeHalf(minimum, y + 2)
        withBuffers(32) { _, levels in
          for i in 0..<32 {
            levels[i] = BlockArithmetic.lowByte((x[i] - minimum) * inverse + 0.5)
          }
          FiveBits.store(levels, high: y + 4, low: y + 8)
        }
      },
      encodeWeighted: { x, importance, meanSquare, y in
        withBuffers(32) { weights, levels in
          RowWeights.fill(weights, x, importance, meanSquare, count: 32)
          let (scale, minimum) = BlockSearch.affine(
            x, count: 32, weights: weights, .weighted(top: 31), levels)
          BlockArithmetic.storeHalf(scale, y)
          BlockArithmetic.storeHalf(-minimum, y + 2)
          FiveBits.store(levels, high: y + 4, low: y + 8)
        }
      },
      decode: { x, y in
        let (scale, minimum) = (BlockArithmetic.loadHalf(x), BlockArithmetic.loadHalf(x + 2))
        for i in 0..<32 {
          y[i] = Float(FiveBits.level(i, high: x + 4, low: x + 8)) * scale + minimum
        }
      }))
}
