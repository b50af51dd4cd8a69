internal import CKernels

extension BlockFormat {
  /// Blocks of 32 values in 18 bytes: a binary16 scale d, then 16 bytes; byte j holds level j in
  /// its low nibble and level j + 16 in its high one. A value is d · (level - 8).
  ///
  /// Without importance d maps the outermost value to level 0 (`quantize_row_q4_0_ref`); with it
  /// ``BlockSearch/symmetric(_:count:half:weights:_:)`` looks for d, the squared errors weighed by
  /// importance · √(mean square of the row + x²) (`quantize_row_q4_0_impl`).
  package static let q4_0 = BlockFormat(
    name: "Q4_0", ggmlType: 2, fileType: 2, blockElements: 32, blockBytes: 18,
    largest: 65504 * 8,
    scaleOffsets: [0], kernel: ORC_Q4_0,
    codec: BlockCodec(
      encode: { x, y in
        let scale = BlockArithmetic.outermost(x, count: 32) / -8
        let inverse = scale == 0 ? 0 : 1 / scale
        BlockArithmetic.storeHalf(scale, y)
        for j in 0..<16 {
          let low = level(x[j] * inverse), high = level(x[j + 16] * inverse)
          y[2 + j] = low | high << 4
        }
      },
      encodeWeighted: { x, importance, meanSquare, y in
        withBuffers(32) { weights, levels in
          RowWeights.fill(weights, x, importance, meanSquare, count: 32)
          let scale = BlockSearch.symmetric(x, count: 32, half: 8, weights: weights, levels)
          BlockArithmetic.storeHalf(scale, y)
          for j in 0..<16 { y[2 + j] = levels[j] | levels[j + 16] << 4 }
        }
      },
      decode: { x, y in
        let scale = BlockArithmetic.loadHalf(x)
        for j in 0..<16 {
          y[j] = Float(Int32(x[2 + j] & 15) - 8) * scale
          y[j + 16] = Float(Int32(x[2 + j] >> 4) - 8) * scale
        }
      }))

  private static func level(_ value: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: min(15, Int8(bitPattern: BlockArithmetic.lowByte(value + 8.5))))
  }
}
