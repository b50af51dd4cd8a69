internal import CKernels

extension BlockFormat {
  /// Blocks of 32 values in 34 bytes: a binary16 scale d = max|x| / 127, then 32 signed bytes
  /// round(x · (1 / d)), halves away from zero. Error at most d / 2 plus the rounding of d. Zero,
  /// NaN, infinity and scales so small that their inverse overflows give bytes of 0.
  /// Source: ggml's reference quantizer `quantize_row_q8_0_ref`.
  package static let q8_0 = BlockFormat(
    name: "Q8_0", ggmlType: 8, fileType: 7, blockElements: 32, blockBytes: 34,
    largest: 65504 * 127, scaleOffsets: [0], kernel: ORC_Q8_0,
    codec: BlockCodec(
      encode: { x, y in
        let largest = (0..<32).reduce(0) { largest, i in
          largest.isNaN || x[i].isNaN ? .nan : max(largest, x[i].magnitude)
        }
        let scale = largest / 127
        let inverse = 1 / scale
        BlockArithmetic.storeHalf(scale, y)
        let isUsable = scale > 0 && scale.isFinite && inverse.isFinite
        for i in 0..<32 {
          let value = (x[i] * inverse).rounded(.toNearestOrAwayFromZero)
          y[2 + i] = isUsable ? UInt8(bitPattern: Int8(value)) : 0
        }
      },
      decode: { x, y in
        let scale = BlockArithmetic.loadHalf(x)
        for i in 0..<32 { y[i] = Float(Int8(bitPattern: x[2 + i])) * scale }
      }))
}
