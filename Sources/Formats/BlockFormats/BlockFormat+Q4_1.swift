internal import CKernels

extension BlockFormat {
  /// Blocks of 32 values in 20 bytes: a binary16 scale d and minimum m, then 16 bytes of levels as
  /// in ``q4_0``. A value is d · level + m.
  ///
  /// Without importance the range of the values becomes 15 steps (`quantize_row_q4_1_ref`); with it
  /// ``BlockSearch/affine(_:count:weights:_:_:)`` looks for d and m, weighed as in ``q4_0``
  /// (`quantize_row_q4_1_impl`).
  package static let q4_1 = BlockFormat(
    name: "Q4_1", ggmlType: 3, fileType: 3, blockElements: 32, blockBytes: 20, largest: 65504,
    scaleOffsets: [0, 2], kernel: ORC_Q4_1,
    codec: BlockCodec(
      encode: { x, y in
        let (scale, minimum) = BlockArithmetic.range(x, count: 32, steps: 15)
        let inverse = scale == 0 ? 0 : 1 / scale
        BlockArithmetic.storeHalf(scale, y)
        BlockArithmetic.storeHalf(minimum, y + 2)
        func level(_ value: Float) -> UInt8 {
          let byte = BlockArithmetic.lowByte((value - minimum) * inverse + 0.5)
          return UInt8(truncatingIfNeeded: min(15, Int8(bitPattern: byte)))
        }
        for j in 0..<16 { y[4 + j] = level(x[j]) | level(x[j + 16]) << 4 }
      },
      encodeWeighted: { x, importance, meanSquare, y in
        withBuffers(32) { weights, levels in
          RowWeights.fill(weights, x, importance, meanSquare, count: 32)
          let (scale, minimum) = BlockSearch.affine(
            x, count: 32, weights: weights, .weighted(top: 15), levels)
          BlockArithmetic.storeHalf(scale, y)
          BlockArithmetic.storeHalf(-minimum, y + 2)
          for j in 0..<16 { y[4 + j] = levels[j] | levels[j + 16] << 4 }
        }
      },
      decode: { x, y in
        let (scale, minimum) = (BlockArithmetic.loadHalf(x), BlockArithmetic.loadHalf(x + 2))
        for j in 0..<16 {
          y[j] = Float(x[4 + j] & 15) * scale + minimum
          y[j + 16] = Float(x[4 + j] >> 4) * scale + minimum
        }
      }))
}
